Feature: MF.4 Limits at the consumer port
  What limits the supply can be seen at the consumer port too.

  @MF.4 @positive @door.p1 @door.han @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.bench_time
  Scenario Outline: MF.4-P40 A limit that is set is shown at the consumer port
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to <factor> the value
    Then the port shows the limit in force

    Examples:
      | row     | factor  |
      | twice   | twice   |
      | exactly | exactly |

  @MF.4 @positive @door.p1 @door.han @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario: MF.4-P41 The consumer port shows that the limiter has switched off
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    Then the port shows the switch connected
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then the port shows the switch disconnected
