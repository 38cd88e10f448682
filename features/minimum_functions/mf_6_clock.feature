Feature: MF.6 Time synchronisation: the meter's own clock
  The meter's clock can be set and adjusted, keeps the time, and says what is true about it.
  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario Outline: MF.6-P01 A time that is set is read back
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set by <seconds> seconds
    Then it shows that time and goes on

    Examples:
      | row        | seconds |
      | hour-ahead | 3600    |
      | hour-back  | -3600   |
      | day-ahead  | 86400   |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_shift_time
  Scenario Outline: MF.6-P02 shift_time moves the clock by seconds, up to its limit
    Given the management client is associated
    And the clock is set right again at the end
    When shift_time is invoked with the declared limit <direction>, <more> s more
    Then it shows the time that is due and goes on

    Examples:
      | row         | direction | more |
      | limit-ahead | ahead     | 0    |
      | limit-back  | back      | 0    |
      | less-ahead  | ahead     | -1   |
      | less-back   | back      | -1   |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_adjust_to_quarter
  Scenario Outline: MF.6-P03 adjust_to_quarter goes to the nearest quarter of an hour
    Given the management client is associated
    And the clock is set right again at the end
    When adjust_to_quarter is invoked with <percent> % of its period gone
    Then it shows the time that is due and goes on

    Examples:
      | row   | percent |
      | back  | 40      |
      | ahead | 60      |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_adjust_to_measuring_period
  Scenario Outline: MF.6-P04 adjust_to_measuring_period goes to the nearest measuring period
    Given the management client is associated
    And the clock is set right again at the end
    When adjust_to_measuring_period is invoked with <percent> % of its period gone
    Then it shows the time that is due and goes on

    Examples:
      | row   | percent |
      | back  | 40      |
      | ahead | 60      |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_adjust_to_minute
  Scenario Outline: MF.6-P05 adjust_to_minute goes to the nearest minute
    Given the management client is associated
    And the clock is set right again at the end
    When adjust_to_minute is invoked with <percent> % of its period gone
    Then it shows the time that is due and goes on

    Examples:
      | row   | percent |
      | back  | 40      |
      | ahead | 60      |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_preset_adjusting_time @needs.clock_adjust_to_preset_time
  Scenario: MF.6-P06 A preset time is taken within its interval
    Given the management client is associated
    And the clock is set right again at the end
    When a time is preset with an interval that has begun, and adjust_to_preset_time invoked
    Then it shows the time that is due and goes on

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario: MF.6-P07 A time without deviation is taken as declared
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set by an hour without a deviation
    Then it shows the time that is due and goes on

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario: MF.6-P08 The clock finds the weekday itself
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set to each day of a week without naming the weekday, and read
    Then each time it shows the weekday of the date

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario Outline: MF.6-P09 The clock goes over the ends of months and years
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set to 3 seconds before the end of a <row>
    Then 6 seconds later it shows the first seconds of the day after

    Examples:
      | row           |
      | month         |
      | leap-february |
      | year          |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.daylight_saving
  Scenario Outline: MF.6-P10 At a change of summer time deviation and flag change, and the time goes on
    Given the management client is associated
    And the clock is set right again at the end
    And the next change of summer time <row> is known
    When the clock is set to 3 seconds before it
    Then deviation and flag are those of before, and 6 seconds later those of after

    Examples:
      | row     |
      | forward |
      | back    |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.daylight_saving @needs.event_dst_changed
  Scenario Outline: MF.6-P11 A change of summer time is logged once, at its time
    Given the management client is associated
    And the clock is set right again at the end
    And the next change of summer time <row> is known
    When the clock is set to 3 seconds before it
    And the log of dst_changed is known
    And 6 seconds pass
    Then the log has one event of the change, at its time

    Examples:
      | row     |
      | forward |
      | back    |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @effect.writes
  Scenario Outline: MF.6-P12 Another time zone shows in the deviation and moves no time
    Given the management client is associated
    And the clock is set right again at the end
    When the time zone is written 60 minutes further <row>
    Then it shows the time that is due and goes on

    Examples:
      | row  |
      | east |
      | west |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario: MF.6-P13 Deviation, zone and summer time of the clock agree
    Given the management client is associated
    And the clock is set right again at the end
    Then deviation, zone and summer time of the clock agree

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new
  Scenario Outline: MF.6-P14 A step beyond the limit is logged with the old time and the new one
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When a step beyond the limit of synchronising is made by <way>, <direction>
    Then the log has the old time and then the new one, once each

    Examples:
      | row       | way     | direction |
      | set-ahead | setting | ahead     |
      | set-back  | setting | back      |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_shift_time @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new
  Scenario Outline: MF.6-P15 A shift beyond the limit is logged with the old time and the new one
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When a step beyond the limit of synchronising is made by shift, <row>
    Then the log has the old time and then the new one, once each

    Examples:
      | row   |
      | ahead |
      | back  |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario: MF.6-P16 A time that is sent unconfirmed is taken as declared
    Given the management client is associated
    And the clock is set right again at the end
    When the time of an hour ahead is sent unconfirmed
    Then it shows the time that is due and goes on

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.pre_established_association
  Scenario Outline: MF.6-P17 A time that the pre-established client sends is taken as declared
    Given the management client is associated
    And the clock is set right again at the end
    When the time of an hour ahead is sent <way>
    Then it shows the time that is due and goes on

    Examples:
      | row    | way                           |
      | to-one | by the pre-established client |
      | to-all | to all devices                |

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @effect.switches_supply @effect.fills_logs @needs.bench_power
  Scenario: MF.6-P18 The clock goes on without supply
    Given the management client is associated
    And the clock is set right again at the end
    And what the clock shows is known
    When the supply is cut for 120 seconds
    Then the clock has gone on meanwhile

  @MF.6 @positive @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario: MF.6-P19 A clock that nobody sets keeps the time
    Given the management client is associated
    And the clock is set right again at the end
    And what the clock shows is known
    When the declared time for a drift to show passes
    Then the clock has drifted no more than declared

  @MF.6 @positive @clock_judged @effect.sets_clock @effect.fills_logs @needs.clock @needs.bench_time @needs.management_association @needs.bench_disturbance
  Scenario: MF.6-P20 A lost time is called invalid until the clock is set
    Given the management client is associated
    And the clock is set right again at the end
    When the clock loses its time
    Then its status says so
    When the clock is set anew
    Then it shows that time and goes on
    And its status calls the time valid

  @MF.6 @positive @clock_judged @effect.sets_clock @effect.fills_logs @needs.clock @needs.bench_time @needs.management_association @needs.bench_disturbance @needs.event_clock_invalid
  Scenario: MF.6-P21 A lost time is logged once
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_invalid is known
    When the clock loses its time
    And 6 seconds pass
    Then the log has one event of the lost time

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association
  Scenario Outline: MF.6-N01 A time that no calendar has is refused and moves nothing
    Given the management client is associated
    And the clock is set right again at the end
    When the clock is set to a time with <row>
    Then that is refused
    And the clock goes on as before

    Examples:
      | row         |
      | month-13    |
      | month-0     |
      | february-30 |
      | april-31    |
      | day-0       |
      | hour-24     |
      | minute-60   |
      | second-60   |
      | year-open   |
      | cut-short   |

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_shift_time
  Scenario Outline: MF.6-N02 A shift beyond the declared limit is refused and moves nothing
    Given the management client is associated
    And the clock is set right again at the end
    When shift_time is tried with <more> s beyond the declared limit, <direction>
    Then that is refused
    And the clock goes on as before

    Examples:
      | row       | more  | direction |
      | one-ahead | 1     | ahead     |
      | one-back  | 1     | back      |
      | far-ahead | 10000 | ahead     |

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @effect.writes
  Scenario Outline: MF.6-N03 A value of another type is refused and moves nothing
    Given the management client is associated
    And the clock is set right again at the end
    When the <row> of the clock is written with another type
    Then that is refused
    And the clock goes on as before

    Examples:
      | row           |
      | time          |
      | zone          |
      | dst-deviation |

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_preset_adjusting_time @needs.clock_adjust_to_preset_time
  Scenario Outline: MF.6-N04 A preset time is not taken outside its interval
    Given the management client is associated
    And the clock is set right again at the end
    When a time is preset with an interval that <when>, and adjust_to_preset_time invoked
    Then it shows the time that is due and goes on

    Examples:
      | row   | when          |
      | early | has not begun |
      | late  | is over       |

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.clock_shift_time @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new
  Scenario Outline: MF.6-N05 A step up to the limit is not logged as setting
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When the clock is shifted by <amount>, <direction>
    Then the log has neither the old time nor the new one

    Examples:
      | row         | amount                     | direction |
      | at-ahead    | the limit of synchronising | ahead     |
      | at-back     | the limit of synchronising | back      |
      | below-ahead | 2 seconds                  | ahead     |
      | below-back  | 2 seconds                  | back      |

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new
  Scenario: MF.6-N06 A small correction by setting is not logged as setting
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When the clock is moved on by 2 seconds, ahead
    Then the log has neither the old time nor the new one

  @MF.6 @negative @clock_judged @effect.sets_clock @needs.clock @needs.bench_time @needs.management_association @effect.writes @needs.daylight_saving @needs.event_dst_changed
  Scenario Outline: MF.6-N07 Without summer time nothing changes where it would
    Given the management client is associated
    And the clock is set right again at the end
    And the next change of summer time <row> is known
    And summer time is switched off
    And the log of dst_changed is known
    When the clock is set to 3 seconds before it
    Then deviation and flag stay those of standard time beyond it
    And the log has no event of a change

    Examples:
      | row     |
      | forward |
      | back    |
