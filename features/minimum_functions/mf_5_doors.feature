Feature: MF.5 Switch of the supply at several doors
  Whether the supply is connected is the same wherever it is shown.

  @MF.5 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.p1 @door.han @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.main_door @needs.disconnector @needs.bench_time @needs.management_association
  Scenario: MF.5-P80 This door shows the state of the switch that the main one shows
    Given the management client is associated
    And the switch of the supply is known
    Then both doors show the same state of the switch
    When the supply is disconnected by command
    Then both doors show the same state of the switch
