Feature: SU3 Poll meter data directly over M-Bus
  The head end sends a meter data request to the smart meter; the smart meter sends the required metering data.

  @SU3.step1 @positive @door.mbus @effect.reads
  Scenario: SU3.step1-P40 The slave takes a request over M-Bus
    When the slave is read
    Then all answers are whole frames

  @SU3.step2 @positive @door.mbus @effect.reads
  Scenario: SU3.step2-P40 The slave sends its registers over M-Bus
    When the slave is read
    Then the reading has a register of what the slave counts

  @SU3.step1 @negative @door.mbus @effect.reads
  Scenario: SU3.step1-N40 A request with a wrong checksum gets no data over M-Bus
    Then a request with wrong checksum is not answered and the next good one is
