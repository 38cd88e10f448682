Feature: MF.1 Registration of consumption at the consumer port
  What the meter registers can be seen at the consumer port too.

  @MF.1 @positive @door.p1 @door.han @effect.reads @needs.bench_time @needs.bench_load
  Scenario: MF.1-P40 Consumption is seen at the consumer port as it is registered
    Given the reading client is associated
    And a load of 3000 W import
    Then energy in the telegrams rises as the load has it

  @MF.1 @positive @door.p1 @door.han @effect.reads @needs.bench_time @needs.bench_load
  Scenario: MF.1-P41 Generation is seen at the consumer port as it is registered
    Given the reading client is associated
    And 2000 W flow out and nothing flows in
    Then energy out rises in the telegrams as the load has it, and energy in stands still

  @MF.1 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.1-P42 Energy at the consumer port does not fall from telegram to telegram
    When telegrams are heard
    Then energy in them does not fall
