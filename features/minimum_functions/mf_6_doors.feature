Feature: MF.6 Time at several doors
  Every door shows the time of the same clock.

  @MF.6 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.p1 @door.han @door.push @effect.reads @needs.main_door @needs.clock @needs.reading_association
  Scenario: MF.6-P80 This door shows the time of the main one
    Then both doors show the same time

  @MF.6 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.p1 @door.han @door.push @effect.reads @needs.main_door @needs.clock @needs.daylight_saving @needs.bench_time @needs.reading_association
  Scenario Outline: MF.6-P81 After a change of summer time this door shows the time of the main one
    Given the reading client is associated
    When the next change of summer time <change> has passed
    Then both doors show the same time

    Examples:
      | row     | change  |
      | forward | forward |
      | back    | back    |

  @MF.6 @positive @door.iec62056_21 @effect.reads @needs.main_door @needs.clock @needs.reading_association
  Scenario: MF.6-P82 Behind the sign-on of the local port the time is that of the main door
    Then behind the sign-on the time is that of the main door
