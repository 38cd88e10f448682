Feature: TR-Conf.10 Log of thresholds set or cleared
  That a threshold is set or cleared stands in the log: its value, or its condition, as the device declares.

  @TR-Conf.10a @BI.03.step4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-P01 Setting the threshold leaves one entry, and the threshold is in force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to twice the value
    Then "threshold_changed" is noted 1 times
    And the threshold that was set is in force

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-P02 Removing the threshold leaves one entry
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is removed
    Then "threshold_changed" is noted 1 times

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-P03 Two changes leave two entries
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to twice the value
    And the threshold is removed
    Then "threshold_changed" is noted 2 times

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.10a-P04 The entry outlives a power cut
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to twice the value
    And the supply of the device itself fails for a minute
    Then "threshold_changed" is noted 1 times
    And the threshold that was set is in force

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-P05 The entry shows the threshold that came into force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to twice the value
    Then the entry shows the threshold in force
    And it shows the time at which it was set

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.monitor_thresholds @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-P06 Setting and removing a threshold of the register monitor leaves an entry each
    Given the management client is associated
    And a load of 3000 W import
    And the register monitor watches that load
    When a threshold of the monitor is set to twice the value
    Then "threshold_changed" of the monitor is noted 1 times
    When the threshold of the monitor is removed
    Then "threshold_changed" of the monitor is noted 2 times

  @TR-Conf.10a @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.monitor_thresholds @needs.threshold_value @needs.event_threshold_changed @needs.bench_time @needs.bench_power
  Scenario: TR-Conf.10a-P07 A threshold of the register monitor and its entry outlive a power cut
    Given the management client is associated
    And a load of 3000 W import
    And the register monitor watches that load
    When a threshold of the monitor is set to twice the value
    And the supply of the device itself fails for a minute
    Then "threshold_changed" of the monitor is noted 1 times
    And the monitor has the threshold of twice the value

  @TR-Conf.10a @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario Outline: TR-Conf.10a-N01 A threshold that is refused changes nothing and leaves no entry
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When a threshold of "<kind>" is tried
    Then it is refused and changes nothing
    And no change of a threshold is noted

    Examples:
      | row            | kind                  |
      | other-type     | another type          |
      | no-number      | no number             |
      | list           | a list                |
      | reading-client | a client that may not |

  @TR-Conf.10a @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-N02 The same threshold again is noted as declared
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the same threshold is set again
    Then that is noted as declared

  @TR-Conf.10a @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-N03 A threshold at the end of its type is refused without a trace, or taken as it is
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the largest threshold of its type is tried
    Then it is refused without a trace, or taken as it is

  @TR-Conf.10a @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time
  Scenario: TR-Conf.10a-N04 A limiter that is told to watch what does not exist notes no threshold
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the limiter is told to watch what does not exist
    Then it watches what it did, or nothing
    And no change of a threshold is noted

  @TR-Conf.10a @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_value @needs.event_threshold_changed @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.10a-N05 A threshold that is set while the value is above leaves one entry, and is in force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to switch nothing
    When the threshold is set to <first> the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to <then> the value
    Then "threshold_changed" is noted 2 times
    And the threshold that was set is in force

    Examples:
      | row         | first             | then              |
      | still-below | half              | three quarters of |
      | lower       | three quarters of | half              |
      | above       | half              | twice             |

  @TR-Conf.10b @BI.03.step4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P01 A value that stays above the threshold is noted once, when it has lasted
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted once, when the value had stayed there for "over"

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.event_threshold_ok @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P02 A value that stays below the threshold again is noted once
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to twice the value
    And the value has stayed on that side for longer than "under"
    Then "threshold_exceeded" is noted 1 times
    And "threshold_ok" is noted 1 times

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.emergency_profile @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P03 A value above the threshold of an emergency is noted, and after the emergency the normal one is in force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When an emergency now is set up with the threshold of half the value
    Then the emergency threshold is in force
    When the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted 1 times
    When the emergency is over
    Then the normal threshold is in force

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P04 A load that rises above the threshold and stays there is noted once, when it has lasted
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the load falls to a third
    And the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted 0 times
    When the load comes back
    And the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted once, when the value had stayed there for "over"

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load @needs.event_threshold_ok
  Scenario: TR-Conf.10b-P05 A load that falls below the threshold again and stays there is noted once
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the load falls to a third
    And the value has stayed on that side for longer than "under"
    Then "threshold_exceeded" is noted 1 times
    And "threshold_ok" is noted 1 times

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P06 Just before the duration nothing is noted, and just after it it is
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for less than "over"
    Then "threshold_exceeded" is not noted yet
    When the rest of the duration has passed
    Then "threshold_exceeded" is noted once, when the value had stayed there for "over"

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load @needs.emergency_profile
  Scenario: TR-Conf.10b-P07 An emergency in two minutes puts its threshold in force then, and not before
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When an emergency in two minutes is set up with the threshold of half the value
    Then the normal threshold is in force
    When its time has come
    Then the emergency threshold is in force
    When the emergency is over
    Then the normal threshold is in force

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.register_monitor @needs.threshold_crossing @needs.event_monitor_exceeded @needs.event_monitor_ok @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P08 A load that crosses a threshold of the register monitor is noted once on either way
    Given the management client is associated
    And a load of 3000 W import
    And the register monitor watches that load
    When the monitored load falls to a third
    And a threshold of the monitor is set to half the value
    Then "monitor_exceeded" of the monitor is noted 0 times
    When the monitored load comes back
    Then "monitor_exceeded" of the monitor is noted 1 times
    When the monitored load falls to a third
    Then "monitor_ok" of the monitor is noted 1 times

  @TR-Conf.10b @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.event_threshold_ok @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-P09 That the value is below again is noted when it has lasted
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to switch nothing
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to twice the value
    And the value has stayed on that side for longer than "under"
    Then falling below is noted once, when the value had stayed there for "under"

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.10b-N01 A value that is not above the threshold for long enough is not noted
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to <first> the value
    And the value has stayed on that side for <how> "over"
    And the threshold is set to <then> the value
    And the value has stayed on that side for <long> "over"
    Then "threshold_exceeded" is noted 0 times

    Examples:
      | row          | first   | how       | then    | long        |
      | equal        | exactly | half of   | exactly | longer than |
      | below        | twice   | half of   | twice   | longer than |
      | nearly       | half    | less than | twice   | longer than |
      | twice-a-half | half    | half of   | twice   | less than   |

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.emergency_profile @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.10b-N02 An emergency that is not the device's, or is over, puts no threshold in force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When an emergency <which> is set up with the threshold of half the value
    Then the normal threshold is in force
    When the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted 0 times

    Examples:
      | row           | which               |
      | unknown-group | of an unknown group |
      | past          | of the past         |
      | no-duration   | without duration    |

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: TR-Conf.10b-N03 A power cut while the value is above leaves one entry and not two
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for half of "over"
    And the supply of the device itself fails for a minute
    And the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted 1 times

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-N04 A load that falls again before the duration has passed is not noted
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the load falls to a third
    And the threshold is set to half the value
    And the load comes back
    And the load falls to a third before the duration has passed
    And the value has stayed on that side for longer than "over"
    Then "threshold_exceeded" is noted 0 times

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.10b-N05 Two times above the threshold, each too short, are not noted together
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to half the value
    And the value has stayed on that side for less than "over"
    And the threshold is set to twice the value
    And the value has stayed on that side for half of "over"
    And the threshold is set to half the value
    And the value has stayed on that side for less than "over"
    Then "threshold_exceeded" is not noted yet

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.10b-N06 A threshold that is set while the value stays above is no further crossing
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to switch nothing
    When the threshold is set to <first> the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to <then> the value
    And the value has stayed on that side for longer than "over"
    Then exceeding it is noted once, or once more if the device begins anew

    Examples:
      | row    | first             | then              |
      | higher | half              | three quarters of |
      | lower  | three quarters of | half              |

  @TR-Conf.10b @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load
  Scenario Outline: TR-Conf.10b-N07 A threshold that is set while the duration runs lets it run on, or begin anew as declared
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to switch nothing
    When the threshold is set to <first> the value
    And the value has stayed on that side for half of "over"
    And the threshold is set to <then> the value
    And the value has stayed on that side for longer than "over"
    Then exceeding it is noted once, when the duration has passed since the first of them or, as declared, the last

    Examples:
      | row    | first             | then              |
      | higher | half              | three quarters of |
      | lower  | three quarters of | half              |

  @TR-Conf.10b @MF.4 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.emergency_profile @needs.threshold_crossing @needs.event_threshold_exceeded @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: TR-Conf.10b-N08 A power cut does not end an emergency
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When an emergency of ten minutes is set up with the threshold of half the value
    And the supply of the device itself fails for a minute
    Then the emergency threshold is in force
