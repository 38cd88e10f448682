Feature: TR-Conf.08 Current values of meters behind the device
  The device fetches what another meter has counted by now, and leaves the rows of its profile alone.

  @TR-Conf.08a @positive @effect.reads @effect.writes @needs.child_value @needs.child_link @needs.clock @needs.bench_time @needs.management_association
  Scenario: TR-Conf.08a-P70 What is fetched of a meter behind the device is its present value
    Given the management client is associated
    And the meters behind the device
    When the device fetches what they have counted, while they are asked themselves
    And half an hour passes
    And the device fetches what they have counted, while they are asked themselves
    Then their registers are what they say themselves

  @TR-Conf.08b @negative @effect.reads @effect.writes @needs.child_profile @needs.child_link @needs.child_capture @needs.clock @needs.bench_time @needs.management_association
  Scenario: TR-Conf.08b-N70 Fetching a present value adds no row to the profile of a meter behind the device
    Given the management client is associated
    And the meters behind the device
    Then captures of the moment add no row to their profiles
