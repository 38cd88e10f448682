Feature: TR-Conf.05 Diagnostic information towards wrong secrets
  Who does not prove himself is told so, is logged, and does not keep the right client out for longer than declared.

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @needs.lls_association
  Scenario: TR-Conf.05a-N20 A wrong password gets the reason, and the right one is taken afterwards
    When a client presents a wrong password
    Then it is refused with one of the answers for "aarq_secret_wrong"
    And the same client with the right secret is let in and answered

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @needs.hls_association
  Scenario: TR-Conf.05a-N21 A wrong answer to the challenge gets the reason and no data, and the right one is taken afterwards
    When a client answers the challenge of the device wrongly
    Then it is refused with one of the answers for "hls_reply_wrong"
    And it gets no data
    And the same client with the right secret is let in and answered

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @needs.authenticated_association @needs.event_authentication_failure
  Scenario: TR-Conf.05a-N22 Failed authentications are logged
    Given what the device has logged about failed authentications is known
    When a client fails to authenticate as often as the event takes
    Then the device has logged a failed authentication

  @TR-Conf.05a @negative @effect.reads @effect.fills_logs @effect.locks_out @needs.authenticated_association @needs.lock_out
  Scenario: TR-Conf.05a-N23 After too many failures a client is locked out, for as long as declared and no longer
    When a client fails to authenticate as often as the device takes
    Then it is locked out with the right secret too
    And it is let in when the lock-out has ended
