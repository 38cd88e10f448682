Feature: TR-Conf.11 Log of changes in billing parameters
  Every change of what affects a bill leaves one entry with its time, by whatever way it was made.

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-P01 Each change of a billing parameter leaves one entry
    Given the management client is associated
    When each billing parameter is changed by SET
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.management_association
  Scenario: TR-Conf.11a-P02 A method that changes a billing parameter leaves one entry
    Given the management client is associated
    When each declared method that changes a billing parameter is invoked
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.fills_logs @needs.activity_calendar @needs.second_tariff @needs.active_tariff @needs.event_tariff_activated @needs.bench_time @needs.management_association
  Scenario: TR-Conf.11a-P03 A calendar that comes into force at its time leaves one entry of it
    Given the management client is associated
    And the calendar is put back at the end
    When shift times with another tariff at all times are sent for 120 seconds ahead
    And 180 seconds pass
    Then the activation stands in the log once, with that time
    And the entries from before the activation are still there

  @TR-Conf.11a @positive @clock_judged @effect.reads @effect.sets_clock @effect.fills_logs @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.11a-P04 A step of the clock beyond the limit leaves the pair of old and new time
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When a step beyond the limit of synchronising is made by setting, <direction>
    Then the log has the old time and then the new one, once each

    Examples:
      | row   | direction |
      | ahead | ahead     |
      | back  | back      |

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.reading_association @needs.management_association
  Scenario: TR-Conf.11a-P05 The reading client reads the entries and cannot delete them
    Given the management client is associated
    When each billing parameter is changed by SET
    Then the reading client can read the entries and not delete them

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.bench_power @needs.management_association
  Scenario: TR-Conf.11a-P06 Entries of billing parameters outlive a power cut
    Given the management client is associated
    When each billing parameter is changed by SET
    And the supply is cut and comes back
    Then the entries of these changes are still there, and nothing of them is left to be told again

  @TR-Conf.11a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.client_told @needs.management_association
  Scenario: TR-Conf.11a-P07 Where the log tells who made a change it is the client that made it
    Given the management client is associated
    When each managing client changes each billing parameter
    Then each entry tells the client that made the change

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N01 A refused change leaves no entry
    Given the management client is associated
    When each billing parameter is written with a value of another type
    Then each attempt is refused and leaves no entry of a change

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.reading_association @needs.management_association
  Scenario: TR-Conf.11a-N11 The reading client changes no billing parameter and leaves no entry
    Given the management client is associated
    When the reading client tries to change each billing parameter
    Then each attempt is refused and leaves no entry of a change

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N02 Reading leaves no entry
    Given the management client is associated
    When each billing parameter is read
    Then nothing is changed and no entry of a change is left

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario Outline: TR-Conf.11a-N03 No way to write is silent
    Given the management client is associated
    When each billing parameter is changed by "<path>"
    Then each change left exactly one entry at its time, and was counted once

    Examples:
      | row             | path                    |
      | list            | SET with list           |
      | blocks          | SET in blocks           |
      | list-and-blocks | SET with list in blocks |
      | access          | ACCESS                  |
      | unconfirmed     | unconfirmed SET         |

  @TR-Conf.11a @negative @clock_judged @effect.reads @effect.sets_clock @effect.fills_logs @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new @needs.bench_time @needs.pre_established_association @needs.management_association
  Scenario: TR-Conf.11a-N12 A step of the clock by a broadcast leaves the pair too
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When the time of an hour ahead is sent to all devices
    Then the log has the pair or the time was not taken, as declared

  @TR-Conf.11a @negative @clock_judged @effect.reads @effect.sets_clock @effect.fills_logs @needs.event_clock_adjusted_old @needs.event_clock_adjusted_new @needs.bench_time @needs.management_association
  Scenario: TR-Conf.11a-N04 Synchronising leaves no pair of times
    Given the management client is associated
    And the clock is set right again at the end
    And the log of clock_adjusted_old and clock_adjusted_new is known
    When the clock is set by 2 seconds
    Then the log has neither the old time nor the new one

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N05 A billing parameter written as it is leaves what is declared
    Given the management client is associated
    When each billing parameter is written as it is
    Then there is an entry or none as declared, and the counter goes with it

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N06 Changes within one second leave an entry each
    Given the management client is associated
    When one billing parameter is changed 2 times at once
    Then there are as many entries

  @TR-Conf.11a @negative @door.wrapper @door.hdlc @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N07 Through no door a change is silent
    Given the management client is associated
    When each billing parameter is changed by SET
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.bench_time @needs.management_association
  Scenario: TR-Conf.11a-N08 A full log goes on with the newest changes
    Given the management client is associated
    When one billing parameter is changed once more often than its log has entries
    Then the log holds as many entries as fit, the newest of them all of these changes

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.bench_firmware @needs.management_association
  Scenario: TR-Conf.11a-N09 What an update of the firmware changes of billing parameters is recorded
    Given the management client is associated
    When another firmware is installed
    Then each billing parameter that it has changed is recorded

  @TR-Conf.11a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.11a-N10 A value of which only a first block came changes nothing
    Given the management client is associated
    When only the first block of a new value of each billing parameter is sent
    Then nothing is changed and no entry of a change is left
