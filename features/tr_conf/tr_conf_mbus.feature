Feature: TR-Conf at the M-Bus door
  A slave keeps its registers to itself, answers what is whole and meant for it, tells what it cannot do, and stores its registers in time.

  @TR-Conf.01a @positive @door.mbus @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-P05 What a master may do at any time moves no register
    Given the slave has been read
    Then no register moves over <act>

    Examples:
      | row         | act                               |
      | link        | a reset of the link               |
      | application | an application reset              |
      | baud        | the baud rate that is set already |

  @TR-Conf.01a @negative @door.mbus @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-N11 Registers cannot be written over M-Bus
    Given the slave has been read
    Then no register moves when each is written with octets of <filler>

    Examples:
      | row   | filler |
      | zero  | 00     |
      | other | 11     |

  @TR-Conf.01a @negative @door.mbus @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-N12 Commands of vendors move no register
    Given the slave has been read
    Then no register moves with the vendor command <name>

    Examples:
      | row | name |
      | b2  | 0xB2 |
      | b4  | 0xB4 |
      | a0  | 0xA0 |

  @TR-Conf.04a @negative @door.mbus @effect.reads @effect.writes
  Scenario Outline: TR-Conf.04a-N40 A command that cannot be carried out is answered with an application error
    When a command is sent that ends in <condition>
    Then the next answer tells of <condition>
    And the reading after it is as good as any

    Examples:
      | row     | condition       |
      | command | unknown_command |
      | record  | cut_record      |

  @TR-Conf.04a @negative @door.mbus @effect.reads @effect.writes
  Scenario: TR-Conf.04a-N41 The write of a register is answered with an application error
    Given the slave has been read
    When a register is written
    Then the next answer tells of denied_write
    And the reading after it is as good as any

  @TR-Conf.05a @positive @door.mbus @effect.reads
  Scenario: TR-Conf.05a-P40 Answers of a slave are whole frames
    Then all answers are whole frames

  @TR-Conf.05a @positive @door.mbus @effect.reads
  Scenario Outline: TR-Conf.05a-P41 A slave is found by its secondary address
    Given the slave has a secondary address
    Then a selection with <how> finds it

    Examples:
      | row    | how                               |
      | whole  | its whole secondary address       |
      | number | its identification number         |
      | half   | half of its identification number |

  @TR-Conf.05a @positive @door.mbus @effect.reads
  Scenario: TR-Conf.05a-P42 A search over all secondary addresses finds the slave among others
    Given the slave has a secondary address
    Then a search finds it

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario Outline: TR-Conf.05a-N40 A damaged request is not answered over M-Bus
    Then a request with <damage> is not answered and the next good one is

    Examples:
      | row          | damage                      |
      | checksum     | wrong checksum              |
      | inverted     | inverted checksum           |
      | stop         | wrong stop                  |
      | no-stop      | no stop                     |
      | start        | wrong start                 |
      | length       | first length too large      |
      | second       | second length too small     |
      | second-start | wrong second start          |
      | cut          | cut in the middle           |
      | noise        | noise in front              |

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario Outline: TR-Conf.05a-N41 A request to somebody else is not answered over M-Bus
    Then a request to <whom> is not answered and the next good one is

    Examples:
      | row    | whom                       |
      | nobody | an address that nobody has |
      | all    | all slaves                 |

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario: TR-Conf.05a-N42 The selection of another slave is not answered
    Given the slave has a secondary address
    Then a selection of another identification number does not find it

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

  @TR-Conf.08b @negative @door.mbus @effect.reads
  Scenario: TR-Conf.08b-N40 Readings over M-Bus store nothing
    Given the slave has been read
    When the slave is read 20 times
    Then no set has been stored

  @TR-Conf.09a @positive @door.mbus @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P40 A reading over M-Bus leaves one entry
    Given the management client is associated
    And the filter selects readings
    When the slave is read by a master
    Then the log has one entry readings_collected of it

  @TR-Conf.09b @negative @door.mbus @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09b-N40 Where the filter selects nothing a reading over M-Bus leaves no entry
    Given the management client is associated
    And the filter selects nothing
    When the slave is read by a master
    Then the log has no entry of it
