Feature: MF.2 Consumer interface beside the main door
  The consumer's device is told what the head end reads, as far as digits and age allow.

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.main_door @needs.comparable_energy @needs.bench_time @needs.bench_load
  Scenario Outline: MF.2-P80 Under load the consumer port shows the same energy as the main door
    Given a load of <in> W in and <out> W out flows
    And the registers of both doors have been read
    When half an hour passes under that load
    Then both doors show the same energy

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.main_door @needs.comparable_power @needs.bench_time @needs.bench_load
  Scenario Outline: MF.2-P81 The consumer port shows the same power as the main door
    Given a load of <in> W in and <out> W out flows
    Then both doors show the same power

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |
      | none   | 0    | 0    |
