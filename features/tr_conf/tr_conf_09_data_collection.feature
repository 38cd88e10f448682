Feature: TR-Conf.09 Log of data collection
  The device notes that its data were collected, and a filter selects which collection is noted.

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario Outline: TR-Conf.09a-P01 What is selected and collected leaves one entry
    Given the <who> client is associated
    And the filter selects <selected>
    When the client collects <what>
    Then the log has one entry <event> of it

    Examples:
      | row         | who        | selected   | what                | event               |
      | register    | reading    | readings   | a register          | readings_collected  |
      | billing     | reading    | readings   | the billing profile | readings_collected  |
      | intervals   | reading    | intervals  | the load profile    | intervals_collected |
      | both        | reading    | everything | a register          | readings_collected  |
      | management  | management | everything | the load profile    | intervals_collected |
      | export      | reading    | readings   | the export register | readings_collected  |
      | part        | reading    | intervals  | a part of the load profile | intervals_collected |

  @TR-Conf.09b @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario Outline: TR-Conf.09b-P02 What is not selected leaves none
    Given the reading client is associated
    And the filter selects <selected>
    When the client collects <what>
    Then the log has no entry of it

    Examples:
      | row                 | selected  | what             |
      | register            | intervals | a register       |
      | intervals           | readings  | the load profile |
      | nothing-register    | nothing   | a register       |
      | nothing-intervals   | nothing   | the load profile |

  @TR-Conf.09b @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_intervals_collected @needs.bench_power @needs.management_association
  Scenario: TR-Conf.09b-P03 The selection outlives a power cut
    Given the management client is associated
    And the filter selects intervals
    When the supply is cut and comes back
    Then the filter is as it was set
    When the client collects the load profile
    Then the log has one entry intervals_collected of it

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.event_intervals_collected @needs.management_association
  Scenario Outline: TR-Conf.09a-P04 What is stored at set times and what is asked for as it is can be told apart
    Given the reading client is associated
    And the filter selects everything
    When first <first> and then <second> is collected
    Then the entries tell which was which, in this order

    Examples:
      | row           | first            | second           |
      | stored-last   | a register       | the load profile |
      | stored-first  | the load profile | a register       |

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P05 The reading client reads the log by a range of time
    Given the reading client is associated
    And the filter selects readings
    When the client collects a register
    Then the newest entries can be read by a range of time

  @TR-Conf.09a @positive @door.wrapper @door.hdlc @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P07 What is collected through each door leaves one entry
    Given the reading client is associated
    And the filter selects readings
    When the client collects a register
    Then the log has one entry readings_collected of it

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.child_value @needs.collection_filter @needs.event_readings_collected @needs.event_readings_collected_gas @needs.management_association
  Scenario: TR-Conf.09a-P08 What is collected of a gas meter behind the device is told from electricity
    Given the reading client is associated
    And the filter selects everything
    When the client collects the register of the gas meter
    Then the log has one entry readings_collected_gas of it
    When the client collects a register
    Then the log has one entry readings_collected of it

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.child_profile @needs.collection_filter @needs.event_intervals_collected @needs.event_intervals_collected_gas @needs.management_association
  Scenario: TR-Conf.09a-P09 The profile of a gas meter behind the device is told from that of electricity
    Given the reading client is associated
    And the filter selects everything
    When the client collects the profile of the gas meter
    Then the log has one entry intervals_collected_gas of it
    When the client collects the load profile
    Then the log has one entry intervals_collected of it

  @TR-Conf.09b @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_parameters_changed @needs.management_association
  Scenario: TR-Conf.09b-P06 Another selection is a change of a parameter
    Given the management client is associated
    When the filter itself is changed
    Then each change left exactly one entry at its time, and was counted once

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-N01 A request that was refused leaves no entry of collected data
    Given the reading client is associated
    And the filter selects everything
    When the client asks for what there is not
    Then the log has no entry of it, unless failed requests are declared to be logged

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-N02 What the public client may read is no collection of data
    Given the management client is associated
    And the filter selects everything
    When the public client reads what it may
    Then the log has no entry of it, unless failed requests are declared to be logged

  @TR-Conf.09b @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09b-N03 A bit that selects nothing is refused or ignored
    Given the management client is associated
    When a filter with a bit that selects nothing is written
    Then it is refused or ignored as declared, and the device goes on

  @TR-Conf.09b @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09b-N04 Reading the log does not fill it
    Given the reading client is associated
    And the filter selects everything
    When the client reads the log of collection several times
    Then the log has no entry of it

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_intervals_collected @needs.management_association
  Scenario: TR-Conf.09a-N05 A long answer in blocks is one collection
    Given the management client is associated
    And the filter selects intervals
    And the reading client is associated with room for 128 octets
    When the load profile is fetched in many blocks
    Then the log has one entry intervals_collected of it

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_intervals_collected @needs.management_association
  Scenario: TR-Conf.09a-N06 A reading that is broken off leaves one entry at most
    Given the management client is associated
    And the filter selects intervals
    And the reading client is associated with room for 128 octets
    When the client breaks off a long reading of the load profile
    Then the log has at most one entry of it

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-N07 A list of registers is logged by the declared unit
    Given the reading client is associated
    And the filter selects readings
    When 5 registers are fetched with one request
    Then the log has one entry readings_collected of it

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.bench_time @needs.management_association
  Scenario: TR-Conf.09a-N08 A full log keeps the newest entries
    Given the reading client is associated
    And the filter selects readings
    When one register is read once more often than the log has entries
    Then the log holds as many entries as fit, in order, and further readings are the newest

  @TR-Conf.09b @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.reading_association @needs.management_association
  Scenario: TR-Conf.09b-N09 The reading client does not choose what is logged
    Given the management client is associated
    When the reading client writes the filter
    Then it is refused and the filter stays

  @TR-Conf.09a @negative @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.bench_power @needs.management_association
  Scenario: TR-Conf.09a-N10 Entries of collection outlive a power cut
    Given the reading client is associated
    And the filter selects readings
    When the client collects a register
    Then the log has one entry readings_collected of it
    When the supply is cut and comes back
    Then the log has one entry readings_collected of it

  @TR-Conf.09a @positive @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.load_profile @needs.profile_parameters @needs.daylight_saving @needs.bench_time @needs.management_association
  Scenario Outline: TR-Conf.09a-P10 In <season> an entry has the time of its collection
    Given the reading client is associated
    And the device's time is in <season>
    And the filter selects readings
    When the client collects a register
    Then the log has one entry readings_collected of it

    Examples:
      | row    | season |
      | summer | summer |
      | winter | winter |
