Feature: BI.03 Set billing parameters
  Shift times are sent in advance with the time from which they hold; the meter checks and stores them, puts them into
  force at that time, logs the change and shows what it has.

  @BI.03.step1 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step1-P01 The head end gets the shift times in force with all that they refer to
    Given the management client is associated
    And the calendar is put back at the end
    Then they are shift times of which everything exists that they refer to

  @BI.03.step1 @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step1-N01 What was sent and is not in force yet is not given as if it were
    Given the management client is associated
    And the calendar is put back at the end
    When new shift times are sent for the next hour
    Then the shift times in force are the ones of before

  @BI.03.step2 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step2-P01 New shift times are taken with the time from which they hold
    Given the management client is associated
    And the calendar is put back at the end
    When new shift times are sent for the next hour
    Then the device has taken them and their time

  @BI.03.step2 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.special_days
  Scenario: BI.03.step2-P02 A special day is taken
    Given the management client is associated
    And the calendar is put back at the end
    When a special day is sent
    Then read back the special days are the ones that were sent

  @BI.03.step2 @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.reading_association
  Scenario Outline: BI.03.step2-N01 From a client that may only read no shift times are taken
    Given the management client is associated
    And the calendar is put back at the end
    When the reading client sends the <attribute> of new shift times
    Then the write is refused
    And nothing of the calendar has changed

    Examples:
      | row  | attribute |
      | name | name      |
      | days | days      |

  @BI.03.step3 @positive @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.bench_power
  Scenario: BI.03.step3-P01 What was taken is stored and outlasts an outage
    Given the management client is associated
    And the calendar is put back at the end
    When new shift times are sent for the next hour
    And the power is off for two minutes
    Then the device has taken them and their time

  @BI.03.step3 @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario Outline: BI.03.step3-N01 A value of another type as <attribute> is refused and changes nothing
    Given the management client is associated
    And the calendar is put back at the end
    When a value of another type is sent as <attribute> of new shift times
    Then it is refused as a wrong type
    And nothing of the calendar has changed

    Examples:
      | row     | attribute |
      | name    | name      |
      | seasons | seasons   |
      | weeks   | weeks     |
      | days    | days      |
      | time    | time      |

  @BI.03.step3 @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step3-N02 Shift times that cannot be are refused and never come into force
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with 24:00 in them are sent and activated
    Then they are refused
    And the old shift times are still in force

  @BI.03.step4 @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: BI.03.step4-P01 The log says which billing parameters were changed
    Given the management client is associated
    When each billing parameter is changed by SET
    Then each change left exactly one entry at its time, and was counted once

  @BI.03.step4 @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: BI.03.step4-N01 Of what was refused the log says nothing
    Given the management client is associated
    When each billing parameter is written with a value of another type
    Then each attempt is refused and leaves no entry of a change

  @BI.03.step5 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.event_tariff_activated
  Scenario: BI.03.step5-P01 At the designated time they come into force, logged and shown
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 120 seconds ahead
    Then until then the old shift times stay in force
    And from then on the new ones are in force
    And the activation stands in the log once, with that time

  @BI.03.step5 @negative @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.bench_power
  Scenario: BI.03.step5-N01 Where the time comes without power they are in force when it is back
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 60 seconds ahead
    And the power is off until 60 seconds after that time
    Then from then on the new ones are in force

  @BI.03.step6 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.reading_association
  Scenario: BI.03.step6-P01 Another client reads back what was sent
    Given the management client is associated
    And the calendar is put back at the end
    When new shift times are sent for the next hour
    Then the reading client gets them as they were sent

  @BI.03.step6 @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step6-P02 Those in force are the ones that were sent
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent
    And the head end activates them
    Then the new ones are in force at once

  @BI.03.step6 @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: BI.03.step6-N01 After a refusal the ones of before are read back
    Given the management client is associated
    And the calendar is put back at the end
    When a value of another type is sent as days of new shift times
    Then it is refused as a wrong type
    And nothing of the calendar has changed
