Feature: DF.6 Configuration and keys travel protected
  Keys and protected configuration never cross an interface in the clear, and keys travel wrapped.

  @DF.6 @positive @effect.reads @effect.changes_keys @needs.management_key @needs.security_setup
  Scenario: DF.6-P01 A key that travels wrapped in a ciphered association is taken
    Given the management client has a ciphered association
    When the head end gives the device a new encryption_key
    Then the management client associates with the new keys and is served

  @DF.6 @negative @effect.reads
  Scenario Outline: DF.6-N01 No client is given the secret of its association
    Given the <client> client is associated
    And nothing has been given away
    When the client asks for the secret of its association
    Then no secret is delivered

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |

  @DF.6 @negative @effect.reads @needs.security_setup
  Scenario Outline: DF.6-N02 No attribute of the security setup holds a key
    Given the <client> client is associated
    And nothing has been given away
    When the client asks for every attribute of the security setup
    Then no secret is delivered

    Examples:
      | row        | client     |
      | public     | public     |
      | reading    | reading    |
      | management | management |

  @DF.6 @negative @effect.reads @needs.security_setup @needs.ciphered_management
  Scenario: DF.6-N03 The ciphered management client is given no key either
    Given the management client is associated under ciphering
    And nothing has been given away
    When the client asks for every attribute of the security setup
    And the client asks for the secret of its association
    Then no secret is delivered

  @DF.6 @negative @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup
  Scenario Outline: DF.6-N04 A key that is not wrapped under the master key is refused
    Given the management client has a ciphered association
    When the head end sends a broadcast_key <wrapped>
    Then the answer is one of those for "key_wrapped_wrongly"
    And the management client is served with the keys as they were

    Examples:
      | row          | wrapped                   |
      | not-wrapped  | as it is, not wrapped     |
      | wrong-master | wrapped under another key |

  @DF.6 @negative @effect.changes_keys @effect.fills_logs @needs.management_key @needs.security_setup
  Scenario: DF.6-N05 A key transfer in the clear is refused where the association is ciphered
    Given the management client has a ciphered association
    When the head end sends a broadcast_key outside the ciphering of the association
    Then the device does not say that it has taken the key
    And the management client is served with the keys as they were
