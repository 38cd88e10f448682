Feature: TR-Conf.04 Errors at several doors
  What is wrong with the device is said alike at each of its doors.

  @TR-Conf.04a @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.push @effect.reads @needs.main_door @needs.error_register
  Scenario: TR-Conf.04a-P80 This door shows the error and alarm bits of the main one
    Then both doors show the same error and alarm bits

  @TR-Conf.04a @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.push @clock_judged @effect.reads @effect.sets_clock @effect.fills_logs @needs.main_door @needs.error_register @needs.clock @needs.bench_time @needs.bench_disturbance @needs.management_association
  Scenario: TR-Conf.04a-P81 Bits of a lost time are the same at this door and at the main one
    Given the management client is associated
    And the clock is set right again at the end
    When the clock loses its time
    Then both doors show the same error and alarm bits

  @TR-Conf.04a @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.push @effect.reads @needs.main_door @needs.error_register @needs.hardware_fault
  Scenario: TR-Conf.04a-P82 Without a fault of the hardware no door tells of one that another one does not know
    Then both doors tell of no fault of the hardware

  @TR-Conf.04a @positive @door.wrapper @door.hdlc @door.iec62056_21 @door.mbus @door.push @effect.reads @effect.fills_logs @needs.main_door @needs.error_register @needs.hardware_fault @needs.bench_disturbance
  Scenario: TR-Conf.04a-P83 A fault of the hardware is told at this door as at the main one
    Given the hardware has a fault
    Then both doors tell of a fault of the hardware

  @TR-Conf.04a @positive @door.iec62056_21 @clock_judged @effect.reads @effect.sets_clock @effect.fills_logs @needs.main_door @needs.error_register @needs.clock @needs.bench_time @needs.bench_disturbance @needs.management_association @needs.reading_association
  Scenario: TR-Conf.04a-P84 Bits of a lost time are the same behind the sign-on of the local port and at the main door
    Given the management client is associated
    And the clock is set right again at the end
    When the clock loses its time
    Then behind the sign-on the error and alarm bits are those of the main door
