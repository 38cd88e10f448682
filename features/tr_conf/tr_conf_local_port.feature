Feature: TR-Conf at the local port
  At its local port the meter keeps its registers to itself, lets nobody change parameters without the password, says what it cannot do,
  and lives on after whatever comes.

  @TR-Conf.01a @negative @door.iec62056_21 @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-N50 Registers cannot be written at the local port
    Given the device has been read out
    Then no register moves when each is written by <command> with <digit>

    Examples:
      | row       | command | digit |
      | w1-zeros  | W1      | 0     |
      | w1-nines  | W1      | 9     |
      | w2-zeros  | W2      | 0     |
      | w5-zeros  | W5      | 0     |

  @TR-Conf.02a @positive @door.iec62056_21 @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-P50 A parameter changed at the local port leaves one entry
    Given the management client is associated
    When the parameter of the local port is changed there
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.02b @positive @door.iec62056_21 @effect.reads @effect.writes
  Scenario: TR-Conf.02b-P50 With the password a parameter can be written at the local port
    Then the declared password opens programming mode and the parameter takes the value that it has

  @TR-Conf.02b @negative @door.iec62056_21 @effect.reads @effect.writes
  Scenario: TR-Conf.02b-N50 Without the password no parameter can be written at the local port
    Given programming mode without the password
    Then the parameter cannot be written

  @TR-Conf.02b @negative @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs
  Scenario: TR-Conf.02b-N51 A wrong password opens nothing at the local port
    Given programming mode without the password
    Then a wrong password opens nothing
    And the declared password opens programming mode and the parameter takes the value that it has

  @TR-Conf.04a @positive @door.iec62056_21 @effect.reads @needs.error_register
  Scenario: TR-Conf.04a-P50 The error register is the same at the local port and by DLMS
    When the device is read out
    Then the error register of the readout is "error_register" of DLMS

  @TR-Conf.04a @negative @door.iec62056_21 @effect.reads @effect.writes
  Scenario Outline: TR-Conf.04a-N50 An error at the local port is described as declared
    When the hand-held unit provokes <condition> by <stimulus>
    Then it is answered as the condition is due

    Examples:
      | row         | condition       | stimulus                       |
      | read        | unknown_address | a read of an unknown address   |
      | write       | unknown_address | a write to an unknown address  |
      | denied      | denied_write    | a write to a register          |
      | wrong-value | wrong_data      | a write of a wrong value       |

  @TR-Conf.04a @negative @door.iec62056_21 @effect.reads @effect.writes
  Scenario: TR-Conf.04a-N51 One error is described alike in reads and writes at the local port
    When the hand-held unit provokes unknown_address by a read of an unknown address
    Then the same condition met by a write is described alike

  @TR-Conf.05a @positive @door.iec62056_21 @effect.reads
  Scenario Outline: TR-Conf.05a-P50 A sign-on behind noise is answered
    Then a sign-on behind <noise> is answered

    Examples:
      | row     | noise                      |
      | zeros   | zeros                      |
      | letters | letters                    |
      | half    | half a sign-on             |
      | nak     | a negative acknowledgement |

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
  Scenario Outline: TR-Conf.05a-N53 A command that makes no sense is answered at the local port
    When the hand-held unit provokes <condition> by <stimulus>
    Then it is answered as the condition is due
    And the next good command of the dialogue is answered

    Examples:
      | row      | condition       | stimulus                     |
      | type     | unknown_command | an unknown type of command   |
      | brackets | wrong_data      | a command without brackets   |

  @TR-Conf.09a @positive @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P50 A readout at the local port leaves one entry
    Given the management client is associated
    And the filter selects readings
    When the device is read out by a hand-held unit
    Then the log has one entry readings_collected of it
