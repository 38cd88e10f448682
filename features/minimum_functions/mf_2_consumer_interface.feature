Feature: MF.2 Consumer interface
  The consumer's device hears telegrams of this meter: well-formed, in time, with what is declared and nothing else, whatever is sent into the port.

  @MF.2 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.2-P01 Telegrams are well-formed
    When telegrams are heard
    Then each telegram is well-formed and its checksum is right
    And nothing comes between the telegrams

  @MF.2 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.2-P02 Telegrams come at the declared pace
    When telegrams are heard
    Then they come at the declared pace
    And each telegram is over before the next one is due

  @MF.2 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.2-P03 Telegrams tell all that is declared and nothing else
    When telegrams are heard
    Then they tell all that is declared and nothing else

  @MF.2 @positive @door.p1 @door.han @effect.reads
  Scenario: MF.2-P04 The port shows the energy of the registers
    Given the reading client is associated
    When energy is read over DLMS, at the port and over DLMS again
    Then the port shows the same energy

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.bench_load
  Scenario Outline: MF.2-P05 The port shows the power in its direction
    Given the reading client is associated
    And a load of <in> W in and <out> W out flows
    When power is read over DLMS, at the port and over DLMS again
    Then the port shows the same power in the right direction

    Examples:
      | row    | in   | out  |
      | import | 3000 | 0    |
      | export | 0    | 2000 |

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.longer_lists
  Scenario: MF.2-P06 Longer lists come at their own pace
    When telegrams are heard until each longer list has come twice
    Then each telegram is well-formed and its checksum is right
    And each longer list comes at its pace

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.consumer_key
  Scenario: MF.2-P07 Each enciphered telegram has a counter above that of the one before
    When telegrams are heard
    Then each telegram is well-formed and its checksum is right
    And their invocation counters rise

  @MF.2 @positive @door.p1 @door.han @effect.reads @needs.data_request
  Scenario: MF.2-P08 Telegrams begin with the data request and keep their pace
    When the data request goes away before the first telegram and comes back
    Then telegrams begin within a period of the request
    And they come at the declared pace while they are requested

  @MF.2 @positive @door.p1 @effect.reads @needs.formats
  Scenario: MF.2-P09 Numbers have their declared form in each telegram
    When telegrams are heard
    Then numbers in them have their declared form

  @MF.2 @negative @door.p1 @door.han @effect.reads
  Scenario Outline: MF.2-N01 What is sent into the port changes nothing
    When <what> is sent into the port
    Then each telegram is well-formed and its checksum is right
    And nothing comes between the telegrams
    And they come at the declared pace
    And they tell all that is declared and nothing else

    Examples:
      | row      | what                            |
      | readout  | a request for a readout         |
      | sign-on  | a sign-on with acknowledgement  |
      | write    | a write command                 |
      | link     | a link set-up                   |
      | open     | an association request          |
      | telegram | a telegram of its own           |

  @MF.2 @negative @door.p1 @door.han @effect.reads
  Scenario: MF.2-N02 No secret stands in a telegram
    When telegrams are heard
    Then no key and no password stands in them

  @MF.2 @negative @door.p1 @door.han @effect.reads @needs.bench_time
  Scenario: MF.2-N03 Energy at the port does not move by writing to it
    Given the reading client is associated
    When a write command is sent into the port
    And energy is read over DLMS, at the port and over DLMS again
    Then the port shows the same energy

  @MF.2 @negative @door.p1 @door.han @effect.reads @needs.consumer_key
  Scenario: MF.2-N04 Keys of the utility's clients do not open what is meant for the consumer
    When telegrams are heard
    Then each telegram is well-formed and its checksum is right
    And no key of an association opens them

  @MF.2 @negative @door.p1 @door.han @effect.reads @effect.fills_logs @needs.consumer_key @needs.bench_power
  Scenario: MF.2-N05 A power cut does not set the counter of telegrams back
    Given telegrams are heard
    When the supply is away for a moment
    And telegrams are heard after it
    Then their counters are above those from before the cut

  @MF.2 @negative @door.p1 @door.han @effect.reads @needs.data_request
  Scenario Outline: MF.2-N06 Nothing is told that is not requested
    When the data request goes away <moment> and comes back
    Then nothing comes while nothing is requested

    Examples:
      | row    | moment                    |
      | before | before the first telegram |
      | amid   | amid a telegram           |
