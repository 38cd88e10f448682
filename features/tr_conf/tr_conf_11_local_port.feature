Feature: TR-Conf.11 Log of changes in billing parameters at the local port
  What affects a bill is noted, also where it is changed at the local port.

  @TR-Conf.11a @positive @door.iec62056_21 @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-P50 A billing parameter changed at the local port leaves one entry
    Given the management client is associated
    And the parameter of the local port affects bills
    When the parameter of the local port is changed there
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.11a @negative @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N50 A billing parameter that is refused at the local port leaves no entry
    Given the management client is associated
    And the parameter of the local port affects bills
    When the parameter of the local port is written as nobody may
    Then nothing is changed and no entry of a change is left
