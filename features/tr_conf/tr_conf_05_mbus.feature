Feature: TR-Conf.05 Diagnostic information over M-Bus
  A slave answers what is whole and meant for it.

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
      | noise-behind | noise behind                |

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

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario Outline: TR-Conf.05a-N44 The selection of a slave of another kind is not answered
    Given the slave has a secondary address
    Then a selection of another <part> does not find it

    Examples:
      | row          | part         |
      | manufacturer | manufacturer |
      | version      | version      |
      | medium       | medium       |

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario: TR-Conf.05a-N45 A slave is selected no longer once another one was
    Given the slave has a secondary address
    Then once another slave was selected it does not answer to the address of selected ones

  @TR-Conf.05a @positive @door.mbus @effect.reads
  Scenario: TR-Conf.05a-P43 A request for alarms is answered over M-Bus
    Then a request for alarms is answered

  @TR-Conf.05a @positive @door.mbus @effect.reads @effect.writes
  Scenario: TR-Conf.05a-P44 A slave follows its master to another rate and back
    Given the slave has been read
    Then it follows to every declared rate and back

  @TR-Conf.05a @positive @door.mbus @effect.reads @effect.writes
  Scenario: TR-Conf.05a-P45 A slave that is left alone at another rate comes back
    Given the slave has been read
    When it is left alone at another rate for as long as is declared
    Then it answers at its first rate

  @TR-Conf.05a @negative @door.mbus @effect.reads
  Scenario Outline: TR-Conf.05a-N43 A request that the slave cannot understand on the line is not answered
    Then a request sent <how> is not answered and the next good one is

    Examples:
      | row    | how               |
      | rate   | at another rate   |
      | parity | with wrong parity |
