Feature: TR-Conf.05 Diagnostic information towards requests within an association
  A request that cannot be carried out is answered with the reason, and the association goes on working.

  @TR-Conf.05a @negative @effect.reads
  Scenario Outline: TR-Conf.05a-N10 A read request that cannot be carried out gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                   | condition                 | stimulus              |
      | unknown-object        | unknown_object            | unknown-object        |
      | wrong-class           | wrong_class               | wrong-class           |
      | unknown-attribute     | unknown_attribute         | unknown-attribute     |
      | no-read-right         | no_read_right             | no-read-right         |
      | selection-unsupported | selection_unsupported     | selection-unsupported |
      | selector-unknown      | selector_unknown          | selector-unknown      |
      | get-next              | get_next_without_long_get | get-next              |
      | get-block-wrong       | get_block_number_wrong    | get-block-wrong       |

  @TR-Conf.05a @negative @effect.reads @effect.writes
  Scenario Outline: TR-Conf.05a-N11 A write request that cannot be carried out gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                | condition               | stimulus           |
      | set-unknown-object | unknown_object          | set-unknown-object |
      | no-write-right     | no_write_right          | no-write-right     |
      | set-without-first  | set_block_without_first | set-without-first  |
      | set-block-wrong    | set_block_number_wrong  | set-block-wrong    |

  @TR-Conf.05a @negative @effect.reads @effect.writes @effect.sets_clock @effect.clears @effect.fills_logs
  Scenario Outline: TR-Conf.05a-N12 A value that does not fit gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row          | condition          | stimulus     |
      | wrong-type   | wrong_type         | wrong-type   |
      | out-of-range | value_out_of_range | out-of-range |

  @TR-Conf.05a @negative @effect.reads
  Scenario Outline: TR-Conf.05a-N13 An invocation that cannot be carried out gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                   | condition                       | stimulus              |
      | unknown-object-method | unknown_object_method           | unknown-object-method |
      | unknown-method        | unknown_method                  | unknown-method        |
      | action-next           | action_next_without_long_action | action-next           |
      | action-block-wrong    | action_block_number_wrong       | action-block-wrong    |

  @TR-Conf.05a @negative @effect.reads @effect.writes
  Scenario Outline: TR-Conf.05a-N14 A service that was not agreed on gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row    | condition              | stimulus               |
      | get    | service_not_negotiated | get-without-service    |
      | set    | service_not_negotiated | set-without-service    |
      | action | service_not_negotiated | action-without-service |

  @TR-Conf.05a @negative @effect.reads
  Scenario Outline: TR-Conf.05a-N15 A request that nobody can read gets the reason
    When the head end provokes "<condition>" by "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row             | condition         | stimulus        |
      | service-unknown | service_unknown   | service-unknown |
      | get-choice      | request_malformed | get-choice      |
      | get-cut-short   | request_malformed | get-cut-short   |
      | set-choice      | request_malformed | set-choice      |
      | action-choice   | request_malformed | action-choice   |

  @TR-Conf.05a @negative @effect.reads @effect.writes
  Scenario: TR-Conf.05a-N16 A request longer than the device takes gets the reason
    When the head end provokes "request_too_long" by "too-long"
    Then the diagnostic is one of those for "request_too_long"
