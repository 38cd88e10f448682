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

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.child_removal @needs.child_link @needs.management_association @needs.reading_association
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

  @TR-Conf.02a @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_key @needs.child_link @needs.ciphered_management @needs.event_child_key_changed
  Scenario: TR-Conf.02a-P71 A key for a meter behind the device is noted once
    Given the management client is associated in cipher
    And the meters behind the device
    And the log of child_key_changed is known
    When the device is told their keys once more
    Then the log has one entry child_key_changed of each

  @TR-Conf.02b @negative @effect.reads @effect.changes_keys @needs.child_key @needs.child_value @needs.child_link @needs.clock @needs.ciphered_management @needs.reading_association
  Scenario: TR-Conf.02b-N72 A client without the right cannot tell the device another key of a meter behind it
    Given the management client is associated in cipher
    And the meters behind the device
    When the reading client gives them keys that are set
    Then that is refused for each
    And the registers shown still are what they say themselves

  @TR-Conf.02b @negative @effect.reads @effect.changes_keys @needs.child_new_key @needs.child_value @needs.child_link @needs.clock @needs.ciphered_management @needs.reading_association
  Scenario: TR-Conf.02b-N73 A client without the right cannot give a meter behind the device another key
    Given the management client is associated in cipher
    And the meters behind the device
    When the reading client gives them keys that are transferred
    Then that is refused for each
    And the registers shown still are what they say themselves

  @TR-Conf.02b @negative @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_key @needs.child_link @needs.ciphered_management @needs.reading_association
  Scenario: TR-Conf.02b-N74 The key of a meter behind the device can be read by nobody
    Given the management client is associated in cipher
    And the meters behind the device
    When the device is told their keys once more
    Then their keys stand nowhere in what the device shows of them
