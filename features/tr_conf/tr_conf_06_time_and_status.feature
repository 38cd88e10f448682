Feature: TR-Conf.06e-f Time stamp and status of each row
  Each row has the time of its capture, the values of that time, and a status that shows what bears on their validity.

  @TR-Conf.06e @BI.02.step1 @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.bench_time
  Scenario: TR-Conf.06e-P01 Each capture has one row with its own time
    Given the reading client is associated
    And the load profile is watched
    When 4 capture periods pass
    Then each capture that was due has exactly one row, of its own time

  @TR-Conf.06e @BI.02.step2 @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.06e-P02 The value in a row is that of its time
    Given the reading client is associated
    And a load of 3000 W import
    And the load profile is watched
    When 4 capture periods pass
    Then each row holds what the load has made of the energy by its time

  @TR-Conf.06e @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.bench_time
  Scenario Outline: TR-Conf.06e-P03 On special days as on others each capture has one row
    Given the reading client is associated
    When the captures around <occasion> are watched
    Then each of them has exactly one row, of its own time

    Examples:
      | row             | occasion                |
      | midnight        | midnight                |
      | month-end       | the end of a month      |
      | year-end        | the end of a year       |
      | leap-day        | the begin of a leap day |
      | after-leap-day  | the end of a leap day   |

  @TR-Conf.06e @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time
  Scenario: TR-Conf.06e-P04 Rows of the doubled hour in autumn are told apart
    Given the reading client is associated
    When the captures around the end of summer time are watched
    Then rows of the doubled hour can be told apart
    And each of them has exactly one row, of its own time

  @TR-Conf.06e @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time
  Scenario: TR-Conf.06e-P05 The hour that is left out in spring has no rows
    Given the reading client is associated
    When the captures around the begin of summer time are watched
    Then no row has a time of the hour that is left out
    And each of them has exactly one row, of its own time

  @TR-Conf.06e @positive @effect.reads @effect.clears @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario: TR-Conf.06e-P06 A cleared profile goes on with a row for each full period
    Given the management client is associated
    When the load profile is cleared
    And 3 capture periods pass
    Then each capture that was due has exactly one row, of its own time

  @TR-Conf.06e @negative @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_power
  Scenario Outline: TR-Conf.06e-N01 A cut of the supply at a capture makes no second row
    Given the reading client is associated
    When the supply is cut <when> a capture
    Then no capture has two rows, and from the next one on each has one

    Examples:
      | row    | when                   |
      | across | across                 |
      | at     | at the very instant of |

  @TR-Conf.06e @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario Outline: TR-Conf.06e-N02 After a step of the clock rows come by the new time
    Given the management client is associated
    When the clock is set <direction> across 2 captures
    Then from then on each capture has exactly one row by the new time

    Examples:
      | row     | direction |
      | forward | forward   |
      | back    | back      |

  @TR-Conf.06e @negative @effect.reads @needs.load_profile @needs.profile_parameters @needs.bench_time
  Scenario: TR-Conf.06e-N03 A read in the second of a capture gets no half row
    Given the reading client is associated
    And the load profile is watched
    When the load profile is read from the second before until the second after a capture
    Then the row of that capture is there whole or not at all, and never early

  @TR-Conf.06e @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.06e-P07 A row has the value of each register at its time
    Given the reading client is associated
    And <in> W flow in and <out> W flow out from now on
    When a capture comes between two readings of its registers
    Then the row has of each register a value between the two

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 3000 |

  @TR-Conf.06e @negative @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.06e-N04 A cut of the supply takes no rows away
    Given the reading client is associated
    When the supply is cut for a few seconds
    Then the rows from before the cut are all there

  @TR-Conf.06e @negative @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: TR-Conf.06e-N05 The first row after a cut has the values of its own time
    Given the reading client is associated
    And 3000 W flow in and 0 W flow out from now on
    When a capture comes between two readings of its registers after a cut of the supply
    Then the row has of each register a value between the two

  @TR-Conf.06e @negative @effect.reads @effect.clears @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario: TR-Conf.06e-N06 Clearing the load profile leaves stored sets alone
    Given the management client is associated
    And the stored sets are known
    When the load profile is cleared
    Then the stored sets and what counts them are as before

  @TR-Conf.06f @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time
  Scenario Outline: TR-Conf.06f-P01 The status shows summer time, and undisturbed rows nothing else
    Given the reading client is associated
    And the device's time is in <season>
    And the load profile is watched
    When 3 capture periods pass
    Then each row shows that it is <season>, and no disturbance

    Examples:
      | row    | season |
      | summer | summer |
      | winter | winter |

  @TR-Conf.06f @positive @effect.reads @effect.sets_clock @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario Outline: TR-Conf.06f-P02 A clock that was set shows in the next row
    Given the management client is associated
    When the clock is set <direction> by more than its limit
    Then the next row shows it, and the one after that no more

    Examples:
      | row     | direction |
      | forward | forward   |
      | back    | back      |

  @TR-Conf.06f @positive @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.06f-P03 A cut of the supply within a period shows in its row
    Given the reading client is associated
    When the supply is cut for a part of one period
    Then the next row shows it, and the one after that no more

  @TR-Conf.06f @positive @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.06f-P04 A long cut shows in the first row with supply
    Given the reading client is associated
    When the supply is cut for several periods
    Then the first row with supply shows the cut, and a later one no more

  @TR-Conf.06f @positive @effect.reads @effect.sets_clock @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time @needs.bench_disturbance
  Scenario: TR-Conf.06f-P05 A lost time shows as invalid clock and invalid data
    Given the management client is associated
    When the device loses its time
    Then each row shows an invalid clock and invalid data until the clock is set

  @TR-Conf.06f @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_disturbance
  Scenario: TR-Conf.06f-P06 A critical fault shows while it is there
    Given the reading client is associated
    When the device has a critical fault
    Then the next row shows it for as long as the fault is there

  @TR-Conf.06f @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario: TR-Conf.06f-N01 A synchronised clock is not shown as adjusted
    Given the management client is associated
    When the clock is set by less than its limit
    Then no row shows an adjustment

  @TR-Conf.06f @negative @effect.reads @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.06f-N02 Periods without supply are not filled with rows as if nothing had been
    Given the reading client is associated
    When the supply is cut for several periods
    Then periods without supply have no rows, or marked ones

  @TR-Conf.06f @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time
  Scenario Outline: TR-Conf.06f-P07 Around the <change> of summer time the status of each row is that of its time
    Given the reading client is associated
    When the captures around the <change> of summer time are watched
    Then each row shows summer time from the change on or up to it

    Examples:
      | row   | change |
      | begin | begin  |
      | end   | end    |

  @TR-Conf.06f @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.06f-N03 A clock that was set and a cut in one period both show in its row
    Given the management client is associated
    When the clock is set forward by more than its limit
    And the supply is cut as well
    Then the next row shows both
