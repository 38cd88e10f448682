Feature: MF.1 Registration of consumption or generation, provided in time
  What flows in and what flows out are counted as they flow, each in its own register, and every channel delivers within
  its declared period. Push channels and the consumer's interface are judged where they are reached.

  @MF.1 @positive @effect.reads @needs.energy_import_total @needs.energy_export_total @needs.bench_time @needs.bench_load
  Scenario Outline: MF.1-P01 What flows is counted in the register of its direction
    Given the reading client is associated
    When <in> W flow in and <out> W flow out for half an hour
    Then each register has counted what flowed in its direction and nothing else

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 3000 |

  @MF.1 @positive @effect.reads
  Scenario Outline: MF.1-P02 Registers of both directions have their unit
    Given the device has the object "<object>"
    And the reading client is associated
    When the head end reads "<object>"
    Then the value is a number with unit and scaler

    Examples:
      | row          | object              |
      | import       | energy_import_total |
      | export       | energy_export_total |
      | import-power | power_import        |
      | export-power | power_export        |

  @MF.1 @positive @effect.reads @needs.bench_time
  Scenario Outline: MF.1-P03 Each channel of stored sets delivers within its period
    Given the reading client is associated
    And the channel of <interval> sets
    When <count> updates of the <interval> sets are due
    Then every update has come within its period and a fifth of it

    Examples:
      | row   | interval | count |
      | day   | day      | 8     |
      | week  | week     | 4     |
      | month | month    | 4     |

  @MF.1 @positive @effect.reads @needs.energy_import_total @needs.energy_export_total
  Scenario: MF.1-P04 Values on demand come in seconds
    Given the reading client is associated
    When the registers of both directions are read one right after the other
    Then each value came within the finest period that is demanded of any channel or the declared response time

  @MF.1 @negative @effect.reads @needs.energy_import_total @needs.energy_export_total @needs.bench_time @needs.bench_load
  Scenario: MF.1-N01 Generation is not booked as consumption when directions take turns
    Given the reading client is associated
    When import, export and nothing take turns
    Then each register has counted what flowed in its direction and nothing else

  @MF.1 @negative @effect.reads @needs.energy_import_total @needs.energy_export_total @needs.bench_time @needs.bench_load
  Scenario: MF.1-N02 Where nothing flows nothing is counted
    Given the reading client is associated
    When 0 W flow in and 0 W flow out for half an hour
    Then each register has counted what flowed in its direction and nothing else

  @MF.1 @negative @effect.reads @needs.load_profile @needs.energy_import_total @needs.bench_time
  Scenario: MF.1-N03 On a busy line no update of the load profile is missing
    Given the reading client is associated
    When 4 updates of the load profile are due while the line is busy
    Then every update has come within its period and a fifth of it

  @MF.1 @negative @effect.reads @effect.fills_logs @needs.energy_import_total @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: MF.1-N04 A power cut takes nothing away from what was counted
    Given the reading client is associated
    When the supply is cut while 3000 W flow in
    Then no register has fallen back, and none has run ahead of what flowed

  @MF.1 @negative @effect.reads @needs.energy_import_total @needs.energy_export_total @needs.daylight_saving @needs.bench_time @needs.bench_load
  Scenario Outline: MF.1-N05 Around a change of summer time what flows is counted, once
    Given the reading client is associated
    When 3000 W flow in around <occasion>
    Then each register has counted what flowed in its direction and nothing else

    Examples:
      | row    | occasion                 |
      | spring | the begin of summer time |
      | autumn | the end of summer time   |

  @MF.1 @negative @effect.reads @needs.energy_import_total @needs.energy_export_total @needs.bench_time @needs.bench_load
  Scenario Outline: MF.1-N06 Around midnight and the end of a month or year what flows is counted too
    Given the reading client is associated
    When 3000 W flow in around <occasion>
    Then each register has counted what flowed in its direction and nothing else

    Examples:
      | row      | occasion           |
      | midnight | midnight           |
      | month    | the end of a month |
      | year     | the end of a year  |

  @MF.1 @negative @effect.reads @effect.fills_logs @needs.max_demand_import @needs.clock @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: MF.1-N07 A power cut leaves the maximum and its time
    Given the reading client is associated
    When a load makes a new maximum
    And the supply of the device itself fails for a minute
    Then it is there after the power cut, with its time
