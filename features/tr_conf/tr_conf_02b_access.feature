Feature: TR-Conf.02b Access to parameters by authorised bodies only
  What the object lists announce to each client is what it may do, and nothing else.

  @TR-Conf.02b @positive @effect.reads
  Scenario Outline: TR-Conf.02b-P01 Every attribute can be read by those clients to whom that is announced
    When the object lists of all clients are read
    And every attribute is read by the <client> client
    Then every answer is as announced

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |
      | further    | further    |

  @TR-Conf.02b @positive @effect.reads @effect.writes @effect.fills_logs
  Scenario Outline: TR-Conf.02b-P02 What is announced as writable can be written
    When the object lists of all clients are read
    And the <client> client writes what it may write with the value just read
    Then every answer is as announced

    Examples:
      | row        | client     |
      | management | management |
      | further    | further    |

  @TR-Conf.02b @negative @effect.reads @effect.writes
  Scenario Outline: TR-Conf.02b-N01 What is not announced as writable cannot be written
    When the object lists of all clients are read
    And the <client> client tries to write what it may not write
    Then every attempt is refused

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |
      | further    | further    |

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs
  Scenario Outline: TR-Conf.02b-N02 What would clear, fill or set something cannot be written either
    When the object lists of all clients are read
    And the <client> client tries to write what it may not write
    Then every attempt is refused

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |
      | further    | further    |

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @effect.locks_out @effect.switches_supply @effect.changes_keys @effect.irreversible
  Scenario: TR-Conf.02b-N03 What would lock out, switch, or could not be undone cannot be written either
    When the object lists of all clients are read
    And any client tries to write what it may not write
    Then every attempt is refused

  @TR-Conf.02b @negative @effect.reads @effect.writes
  Scenario: TR-Conf.02b-N04 A method that is not announced cannot be called
    When the object lists of all clients are read
    And every client tries to invoke what it may not invoke
    Then every attempt is refused

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs
  Scenario: TR-Conf.02b-N05 A method that would clear, fill or set something cannot be called either
    When the object lists of all clients are read
    And every client tries to invoke what it may not invoke
    Then every attempt is refused

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @effect.locks_out @effect.switches_supply @effect.changes_keys @effect.irreversible
  Scenario: TR-Conf.02b-N06 A method that would lock out, switch, or could not be undone cannot be called either
    When the object lists of all clients are read
    And every client tries to invoke what it may not invoke
    Then every attempt is refused
