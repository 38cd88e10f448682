Feature: DF.1 Detailed consumption stays with the consumer
  Consumption data finer than the declared floor leave the device on consumer interfaces only.

  @DF.1 @positive @effect.reads @needs.finest_period @needs.reading_association
  Scenario: DF.1-P01 No profile that is announced captures consumption more often than the declared floor
    Given the reading client is associated
    When the head end reads the capture period of every profile of consumption
    Then none of them is shorter than the declared floor

  @DF.1 @positive @effect.reads @needs.finest_period @needs.load_profile @needs.profile_parameters
  Scenario: DF.1-P02 The rows of the load profile are not captured more often than the declared floor
    Given the reading client is associated
    When the head end reads the newest rows of the load profile
    Then most of them are no closer to each other than the declared floor

  @DF.1 @positive @door.push @effect.reads @needs.push_setup @needs.push_schedule @needs.finest_period
  Scenario: DF.1-P03 Consumption is not pushed to the utility more often than the declared floor
    Given the reading client is associated
    Then consumption is not pushed more often than the declared floor

  @DF.1 @positive @door.push @effect.reads @needs.push_setup
  Scenario: DF.1-P04 Pushes go to the declared destination
    Given somebody listens for pushes
    And the reading client is associated
    Then the push setup names the declared destination

  @DF.1 @negative @effect.writes @effect.clears @effect.fills_logs @needs.finest_period @needs.load_profile
  Scenario Outline: DF.1-N01 A capture period below the declared floor is refused
    Given the <client> client is associated
    And the capture period of the load profile is known
    When the client sets the capture period of the load profile to <part> of the declared floor
    Then that is refused and the capture period is as before

    Examples:
      | row        | client     | part   |
      | reading    | reading    | half   |
      | management | management | half   |
      | second     | management | a 60th |
