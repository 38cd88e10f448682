Feature: MF.6 Time at the consumer port
  What time the meter has reaches devices at home.

  @MF.6 @positive @door.p1 @door.han @effect.reads @needs.clock
  Scenario: MF.6-P40 Devices in the home get the meter's time
    Given the reading client is associated
    Then the port shows the time of the clock

  @MF.6 @positive @door.p1 @door.han @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario Outline: MF.6-P41 Devices in the home follow a clock that is set
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set by <seconds> seconds
    Then the port shows the time of the clock

    Examples:
      | row   | seconds |
      | ahead | 3600    |
      | back  | -3600   |

  @MF.6 @positive @door.p1 @door.han @effect.reads @needs.clock @needs.bench_time
  Scenario Outline: MF.6-P42 Devices in the home are told of summer time
    Given the reading client is associated
    When the next change of summer time <change> has passed
    Then the port shows the time of the clock

    Examples:
      | row     | change  |
      | forward | forward |
      | back    | back    |

  @MF.6 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.6-P43 Time at the consumer port goes on as telegrams come
    When telegrams are heard over some time
    Then their times go on as they come
