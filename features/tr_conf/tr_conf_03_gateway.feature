Feature: TR-Conf.03 Records of the devices behind a gateway
  A neighbourhood access point has a list of devices by name. It records what head ends do with each of them, and what is wrong with them.

  @TR-Conf.03a @positive @effect.reads @needs.gateway @needs.device_list @needs.reading_association
  Scenario: TR-Conf.03a-P01 The list names every device once
    Given the reading client is associated
    When the client reads the list of devices
    Then every declared device stands on it once by its name

  @TR-Conf.03a @positive @effect.reads @effect.writes @effect.fills_logs @needs.gateway @needs.recorded_interactions @needs.reading_association
  Scenario Outline: TR-Conf.03a-P02 What a head end does with a device is recorded under its name
    Given the reading client is associated
    When the head end <does> the <which> device
    Then the gateway has recorded <event> under the name of each, as often as it happened

    Examples:
      | row             | does            | which  | event            |
      | session-first   | associates with | first  | device_session   |
      | session-last    | associates with | last   | device_session   |
      | reading-first   | reads from      | first  | device_read      |
      | reading-second  | reads from      | second | device_read      |
      | reading-last    | reads from      | last   | device_read      |
      | writing-first   | writes to       | first  | device_written   |
      | writing-last    | writes to       | last   | device_written   |
      | commanding-last | commands        | last   | device_commanded |

  @TR-Conf.03a @positive @effect.reads @effect.fills_logs @needs.gateway @needs.second_device @needs.recorded_interactions @needs.reading_association
  Scenario: TR-Conf.03a-P03 What is done with several devices in turn stands under the name of each
    Given the reading client is associated
    When two devices are read in turn, one of them twice
    Then each recorded interaction stands under the name of each, in the order of what happened

  @TR-Conf.03a @positive @effect.reads @effect.fills_logs @needs.gateway @needs.recorded_interactions @needs.bench_power @needs.reading_association
  Scenario: TR-Conf.03a-P04 Records outlive a power cut
    Given the reading client is associated
    When two devices are read in turn, one of them twice
    And the supply is cut and comes back
    Then each recorded interaction stands under the name of each, in the order of what happened

  @TR-Conf.03a @positive @effect.reads @effect.fills_logs @needs.gateway @needs.recorded_interactions @needs.reading_association
  Scenario: TR-Conf.03a-P05 The head end reads new records by a range of time
    Given the reading client is associated
    When two devices are read in turn, one of them twice
    Then the new records can be read by a range of time

  @TR-Conf.03a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.event_device_read @needs.recorded_refusals @needs.reading_association
  Scenario Outline: TR-Conf.03a-N01 What a device refuses is recorded too
    Given the reading client is associated
    When the <which> device refuses what the head end asks of it
    Then the gateway has recorded device_read under the name of each, as often as it happened

    Examples:
      | row   | which |
      | first | first |
      | last  | last  |

  @TR-Conf.03a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.recorded_interactions @needs.reading_association
  Scenario: TR-Conf.03a-N02 A request for nobody is recorded of nobody
    Given the reading client is associated
    When the head end asks for a device at a place where there is none
    Then no interaction with any device is recorded

  @TR-Conf.03a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.recorded_interactions @needs.reading_association
  Scenario: TR-Conf.03a-N03 A full log loses its oldest records alone
    Given the reading client is associated
    When the devices are read in turn once more often than the log has entries
    Then the newest records are those of the last readings, in their order

  @TR-Conf.03a @negative @effect.reads @effect.sets_clock @effect.writes @effect.fills_logs @needs.gateway @needs.second_device @needs.recorded_interactions @needs.clock @needs.management_association
  Scenario: TR-Conf.03a-N04 Records stand in the order of what happened when the clock is put back
    Given the management client is associated
    When the first device is read, the clock is put back by an hour, and the last one is read
    Then each recorded interaction stands under the name of each, in the order of what happened
    And the later record has the earlier time

  @TR-Conf.03a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.recorded_interactions @needs.reading_association
  Scenario Outline: TR-Conf.03a-N05 What did not come about with a device is not recorded as if it had
    Given the reading client is associated
    When the <which> device <behaves>, and the head end asks for it
    Then no interaction with that device is recorded as if it were one

    Examples:
      | row           | which | behaves                     |
      | silent-first  | first | is silent                   |
      | damaged-first | first | answers with damaged frames |
      | damaged-last  | last  | answers with damaged frames |
      | foreign-first | first | answers as another device   |
      | foreign-last  | last  | answers as another device   |
      | key-first     | first | enciphers with another key  |
      | key-last      | last  | enciphers with another key  |
      | old-first     | first | answers with an old answer  |

  @TR-Conf.03a @positive @effect.reads @effect.writes @effect.fills_logs @needs.gateway @needs.device_removal @needs.device_list @needs.recorded_interactions @needs.management_association
  Scenario: TR-Conf.03a-P06 The records of a device that was removed stay
    Given the management client is associated
    When a device is read and taken off the list
    Then the list names every device but that one
    And each recorded interaction stands under the name of each, in the order of what happened

  @TR-Conf.03a @positive @effect.reads @effect.writes @effect.fills_logs @needs.gateway @needs.device_removal @needs.recorded_registrations @needs.management_association
  Scenario Outline: TR-Conf.03a-P07 That a device is removed and installed is recorded under its name
    Given the management client is associated
    When a device is taken off the list and put on it again
    Then the gateway has recorded <event> under the name of each, as often as it happened

    Examples:
      | row       | event            |
      | removed   | device_removed   |
      | installed | device_installed |

  @TR-Conf.03a @positive @effect.reads @effect.writes @effect.fills_logs @needs.gateway @needs.device_removal @needs.device_list @needs.recorded_interactions @needs.management_association
  Scenario: TR-Conf.03a-P08 A device that was installed again is listed and recorded like the others
    Given the management client is associated
    When a device is taken off the list, put on it again and read
    Then each recorded interaction stands under the name of each, in the order of what happened
    And the list names every declared device once

  @TR-Conf.03a @negative @effect.reads @effect.writes @effect.fills_logs @needs.gateway @needs.device_removal @needs.recorded_interactions @needs.management_association
  Scenario: TR-Conf.03a-N06 Nothing is done unrecorded with a device that is off the list
    Given the management client is associated
    When the head end asks for a device that is off the list
    Then no data of it come, or they are recorded under its name

  @TR-Conf.03a @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_power @needs.recorded_interactions @needs.reading_association
  Scenario: TR-Conf.03a-N07 A power cut leaves no half record of an interaction
    Given the reading client is associated
    When the first device is read and the supply is cut at once
    Then every record that there is of it is whole

  @TR-Conf.03b @positive @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.event_device_unreachable @needs.reading_association
  Scenario Outline: TR-Conf.03b-P01 What is wrong with a device is recorded under its name
    Given the reading client is associated
    When the <which> device <behaves>, and the head end asks for it
    Then the gateway has recorded <event> of that device and of no other

    Examples:
      | row              | which  | behaves                          | event              |
      | silent-first     | first  | is silent                        | device_unreachable |
      | silent-second    | second | is silent                        | device_unreachable |
      | silent-last      | last   | is silent                        | device_unreachable |
      | late-first       | first  | answers too late                 | device_late        |
      | late-last        | last   | answers too late                 | device_late        |
      | damaged-first    | first  | answers with damaged frames      | device_damaged     |
      | damaged-last     | last   | answers with damaged frames      | device_damaged     |
      | foreign-first    | first  | answers as another device        | device_foreign     |
      | foreign-last     | last   | answers as another device        | device_foreign     |
      | key-first        | first  | enciphers with another key       | device_undecipherable |
      | key-last         | last   | enciphers with another key       | device_undecipherable |
      | old-first        | first  | answers with an old answer       | device_replayed    |
      | old-last         | last   | answers with an old answer       | device_replayed    |
      | tampered-first   | first  | announces tampering              | device_tampered    |
      | tampered-last    | last   | announces tampering              | device_tampered    |
      | power-lost-first | first  | announces that its power is lost | device_power_lost  |

  @TR-Conf.03b @positive @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.event_device_returned @needs.reading_association
  Scenario: TR-Conf.03b-P02 That a device is there again is recorded
    Given the reading client is associated
    When the first device is silent and is there again
    Then the gateway has recorded device_returned of that device and of no other

  @TR-Conf.03b @positive @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.bench_time @needs.event_device_unreachable @needs.reading_association
  Scenario Outline: TR-Conf.03b-P03 A record bears the time at which the gateway found out, not that of the reading
    Given the reading client is associated
    When the first device <behaves>, and the head end asks for it
    And an hour passes before the records are read
    Then the record of <event> bears the time at which the gateway found out

    Examples:
      | row      | behaves                     | event              |
      | silent   | is silent                   | device_unreachable |
      | damaged  | answers with damaged frames | device_damaged     |
      | tampered | announces tampering         | device_tampered    |

  @TR-Conf.03b @positive @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.bench_power @needs.event_device_unreachable @needs.reading_association
  Scenario: TR-Conf.03b-P04 The record of a condition outlives a power cut of the gateway
    Given the reading client is associated
    When the first device is silent, and the head end asks for it
    And the supply is cut and comes back
    Then the gateway has recorded device_unreachable of that device and of no other

  @TR-Conf.03b @negative @effect.reads @effect.locks_out @effect.fills_logs @needs.gateway @needs.event_device_unauthorised @needs.reading_association
  Scenario Outline: TR-Conf.03b-N01 That a device lets a client not in is recorded
    Given the reading client is associated
    When the head end gives the <which> device a wrong password
    Then the gateway has recorded device_unauthorised of that device and of no other

    Examples:
      | row   | which |
      | first | first |
      | last  | last  |

  @TR-Conf.03b @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.event_device_unreachable @needs.recorded_once @needs.reading_association
  Scenario: TR-Conf.03b-N02 What lasts is recorded once
    Given the reading client is associated
    When the first device is silent for several requests
    Then the gateway has recorded device_unreachable of that device and of no other

  @TR-Conf.03b @negative @effect.reads @effect.fills_logs @needs.gateway @needs.second_device @needs.bench_devices @needs.event_device_unreachable @needs.recorded_once @needs.reading_association
  Scenario: TR-Conf.03b-N03 The same is wrong with two devices, and each has its own record
    Given the reading client is associated
    When the first and then the last device are silent, and the head end asks for both
    Then the gateway has recorded device_unreachable under the name of each, as often as it happened

  @TR-Conf.03b @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.event_device_unreachable @needs.event_device_returned @needs.recorded_once @needs.reading_association
  Scenario: TR-Conf.03b-N04 What comes and goes quickly is recorded each time
    Given the reading client is associated
    When the first device is silent and there again several times
    Then the gateway has recorded device_unreachable under the name of each, as often as it happened
    And the gateway has recorded device_returned under the name of each, as often as it happened

  @TR-Conf.03b @negative @effect.reads @effect.fills_logs @needs.gateway @needs.bench_devices @needs.bench_power @needs.event_device_unreachable @needs.reading_association
  Scenario: TR-Conf.03b-N07 A power cut leaves no half record of a condition
    Given the reading client is associated
    When the first device is silent and the supply is cut at once
    Then every record that there is of it is whole
