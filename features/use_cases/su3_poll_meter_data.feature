Feature: SU3 Poll meter data
  The head end sends a meter data request to the smart meter; the smart meter sends the required metering data.

  @SU3.step1 @positive @effect.reads
  Scenario Outline: SU3.step1-P01 The meter accepts the association of a declared client
    When the head end associates as the <client> client
    Then the association is accepted

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |

  @SU3.step1 @positive @effect.reads @needs.energy_import_total
  Scenario: SU3.step1-P02 After the connection was lost the meter takes a new association and answers
    Given the reading client is associated
    When the connection is lost and the reading client associates again
    And the head end reads "energy_import_total"
    Then the answer is a value

  @SU3.step1 @negative @effect.reads @needs.energy_import_total
  Scenario: SU3.step1-N01 A request outside an association gets no metering data
    When the head end asks for "energy_import_total" as the reading client without an association
    Then no metering data is delivered

  @SU3.step1 @negative @effect.reads @needs.energy_import_total
  Scenario: SU3.step1-N02 A request that is cut short gets no metering data
    Given the reading client is associated
    When the head end sends a request for "energy_import_total" that is cut short
    Then no metering data is delivered

  @SU3.step1 @negative @effect.reads @door.hdlc @needs.energy_import_total
  Scenario Outline: SU3.step1-N03 An association does not outlive its link
    When the head end asks for "energy_import_total" as the reading client on a link set up anew <how>
    Then no metering data is delivered

    Examples:
      | row  | how         |
      | snrm | by SNRM     |
      | disc | behind DISC |

  @SU3.step2 @positive @effect.reads
  Scenario Outline: SU3.step2-P01 The meter sends the value of a single register
    Given the device has the object "<object>"
    And the reading client is associated
    When the head end reads "<object>"
    Then the value is a number with unit and scaler
    And the same value is read again within what can have flowed

    Examples:
      | row          | object              |
      | import-total | energy_import_total |
      | export-total | energy_export_total |
      | power        | power_import        |
      | demand       | max_demand_import   |

  @SU3.step2 @positive @effect.reads @needs.max_demand_import @needs.bench_time @needs.bench_load
  Scenario: SU3.step2-P02 The meter sends a register together with the time at which it was captured
    Given the reading client is associated
    And the demand of a whole period is higher than ever before
    When the head end reads the maximum demand with its capture time
    Then the capture time lies in that period

  @SU3.step2 @positive @effect.reads @needs.max_demand_import @needs.clock @needs.bench_time @needs.bench_load
  Scenario: SU3.step2-P09 The time of a maximum is that of the interval in which it arose, and stays
    Given the reading client is associated
    When a load makes a new maximum
    Then its time is that of the interval in which it arose
    And it stays when the load has fallen

  @SU3.step2 @positive @effect.reads @needs.energy_import_total @needs.clock
  Scenario: SU3.step2-P03 The meter sends a list of registers in one round trip
    Given the reading client is associated
    When the head end reads the clock and the energy registers one by one, then in one list, then one by one
    Then the list has each value at its place

  @SU3.step2 @positive @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: SU3.step2-P04 The meter sends the load profile of a range
    Given the reading client is associated
    And the newest rows of the load profile are known
    When the head end reads the load profile from the time of one row to the time of another
    Then the answer is exactly the rows of that range

  @SU3.step2 @positive @effect.reads @needs.load_profile @needs.selective_access_entry
  Scenario: SU3.step2-P05 The meter sends the load profile by entries
    Given the reading client is associated
    And the newest rows of the load profile are known
    When the head end reads the newest entries of the load profile by their numbers
    Then the answer is exactly the newest rows

  @SU3.step2 @positive @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: SU3.step2-P06 A long answer in blocks has the same rows as several short ones
    Given the reading client is associated
    And long answers come in blocks
    And the newest rows of the load profile are known
    When the head end reads these rows with room for 128 octets in one request and in parts of three
    Then the long answer came in blocks
    And both have the same rows

  @SU3.step2 @positive @effect.reads @needs.energy_import_total @needs.clock
  Scenario: SU3.step2-P07 After link loss and re-association the data is that of the present
    Given the reading client is associated
    And the head end has read the clock and "energy_import_total"
    When the connection is lost and the reading client associates again after 30 seconds
    Then the clock has moved on as the time did
    And "energy_import_total" has not gone back

  @SU3.step2 @positive @effect.reads @needs.energy_import_total
  Scenario: SU3.step2-P08 The answers come within the declared response time
    Given the reading client is associated
    When the head end reads every declared register once
    Then each answer came within the declared response time

  @SU3.step2 @negative @effect.reads
  Scenario: SU3.step2-N01 An object that the meter does not have gives an error and no value
    Given the reading client is associated
    When the head end reads an object that the meter does not announce
    Then the answer is one of those for "unknown_object"

  @SU3.step2 @negative @effect.reads
  Scenario: SU3.step2-N02 Asking for the next block when no long answer is under way gives no data
    Given the reading client is associated
    When the head end asks for the next block although none is due
    Then no metering data is delivered

  @SU3.step2 @negative @effect.reads @needs.load_profile
  Scenario: SU3.step2-N03 Asking for a wrong block gives no data of the long answer
    Given the reading client is associated with room for 128 octets
    And long answers come in blocks
    And the load profile is long enough for them
    When the head end asks for the load profile and then for a block far ahead
    Then no metering data is delivered

  @SU3.step2 @negative @effect.reads @needs.load_profile @needs.selective_access_range
  Scenario: SU3.step2-N04 A range in which nothing was recorded gives no rows
    Given the reading client is associated
    When the head end reads the load profile of a day still to come
    Then no rows are delivered

  @SU3.step2 @negative @effect.reads @needs.energy_import_total @needs.clock
  Scenario: SU3.step2-N05 An unknown object in a list leaves the other values at their places
    Given the reading client is associated
    When the head end reads the clock and the energy registers in one list with an unknown object among them
    Then the list has each value at its place
    And the unknown object has an error at its place
