Feature: TR-Conf.04 Errors of devices behind a gateway
  A gateway passes an error on as the device describes it.

  @TR-Conf.04a @positive @effect.reads @effect.fills_logs @needs.gateway
  Scenario: TR-Conf.04a-P60 A request that a device behind the gateway can carry out gets no error
    When the head end polls the first device through the gateway
    Then each device gives what it shows

  @TR-Conf.04a @negative @effect.reads @effect.fills_logs @needs.gateway
  Scenario Outline: TR-Conf.04a-N60 An error of a device behind the gateway comes as it is
    When the head end asks the <which> device for <wanted>
    Then the answer is one that "<condition>" may have

    Examples:
      | row           | which | wanted                     | condition      |
      | unknown-first | first | an object that it has not  | unknown_object |
      | unknown-last  | last  | an object that it has not  | unknown_object |
      | class-first   | first | an object of another class | wrong_class    |

  @TR-Conf.04a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.device_own_door
  Scenario Outline: TR-Conf.04a-N61 An error of a device behind the gateway is that which the device gives at its own door
    When each device is asked for <wanted>, through the gateway and directly
    Then the answer is the same both ways

    Examples:
      | row     | wanted                     |
      | unknown | an object that it has not  |
      | class   | an object of another class |
