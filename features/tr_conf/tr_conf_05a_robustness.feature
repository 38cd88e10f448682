Feature: TR-Conf.05a The device goes on working whatever frames it gets
  Malformed frames of every layer bring the device neither down nor to answers that only good requests have.

  @TR-Conf.05a @positive @effect.reads
  Scenario Outline: TR-Conf.05a-P80 A good request right behind a malformed one is answered at once
    When a good request follows each of the first <count> <part> in the same association
    Then each good request is answered within the declared response time

    Examples:
      | row           | count | part                      |
      | cut-short     | 4     | requests cut short        |
      | unknown-kinds | 1     | requests of unknown kinds |

  @TR-Conf.05a @negative @effect.reads
  Scenario Outline: TR-Conf.05a-N80 The device survives malformed requests in an association
    Given a client that sends malformed requests in its association
    When it sends <part>, with good exchanges in between
    Then the device has lived on and none of them is answered as if it were good

    Examples:
      | row       | part                                     |
      | cut-short | requests cut short                       |
      | kinds     | requests of unknown kinds                |
      | lengths   | requests with wrong lengths              |
      | order     | requests with parts doubled or exchanged |

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs
  Scenario Outline: TR-Conf.05a-N81 The device survives malformed association requests
    Given a client that sends malformed association requests
    When it sends <part>, with good exchanges in between
    Then the device has lived on and none of them is answered as if it were good

    Examples:
      | row       | part                                     |
      | cut-short | association requests cut short           |
      | lengths   | association requests with wrong lengths  |
      | elements  | association requests with wrong elements |

  @TR-Conf.05a @negative @effect.reads @door.wrapper
  Scenario: TR-Conf.05a-N82 The device survives wrong wrapper headers
    Given a client that sends malformed association requests
    When it sends frames with a wrong wrapper header, with good exchanges in between
    Then the device has lived on and none of them is answered as if it were good

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @door.hdlc
  Scenario Outline: TR-Conf.05a-N83 The device survives damaged HDLC frames that carry an association request
    Given a client that sends malformed association requests
    When it sends <part>, with good exchanges in between
    Then the device has lived on and none of them is answered as if it were good

    Examples:
      | row     | part                               |
      | checks  | frames with a wrong check sequence |
      | headers | frames with a wrong HDLC header    |
      | damage  | frames damaged on the line         |

  @TR-Conf.05a @negative @effect.reads @door.hdlc
  Scenario Outline: TR-Conf.05a-N84 The device survives damaged HDLC frames that ask for a link
    Given a client that sends malformed frames to ask for a link
    When it sends <part>, with good exchanges in between
    Then the device has lived on and none of them is answered as if it were good

    Examples:
      | row     | part                               |
      | checks  | frames with a wrong check sequence |
      | headers | frames with a wrong HDLC header    |
      | damage  | frames damaged on the line         |
