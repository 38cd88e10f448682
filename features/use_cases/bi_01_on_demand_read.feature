Feature: BI.01 On demand read
  Actor A asks the head end for readings; the head end polls the meter (SU3) and answers with the reading and its time.
  Steps 1 and 2 and the composing of the answer are the head end's own: those scenarios check the harness.

  @BI.01.step1 @selfcheck @positive @effect.reads
  Scenario: BI.01.step1-P01 The head end takes a request of Actor A and gives it a number
    Given a head end that knows the device "meter-1"
    When Actor A requests "energy_import_total" of "meter-1"
    Then the request has a number of its own
    And no poll has happened yet

  @BI.01.step1 @selfcheck @negative @effect.reads
  Scenario Outline: BI.01.step1-N01 The head end refuses a request that it cannot serve
    Given a head end that knows the device "meter-1"
    When Actor A requests "<registers>" of "<device>"
    Then the request is refused because of <reason>

    Examples:
      | row            | registers           | device  | reason              |
      | unknown-device | energy_import_total | meter-9 | an unknown device   |
      | no-register    |                     | meter-1 | an empty request    |
      | unknown-role   | energy_of_nothing   | meter-1 | an unknown register |

  @BI.01.step2 @selfcheck @positive @effect.reads
  Scenario: BI.01.step2-P01 One request triggers exactly one poll
    Given a head end that knows the device "meter-1"
    And Actor A has requested "energy_import_total" of "meter-1"
    When the head end serves its requests twice
    Then the device was polled 1 time

  @BI.01.step2 @selfcheck @negative @effect.reads
  Scenario: BI.01.step2-N01 A refused request triggers no poll
    Given a head end that knows the device "meter-1"
    When Actor A requests "energy_import_total" of "meter-9"
    And the head end serves its requests twice
    Then the device was polled 0 times

  @BI.01.step3 @selfcheck @positive @effect.reads
  Scenario: BI.01.step3-P01 The answer carries value, unit, scaler, time of reading and status
    Given a head end that knows the device "meter-1"
    And Actor A has requested "energy_import_total, power_import" of "meter-1"
    When the head end serves its requests
    Then the answer has for each register value, unit and scaler as the meter gave them
    And the answer has the time of reading and the clock status as the meter gave them

  @BI.01.step3 @selfcheck @negative @effect.reads
  Scenario: BI.01.step3-N01 An unreachable meter gives an error and no old value
    Given a head end that knows the device "meter-1"
    And Actor A has got an answer for "energy_import_total" of "meter-1" before
    When the device becomes unreachable
    And Actor A requests "energy_import_total" of "meter-1"
    And the head end serves its requests
    Then the answer is an error and holds no value

  @BI.01.step3 @selfcheck @negative @effect.reads
  Scenario: BI.01.step3-N02 A register that the meter refuses leaves the other values in the answer
    Given a head end that knows the device "meter-1"
    And the meter refuses "power_import"
    When Actor A requests "energy_import_total, power_import" of "meter-1"
    And the head end serves its requests
    Then the answer has a value for "energy_import_total"
    And the answer has the meter's error for "power_import"

  @BI.01.step3 @selfcheck @negative @effect.reads
  Scenario: BI.01.step3-N03 A reading taken with an invalid clock is marked
    Given a head end that knows the device "meter-1"
    And the clock of the meter is invalid
    When Actor A requests "energy_import_total" of "meter-1"
    And the head end serves its requests
    Then the answer marks its time of reading as doubtful

  @BI.01.step3 @positive @effect.reads @needs.energy_import_total @needs.clock
  Scenario: BI.01.step3-P02 The device gives the reading and the time that the answer needs
    Given the reading client is associated
    And the head end has read the clock
    When Actor A's request for "energy_import_total" is served by this device
    Then the answer has a value with unit and scaler
    And the time of reading is the time of the device's clock

  @BI.01.step3 @positive @effect.reads @needs.clock @needs.bench_time
  Scenario: BI.01.step3-P03 The time of reading is right and goes on
    Given the reading client is associated
    When the head end reads the clock before and after 90 seconds
    Then both times are right within the declared tolerance
    And the clock calls its time valid

  @BI.01.step3 @negative @effect.reads @needs.energy_import_total @needs.clock
  Scenario: BI.01.step3-N04 A register that the device does not have comes back as a diagnosed error
    Given the reading client is associated
    When Actor A's request for a register that the device does not announce is served by this device
    Then the answer has one of the errors for "unknown_object" and no value

  @BI.01.step3 @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.clock @needs.bench_disturbance
  Scenario: BI.01.step3-N05 A device that has lost its time says so in the status
    Given the reading client is associated
    And the device has lost its time
    When Actor A's request for "energy_import_total" is served by this device
    Then the answer marks its time of reading as doubtful
