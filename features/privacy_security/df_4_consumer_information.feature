Feature: DF.4 Information that the consumer wants
  Data read for the consumer come with the time they belong to.

  @DF.4 @positive @effect.reads @needs.clock @needs.energy_import_total
  Scenario: DF.4-P01 Registers read in one list with the clock come with the time of the reading
    Given the reading client is associated
    When the head end reads the energy registers in one list with the clock, between two readings of the clock
    Then the time in the list lies between them

  @DF.4 @positive @effect.reads @needs.clock @needs.max_demand_import
  Scenario: DF.4-P02 The maximum demand comes with the time at which it was reached
    Given the reading client is associated
    When the head end reads the maximum demand, its capture time and the clock
    Then the capture time is a full one and not in the future

  @DF.4 @positive @effect.reads @needs.clock @needs.load_profile @needs.profile_parameters
  Scenario: DF.4-P03 Each row of the load profile comes with a time of its own
    Given the reading client is associated
    When the head end reads the newest rows of the load profile
    Then each of them has a full time of its own, and none is in the future

  @DF.4 @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.clock @needs.energy_import_total @needs.management_association @needs.bench_disturbance
  Scenario: DF.4-N01 A time that the device has lost is not handed out as a good one
    Given the reading client is associated
    And the device has lost its time
    When the head end reads the energy registers in one list with the clock, between two readings of the clock
    Then the time in the list is marked as doubtful or not given
