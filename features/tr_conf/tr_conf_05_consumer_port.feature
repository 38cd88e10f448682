Feature: TR-Conf.05 A one-way port
  What is sent into the consumer port disturbs nothing.

  @TR-Conf.05a @negative @door.p1 @door.han @effect.reads
  Scenario Outline: TR-Conf.05a-N60 Noise at the consumer port disturbs nothing
    When <what> is sent into the port
    Then each telegram is well-formed and its checksum is right
    And they come at the declared pace

    Examples:
      | row   | what                |
      | noise | noise               |
      | zeros | a long row of zeros |
