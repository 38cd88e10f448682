Feature: TR-Conf.05b Keys that are changed
  A request under a key that no longer holds is erroneously ciphered: it gets no answer and changes nothing.

  @TR-Conf.05b @positive @effect.reads @effect.changes_keys @needs.management_key @needs.security_setup
  Scenario Outline: TR-Conf.05b-P20 After a key transfer requests under the new keys are served
    Given the management client has a ciphered association
    When the head end gives the device a new <keys>
    Then the management client associates with the new keys and is served

    Examples:
      | row            | keys                                    |
      | encryption     | encryption_key                          |
      | authentication | authentication_key                      |
      | both           | encryption_key and authentication_key   |

  @TR-Conf.05b @positive @effect.reads @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup @needs.bench_power
  Scenario: TR-Conf.05b-P21 New keys outlive a power cut
    Given the management client has a ciphered association
    When the head end gives the device a new encryption_key and authentication_key
    And the power is cut and restored
    Then the management client associates with the new keys and is served

  @TR-Conf.05b @negative @silence @effect.reads @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup
  Scenario Outline: TR-Conf.05b-N70 After a key transfer a request under the old key gets no answer
    Given the management client has a ciphered association
    And the requests of an association under the keys of before are kept
    When the head end gives the device a new <keys>
    And the management client associates with the new keys
    And a request under the keys of before is sent over this association
    Then it is silently discarded and the association goes on

    Examples:
      | row            | keys               |
      | encryption     | encryption_key     |
      | authentication | authentication_key |

  @TR-Conf.05b @negative @silence @effect.reads @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup
  Scenario: TR-Conf.05b-N71 A request that was served before a key transfer gets no answer when it is repeated after it
    Given the management client has a ciphered association
    And the requests of an association under the keys of before are kept
    When the head end gives the device a new encryption_key
    And the management client associates with the new keys
    And a request that was served before is sent once more over this association
    Then it is silently discarded and the association goes on

  @TR-Conf.05b @negative @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup
  Scenario Outline: TR-Conf.05b-N72 A key that is not wrapped rightly is refused and changes nothing
    Given the management client has a ciphered association
    When the head end sends a broadcast_key <wrapped>
    Then the answer is one of those for "key_wrapped_wrongly"
    And the management client is served with the keys as they were

    Examples:
      | row          | wrapped                        |
      | wrong-master | wrapped under another key      |
      | wrong-length | of another length              |
      | damaged      | with one bit changed           |
      | unknown-id   | under a number that names none |
