Feature: TR-Conf.05 Keys of meters behind the device that are none
  What is no key for a meter behind the device is refused, and the key of before goes on to hold.

  @TR-Conf.05b @negative @effect.reads @effect.changes_keys @needs.child_key @needs.child_value @needs.child_link @needs.clock @needs.ciphered_management
  Scenario Outline: TR-Conf.05b-N73 A key of another length is not taken for a meter behind the device
    Given the management client is associated in cipher
    And the meters behind the device
    When keys of <octets> octets are set
    Then that is refused for each
    And the registers shown still are what they say themselves

    Examples:
      | row   | octets |
      | short | 15     |
      | long  | 17     |

  @TR-Conf.05b @negative @effect.reads @effect.changes_keys @needs.child_new_key @needs.child_value @needs.child_link @needs.clock @needs.ciphered_management
  Scenario Outline: TR-Conf.05b-N74 A key of another length is not passed on to a meter behind the device
    Given the management client is associated in cipher
    And the meters behind the device
    When keys of <octets> octets are transferred
    Then that is refused for each
    And the registers shown still are what they say themselves

    Examples:
      | row   | octets |
      | short | 15     |
      | long  | 17     |
