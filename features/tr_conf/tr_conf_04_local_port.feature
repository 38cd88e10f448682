Feature: TR-Conf.04 Uniform description of errors at the local port
  The local port says what it cannot do, and says the same of the same.

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
