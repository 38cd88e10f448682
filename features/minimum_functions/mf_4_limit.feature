Feature: MF.4 Actual consumption limits
  A consumption limit can be set and read, and the meter acts when consumption stays above it.

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.bench_time
  Scenario: MF.4-P01 A limit that is set can be read and is in force
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to twice the value
    Then the threshold that was set is in force

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario: MF.4-P02 Consumption that stays above the limit is switched off
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then the supply is disconnected

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.emergency_profile @needs.bench_time @needs.bench_load
  Scenario: MF.4-P03 In an emergency its limit is the one that is kept
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When an emergency now is set up with the threshold of half the value
    And the value has stayed on that side for longer than "over"
    Then the supply is disconnected

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.local_reconnection @needs.bench_time @needs.bench_load
  Scenario: MF.4-P04 Once consumption has stayed below the limit the supply is connected again
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to twice the value
    And the value has stayed on that side for longer than "under"
    Then the supply is connected

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario: MF.4-P05 The limiter leaves the switch in the declared state
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then the switch is left as declared

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.event_local_disconnection @needs.bench_time @needs.bench_load
  Scenario: MF.4-P06 What the limiter does stands in the log
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then "local_disconnection" is noted 1 times

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.buttons @needs.bench_time @needs.bench_load @needs.bench_hands
  Scenario: MF.4-P07 A person connects again what the limiter has switched off
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to twice the value
    And a person connects the supply
    Then the supply is connected

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.local_reconnection @needs.event_local_reconnection @needs.bench_time @needs.bench_load
  Scenario: MF.4-P08 Consumption that stays above the limit is not connected again without end
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the limiter has disconnected and reconnected as often as it does
    Then it has reconnected as often as declared and stays off

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario: MF.4-P09 A load that rises above the limit and stays there is switched off
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the load falls to a third
    And the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    Then the supply is connected
    When the load comes back
    And the value has stayed on that side for longer than "over"
    Then the supply is disconnected

  @MF.4 @positive @effect.reads @effect.writes @effect.fills_logs @needs.limiter
  Scenario Outline: MF.4-P10 How long the value has to stay on a side is as it was set
    Given the management client is associated
    When the <duration> of the limiter is set to another value
    Then it reads as it was set

    Examples:
      | row      | duration                     |
      | exceeded | duration above the threshold |
      | fallen   | duration below the threshold |

  @MF.4 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.bench_time @needs.bench_load
  Scenario Outline: MF.4-N01 Consumption that does not stay above the limit goes on
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When the threshold is set to <first> the value
    And the value has stayed on that side for <how> "over"
    Then the supply is connected
    When the threshold is set to <then> the value
    And the value has stayed on that side for longer than "over"
    Then the supply is connected

    Examples:
      | row    | first   | how       | then    |
      | equal  | exactly | half of   | exactly |
      | below  | twice   | half of   | twice   |
      | nearly | half    | less than | twice   |

  @MF.4 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.bench_time
  Scenario Outline: MF.4-N02 A limit that is refused leaves the old one
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    When a threshold of "<kind>" is tried
    Then it is refused and changes nothing

    Examples:
      | row            | kind                  |
      | other-type     | another type          |
      | reading-client | a client that may not |

  @MF.4 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.limiter @needs.disconnector @needs.lasting_disconnection @needs.bench_time @needs.bench_load
  Scenario: MF.4-N03 What the limiter has switched off stays off until somebody connects it
    Given the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    And the limiter is to disconnect
    When the threshold is set to half the value
    And the value has stayed on that side for longer than "over"
    And the threshold is set to twice the value
    And the value has stayed on that side for longer than "under"
    Then the supply is disconnected
