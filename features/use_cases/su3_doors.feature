Feature: SU3 Poll meter data at several doors
  A meter that is asked at several doors gives the same data at each of them, as far as digits and age allow.

  @SU3.step2 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @effect.reads @needs.main_door @needs.comparable_energy
  Scenario: SU3.step2-P80 A register is the same at this door as at the main one
    Then both doors show the same energy

  @SU3.step2 @TR-Conf.08a @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @effect.reads @needs.main_door @needs.comparable_energy @needs.bench_time @needs.bench_load
  Scenario Outline: SU3.step2-P81 Under load a register is the same at this door as at the main one
    Given a load of <in> W in and <out> W out flows
    And the registers of both doors have been read
    When half an hour passes under that load
    Then both doors show the same energy

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |

  @SU3.step2 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @effect.reads @needs.main_door @needs.comparable_power @needs.bench_time @needs.bench_load
  Scenario Outline: SU3.step2-P82 Power is the same at this door as at the main one
    Given a load of <in> W in and <out> W out flows
    Then both doors show the same power

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |
      | none   | 0    | 0    |

  @SU3.step2 @positive @door.iec62056_21 @effect.reads @needs.main_door @needs.comparable_energy @needs.reading_association
  Scenario: SU3.step2-P83 Behind the sign-on of the local port the registers are those of the main door
    Then behind the sign-on the registers are those of the main door
