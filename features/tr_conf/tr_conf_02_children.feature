Feature: TR-Conf.02 Audit and access at meters behind the device
  Which meters hand their data over to the device is part of its configuration: it is noted, and not everybody may change it.

  @TR-Conf.02a @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_link @needs.event_child_removed @needs.event_child_installed @needs.management_association
  Scenario Outline: TR-Conf.02a-P70 Removal and installation of a meter behind the device are noted once
    Given the management client is associated
    And the meters behind the device
    And the log of <event> is known
    When the device is told to remove them and to install them again
    Then the log has one entry <event> of each

    Examples:
      | row       | event           |
      | removed   | child_removed   |
      | installed | child_installed |

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.clears @needs.child_removal @needs.child_link @needs.management_association @needs.reading_association
  Scenario: TR-Conf.02b-N70 A client without the right cannot remove a meter behind the device
    Given the management client is associated
    And the meters behind the device
    When the reading client tells the device to remove them
    Then that is refused for each
    And they are who they say they are

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_link @needs.management_association @needs.reading_association
  Scenario: TR-Conf.02b-N71 A client without the right cannot install a meter behind the device
    Given the management client is associated
    And the meters behind the device
    When the device is told to remove them
    And the reading client tells the device to install them again
    Then that is refused for each
    And the device shows none of them
