Feature: MF.3 Tariff at several doors
  The tariff that is active is the same wherever it is shown.

  @MF.3 @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.p1 @door.han @effect.writes @needs.main_door @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: MF.3-P80 Before and after a shift this door shows the tariff of the main one
    Given the management client is associated
    And the calendar is put back at the end
    When the tariff has been read at both doors
    And shift times with a shift about 600 seconds ahead are put into force
    Then both doors show the other tariff from then on
