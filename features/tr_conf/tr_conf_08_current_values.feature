Feature: TR-Conf.08 Current values without affecting the periodic reading process
  The meter provides the current values of its registers on demand; the periodic process goes on as if nobody had asked.

  @TR-Conf.08a @BI.01.step3 @positive @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-P01 The value follows the load between two readings
    Given the reading client is associated
    And a load of 3000 W import
    When "energy_import_total" is read before and after the load has run long enough to be seen
    Then the difference is the energy of the load

  @TR-Conf.08a @positive @effect.reads @needs.energy_import_total @needs.load_profile @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-P02 The register and the profile row of the same instant agree
    Given the reading client is associated
    And a load of 3000 W import
    When "energy_import_total" is read right after a capture of the load profile
    Then the newest row holds the same energy within what has flowed since

  @TR-Conf.08a @positive @effect.reads @needs.energy_import_total @needs.energy_import_tariffs @needs.atomic_list
  Scenario: TR-Conf.08a-P03 A list of registers is one consistent snapshot
    Given the reading client is associated
    When the total and the tariff registers of the import energy are read in one list 5 times
    Then the total moves with the sum of the tariff registers each time

  @TR-Conf.08a @BI.01.step3 @positive @effect.reads @needs.power_import @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-P04 The power shown follows the load
    Given the reading client is associated
    When the power flowing in changes several times
    Then each time the power shown is the one that flows in that direction

  @TR-Conf.08a @BI.01.step3 @positive @effect.reads @needs.power_import @needs.power_export @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-P05 Each direction of power has its own register
    Given the reading client is associated
    When power flows out and in by turns
    Then each time the power shown is the one that flows in that direction

  @TR-Conf.08a @negative @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-N01 Without load the value stands still
    Given the reading client is associated
    And a load of 0 W import
    When "energy_import_total" is read before and after 1800 seconds
    Then the value has not changed

  @TR-Conf.08a @negative @effect.reads @needs.energy_import_total @needs.load_profile @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-N02 Between two captures the register shows the present value and not the stored one
    Given the reading client is associated
    And a load of 3000 W import
    When "energy_import_total" is read in the middle between two captures of the load profile
    Then it is ahead of the newest row by the energy since that capture

  @TR-Conf.08b @positive @effect.reads @needs.energy_import_total @needs.load_profile @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08b-P01 Every scheduled row appears in time while values are read all the time
    Given the reading client is associated
    And a load of 3000 W import
    And the capture schedule of the load profile is known
    When 3 capture periods pass with 20 on demand readings in each
    Then the load profile has one row for each capture that was due, in time
    And each row holds the energy of its instant

  @TR-Conf.08b @positive @effect.reads @needs.average_demand_import
  Scenario: TR-Conf.08b-P02 Reading does not close the demand period
    Given the reading client is associated
    When the demand registers are read 20 times within one demand period
    Then last average, capture time and start time are unchanged

  @TR-Conf.08b @positive @effect.reads @needs.energy_import_total @needs.load_profile @needs.selective_access_range @needs.second_association @needs.second_connection
  Scenario: TR-Conf.08b-P03 A long profile read and on demand readings of another client do not disturb each other
    Given the reading client is associated with room for 128 octets
    And long answers come in blocks
    And the newest rows of the load profile are known
    When the management client reads registers between the blocks of a long profile read
    Then both got their data
    And the long read has the same rows as before

  @TR-Conf.08b @positive @effect.reads @needs.max_demand_import
  Scenario: TR-Conf.08b-P04 Reading does not reset the maximum demand
    Given the reading client is associated
    When the maximum demand is read 20 times within one demand period
    Then the maximum and its capture time are unchanged

  @TR-Conf.08b @negative @effect.reads @needs.energy_import_total @needs.load_profile @needs.bench_time
  Scenario: TR-Conf.08b-N01 A reading at the very second of a capture leaves the capture alone
    Given the reading client is associated
    And the capture schedule of the load profile is known
    When "energy_import_total" is read from the second before until the second after a capture
    Then the load profile has one row for each capture that was due, in time

  @TR-Conf.08b @negative @effect.reads @needs.energy_import_total @needs.load_profile @needs.bench_time
  Scenario: TR-Conf.08b-N02 A reading with selective access on a plain register leaves the schedule alone
    Given the reading client is associated
    And the capture schedule of the load profile is known
    When the head end asks for "energy_import_total" with selective access and 2 capture periods pass
    Then the load profile has one row for each capture that was due, in time

  @TR-Conf.08b @negative @effect.reads @needs.load_profile @needs.bench_time
  Scenario: TR-Conf.08b-N03 A client that vanishes in the middle of a long answer leaves the schedule alone
    Given the reading client is associated with room for 128 octets
    And long answers come in blocks
    And the load profile is long enough for them
    And the capture schedule of the load profile is known
    When the client vanishes after the first block of the load profile and 2 capture periods pass
    Then the reading client can associate again
    And the load profile has one row for each capture that was due, in time

  @TR-Conf.08b @negative @effect.reads @needs.load_profile @needs.bench_time
  Scenario: TR-Conf.08b-N04 A hundred associations in a row leave the schedule alone
    Given the reading client is associated
    And the capture schedule of the load profile is known
    When the reading client associates and releases 100 times while 2 capture periods pass
    Then the load profile has one row for each capture that was due, in time

  @TR-Conf.08b @negative @effect.reads @needs.energy_import_total @needs.load_profile
  Scenario: TR-Conf.08b-N05 Reading adds no row to the load profile
    Given the reading client is associated
    When "energy_import_total" is read 20 times within one capture period
    Then the load profile has the same rows as before

  @TR-Conf.08b @positive @effect.reads @needs.billing_profile @needs.billing_counter @needs.billing_time
  Scenario: TR-Conf.08b-P05 Reading leaves billing counter, billing time and stored sets alone
    Given the reading client is associated
    When registers, stored sets and billing data are read 20 times within one billing period
    Then billing counter, billing time and stored sets are unchanged

  @TR-Conf.08b @negative @effect.reads @needs.energy_import_total @needs.billing_profile @needs.billing_counter @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08b-N06 Readings at the very end of a billing period leave its end alone
    Given the reading client is associated
    And a load of 3000 W import
    And the billing counter has been read just before the end of a month
    When that end passes with readings from the seconds before until the seconds after it
    Then exactly one set of that instant is stored
    And the billing counter has moved by one step
