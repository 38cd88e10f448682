Feature: TR-Conf.04 Errors of meters behind the device
  What is wrong with another meter the device says as that meter says it, and notes it.

  @TR-Conf.04a @positive @effect.reads @effect.writes @needs.child_link @needs.management_association
  Scenario: TR-Conf.04a-P70 The status of a meter behind the device is shown at the device
    Given the management client is associated
    And the meters behind the device
    When the device fetches their status
    Then their status is what they say themselves

  @TR-Conf.04a @positive @effect.reads @effect.writes @effect.fills_logs @needs.child_link @needs.bench_devices @needs.management_association
  Scenario: TR-Conf.04a-P71 The alarm of a meter behind the device is shown at the device
    Given the management client is associated
    And the meters behind the device
    And they are good again at the end
    When they raise an alarm and the device fetches it
    Then their status is what they say themselves
    And their alarm is shown

  @TR-Conf.04a @positive @effect.reads @effect.writes @effect.fills_logs @needs.child_link @needs.bench_devices @needs.event_child_alarm @needs.management_association
  Scenario: TR-Conf.04a-P72 The alarm of a meter behind the device is noted once
    Given the management client is associated
    And the meters behind the device
    And they are good again at the end
    And the log of child_alarm is known
    When they raise an alarm and the device fetches it
    And the device fetches their status
    Then the log has one entry child_alarm of each

  @TR-Conf.04a @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.child_key @needs.child_value @needs.child_link @needs.clock @needs.bench_time @needs.event_child_undecipherable @needs.ciphered_management
  Scenario: TR-Conf.04a-P73 Telegrams of a meter behind the device that no key opens are noted once
    Given the management client is associated in cipher
    And the meters behind the device
    And the log of child_undecipherable is known
    When the device is told other keys than theirs
    And the device tries 2 times to fetch what they have counted
    Then the log has one entry child_undecipherable of each
