Feature: MF.6 Time synchronisation of meters behind the device
  The device sets the clocks of the meters behind it to its own time.

  @MF.6 @positive @clock_judged @effect.reads @effect.writes @effect.sets_clock @needs.clock @needs.child_link @needs.child_synchronize_clock @needs.management_association
  Scenario Outline: MF.6-P70 The clock of a meter behind the device is set to the time of the device
    Given the management client is associated
    And the meters behind the device
    And their own clocks are wrong by <hours> hours
    When the device is told to set their clocks
    Then their clocks show the time of the device

    Examples:
      | row    | hours |
      | ahead  | 3     |
      | behind | -30   |

  @MF.6 @positive @clock_judged @effect.reads @effect.writes @effect.sets_clock @effect.fills_logs @needs.clock @needs.child_link @needs.child_synchronize_clock @needs.event_child_clock_adjusted @needs.management_association
  Scenario: MF.6-P71 Setting the clock of a meter behind the device is noted once
    Given the management client is associated
    And the meters behind the device
    And their own clocks are wrong by 3 hours
    And the log of child_clock_adjusted is known
    When the device is told to set their clocks
    Then the log has one entry child_clock_adjusted of each

  @MF.6 @negative @clock_judged @effect.reads @effect.writes @effect.sets_clock @needs.clock @needs.child_link @needs.child_synchronize_clock @needs.management_association @needs.reading_association
  Scenario: MF.6-N70 A client without the right cannot have the clock of a meter behind the device set
    Given the management client is associated
    And the meters behind the device
    And their own clocks are wrong by 3 hours
    When the reading client tells the device to set their clocks
    Then that is refused and their clocks go on as they were
