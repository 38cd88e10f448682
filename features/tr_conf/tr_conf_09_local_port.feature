Feature: TR-Conf.09 Log of data collection at the local port
  A readout is a collection of data, whichever door is used.

  @TR-Conf.09a @positive @door.iec62056_21 @effect.reads @effect.writes @effect.fills_logs @needs.collection_filter @needs.event_readings_collected @needs.management_association
  Scenario: TR-Conf.09a-P50 A readout at the local port leaves one entry
    Given the management client is associated
    And the filter selects readings
    When the device is read out by a hand-held unit
    Then the log has one entry readings_collected of it
