Feature: TR-Conf.05 Diagnostic information of the HDLC link
  A frame that the link cannot take is rejected or passed over, and the link can be used afterwards.

  @TR-Conf.05a @positive @effect.reads @door.hdlc
  Scenario: TR-Conf.05a-P10 The link is set up, answers and ends
    When the head end sets up a link, asks whether the device is ready, and ends it
    Then the device answered UA, RR and UA

  @TR-Conf.05a @positive @effect.reads @door.hdlc
  Scenario Outline: TR-Conf.05a-P11 The device agrees on no more than is proposed for the link
    When the head end proposes <octets> octets and a window of <window>
    Then the device agrees on no more than that

    Examples:
      | row   | octets | window |
      | small | 64     | 1      |
      | usual | 128    | 4      |
      | large | 2030   | 7      |

  @TR-Conf.05a @negative @effect.reads @door.hdlc
  Scenario Outline: TR-Conf.05a-N30 A frame that the link cannot take is rejected
    When the head end provokes "<condition>" by a frame with "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                  | condition                 | stimulus             |
      | control-unknown      | hdlc_control_unknown      | control-unknown      |
      | information-too-long | hdlc_information_too_long | information-too-long |
      | send-number          | hdlc_sequence_wrong       | send-number          |
      | receive-number       | hdlc_sequence_wrong       | receive-number       |
      | before-snrm          | hdlc_disconnected         | before-snrm          |
      | after-disc           | hdlc_disconnected         | after-disc           |

  @TR-Conf.05a @negative @effect.reads @door.hdlc @silence
  Scenario Outline: TR-Conf.05a-N31 A damaged or strayed frame gets no answer
    When the head end provokes "<condition>" by a frame with "<stimulus>"
    Then the diagnostic is one of those for "<condition>"

    Examples:
      | row                 | condition            | stimulus            |
      | fcs                 | hdlc_frame_damaged   | fcs                 |
      | fcs-of-information  | hdlc_frame_damaged   | fcs-of-information  |
      | hcs                 | hdlc_frame_damaged   | hcs                 |
      | no-closing-flag     | hdlc_frame_damaged   | no-closing-flag     |
      | too-short           | hdlc_frame_damaged   | too-short           |
      | server-address-of-3 | hdlc_address_unknown | server-address-of-3 |
      | client-address-of-2 | hdlc_address_unknown | client-address-of-2 |
      | server-unknown      | hdlc_address_unknown | server-unknown      |
      | noise               | hdlc_frame_damaged   | noise               |
      | flags               | hdlc_frame_damaged   | flags               |
      | half                | hdlc_frame_damaged   | half                |
      | length-too-small    | hdlc_frame_damaged   | length-too-small    |
      | length-too-large    | hdlc_frame_damaged   | length-too-large    |
      | fcs-of-disc         | hdlc_frame_damaged   | fcs-of-disc         |
      | another-rate        | hdlc_frame_damaged   | another-rate        |

  @TR-Conf.05a @negative @effect.reads @door.hdlc
  Scenario: TR-Conf.05a-N32 After the inactivity time-out the device says that it is disconnected
    When the head end provokes "hdlc_inactive" by a frame with "inactive"
    Then the diagnostic is one of those for "hdlc_inactive"

  @TR-Conf.05a @negative @effect.reads @door.wrapper @silence
  Scenario: TR-Conf.05a-N33 A wrapper of an unknown version gets no answer
    When the head end sends a request in a wrapper of version 2
    Then the diagnostic is one of those for "wrapper_header_wrong"

  @TR-Conf.05a @negative @effect.reads @door.hdlc
  Scenario Outline: TR-Conf.05a-N34 What the line adds to a good frame does the link no harm
    When the head end sends a good frame with "<stimulus>"
    Then the diagnostic is one of those for "hdlc_frame_disturbed"

    Examples:
      | row            | stimulus       |
      | noise-in-front | noise-in-front |
      | noise-behind   | noise-behind   |
      | flags-around   | flags-around   |
      | parity         | parity         |
