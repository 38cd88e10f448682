Feature: TR-Conf.01 No interaction with metrological functions at the local port
  At its local port the meter keeps its registers to itself.

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
