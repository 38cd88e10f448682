Feature: MF.1 Consumption pushed and read
  What the meter tells by itself is what can be read of it.

  @MF.1 @positive @door.push @effect.reads @needs.main_door @needs.comparable_energy @needs.push_setup @needs.management_association @needs.bench_time @needs.bench_load
  Scenario Outline: MF.1-P80 Under load a push tells the same energy as the main door
    Given a load of <in> W in and <out> W out flows
    And the registers of both doors have been read
    When half an hour passes under that load
    Then both doors show the same energy

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |
