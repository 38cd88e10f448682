Feature: TR-Conf.05 Diagnostic information at the local port
  The local port answers what is whole and meant for it, and lives on after whatever else comes.

  @TR-Conf.05a @positive @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-P50 A sign-on behind noise is answered
    Then a sign-on behind <noise> is answered

    Examples:
      | row     | noise                      |
      | zeros   | zeros                      |
      | letters | letters                    |
      | half    | half a sign-on             |
      | nak     | a negative acknowledgement |
      | break   | a break of the line        |

  @TR-Conf.05a @positive @door.iec62056_21 @effect.reads
  Scenario: TR-Conf.05a-P51 A dialogue that nobody ends does not close the port for good
    When a dialogue is left alone until the inactivity time-out has passed
    Then the next sign-on is answered

  @TR-Conf.05a @positive @door.iec62056_21 @effect.reads
  Scenario: TR-Conf.05a-P52 An answer comes again at the local port when it is asked for
    Given programming mode without the password
    Then an answer comes again when it is asked for

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-N50 A damaged command is not carried out at the local port
    Given programming mode without the password
    When a command is sent with <how>
    Then it is not carried out

    Examples:
      | row      | how                         |
      | check    | a check that is one higher  |
      | inverted | an inverted check           |
      | changed  | one changed character       |
      | cut      | no end                      |

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-N51 A wrong sign-on gets no identification and the port lives on
    When somebody signs on with <how>
    Then no identification comes where none is due

    Examples:
      | row     | how                     |
      | address | another address         |
      | long    | an address without end  |
      | start   | another first character |
      | break   | a break instead         |
      | parity  | wrong parity            |
      | rate    | another rate            |

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario: TR-Conf.05a-N52 The port lives on after a character of wrong parity in a command
    Given programming mode without the password
    When a command is sent with wrong parity in one character
    Then the port has not fallen silent for good

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-N54 The port lives on after a command that nobody should send
    Given programming mode without the password
    When a command is sent with <how>
    Then the port has not fallen silent for good

    Examples:
      | row    | how                   |
      | noise  | noise behind it       |
      | long   | a value without end   |
      | rate   | a rate of its own     |

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-N55 The port lives on after a break of the line in the midst of a dialogue
    Then a sign-on is answered once <dialogue> that a break has cut is given up

    Examples:
      | row         | dialogue         |
      | readout     | a readout        |
      | programming | programming mode |

  @TR-Conf.05a @negative @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-N53 A command that makes no sense is answered at the local port
    When the hand-held unit provokes <condition> by <stimulus>
    Then it is answered as the condition is due
    And the next good command of the dialogue is answered

    Examples:
      | row      | condition       | stimulus                     |
      | type     | unknown_command | an unknown type of command   |
      | brackets | wrong_data      | a command without brackets   |
