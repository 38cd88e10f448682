Feature: TR-Conf.07 Data sets stored at regular intervals
  At times fixed beforehand the meter stores a set of its registers: each time one, with the values of that instant.
  The interval may be a day, a week, a month or a year, and how many sets are kept can be configured.

  @TR-Conf.07a @positive @effect.reads @needs.daily_profile @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P01 At midnight a set is stored with its time and the registers of that instant
    Given the reading client is associated
    And a load of 3000 W import
    When the end of a day passes
    Then exactly one set of that instant is stored
    And the set has its full time, and a status where sets have one
    And the set holds the registers as they were at that instant

  @TR-Conf.07b @positive @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07b-P02 The interval may be a <interval>
    Given the reading client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the end of a <interval> passes
    Then exactly one set of that instant is stored
    And the set holds the registers as they were at that instant

    Examples:
      | row   | interval |
      | day   | day      |
      | week  | week     |
      | month | month    |
      | year  | year     |

  @TR-Conf.07a @positive @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07a-P06 A stored set keeps its values while the registers run on
    Given the reading client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the end of a <interval> passes
    Then exactly one set of that instant is stored
    And read again an hour later the set is the same

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @positive @effect.reads @needs.max_demand_import @needs.clock @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07a-P08 A set holds the maximum of its time with the instant at which it arose
    Given the reading client is associated
    And the sets of each <interval> hold the maximum with its time
    When a load makes a new maximum
    And the load falls to a quarter and the end of a <interval> passes
    Then the set holds that maximum with its time

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @negative @effect.reads @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07a-N15 Until the last seconds of a <interval> no set is stored
    Given the reading client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When time comes to the last seconds of a <interval>
    Then no set was stored before it was due

    Examples:
      | row   | interval |
      | day   | day      |
      | week  | week     |
      | month | month    |

  @TR-Conf.07a @negative @effect.reads @needs.daily_profile @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-N04 A 29th of February begins and ends with a set of its own
    Given the reading client is associated
    And a load of 3000 W import
    When the beginning of a 29th of February and the day after it pass
    Then each of them has exactly one set with the values of its instant

  @TR-Conf.07a @negative @effect.reads @needs.billing_profile @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-N14 Months of 31, 28 or 29 and 31 days end with one set each
    Given the reading client is associated
    And a load of 3000 W import
    When the ends of three months of unlike length pass
    Then each of them has exactly one set with the values of its instant

  @TR-Conf.07b @negative @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07b-N12 Where several intervals end at once each has its set
    Given the reading client is associated
    And a load of 3000 W import
    When all intervals end at once at the beginning of a <interval>
    Then each of them has exactly one set with the values of its instant

    Examples:
      | row   | interval |
      | month | month    |
      | year  | year     |

  @TR-Conf.07a @negative @effect.reads @effect.fills_logs @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario Outline: TR-Conf.07a-N01 The supply is off when a set is due
    Given the reading client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the supply is off at the end of a <interval>
    Then one set is stored that says when it was, or none where the device stores none late
    And the next <interval> ends with one set again

    Examples:
      | row   | interval |
      | day   | day      |
      | week  | week     |
      | month | month    |
      | year  | year     |

  @TR-Conf.07a @negative @clock_judged @effect.sets_clock @needs.bench_time @needs.bench_load @needs.management_association
  Scenario Outline: TR-Conf.07a-N03 The clock is set forward over the time of a set
    Given the management client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the clock is set forward over the end of a <interval>
    Then one set is stored that says when it was, or none where the device stores none of a time leapt over

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @negative @effect.sets_clock @needs.bench_time @needs.bench_load @needs.management_association
  Scenario Outline: TR-Conf.07a-N13 The clock is set back over the time of a set
    Given the management client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the clock is set back over the end of a <interval> that has passed
    Then the first pass has its set, and the second none or a marked one

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_schedule @needs.daylight_saving @needs.bench_time @needs.management_association
  Scenario: TR-Conf.07a-N05 A set due in the hour that spring leaves out
    Given the management client is associated
    And the billing set is stored daily half an hour into the hour that is left out
    When the clock goes forward by its own rule
    Then one set is stored in that night, or none where the device stores none of an hour left out

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_schedule @needs.daylight_saving @needs.bench_time @needs.management_association
  Scenario: TR-Conf.07a-N16 A set due in the hour that autumn doubles
    Given the management client is associated
    And the billing set is stored daily half an hour into the hour that is doubled
    When the clock goes back by its own rule
    Then one set is stored in that night and not two

  @TR-Conf.07a @negative @effect.writes @needs.daily_profile @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: TR-Conf.07a-N06 In another time zone the day ends at its midnight
    Given the management client is associated
    And a load of 3000 W import
    When the zone is moved by an hour and the end of a day passes
    Then exactly one set of that instant is stored

  @TR-Conf.07c @positive @effect.writes @effect.clears @needs.bench_time @needs.bench_load @needs.management_association
  Scenario Outline: TR-Conf.07c-P03 The number of sets can be configured
    Given the management client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the number of sets is set to 3 and 4 ends of a <interval> pass
    Then exactly so many sets are there, the newest ones

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @positive @effect.reads @needs.billing_profile @needs.billing_counter @needs.billing_time @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P04 The end of a billing period moves the counter by one and leaves its time
    Given the reading client is associated
    And a load of 3000 W import
    And the billing counter has been read just before the end of a month
    When that end passes
    Then exactly one set of that instant is stored
    And the billing counter has moved by one step
    And the billing time is the time of that set

  @TR-Conf.07a @positive @effect.reads @needs.daily_profile @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P05 The last sets are read by number and those of a range by their times
    Given the reading client is associated
    And a load of 3000 W import
    And sets of 5 days have come one by one
    When the sets of days are read back by number and by range
    Then each reading has exactly the sets that it asked for

  @TR-Conf.07a @positive @effect.writes @needs.billing_profile @needs.billing_script @needs.billing_counter @needs.billing_time @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: TR-Conf.07a-P07 The billing period ends on demand
    Given the management client is associated
    And a load of 3000 W import
    And the last end of a billing period is long past
    And the billing counter has been read
    When the management client executes the script that ends the billing period
    Then exactly one set of the time of the execution is stored
    And the billing counter has moved by one step
    And the billing time is the time of that set

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_script @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: TR-Conf.07a-N02 Within the lock-out the billing period does not end twice
    Given the management client is associated
    And a load of 3000 W import
    And the last end of a billing period is long past
    When the management client executes the script that ends the billing period
    And the management client executes that script again at once
    Then that is refused and no second set is stored

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_script @needs.billing_counter @needs.bench_time @needs.reading_association
  Scenario: TR-Conf.07a-N17 A client without the right ends no billing period
    Given the reading client is associated
    And the last end of a billing period is long past
    And the billing counter has been read
    When a client without the right executes the script that ends the billing period
    Then that is refused and nothing was closed

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_schedule @needs.management_association
  Scenario Outline: TR-Conf.07a-N07 A schedule that never comes is refused
    Given the management client is associated
    When the management client writes "<times>" to the billing schedule
    Then that is refused and the schedule is as before

    Examples:
      | row         | times                |
      | month-13    | month 13             |
      | day-0       | day 0                |
      | february-30 | the 30th of February |
      | hour-24     | hour 24              |
      | minute-60   | minute 60            |

  @TR-Conf.07a @negative @effect.writes @needs.billing_profile @needs.billing_schedule @needs.management_association
  Scenario: TR-Conf.07a-N08 A schedule of one time takes no two
    Given the management client is associated
    When the management client writes "two times although its type is one time" to the billing schedule
    Then that is refused and the schedule is as before

  @TR-Conf.07c @negative @effect.writes @effect.clears @needs.management_association
  Scenario Outline: TR-Conf.07c-N09 A wrong number of sets is refused
    Given the management client is associated
    And the device stores sets for each <interval>
    When the management client writes "<number>" as the number of sets for each <interval>
    Then that is refused and the sets and their number are as before

    Examples:
      | row              | interval | number             |
      | day-none         | day      | no sets            |
      | day-too-many     | day      | more sets than fit |
      | day-wrong-type   | day      | a wrong type       |
      | month-none       | month    | no sets            |
      | month-too-many   | month    | more sets than fit |
      | month-wrong-type | month    | a wrong type       |

  @TR-Conf.07c @negative @effect.writes @effect.clears @needs.reading_association @needs.management_association
  Scenario Outline: TR-Conf.07c-N11 A client without the right changes no number of sets
    Given the reading client is associated
    And the device stores sets for each <interval>
    When the reading client writes "another number" as the number of sets for each <interval>
    Then that is refused and the sets and their number are as before

    Examples:
      | row   | interval |
      | day   | day      |
      | month | month    |

  @TR-Conf.07a @negative @effect.reads @effect.fills_logs @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.07a-N18 A power cut leaves stored sets and what counts them alone
    Given the reading client is associated
    And the stored sets are known
    When the supply is cut and comes back
    Then the stored sets and what counts them are as before

  @TR-Conf.07a @positive @effect.reads @needs.daylight_saving @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.07a-P10 In <season> a <interval> ends at its own midnight
    Given the reading client is associated
    And the device stores sets for each <interval>
    And a load of 3000 W import
    When the first end of a <interval> in <season> passes
    Then exactly one set of that instant is stored
    And the set has its full time, and a status where sets have one

    Examples:
      | row          | interval | season |
      | day-summer   | day      | summer |
      | day-winter   | day      | winter |
      | month-summer | month    | summer |
      | month-winter | month    | winter |

  @TR-Conf.07a @positive @effect.reads @needs.billing_profile @needs.billing_time @needs.daylight_saving @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P09 In summer too the billing time is that of the set
    Given the reading client is associated
    And a load of 3000 W import
    When the first end of a month in summer passes
    Then exactly one set of that instant is stored
    And the billing time is the time of that set
