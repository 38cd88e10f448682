Feature: TR-Conf.09 Log of data collection over M-Bus
  What a master has read is logged like any other reading.

  @TR-Conf.09a @positive @door.mbus @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P40 A reading over M-Bus leaves one entry
    Given the management client is associated
    And the filter selects readings
    When the slave is read by a master
    Then the log has one entry readings_collected of it

  @TR-Conf.09b @negative @door.mbus @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09b-N40 Where the filter selects nothing a reading over M-Bus leaves no entry
    Given the management client is associated
    And the filter selects nothing
    When the slave is read by a master
    Then the log has no entry of it
