Feature: MF.3 Tariffs at the consumer port
  Which tariff runs can be seen at the consumer port too.

  @MF.3 @positive @door.p1 @door.han @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: MF.3-P40 At a shift the consumer port shows the other tariff
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with a shift about 600 seconds ahead are put into force
    Then the port shows the tariff before it until then
    And the port shows the tariff after it from then on

  @MF.3 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.3-P41 Tariffs at the consumer port make up their total
    When telegrams of each list are heard
    Then tariffs in them make up their total
