Feature: TR-Conf.08 Current values over M-Bus
  A slave gives the values of now, and reading moves nothing.

  @TR-Conf.08a @positive @door.mbus @effect.reads @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.08a-P40 The register of the slave follows the load
    Given the slave has been read
    And a load of 3000 W import
    When the slave is read while the load runs long enough to be seen
    Then the register has risen by the energy of the load
    And the total has moved with the sum of the tariffs

  @TR-Conf.08b @negative @door.mbus @effect.reads
  Scenario: TR-Conf.08b-N08 The same frame count bit repeats the telegram
    When the same request comes twice with the same frame count bit and time passes between
    Then both answers are the same telegram
    And a request with the other frame count bit is a new reading

  @TR-Conf.08b @negative @door.mbus @effect.reads @needs.bench_time
  Scenario: TR-Conf.08b-N41 After a reset of the link the next telegram is a new one
    When a telegram is asked for, the link is reset after a while and a telegram is asked for once more
    Then the second telegram is not the first one again

  @TR-Conf.08b @negative @door.mbus @effect.reads
  Scenario: TR-Conf.08b-N40 Readings over M-Bus store nothing
    Given the slave has been read
    When the slave is read 20 times
    Then no set has been stored
