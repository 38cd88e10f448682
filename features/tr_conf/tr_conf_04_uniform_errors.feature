Feature: TR-Conf.04 Uniform description of errors on all interfaces
  The same error condition gets the same description, out of one known set, on every interface; unlike conditions are
  told apart. What every door has answered is compared at the end of the run.

  @TR-Conf.04a @positive @effect.reads
  Scenario: TR-Conf.04a-P01 A request that can be carried out gets no error
    When every declared client associates and reads
    Then each of them was answered

  @TR-Conf.04a @positive @effect.reads @needs.error_register
  Scenario: TR-Conf.04a-P02 The error register is the same at all doors
    When the head end reads "error_register" at this door and at the others
    Then all doors give the same value

  @TR-Conf.04a @positive @effect.reads @needs.alarm_register
  Scenario: TR-Conf.04a-P03 The alarm register is the same at all doors
    When the head end reads "alarm_register" at this door and at the others
    Then all doors give the same value

  @TR-Conf.04a @negative @effect.reads
  Scenario Outline: TR-Conf.04a-N01 An error within an association is described by a known answer
    When the head end provokes "<condition>" by "<stimulus>"
    Then the answer is an error that the catalogue knows

    Examples:
      | row                   | condition                       | stimulus              |
      | unknown-object        | unknown_object                  | unknown-object        |
      | wrong-class           | wrong_class                     | wrong-class           |
      | unknown-attribute     | unknown_attribute               | unknown-attribute     |
      | no-read-right         | no_read_right                   | no-read-right         |
      | selection-unsupported | selection_unsupported           | selection-unsupported |
      | get-next              | get_next_without_long_get       | get-next              |
      | unknown-object-method | unknown_object_method           | unknown-object-method |
      | unknown-method        | unknown_method                  | unknown-method        |
      | action-next           | action_next_without_long_action | action-next           |
      | service-unknown       | service_unknown                 | service-unknown       |
      | get-choice            | request_malformed               | get-choice            |

  @TR-Conf.04a @negative @effect.reads @effect.writes
  Scenario Outline: TR-Conf.04a-N02 An error of a write is described by a known answer
    When the head end provokes "<condition>" by "<stimulus>"
    Then the answer is an error that the catalogue knows

    Examples:
      | row                 | condition               | stimulus            |
      | set-unknown-object  | unknown_object          | set-unknown-object  |
      | no-write-right      | no_write_right          | no-write-right      |
      | set-without-first   | set_block_without_first | set-without-first   |
      | set-without-service | service_not_negotiated  | set-without-service |
      | too-long            | request_too_long        | too-long            |

  @TR-Conf.04a @negative @effect.reads @effect.fills_logs
  Scenario Outline: TR-Conf.04a-N03 A refused association is described by a known answer
    When the head end provokes "<condition>" by an AARQ with "<variant>"
    Then the answer is an error that the catalogue knows

    Examples:
      | row                 | condition                  | variant             |
      | application-context | aarq_application_context   | application-context |
      | protocol-version    | aarq_protocol_version      | protocol-version    |
      | conformance-empty   | initiate_conformance_empty | conformance-empty   |

  @TR-Conf.04a @negative @effect.reads @needs.ciphered_association
  Scenario Outline: TR-Conf.04a-N04 An error is the same with ciphering and without
    When the head end provokes "<condition>" by "<stimulus>" with a ciphered client and with a plain one
    Then both answers are the same error

    Examples:
      | row               | condition                 | stimulus          |
      | unknown-object    | unknown_object            | unknown-object    |
      | wrong-class       | wrong_class               | wrong-class       |
      | unknown-attribute | unknown_attribute         | unknown-attribute |
      | get-next          | get_next_without_long_get | get-next          |

  @TR-Conf.04a @negative @effect.reads
  Scenario: TR-Conf.04a-N05 An error in a list is that of a single request
    When the head end asks for an unknown object alone and in a list
    Then both answers are the same error

  @TR-Conf.04a @negative @effect.reads @effect.writes
  Scenario: TR-Conf.04a-N06 An error at the end of a write in blocks is that of a single request
    When the head end asks for an unknown object in one request and in blocks
    Then both answers are the same error
