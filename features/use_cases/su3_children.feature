Feature: SU3 Poll meter data of meters behind the device
  A meter of another medium hands its data over; the head end reads at the device what that meter says itself.

  @SU3.step2 @positive @effect.reads @effect.writes @needs.child_value @needs.child_link @needs.clock @needs.management_association
  Scenario: SU3.step2-P70 What a meter behind the device has counted can be read at the device
    Given the management client is associated
    And the meters behind the device
    When the device fetches what they have counted, while they are asked themselves
    Then their registers are what they say themselves

  @SU3.step2 @positive @effect.reads @effect.writes @needs.child_value @needs.child_link @needs.clock @needs.management_association
  Scenario: SU3.step2-P72 The register of a meter behind the device says when it was fetched
    Given the management client is associated
    And the meters behind the device
    When the device fetches what they have counted, while they are asked themselves
    Then their registers say when they were fetched

  @SU3.step2 @positive @effect.reads @needs.child_link @needs.management_association
  Scenario: SU3.step2-P71 The device says who the meters behind it are
    Given the management client is associated
    And the meters behind the device
    Then they are who they say they are

  @SU3.step2 @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_link @needs.management_association
  Scenario: SU3.step2-P73 A meter that was removed is not shown as one of the device's
    Given the management client is associated
    And the meters behind the device
    When the device is told to remove them
    Then the device shows none of them

  @SU3.step2 @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_value @needs.child_link @needs.clock @needs.management_association
  Scenario: SU3.step2-P74 A meter that was installed again is shown as before
    Given the management client is associated
    And the meters behind the device
    When the device is told to remove them and to install them again
    And the device fetches what they have counted, while they are asked themselves
    Then they are who they say they are
    And their registers are what they say themselves

  @SU3.step2 @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_value @needs.child_link @needs.bench_time @needs.clock @needs.management_association
  Scenario: SU3.step2-N70 What a meter counts after it was removed is not shown
    Given the management client is associated
    And the meters behind the device
    When the device is told to remove them
    And it goes on for as long as it may take to ask them
    Then what they have counted since is not shown

  @SU3.step2 @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_new_key @needs.child_value @needs.child_link @needs.clock @needs.ciphered_management
  Scenario: SU3.step2-P75 Under new keys the meters behind the device are read on
    Given the management client is associated in cipher
    And the meters behind the device
    When they and the device are given new keys
    Then they encipher with the new keys
    When a minute passes
    And the device fetches what they have counted, while they are asked themselves
    Then their registers are what they say themselves
    And their registers are fetched anew as far as they say when
    And their keys are shown as in use

  @SU3.step2 @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_new_key @needs.child_value @needs.child_link @needs.clock @needs.bench_power @needs.ciphered_management
  Scenario: SU3.step2-P76 New keys of meters behind the device outlive a power cut
    Given the management client is associated in cipher
    And the meters behind the device
    When they and the device are given new keys
    And the power is cut and restored
    And the management client has come back in cipher to the meters behind the device
    And a minute passes
    And the device fetches what they have counted, while they are asked themselves
    Then their registers are what they say themselves
    And their registers are fetched anew as far as they say when

  @SU3.step2 @TR-Conf.08a @negative @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_key @needs.child_value @needs.child_link @needs.clock @needs.bench_time @needs.ciphered_management
  Scenario: SU3.step2-N71 Telegrams of a meter behind the device that no key opens are shown neither as new nor at all
    Given the management client is associated in cipher
    And the meters behind the device
    When the device is told other keys than theirs
    And the device tries 1 times to fetch what they have counted
    Then nothing that was shown before is shown as if it were new
