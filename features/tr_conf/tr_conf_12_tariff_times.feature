Feature: TR-Conf.12 Tariff shift times set for a designated date and time
  New shift times are sent in advance, with the date and time from which they hold; until then the old ones hold.

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.bench_load @needs.event_tariff_activated
  Scenario: TR-Conf.12a-P01 Sent two minutes ahead, new shift times come into force at their time and are logged
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with another tariff at all times are sent for 120 seconds ahead
    Then until then the old shift times stay in force
    And from then on the new ones are in force
    And the activation stands in the log once, with that time
    And energy goes to the register of the tariff shown and to no other

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P02 Activated by a client, new shift times come into force at once
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent
    And the head end activates them
    Then the new ones are in force at once

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.event_tariff_activated
  Scenario: TR-Conf.12a-N03 Of two designated times the last one counts
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 60 seconds ahead
    And the designated time is moved to 120 seconds later
    Then until then the old shift times stay in force
    And from then on the new ones are in force
    And the activation stands in the log once, with that time

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P06 With no time designated the old shift times stay in force
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 60 seconds ahead
    And no time is designated any more
    And 180 seconds pass
    Then the old shift times are still in force

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-N01 A designated time in the past acts at once or is refused, as declared
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent
    And a time an hour ago is designated
    Then they are in force at once or refused, as declared

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.12a-N05 Shift times with <fault> never come into force
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with <fault> are sent and activated
    Then they are refused
    And the old shift times are still in force

    Examples:
      | row       | fault              |
      | week      | a week of unknown days |
      | 24-hours  | 24:00 in them      |
      | descending | falling times     |
      | selector  | an unknown script  |
      | twice     | one time twice     |
      | too-many  | one more than a day holds |

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.12a-N07 The <client> client cannot write the <attribute> in force
    Given the management client is associated
    And the calendar is put back at the end
    When the <client> client writes the <attribute> in force
    Then the write is refused
    And the old shift times are still in force

    Examples:
      | row              | client     | attribute |
      | management-name  | management | name      |
      | management-days  | management | days      |
      | reading-name     | reading    | name      |
      | reading-days     | reading    | days      |

  @TR-Conf.12a @negative @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_power @needs.management_association
  Scenario: TR-Conf.12a-N09 A designated time that comes without power takes effect when power returns
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 60 seconds ahead
    And the power is off until 60 seconds after that time
    Then from then on the new ones are in force

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.12a-P03 Over a whole day <many> shifts come at their times
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with <many> shifts a day are put into force
    Then each shift comes at its time

    Examples:
      | row      | many                |
      | few      | a few               |
      | declared | as many as declared |

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.special_days @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P04 On a special day its own shift times hold, and only then
    Given the management client is associated
    And the calendar is put back at the end
    When the next day is made a special day with another tariff
    Then each shift comes at its time

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P10 A day of the week has shift times of its own
    Given the management client is associated
    And the calendar is put back at the end
    When the day of the week that comes next gets another tariff
    Then each shift comes at its time

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P05 A season's shift times hold from its first day on
    Given the management client is associated
    And the calendar is put back at the end
    When a season with another tariff is made to begin with the next day
    Then each shift comes at its time

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.daylight_saving
  Scenario Outline: TR-Conf.12a-N10 Where clocks go <row> no shift is lost and none comes at another local time
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with a shift in the hour in which clocks go <row> are put into force
    Then each shift comes at its time

    Examples:
      | row     |
      | forward |
      | back    |

  @TR-Conf.12a @positive @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-P07 Days that are sent in blocks arrive whole
    Given the management client is associated
    And the calendar is put back at the end
    When shift times are sent whose days come in blocks
    Then they are the passive ones, to the last octet, and can be put into force

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-N02 A designated time without a year acts when its date comes, or is refused
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent
    And a time in two minutes is designated without a year
    Then it is refused, or acts when its time comes, as declared

  @TR-Conf.12a @negative @effect.writes @effect.sets_clock @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-N11 A clock set over the designated time activates, and set back does not undo it
    Given the management client is associated
    And the clock is set right again at the end
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 1800 seconds ahead
    And the clock is set by 3600 seconds
    Then the new ones have come into force
    When the clock is set by -3600 seconds
    Then the new ones have come into force

  @TR-Conf.12a @negative @effect.writes @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-N12 Days of which only a block arrives leave the passive ones alone
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent, and of other days after them only a block
    Then those of before it are the passive ones still, and can be put into force

  @TR-Conf.12a @negative @effect.writes @effect.sets_clock @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.bench_disturbance @needs.bench_load
  Scenario: TR-Conf.12a-N13 Without a valid time the default tariff is in force
    Given the management client is associated
    And the clock is set right again at the end
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with another tariff than the default one are put into force
    And the clock loses its time
    Then the default tariff is shown, and energy goes to its register
    When the clock is set anew
    Then the tariff of the calendar is shown again

  @TR-Conf.12a @negative @effect.writes @effect.sets_clock @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association
  Scenario: TR-Conf.12a-N14 A clock set over a shift has the tariff of the time that it shows
    Given the management client is associated
    And the clock is set right again at the end
    And the calendar is put back at the end
    When shift times with a shift about 1800 seconds ahead are put into force
    And the clock is set by 3600 seconds
    Then the tariff after the shift is shown
    When the clock is set by -3600 seconds
    Then the tariff before the shift is shown again, if that is declared
    And once its time has come again the tariff after it is shown

  @TR-Conf.12a @negative @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.management_association @needs.bench_power
  Scenario: TR-Conf.12a-N15 After an outage what is in force stays, and what was sent since stays passive
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent
    And they are activated, and others are sent after them
    And the power is off for two minutes
    Then those that were activated are still in force
    And those that were sent since are the passive ones

  @TR-Conf.12a @negative @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.bench_time @needs.bench_load @needs.bench_power @needs.management_association
  Scenario Outline: TR-Conf.12a-N16 Of several shifts that come without power the last one counts when it returns
    Given the management client is associated
    And the calendar is put back at the end
    And a load of 3000 W import
    When shift times with <count> shifts close to each other are put into force
    And the power is off over all of them
    Then the tariff of the last of them is shown, and energy goes to its register

    Examples:
      | row   | count |
      | two   | 2     |
      | three | 3     |
