"""One HDLC data link connection, server side: between one client address and one logical device.

============== =========================== ============================================
mode           command                     reaction
============== =========================== ============================================
disconnected   SNRM                        UA, connected
disconnected   any other with P            DM
any            SNRM or DISC without P      none
connected      SNRM                        UA, all numbers and the association start anew
connected      DISC                        UA, disconnected
connected      I, RR, RNR                  I frames waiting, else RR
any            UI                          request executed where there is an association, no answer
connected      any other                   FRMR, rejecting
rejecting      SNRM, DISC                  as connected
rejecting      any other with P            FRMR again
============== =========================== ============================================
"""

from enum import Enum, auto

from reference_meter.codec.hdlc import HdlcFrame
from reference_meter.codec.hdlc_parameters import (
    DEFAULT_PARAMETERS,
    HdlcParameters,
    decode_parameters,
    encode_parameters,
)
from reference_meter.codec.octets import Malformed
from reference_meter.server.association import SessionKey
from reference_meter.server.hdlc_window import LLC_COMMAND, SegmentAssembly, SendWindow
from reference_meter.server.server import Server

__all__ = ["Command", "HdlcConnection", "Mode", "command_of"]

POLL_FINAL = 0x10
UA, DM, FRMR = 0x63, 0x0F, 0x87
RR = 0x01

# Reasons in the last octet of FRMR.
CONTROL_INVALID, INFO_NOT_PERMITTED, INFO_TOO_LONG, NUMBER_INVALID = 0x01, 0x03, 0x04, 0x08


class Mode(Enum):
    """State of the connection."""

    DISCONNECTED = auto()
    CONNECTED = auto()
    REJECTING = auto()


class Command(Enum):
    """Kind of a client's frame."""

    SNRM = auto()
    DISC = auto()
    UI = auto()
    I = auto()  # noqa: E741 - the standard's name of the frame
    RR = auto()
    RNR = auto()
    OTHER = auto()


_UNNUMBERED = {0x83: Command.SNRM, 0x43: Command.DISC, 0x03: Command.UI}
_SUPERVISORY = {0x01: Command.RR, 0x05: Command.RNR}


def command_of(frame: HdlcFrame) -> Command:
    """Tell the kind of a frame by its control field."""
    control = frame.control & ~POLL_FINAL
    if control & 0x01 == 0:
        return Command.I
    if control & 0x03 == 0x01:
        return _SUPERVISORY.get(control & 0x0F, Command.OTHER)
    return _UNNUMBERED.get(control, Command.OTHER)


class HdlcConnection:
    """Takes the frames of one client and gives the frames to send; without P nothing is sent."""

    def __init__(self, server: Server, key: SessionKey, own_address: bytes, client_address: bytes) -> None:
        self.server = server
        self.key = key
        self.own_address = own_address
        self.client_address = client_address
        self.last_heard = 0.0
        self.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS)

    def reset(self, mode: Mode, parameters: HdlcParameters) -> None:
        """Begin anew in a mode; the association of the connection ends."""
        self.mode = mode
        self.parameters = parameters
        self.next_expected = 0
        self.client_busy = False
        self.rejection = b""
        self.assembly = SegmentAssembly()
        self.window = SendWindow(parameters.max_info_transmit, parameters.window_transmit)
        self.server.associations.close(self.key)

    def receive(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Take a frame of the client and give the frames to send."""
        command = command_of(frame)
        polled = bool(frame.control & POLL_FINAL)
        if command in (Command.SNRM, Command.DISC):
            if not polled:
                return []
            return self.connect(frame) if command is Command.SNRM else self.disconnect()
        if command is Command.UI:
            return self.take_unnumbered(frame)
        if self.mode is Mode.DISCONNECTED:
            return [self.reply(DM)] if polled else []
        if self.mode is Mode.REJECTING:
            return [self.reply(FRMR, self.rejection)] if polled else []
        if command is Command.I:
            return self.take_information(frame)
        if command in (Command.RR, Command.RNR):
            return self.take_supervisory(frame)
        return self.reject(frame, CONTROL_INVALID)

    def connect(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Answer SNRM; parameters that cannot be read are refused with DM."""
        try:
            proposal = decode_parameters(frame.information)
        except Malformed:
            return [self.reply(DM)]
        self.reset(Mode.CONNECTED, self.negotiate(proposal))
        unspoken = not frame.information and self.parameters == DEFAULT_PARAMETERS
        return [self.reply(UA, b"" if unspoken else encode_parameters(self.parameters))]

    def negotiate(self, proposal: HdlcParameters) -> HdlcParameters:
        """Give the parameters from the server's side: the smaller of both in each direction."""
        own = self.server.settings.hdlc
        return HdlcParameters(
            max_info_transmit=min(own.max_info_transmit, proposal.max_info_receive),
            max_info_receive=min(own.max_info_receive, proposal.max_info_transmit),
            window_transmit=min(own.window_transmit, proposal.window_receive),
            window_receive=min(own.window_receive, proposal.window_transmit),
        )

    def disconnect(self) -> list[HdlcFrame]:
        """Answer DISC."""
        answer = DM if self.mode is Mode.DISCONNECTED else UA
        self.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS)
        return [self.reply(answer)]

    def take_unnumbered(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Execute the request of a UI frame; only an association makes it count, and no answer goes back."""
        associated = self.server.associations.find(self.key) is not None
        if self.mode is not Mode.REJECTING and associated and frame.information.startswith(LLC_COMMAND):
            self.server.answer(self.key, frame.information[len(LLC_COMMAND) :])
            if self.server.ends_link(self.key.link_id):
                self.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS)
        return []

    def take_information(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Take an I frame; one out of sequence is dropped and its sender told by N(R) what is expected."""
        if len(frame.information) > self.parameters.max_info_receive:
            return self.reject(frame, INFO_TOO_LONG)
        if not self.window.acknowledge(frame.control >> 5):
            return self.reject(frame, NUMBER_INVALID)
        self.client_busy = False
        if frame.control >> 1 & 7 == self.next_expected:
            self.next_expected = (self.next_expected + 1) % 8
            apdu = self.assembly.take(
                frame.information,
                segmented=frame.segmented,
                limit_octets=self.server.receive_limit(self.key),
            )
            if apdu is not None:
                self.window.queue(self.server.exchange(self.key, apdu))
                if self.server.ends_link(self.key.link_id):
                    self.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS)
                    return [self.reply(DM)] if frame.control & POLL_FINAL else []
        return self.respond(frame)

    def take_supervisory(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Take RR or RNR."""
        if frame.information:
            return self.reject(frame, INFO_NOT_PERMITTED)
        if not self.window.acknowledge(frame.control >> 5):
            return self.reject(frame, NUMBER_INVALID)
        self.client_busy = command_of(frame) is Command.RNR
        return self.respond(frame)

    def respond(self, frame: HdlcFrame) -> list[HdlcFrame]:
        """Use the poll: I frames that wait, else RR."""
        if not frame.control & POLL_FINAL:
            return []
        waiting = [] if self.client_busy else self.window.frames()
        if not waiting:
            return [self.reply(RR | self.next_expected << 5)]
        return [
            self.reply(
                self.next_expected << 5 | numbered.number << 1,
                numbered.information,
                final=numbered is waiting[-1],
                segmented=numbered.segmented,
            )
            for numbered in waiting
        ]

    def reject(self, frame: HdlcFrame, reason: int) -> list[HdlcFrame]:
        """Answer FRMR, and go on doing so until the client connects or disconnects."""
        self.mode = Mode.REJECTING
        if self.server.settings.hdlc.frmr_information:
            numbers = self.next_expected << 5 | self.window.next_number << 1
            self.rejection = bytes([frame.control, numbers, reason])
        return [self.reply(FRMR, self.rejection)] if frame.control & POLL_FINAL else []

    def reply(
        self, control: int, information: bytes = b"", *, final: bool = True, segmented: bool = False
    ) -> HdlcFrame:
        """Make a frame to the client."""
        return HdlcFrame(
            destination=self.client_address,
            source=self.own_address,
            control=control | (POLL_FINAL if final else 0),
            information=information,
            segmented=segmented,
        )
