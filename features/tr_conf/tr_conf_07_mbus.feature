Feature: TR-Conf.07 Stored sets over M-Bus
  A slave stores its registers in time.

  @TR-Conf.07a @positive @door.mbus @effect.reads @needs.bench_time
  Scenario: TR-Conf.07a-P40 At the due date the slave stores its register
    Given the slave has been read
    When the next due date comes
    Then a set of the due date is stored with the register of that instant

  @TR-Conf.07a @positive @door.mbus @effect.reads @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.07a-P41 What the slave has stored stays as it is
    Given the slave has been read
    And a load of 3000 W import
    When the next due date comes
    Then the stored set stays as it is while the register runs on

  @TR-Conf.07a @negative @door.mbus @effect.reads @needs.bench_time
  Scenario: TR-Conf.07a-N40 Until the last minutes before the due date the slave stores nothing
    Given the slave has been read
    When the next due date comes closer but does not come
    Then no set has been stored
