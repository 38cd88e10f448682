Feature: TR-Conf.07 Data sets stored at regular intervals
  At times fixed beforehand the meter stores a set of its registers: each time one, with the values of that instant.
  The interval may be a day, a week, a month or a year, and how many sets are kept can be configured.

  @TR-Conf.07a @positive @effect.reads @needs.daily_profile @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P01 At midnight a set is stored with time, status and the registers of that instant
    Given the reading client is associated
    And a load of 3000 W import
    When the end of a day passes
    Then exactly one set of that instant is stored
    And the set has its full time and a status
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
