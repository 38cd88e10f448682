Feature: TR-Conf.05 Erroneously ciphered requests are silently discarded
  A request that is not ciphered as agreed gets no answer and changes nothing; the association lives on.

  @TR-Conf.05b @positive @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario: TR-Conf.05b-P01 A good request behind several discarded ones is answered
    Given a ciphered client is associated
    When 3 requests in a row are sent with tag-last-bit
    Then it is silently discarded and the association goes on

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N01 A request with a wrong tag gets no answer
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it is silently discarded and the association goes on

    Examples:
      | row             |
      | tag-last-bit    |
      | tag-first-bit   |
      | tag-fifth-octet |
      | tag-all         |
      | text-bit        |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N02 A request ciphered with another key gets no answer
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it is silently discarded and the association goes on

    Examples:
      | row                |
      | encryption-key     |
      | authentication-key |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N03 A request whose tag is cut gets no answer
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it is silently discarded and the association goes on

    Examples:
      | row          |
      | tag-cut-to-8 |
      | tag-cut-to-4 |
      | tag-missing  |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N04 A request that names another security suite gets no answer
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it is silently discarded and the association goes on

    Examples:
      | row              |
      | suite-next       |
      | suite-after-next |
      | suite-3          |
      | suite-15         |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N05 A request to one device that names the broadcast key gets no answer
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it is silently discarded and the association goes on

    Examples:
      | row           |
      | broadcast-bit |
      | broadcast-key |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N10 A replay of a ciphered request gets no answer
    Given a ciphered client is associated
    When an old request is repeated: "<row>"
    Then it is silently discarded and the association goes on

    Examples:
      | row          |
      | last         |
      | last-but-one |
      | lower        |
      | zero         |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N07 What is hardly a ciphered request gets silence or an error
    Given a ciphered client is associated
    When a request is sent with <row>
    Then it gets silence or an error as for "<condition>", and the association goes on

    Examples:
      | row              | condition               |
      | no-dedicated-key | protection_malformed    |
      | length-too-long  | protection_malformed    |
      | length-too-short | protection_malformed    |
      | compressed       | compression_unsupported |

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N06 A general ciphered request of somebody else gets no answer where general protection was negotiated
    Given a ciphered client is associated that proposes general protection
    When a request is sent with <row>
    Then it is silently discarded where general protection was negotiated, and the association goes on

    Examples:
      | row         |
      | other-title |
      | named-title |
      | short-title |

  @TR-Conf.05b @positive @effect.reads @needs.general_protection
  Scenario: TR-Conf.05b-P06 Requests in the general form are answered
    Given a ciphered client is associated that uses the general form
    When good requests go on in the association
    Then each of them is answered

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N08 A request that is protected too little gets no data
    Given a ciphered client is associated
    When a request is sent that is protected too little: <row>
    Then it gets an error as for "protection_insufficient", and the association goes on

    Examples:
      | row                |
      | authenticated-only |
      | encrypted-only     |
      | plain              |

  @TR-Conf.05b @negative @effect.reads @needs.ciphered_association @needs.association
  Scenario Outline: TR-Conf.05b-N09 A well ciphered request that is wrong inside is answered
    Given a ciphered client is associated
    When a well ciphered request is sent that is wrong inside: <row>
    Then it is answered, and well ciphered

    Examples:
      | row               |
      | cut-short         |
      | unknown-object    |
      | unknown-attribute |
      | no-right          |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N11 A repeated association request opens no association
    Given a ciphered client is associated
    When an association request is repeated after "<what>"
    Then no association is opened by it

    Examples:
      | row             | what              |
      | release         | a release         |
      | lost-connection | a lost connection |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association @needs.bench_power
  Scenario: TR-Conf.05b-N12 An association request of before a power cut opens no association
    Given a ciphered client is associated
    When an association request is repeated after "a power cut"
    Then no association is opened by it

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.second_ciphered_association @needs.second_connection
  Scenario: TR-Conf.05b-N13 A request of one client repeated in the association of another gets no answer
    When a request of one association is repeated in that of another client
    Then the repetition is silently discarded and both associations go on

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association @needs.second_connection
  Scenario: TR-Conf.05b-N14 A request repeated in a second association of the same client gets no answer
    When a request of one association is repeated in a second one of the same client
    Then the repetition is silently discarded and both associations go on

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario: TR-Conf.05b-N15 A request repeated at another door gets no answer
    When a request of one door is repeated at another door
    Then the repetition is silently discarded and both associations go on

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N16 A replay under the dedicated key gets no answer
    Given a ciphered client is associated with a dedicated key
    When an old request is repeated: "<row>"
    Then it is silently discarded and the association goes on

    Examples:
      | row          |
      | last         |
      | last-but-one |
      | lower        |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N17 An association request that cannot be deciphered opens no association
    When an association request is sent whose content is ciphered with <row>
    Then it gets what is accepted for "aarq_undecipherable", and the client can associate

    Examples:
      | row                |
      | tag-last-bit       |
      | encryption-key     |
      | authentication-key |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario: TR-Conf.05b-N18 A wrong answer to the device's challenge is refused in words
    When the device's challenge is answered wrongly
    Then the outcome is one of "hls_reply_wrong", and the client can associate

  @TR-Conf.05b @negative @silence @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario: TR-Conf.05b-N19 A counter that somebody without the keys names does not count
    Given a ciphered client is associated
    When a request with a counter far above is ciphered with somebody else's key
    Then it is silently discarded and the next counter is still accepted

  @TR-Conf.05b @negative @silence @effect.writes @effect.sets_clock @effect.fills_logs @needs.ciphered_management @needs.clock
  Scenario Outline: TR-Conf.05b-N20 A wrongly ciphered request changes nothing
    Given a ciphered management client is associated that may set the clock
    When a wrongly ciphered <row> would step the clock
    Then it is silently discarded and the clock goes on as before

    Examples:
      | row    |
      | set    |
      | action |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association @needs.event_decryption_failure @needs.management_association @needs.clock @needs.second_connection
  Scenario: TR-Conf.05b-N21 Fewer decryption failures than make an event leave no entry
    When one request fewer than make an event is a decryption failure
    Then the log has no entry of it yet

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association @needs.event_replay @needs.management_association @needs.clock @needs.second_connection
  Scenario: TR-Conf.05b-N22 Fewer replays than make an event leave no entry
    When one request fewer than make an event is a replay
    Then the log has no entry of it yet

  @TR-Conf.05b @positive @effect.reads @effect.fills_logs @needs.ciphered_association @needs.event_decryption_failure @needs.management_association @needs.clock
  Scenario: TR-Conf.05b-P03 A decryption failure is in the log with its time
    When as many requests in a row as make an event are each a decryption failure
    Then the log has an entry of it with its time

  @TR-Conf.05b @positive @effect.reads @needs.ciphered_association @needs.invocation_counter @needs.public_association
  Scenario: TR-Conf.05b-P04 The announced counter is that of the last good request
    Given a ciphered client is associated
    Then the device announces the counter of the last good request

  @TR-Conf.05b @positive @effect.reads @effect.fills_logs @needs.ciphered_association @needs.event_replay @needs.management_association @needs.clock
  Scenario: TR-Conf.05b-P05 A replay is in the log with its time
    When as many requests in a row as make an event are each a replay
    Then the log has an entry of it with its time

  @TR-Conf.05b @positive @effect.reads @effect.fills_logs @needs.ciphered_association @needs.invocation_counter @needs.public_association @needs.bench_power
  Scenario: TR-Conf.05b-P07 The announced counter outlives a power cut
    Given a ciphered client is associated
    Then the device announces the same counter behind a power cut

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N60 An exception that is declared for wrong ciphering says so
    Given the device answers wrong ciphering by exceptions, as it declares
    And a ciphered client is associated
    When a request is sent with <row>
    Then the exception is the one for what cannot be deciphered

    Examples:
      | row                |
      | tag-last-bit       |
      | encryption-key     |
      | authentication-key |
      | tag-missing        |

  @TR-Conf.05b @negative @effect.reads @effect.fills_logs @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-N61 An exception that is declared for replays names the expected counter
    Given the device answers replays by exceptions, as it declares
    And a ciphered client is associated
    When an old request is repeated: "<row>"
    Then the exception names the counter that is expected

    Examples:
      | row          |
      | last         |
      | last-but-one |

  @TR-Conf.05b @positive @effect.reads @needs.ciphered_association
  Scenario Outline: TR-Conf.05b-P02 A good request whose counter has gone on is answered
    Given a ciphered client is associated
    When a good request has a counter <step> above the last
    Then it is answered, and so is the next one

    Examples:
      | row      | step |
      | one      | 1    |
      | thousand | 1000 |
