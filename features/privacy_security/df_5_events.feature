Feature: DF.5 Events and alarms carry no consumption
  An event or alarm is told when it happens, as declared, and carries no consumption values.

  @DF.5 @positive @effect.reads
  Scenario: DF.5-P01 No declared log captures consumption
    Given a client that may read the logs is associated
    When the head end reads what every declared log captures
    Then none of it is consumption

  @DF.5 @positive @effect.reads
  Scenario: DF.5-P02 The entries of every declared log are of its columns, with a time and a code
    Given a client that may read the logs is associated
    When the head end reads what every declared log captures
    And the head end reads the entries of every declared log
    Then each of them has as many cells as the log has columns

  @DF.5 @positive @effect.reads @effect.fills_logs @needs.event_power_down @needs.event_power_up @needs.clock @needs.bench_time @needs.bench_power
  Scenario: DF.5-P03 A cut of the supply leaves its loss and its return in the log
    Given a client that may read the logs is associated
    And the log of power_down and power_up is known
    When the supply is cut for two minutes
    Then the log has the loss of the supply and its return, once each and of their time

  @DF.5 @negative @effect.writes @effect.clears @effect.fills_logs @needs.reading_association @needs.energy_import_total
  Scenario: DF.5-N01 A client that only reads cannot make a log collect consumption
    Given the reading client is associated
    When the head end reads what every declared log captures
    And the client adds the import energy to what each declared log captures
    Then that is refused and the logs capture what they did
