Feature: TR-Conf.01 No interaction with metrological functions of meters behind the device
  What the device shows of another meter nobody can write.

  @TR-Conf.01a @negative @effect.reads @effect.writes @needs.child_value @needs.child_link @needs.clock @needs.management_association
  Scenario Outline: TR-Conf.01a-N70 The register of a meter behind the device cannot be changed at the device
    Given the management client is associated
    And the meters behind the device
    When the management client tries to <act> of theirs
    Then that is refused for each
    And the registers shown still are what they say themselves

    Examples:
      | row   | act                |
      | value | write the register |
      | unit  | write the unit     |
      | reset | reset the register |
