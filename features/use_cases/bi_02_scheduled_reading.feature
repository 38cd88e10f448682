Feature: BI.02 Scheduled meter reading
  The meter stores sets by its own schedule; the head end polls what came since its last reading, finds what is missing
  and polls for that alone. Finding gaps is the head end's own: those scenarios check the harness.

  @BI.02.step1 @positive @effect.reads @needs.billing_profile @needs.billing_schedule @needs.bench_time @needs.bench_load
  Scenario: BI.02.step1-P01 At the time that the schedule names the set is stored
    Given the reading client is associated
    And a load of 3000 W import
    When the next time that the billing schedule names passes
    Then exactly one set of that instant is stored

  @BI.02.step1 @positive @effect.writes @needs.billing_profile @needs.billing_schedule @needs.bench_time @needs.bench_load @needs.management_association
  Scenario: BI.02.step1-P02 A schedule of the head end's own is followed
    Given the management client is associated
    And a load of 3000 W import
    And the billing set is scheduled for 03:17 of each day
    When the next time that the billing schedule names passes
    Then exactly one set of that instant is stored

  @BI.02.step1 @negative @effect.reads @needs.billing_profile @needs.bench_time @needs.bench_load
  Scenario: BI.02.step1-N01 Before the scheduled time nothing is stored
    Given the reading client is associated
    And a load of 3000 W import
    When time comes to the last seconds of a month
    Then no set was stored before it was due

  @BI.02.step2 @positive @effect.reads @needs.billing_profile @needs.bench_time @needs.bench_load
  Scenario: BI.02.step2-P01 The set is stored with its time and status
    Given the reading client is associated
    And a load of 3000 W import
    When the end of a month passes
    Then exactly one set of that instant is stored
    And the set has its full time and a status
    And the set holds the registers as they were at that instant

  @BI.02.step2 @negative @effect.reads @effect.fills_logs @needs.daily_profile @needs.bench_time @needs.bench_load @needs.bench_power
  Scenario: BI.02.step2-N01 A power cut after the set was stored leaves it alone
    Given the reading client is associated
    And a load of 3000 W import
    When the end of a day passes
    And the supply is cut and comes back
    Then exactly one set of that instant is stored
    And read again after the cut the set is the same

  @BI.02.step3 @positive @effect.reads @needs.load_profile @needs.bench_time
  Scenario: BI.02.step3-P01 What came since the last reading reaches the head end without gap and without double
    Given the reading client is associated
    And the capture schedule of the load profile is known
    When 5 capture periods pass without a reading
    Then the load profile has one row for each capture that was due, in time

  @BI.02.step3 @positive @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: BI.02.step3-P02 A poll since the newest row that the head end has gives the later ones
    Given the reading client is associated
    And the newest rows of the load profile are known
    When the head end polls what came since the newest row that it has
    Then it has got exactly those rows

  @BI.02.step3 @negative @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: BI.02.step3-N01 Where nothing came since nothing is delivered
    Given the reading client is associated
    When the head end reads the load profile of a day still to come
    Then no rows are delivered

  @BI.02.step4 @positive @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: BI.02.step4-P01 The same poll again gives the same rows
    Given the reading client is associated
    And the newest rows of the load profile are known
    When the head end polls the same rows of the load profile twice
    Then it has got exactly those rows

  @BI.02.step4 @positive @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: BI.02.step4-P02 A poll for a gap gives the rows of that gap alone
    Given the reading client is associated
    And the newest rows of the load profile are known
    When the head end has lost rows in the middle and polls for them alone
    Then it has got exactly those rows

  @BI.02.step4 @selfcheck @positive @effect.reads
  Scenario Outline: BI.02.step4-P03 The head end finds its gaps and polls for them alone
    Given a head end that has polled ten sets of which the line lost <lost> and the meter has never had none
    When the head end fills its gaps
    Then it has polled for <lost> alone
    And it has each set but none once, in order, as the meter gave it

    Examples:
      | row     | lost      |
      | nothing | none      |
      | one     | 4         |
      | middle  | 4,5,6     |
      | several | 2,5,6,9   |
      | first   | 1,2       |
      | newest  | 9,10      |

  @BI.02.step4 @selfcheck @negative @effect.reads
  Scenario Outline: BI.02.step4-N01 What the meter does not have stays missing and is not made up
    Given a head end that has polled ten sets of which the line lost <lost> and the meter has never had <never>
    When the head end fills its gaps
    Then it has each set but <never> once, in order, as the meter gave it
    And it says that <never> is missing

    Examples:
      | row     | lost | never |
      | middle  | 3    | 5     |
      | newest  | 8    | 9,10  |

  @BI.02.step4 @selfcheck @negative @effect.reads
  Scenario: BI.02.step4-N02 The same poll again leaves no doubles
    Given a head end that has polled ten sets of which the line lost 4 and the meter has never had none
    When the head end fills its gaps
    And the head end polls all ten sets once more
    Then it has each set but none once, in order, as the meter gave it
