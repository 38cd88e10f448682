Feature: MF.5 Connecting and disconnecting the supply
  The supply is disconnected and connected on a permitted command, and by nothing else.

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time
  Scenario: MF.5-P01 A permitted command disconnects the supply, and it can be connected again
    Given the management client is associated
    And the switch of the supply is known
    When the supply is disconnected by command
    Then the output is off
    And it can be connected again

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time
  Scenario Outline: MF.5-P02 Requests at a distance lead where the mode of control says
    Given the management client is associated
    And the switch of the supply is known
    When each remote request is made in mode <mode>, from every state
    Then every step has led where the mode says

    Examples:
      | row    | mode |
      | mode-1 | 1    |
      | mode-2 | 2    |
      | mode-3 | 3    |
      | mode-4 | 4    |
      | mode-5 | 5    |
      | mode-6 | 6    |
      | mode-7 | 7    |

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.buttons @needs.bench_time @needs.bench_hands
  Scenario Outline: MF.5-P03 A person at the device can do what the mode of control says, and no more
    Given the management client is associated
    And the switch of the supply is known
    When each manual request is made in mode <mode>, from every state
    Then every step has led where the mode says

    Examples:
      | row    | mode |
      | mode-1 | 1    |
      | mode-2 | 2    |
      | mode-3 | 3    |
      | mode-4 | 4    |
      | mode-5 | 5    |
      | mode-6 | 6    |
      | mode-7 | 7    |

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time @needs.bench_power
  Scenario: MF.5-P04 A power cut leaves the switch as it was
    Given the management client is associated
    And the switch of the supply is known
    When the supply is disconnected by command
    And the supply of the device itself fails for a minute
    Then the switch is as it was after the command

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.disconnect_schedule @needs.disconnect_script @needs.bench_time
  Scenario: MF.5-P05 The device's own schedule disconnects at its time
    Given the management client is associated
    And the switch of the supply is known
    When the device is told to disconnect by its own schedule in 2 minutes
    Then the supply is on until that time and off after it

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.disconnect_script @needs.bench_time
  Scenario: MF.5-P06 The script of the switch disconnects
    Given the management client is associated
    And the switch of the supply is known
    When the script of the switch is executed with selector 1
    Then the output is off

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time @needs.bench_power
  Scenario: MF.5-P07 A supply that waits for a person to connect it stays off over a power cut
    Given the management client is associated
    And the switch of the supply is known
    When the switch waits for a person to connect it
    And the supply of the device itself fails for a minute
    Then the output is off

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time @needs.bench_power
  Scenario: MF.5-P08 The mode of control outlives a power cut
    Given the management client is associated
    And the switch of the supply is known
    When another mode of control is chosen
    And the supply of the device itself fails for a minute
    Then the mode is the one that was chosen

  @MF.5 @positive @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.disconnect_schedule @needs.disconnect_script @needs.bench_time @needs.bench_power
  Scenario: MF.5-P09 A planned disconnection outlives a power cut before its time
    Given the management client is associated
    And the switch of the supply is known
    When the device is told to disconnect by its own schedule in 5 minutes
    And the supply of the device itself fails for a minute
    Then the supply is on until that time and off after it

  @MF.5 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.bench_time
  Scenario: MF.5-N01 In the mode without control nothing at a distance moves the switch
    Given the management client is associated
    And the switch of the supply is known
    When each remote request is made in mode 0, from every state
    Then every step has led where the mode says

  @MF.5 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.buttons @needs.bench_time @needs.bench_hands
  Scenario: MF.5-N02 In the mode without control no button moves the switch
    Given the management client is associated
    And the switch of the supply is known
    When each manual request is made in mode 0, from every state
    Then every step has led where the mode says

  @MF.5 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector
  Scenario Outline: MF.5-N03 A client that may not switch is refused
    Given the management client is associated
    And the switch of the supply is known
    When the <client> client asks for a disconnection
    Then it is refused and the supply stays connected

    Examples:
      | row     | client  |
      | reading | reading |
      | public  | public  |

  @MF.5 @negative @effect.reads @effect.writes @effect.fills_logs @effect.switches_supply @needs.disconnector @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: MF.5-N04 While the supply is off no energy is registered
    Given the management client is associated
    And a load of 3000 W import
    And the switch of the supply is known
    When the supply is disconnected by command
    Then while it is off no energy is registered
