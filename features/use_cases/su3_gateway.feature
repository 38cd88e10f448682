Feature: SU3 Polls of meters behind a gateway
  The head end's request goes through an access point to the meter that is meant, and that meter's answer comes back.

  @SU3.step1 @positive @effect.reads @effect.fills_logs @needs.gateway
  Scenario Outline: SU3.step1-P60 A poll through the gateway reaches the device that is meant
    When the head end polls the <order> device through the gateway
    Then each device gives what it shows

    Examples:
      | row    | order                          |
      | first  | first                          |
      | second | second                         |
      | last   | last                           |
      | turn   | first, the last, the first     |

  @SU3.step2 @positive @effect.reads @effect.fills_logs @needs.gateway @needs.second_device
  Scenario: SU3.step2-P60 Answers of two devices are told apart
    When the head end polls the first, the last, the first device through the gateway
    Then the same device gives the same and another one something else

  @SU3.step2 @positive @effect.reads @effect.fills_logs @needs.gateway @needs.device_own_door
  Scenario: SU3.step2-P61 Through the gateway a device gives what it gives at its own door
    Then through the gateway each device gives what it gives at its own door

  @SU3.step1 @negative @effect.reads @effect.fills_logs @needs.gateway
  Scenario: SU3.step1-N60 A poll for nobody gives no data
    When the head end polls a device at a place where there is none
    Then no data come
    And no device answers for nobody

  @SU3.step2 @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices
  Scenario Outline: SU3.step2-N60 A device that gives nothing good gives no data through the gateway either
    When the first device <behaves> while the head end polls it
    Then no data come

    Examples:
      | row     | behaves                     |
      | silent  | is silent                   |
      | damaged | answers with damaged frames |
      | foreign | answers as another device   |
      | key     | enciphers with another key  |
      | old     | answers with an old answer  |

  @SU3.step2 @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices
  Scenario Outline: SU3.step2-N61 After a poll that went wrong the next ones get their own answers
    When the first device <behaves> while the head end polls it
    And the first device is well again and is polled before the last one
    Then each device gives what it shows

    Examples:
      | row     | behaves                     |
      | silent  | is silent                   |
      | late    | answers too late            |
      | damaged | answers with damaged frames |
      | key     | enciphers with another key  |
