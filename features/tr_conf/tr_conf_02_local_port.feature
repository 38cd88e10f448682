Feature: TR-Conf.02 Audit trail and restricted access at the local port
  Nobody changes parameters at the local port without the password; a change is noted as everywhere.

  @TR-Conf.02a @positive @door.iec62056_21 @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-P50 A parameter changed at the local port leaves one entry
    Given the management client is associated
    When the parameter of the local port is changed there
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.02b @positive @door.iec62056_21 @effect.reads @effect.writes
  Scenario: TR-Conf.02b-P50 With the password a parameter can be written at the local port
    Then the declared password opens programming mode and the parameter takes the value that it has

  @TR-Conf.02b @negative @door.iec62056_21 @effect.reads @effect.writes
  Scenario: TR-Conf.02b-N50 Without the password no parameter can be written at the local port
    Given programming mode without the password
    Then the parameter cannot be written

  @TR-Conf.02b @negative @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs
  Scenario: TR-Conf.02b-N51 A wrong password opens nothing at the local port
    Given programming mode without the password
    Then a wrong password opens nothing
    And the declared password opens programming mode and the parameter takes the value that it has

  @TR-Conf.02a @negative @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-N50 What is refused at the local port leaves no entry
    Given the management client is associated
    When the parameter of the local port is written as nobody may
    Then nothing is changed and no entry of a change is left
