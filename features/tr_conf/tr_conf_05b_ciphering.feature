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
    Then it gets silence or an error as for "protection_malformed", and the association goes on

    Examples:
      | row              |
      | no-dedicated-key |
      | length-too-long  |
      | length-too-short |
      | compressed       |
