Feature: TR-Conf.05 Diagnostic information towards association requests
  An association request that cannot be granted is answered with the reason, and the device goes on working.

  @TR-Conf.05a @positive @effect.reads
  Scenario Outline: TR-Conf.05a-P01 A right association request is granted
    When the head end provokes "<condition>" by an AARQ with "<variant>"
    Then the diagnostic is one of those for "<condition>"
    And the device names version 6 and the services that it grants

    Examples:
      | row       | condition             | variant   |
      | version-7 | initiate_version_high | version-7 |

  @TR-Conf.05a @positive @effect.reads
  Scenario: TR-Conf.05a-P02 Every declared client is let in by its own mechanism and gets an answer
    When every declared client associates and reads
    Then each of them was answered

  @TR-Conf.05a @positive @effect.reads @needs.release
  Scenario: TR-Conf.05a-P03 After a release the client is let in again on the same connection
    When a client releases its association and associates again on the same connection
    Then each of them was answered

  @TR-Conf.05a @positive @effect.reads
  Scenario: TR-Conf.05a-P04 After the connection was lost the client is let in again
    When a client loses its connection and associates again
    Then each of them was answered

  @TR-Conf.05a @positive @effect.reads @needs.second_association @needs.second_connection
  Scenario: TR-Conf.05a-P05 Two associations at once are served, and the end of one is not that of the other
    When two clients associate at once, read by turns, and one of them releases
    Then each of them was answered

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs
  Scenario Outline: TR-Conf.05a-N01 An association request that cannot be granted gets the reason
    When the head end provokes "<condition>" by an AARQ with "<variant>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                    | condition                      | variant                |
      | protocol-version       | aarq_protocol_version          | protocol-version       |
      | application-context    | aarq_application_context       | application-context    |
      | title-of-7             | aarq_calling_ap_title          | title-of-7             |
      | title-of-9             | aarq_calling_ap_title          | title-of-9             |
      | mechanism-unknown      | aarq_mechanism_unknown         | mechanism-unknown      |
      | mechanism-missing      | aarq_mechanism_missing         | mechanism-missing      |
      | authentication-missing | aarq_authentication_missing    | authentication-missing |
      | dedicated-key          | aarq_dedicated_key_unciphered  | dedicated-key          |
      | version-5              | initiate_version_low           | version-5              |
      | conformance-empty      | initiate_conformance_empty     | conformance-empty      |
      | pdu-size-1             | initiate_pdu_size_small        | pdu-size-1             |
      | pdu-size-11            | initiate_pdu_size_small        | pdu-size-11            |

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs
  Scenario: TR-Conf.05a-N02 A client that the device does not know gets no association
    When a client that is not declared asks for an association
    Then the diagnostic is one of those for "client_unknown"

  @TR-Conf.05a @negative @effect.reads
  Scenario: TR-Conf.05a-N03 A request before any association gets the reason
    When the head end asks for data as a client that has not associated
    Then the diagnostic is one of those for "no_association"

  @TR-Conf.05a @negative @effect.reads @needs.release
  Scenario: TR-Conf.05a-N04 A request after the release gets the reason
    When the head end asks for data after it has released the association
    Then the diagnostic is one of those for "no_association"

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @needs.user_identification
  Scenario: TR-Conf.05a-N05 Another user than the client's gets no association
    When the head end provokes "aarq_user_unknown" by an AARQ with "user-unknown"
    Then the diagnostic is one of those for "aarq_user_unknown"
