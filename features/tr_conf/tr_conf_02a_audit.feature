Feature: TR-Conf.02a Audit trail of parameters
  Every change of a parameter leaves one entry with its time, and is counted; what changes nothing leaves none.

  @TR-Conf.02a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-P01 A changed parameter leaves one entry, the counter goes on by one
    Given the management client is associated
    When each audited parameter is changed by SET
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.02a @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.event_keys_changed @needs.management_key @needs.security_setup
  Scenario: TR-Conf.02a-P02 A key transfer leaves one entry
    Given the management client has a ciphered association
    When a new encryption key is given between two readings of the log
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.02a @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.parameter_monitor @needs.management_association
  Scenario: TR-Conf.02a-P04 The parameter monitor names what was changed, and its new value
    Given the management client is associated
    Then each of them that the parameter monitor watches stands in it and in its log

  @TR-Conf.02a @positive @effect.reads @effect.clears @effect.fills_logs @needs.event_load_profile_cleared @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario: TR-Conf.02a-P05 A load profile that is cleared leaves one entry
    Given the management client is associated
    And the log of load_profile_cleared is known
    When the load profile is cleared
    Then the log has one entry of the clearing

  @TR-Conf.02a @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.bench_power @needs.management_association
  Scenario: TR-Conf.02a-P03 Entries outlive a power cut
    Given the management client is associated
    When each audited parameter is changed by SET
    And the supply is cut and comes back
    Then the entries of these changes are still there, and nothing of them is left to be told again

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario Outline: TR-Conf.02a-N01 A client without the right changes nothing and leaves no entry
    Given the management client is associated
    When the <who> client tries to change each audited parameter
    Then each attempt is refused and leaves no entry of a change

    Examples:
      | row     | who     |
      | reading | reading |
      | public  | public  |

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-N06 A value of another type is refused and leaves no entry
    Given the management client is associated
    When each audited parameter is written with a value of another type
    Then each attempt is refused and leaves no entry of a change

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.configurable_profile_entries @needs.management_association
  Scenario: TR-Conf.02a-N07 A value out of range is refused and leaves no entry
    Given the management client is associated
    When the load profile is given no entries
    Then each attempt is refused and leaves no entry of a change

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-N08 A list with a right and a wrong value leaves one entry
    Given the management client is associated
    When a list with one right value and one of a wrong type is written
    Then exactly one entry tells of the right value

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-N09 The same value once more leaves what is declared
    Given the management client is associated
    When each audited parameter is written as it is
    Then there is an entry or none as declared, and the counter goes with it

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs
  Scenario Outline: TR-Conf.02a-N10 Nobody writes a log
    Given the <who> client is associated
    When the entries of all logs are known
    And the <who> client writes buffer and number of entries of each log
    Then each of these attempts is refused and the entries stay

    Examples:
      | row        | who        |
      | management | management |
      | reading    | reading    |

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.reading_association
  Scenario: TR-Conf.02a-N14 The reading client clears no log
    Given the reading client is associated
    When the entries of all logs are known
    And the reading client resets each log
    Then each of these attempts is refused and the entries stay

  @TR-Conf.02a @negative @effect.reads @effect.clears @effect.fills_logs @needs.event_log_cleared @needs.management_association
  Scenario: TR-Conf.02a-N15 A log that is cleared begins with the entry of its clearing
    Given the management client is associated
    Then each log that the management client may reset begins anew with the entry of clearing

  @TR-Conf.02a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.bench_time @needs.management_association
  Scenario: TR-Conf.02a-N11 A full log loses its oldest entries alone
    Given the management client is associated
    When one audited parameter is changed once more often than its log has entries
    Then the log holds as many entries as fit, the newest of them all of these changes
    And one further change is the newest entry and the oldest one has gone

  @TR-Conf.02a @negative @clock_judged @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.02a-N12 Entries stand in the order of the changes when the clock is put back
    Given the management client is associated
    When an audited parameter is changed before and after the clock is put back by an hour
    Then both entries stand in the order of the changes, the later one with the earlier time

  @TR-Conf.02a @positive @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.event_parameters_changed @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.02a-P06 In <season> an entry has the time of its change
    Given the management client is associated
    And the device's time is in <season>
    When each audited parameter is changed by SET
    Then each change left exactly one entry at its time, and was counted once

    Examples:
      | row    | season |
      | summer | summer |
      | winter | winter |
