Feature: TR-Conf.01 No interaction with metrological functions over M-Bus
  A slave keeps its registers to itself.

  @TR-Conf.01a @positive @door.mbus @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-P05 What a master may do at any time moves no register
    Given the slave has been read
    Then no register moves over <act>

    Examples:
      | row         | act                               |
      | link        | a reset of the link               |
      | application | an application reset              |
      | baud        | the baud rate that is set already |

  @TR-Conf.01a @positive @door.mbus @effect.reads @effect.writes
  Scenario: TR-Conf.01a-P40 No register moves over a change of the rate
    Given the slave has been read
    Then no register moves over every declared rate and back

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
