Feature: TR-Conf.02c Parameters behind the hardware seal
  While the seal is closed, no message of any client changes what is behind it.

  @TR-Conf.02c @positive @effect.reads @effect.writes @effect.fills_logs @needs.sealed_parameter @needs.bench_hands
  Scenario: TR-Conf.02c-P01 Behind the open seal a parameter can be changed, and the change is counted and logged
    Given the seal is open
    When the management client writes another value behind the seal
    Then each change is counted and logged once

  @TR-Conf.02c @positive @effect.reads @effect.writes @effect.fills_logs @needs.sealed_parameter @needs.bench_hands
  Scenario: TR-Conf.02c-P02 Once the seal is closed again nothing can be changed any more
    Given the seal is open
    When the management client writes another value behind the seal
    And the seal is closed again
    Then the management client cannot write behind the seal any more

  @TR-Conf.02c @negative @effect.reads @effect.writes @effect.fills_logs @needs.sealed_parameter
  Scenario Outline: TR-Conf.02c-N01 Behind the closed seal nothing can be written
    Given the seal is closed
    And the object lists of all clients have been read
    When every client tries by "<path>" to write other values behind the seal
    Then every attempt is refused

    Examples:
      | row             | path                    |
      | set             | SET                     |
      | list            | SET with list           |
      | blocks          | SET in blocks           |
      | list-and-blocks | SET with list in blocks |
      | access          | ACCESS                  |
      | unconfirmed     | unconfirmed SET         |

  @TR-Conf.02c @negative @effect.reads @effect.writes @effect.fills_logs @needs.sealed_parameter
  Scenario: TR-Conf.02c-N02 The pre-established client changes nothing behind the closed seal
    Given the seal is closed
    When the pre-established client writes other values behind the seal
    Then every attempt is refused

  @TR-Conf.02c @negative @effect.reads @effect.writes @effect.fills_logs @needs.sealed_parameter
  Scenario: TR-Conf.02c-N03 A broadcast changes nothing behind the closed seal
    Given the seal is closed
    When other values for what is behind the seal are broadcast
    Then every attempt is refused
