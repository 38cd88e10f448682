Feature: SU3 Poll meter data directly at the local port
  A hand-held unit asks the meter by IEC 62056-21; what it is shown is what the head end reads by DLMS.

  @SU3.step1 @positive @door.iec62056_21 @effect.reads
  Scenario: SU3.step1-P50 The meter takes a request at the local port
    When the device is read out
    Then the readout names the device and shows its registers

  @SU3.step2 @positive @door.iec62056_21 @effect.reads
  Scenario: SU3.step2-P50 The registers of a readout are those of DLMS
    When the device is read out between two readings by DLMS
    Then each register of the readout is that of DLMS

  @SU3.step2 @positive @door.iec62056_21 @effect.reads
  Scenario: SU3.step2-P51 Behind the sign-on a register is that of the other doors
    When the device goes over to HDLC and a register is read between two readings at another door
    Then the register is that of the other door

  @SU3.step1 @negative @door.iec62056_21 @effect.reads
  Scenario: SU3.step1-N50 A request to another device gets no readout
    When somebody signs on with another address
    Then no identification comes where none is due
