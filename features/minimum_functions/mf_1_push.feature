Feature: MF.1 Consumption pushed to the utility
  What the meter registers is told by itself to the place that its push setup names, when it is due and not otherwise.

  @MF.1 @positive @door.push @effect.reads @needs.push_setup @needs.management_association
  Scenario: MF.1-P50 A push tells what is read
    Given somebody listens for pushes
    And the management client is associated
    When the head end has the device push, between two readings of the same objects
    Then the push tells what was read

  @MF.1 @positive @door.push @effect.reads @needs.push_setup @needs.push_schedule @needs.bench_time
  Scenario: MF.1-P51 A push comes when its schedule says so
    Given somebody listens for pushes
    And the reading client is associated
    When the next time that the schedule of pushes names comes
    Then a push arrives

  @MF.1 @positive @door.push @effect.reads @needs.push_key @needs.push_setup @needs.management_association
  Scenario: MF.1-P52 Each enciphered push has a counter above that of the one before
    Given somebody listens for pushes
    And the management client is associated
    When the head end has the device push 4 times
    Then the invocation counter of each push is above that of the one before

  @MF.1 @negative @door.push @effect.reads @needs.push_setup @needs.push_schedule @needs.bench_time
  Scenario: MF.1-N50 Nothing is pushed when nothing is due
    Given somebody listens for pushes
    And the reading client is associated
    When time passes in which nothing is due
    Then nothing is pushed

  @MF.1 @negative @door.push @effect.reads @needs.push_setup @needs.reading_association
  Scenario: MF.1-N51 A client without the right has nothing pushed
    Given somebody listens for pushes
    And the reading client is associated
    When the reading client asks the device to push
    Then nothing is pushed

  @MF.1 @positive @door.push @effect.reads @effect.sets_clock @effect.fills_logs @needs.push_setup @needs.clock @needs.management_association
  Scenario Outline: MF.1-P53 An event that is to be told at once is pushed, with what its setup lists
    Given somebody listens for pushes
    And the management client is associated
    When <event> comes about, which is to be pushed
    Then the push tells what was read

    Examples:
      | row       | event              |
      | seal      | seal_opened        |
      | time-lost | clock_invalid      |
      | time-set  | clock_adjusted_new |

  @MF.1 @negative @door.push @effect.reads @effect.sets_clock @effect.fills_logs @needs.push_setup @needs.clock @needs.management_association
  Scenario Outline: MF.1-N52 An event that is not to be told at once is not pushed
    Given somebody listens for pushes
    And the management client is associated
    When <event> comes about, which is not to be pushed
    Then nothing is pushed

    Examples:
      | row       | event              |
      | seal      | seal_opened        |
      | time-lost | clock_invalid      |
      | time-set  | clock_adjusted_new |
