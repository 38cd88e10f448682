Feature: TR-Conf.04 Errors over M-Bus
  A slave tells what it cannot do.

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
