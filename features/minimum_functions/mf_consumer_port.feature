Feature: MF at the consumer port
  What the meter registers, which tariff runs, what limits it and what time it has can be seen at the consumer port too.

  @MF.1 @positive @door.p1 @effect.reads @needs.bench_time @needs.bench_load
  Scenario: MF.1-P40 Consumption is seen at the consumer port as it is registered
    Given the reading client is associated
    And a load of 3000 W import
    Then energy in the telegrams rises as the load has it

  @MF.3 @positive @door.p1 @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: MF.3-P40 At a shift the consumer port shows the other tariff
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with a shift about 600 seconds ahead are put into force
    Then the port shows the tariff before it until then
    And the port shows the tariff after it from then on

  @MF.4 @positive @door.p1 @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.bench_time
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

  @MF.4 @positive @door.p1 @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario: MF.4-P41 The consumer port shows that the limiter has switched off
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    Then the port shows the switch connected
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then the port shows the switch disconnected

  @MF.6 @positive @door.p1 @effect.reads @needs.clock
  Scenario: MF.6-P40 Devices in the home get the meter's time
    Given the reading client is associated
    Then the port shows the time of the clock

  @MF.6 @positive @door.p1 @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario Outline: MF.6-P41 Devices in the home follow a clock that is set
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set by <seconds> seconds
    Then the port shows the time of the clock

    Examples:
      | row   | seconds |
      | ahead | 3600    |
      | back  | -3600   |

  @MF.6 @positive @door.p1 @effect.reads @needs.clock @needs.bench_time
  Scenario Outline: MF.6-P42 Devices in the home are told of summer time
    Given the reading client is associated
    When the next change of summer time <change> has passed
    Then the port shows the time of the clock

    Examples:
      | row     | change  |
      | forward | forward |
      | back    | back    |
