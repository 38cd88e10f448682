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

  @TR-Conf.02b @negative @effect.reads @needs.second_connection
  Scenario: TR-Conf.02b-N07 A client inherits no rights of another one that is associated at the same time
    Given the object lists of all clients have been read
    When the public client reads beside the management client what only that one may read
    Then every answer is as announced

  @TR-Conf.02b @negative @effect.reads @needs.second_connection @needs.energy_import_total
  Scenario: TR-Conf.02b-N15 An association opens no connection but its own
    When clients that are associated ask for an energy register over a second connection
    Then none of them gets data

  @TR-Conf.02b @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs @needs.management_association
  Scenario Outline: TR-Conf.02b-N16 By no way of writing does a client change what another one alone may write
    Given the object lists of all clients have been read
    And the management client is associated
    When the other clients try by "<path>" to change what the management client may write
    Then every attempt is refused

    Examples:
      | row             | path                    |
      | list            | SET with list           |
      | blocks          | SET in blocks           |
      | list-and-blocks | SET with list in blocks |
      | access          | ACCESS                  |
      | unconfirmed     | unconfirmed SET         |

  @TR-Conf.02b @negative @effect.reads @effect.fills_logs @needs.lls_association @needs.energy_import_total
  Scenario: TR-Conf.02b-N08 A wrong password gives no access
    When clients with a wrong password ask for an energy register
    Then none of them gets data

  @TR-Conf.02b @negative @effect.reads @effect.fills_logs @needs.lls_association @needs.energy_import_total
  Scenario Outline: TR-Conf.02b-N14 A password that only resembles the right one gives no access
    When a client whose password <differs> asks for an energy register
    Then none of them gets data

    Examples:
      | row     | differs                 |
      | longer  | goes on after the right |
      | shorter | lacks the last octet    |

  @TR-Conf.02b @negative @effect.reads @needs.hls_association @needs.energy_import_total
  Scenario: TR-Conf.02b-N09 Who has not answered the challenge gets no access
    When clients that have not answered the challenge ask for an energy register
    Then none of them gets data

  @TR-Conf.02b @negative @effect.reads @effect.fills_logs @needs.hls_association @needs.energy_import_total
  Scenario: TR-Conf.02b-N10 A wrong answer to the challenge gives no access
    When clients with a wrong answer to the challenge ask for an energy register
    Then none of them gets data
