Feature: MF.3 Registers for several tariffs a day, and the active one shown
  Energy is booked to the register of the tariff in force and to no other, and that tariff is shown.

  @MF.3 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: MF.3-P01 At a shift within the day register and indication change together
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with a shift about 600 seconds ahead are put into force
    Then energy goes to the register of the tariff before it, and that tariff is shown until then
    And energy goes to the register of the tariff after it, and that tariff is shown from then on

  @MF.3 @negative @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_load @needs.bench_power @needs.management_association
  Scenario: MF.3-N01 After an outage over a shift the right register runs
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with a shift about 600 seconds ahead are put into force
    And the power is off over the shift
    Then energy goes to the register of the tariff after it, and that tariff is shown from then on

  @MF.3 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: MF.3-P02 Over a whole day each register gets the energy of its tariff
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with a few shifts a day are put into force
    Then between the shifts energy goes to the register of the tariff that is due, and to no other

  @MF.3 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: MF.3-P03 At a shift the energy is divided between the registers
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with a shift about 600 seconds ahead are put into force
    Then what flows until the shift goes to the register of the tariff before it, what flows then to that after it
