Feature: DF.2 Billing information for the utility
  A billing data set is there to be fetched at least six times a year, by the client that has the right to it.

  @DF.2 @positive @effect.reads @needs.billing_profile @needs.bench_time
  Scenario: DF.2-P01 In a year at least six billing sets are there to be fetched
    Given the reading client is associated
    When a year passes and the billing sets are fetched after each of its months
    Then at least 6 sets have come in it

  @DF.2 @positive @effect.reads @needs.billing_profile
  Scenario: DF.2-P02 A billing set tells energy and the time that it belongs to
    Given the reading client is associated
    And the device has billing sets
    When the reading client fetches the newest billing sets
    Then each of them has a full time and energy

  @DF.2 @negative @effect.reads @needs.billing_profile
  Scenario: DF.2-N01 Fetching a billing set does not use it up
    Given the reading client is associated
    And the device has billing sets
    When the reading client fetches the newest billing sets
    And the connection is lost and the reading client associates again
    Then the reading client fetches the same billing sets again

  @DF.2 @negative @effect.reads @needs.billing_profile @needs.public_association
  Scenario Outline: DF.2-N02 The public client is refused the billing sets
    Given the reading client is given billing sets
    And the public client is associated
    When the client asks for the billing sets by <selector>
    Then no metering data is delivered

    Examples:
      | row   | selector |
      | whole | all      |
      | entry | entry    |
