"""An HDLC link made by hand, for frames that no link would send; and what comes back, under the catalogue's names."""

from dataclasses import dataclass
from typing import Final

from harness.declaration import AssociationDeclaration
from harness.errors import DecodeError, Garbled, NotApplicable, PortGone, ProtocolViolation, Silent
from harness.headend.head_end import HeadEnd
from harness.headend.requests import get_request
from harness.headend.stimuli.provoke import Provoked
from harness.protocol import hdlc
from harness.protocol.hdlc import Control, Frame, FrameKind

__all__ = ["BareLink", "control_octet", "with_wrong_fcs"]

_LLC_TO_SERVER: Final = bytes.fromhex("E6E600")
_CHECK_OCTETS: Final = 2
_ROOM_OCTETS: Final = 2048
_UNHEARD_S: Final = 0.1
"""How long a line stays set otherwise behind what was sent so."""
_NAMES: Final = {
    FrameKind.I: "data",
    FrameKind.RR: "rr",
    FrameKind.UA: "ua",
    FrameKind.DM: "dm",
    FrameKind.FRMR: "frmr",
}


def control_octet(kind: FrameKind, *, send: int = 0, receive: int = 0) -> int:
    """Return a control octet with the poll bit."""
    return Control(kind=kind, poll_final=True, send_number=send, receive_number=receive).to_octet()


def with_wrong_fcs(frame: bytes) -> bytes:
    """Return a frame with one bit of its last check sequence changed."""
    return frame[:-2] + bytes((frame[-2] ^ 0x01,)) + frame[-1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One frame of the device."""

    control: Control
    frame: Frame
    number: int
    """Of its record in the trace."""


class BareLink:
    """A connection to an HDLC door as one client, with nothing that repeats, counts or checks by itself."""

    def __init__(self, head_end: HeadEnd, declared: AssociationDeclaration) -> None:
        self.door = head_end.door
        settings = self.door.hdlc
        self.server = hdlc.ServerAddress(
            upper=self.door.logical_device(declared), lower=settings.physical_device, octets=settings.address_octets
        ).to_bytes()
        self.client = hdlc.client_address_octets(declared.client_sap)
        self.agreed = hdlc.Parameters()
        """As the device has said in its UA, from its side."""
        self._probe = get_request(head_end.declaration.probe)
        self._timing = head_end.timing
        self._trace = head_end.trace
        self._line = head_end.raw_line()
        self._reader = hdlc.FrameReader()

    def close(self) -> None:
        """Disconnect, whatever the device makes of it, and give the line back."""
        if self._line.lost is None:
            self.disconnect()
        self._line.close()

    def disconnect(self) -> None:
        """Send DISC and take whatever comes: the device may hold a link of this client from before."""
        self.send(self.frame(control_octet(FrameKind.DISC)), "DISC")
        try:
            self.wait()
        except ProtocolViolation:
            self._reader = hdlc.FrameReader()

    def frame(
        self, control: int, information: bytes = b"", *, server: bytes | None = None, client: bytes | None = None
    ) -> bytes:
        """Return a frame to the device, with its own addresses unless others are given."""
        return Frame(
            destination=self.server if server is None else server,
            source=self.client if client is None else client,
            control=control,
            information=information,
        ).to_bytes()

    def information(self) -> bytes:
        """Return what an I frame carries: a request that is right but for the association that it lacks."""
        return _LLC_TO_SERVER + self._probe

    def send(self, octets: bytes, description: str) -> None:
        """Send octets as they are."""
        self._line.send(octets, description)

    def connect(self, proposal: hdlc.Parameters | None = None) -> bytes:
        """Set the link up and return what its UA says; raises ``Silent`` or ``ProtocolViolation`` where none comes."""
        proposed = b"" if proposal is None else proposal.to_bytes()
        self.send(self.frame(control_octet(FrameKind.SNRM), proposed), "SNRM")
        reaction = self.wait()
        if reaction is not None and reaction.control.kind is FrameKind.RR:
            # The flag that opens a frame also closes one whose own was missing: that RR is then answered first.
            reaction = self.wait()
        if reaction is None:
            raise Silent("no answer to SNRM", self._patience_s)
        if reaction.control.kind is not FrameKind.UA:
            raise ProtocolViolation(f"{reaction.frame.describe(response=True)} where UA is due")
        self.agreed = hdlc.Parameters.from_bytes(reaction.frame.information)
        return reaction.frame.information

    @property
    def _patience_s(self) -> float:
        return self._timing.silence_s + self._timing.line_time_s(_ROOM_OCTETS)

    def wait(self, *, strict: bool = False) -> Reaction | None:
        """Return the next frame for this client, None for silence; raises ``Garbled`` for octets that are no frame.

        ``strict``: raises ``DecodeError`` for a frame of our server to another client, who has not sent anything.
        """
        strays = 0
        while True:
            # The transport alone tells the end of a wait: times of a replay are rounded.
            octets = self._line.receive(self._patience_s, enough=1)
            if not octets:
                break
            for event in self._reader.receive_data(octets):
                if isinstance(event, hdlc.FrameDiscarded):
                    strays += len(event.octets)
                elif event.frame.destination == self.client:
                    return self._reaction(event.frame)
                elif (
                    strict
                    and event.frame.source == self.server
                    and Control.from_octet(event.frame.control).kind in _NAMES
                ):
                    # Whoever sends something by itself to another client does so by UI.
                    raise DecodeError(f"{event.frame.describe(response=True)} to a client that has sent nothing")
        if strays or self._reader.pending_octets:
            raise Garbled(f"{strays + self._reader.pending_octets} octets that are no frame")
        return None

    def _reaction(self, frame: Frame) -> Reaction:
        control = Control.from_octet(frame.control)
        if control.kind is FrameKind.UNKNOWN:
            raise DecodeError(f"a frame with the unknown control octet {frame.control:02X}")
        return Reaction(control=control, frame=frame, number=self._line.frame)

    def provoke(self, octets: bytes, description: str, *, expected: tuple[int, ...] | None = None) -> Provoked:
        """Send octets and name what comes; ``expected``: the N(R) of which an RR may have one."""
        self.send(octets, description)
        return self._provoked(description, expected)

    def provoke_otherwise(
        self, octets: bytes, description: str, *, line: tuple[int, str], own: tuple[int, str]
    ) -> Provoked:
        """Send octets at another rate or framing, come back to ``own`` and name what comes.

        Raises ``NotApplicable`` where the transport cannot do that.
        """
        refused = self._trace.recall("line set otherwise", lambda: self._refusal_of(line, own))
        if refused is not None:
            raise NotApplicable(refused, item="doors.url")
        try:
            self.send(octets, description)
            self._reader.receive_data(self._line.receive(_UNHEARD_S))
        finally:
            self._line.set_line(*own)
        self._reader = hdlc.FrameReader()
        return self._provoked(description, (0,))

    def _refusal_of(self, line: tuple[int, str], own: tuple[int, str]) -> str | None:
        """Set the line otherwise and return None, or why it cannot be."""
        if not self._line.can_be_set:
            return "the door has no line with a rate and a parity"
        try:
            self._line.set_line(*line)
        except PortGone as gone:
            self._line.set_line(*own)
            return f"the port cannot be set so: {gone}"
        return None

    def _provoked(self, description: str, expected: tuple[int, ...] | None) -> Provoked:
        try:
            reaction = self.wait(strict=True)
        except Garbled as garbled:
            return Provoked(name="garbled", description=str(garbled), frame=self._line.frame)
        except DecodeError as error:
            return Provoked(name="malformed", description=str(error), frame=self._line.frame)
        if reaction is None:
            name = "silence" if self._line.lost is None else "closed"
            waited = f"nothing in {self._patience_s:.1f} s after {description}"
            return Provoked(name=name, description=self._line.lost or waited, frame=self._line.frame)
        text = reaction.frame.describe(response=True)
        name = _NAMES.get(reaction.control.kind, text)
        if name == "rr" and expected is not None and reaction.control.receive_number not in expected:
            name = f"rr with N(R)={reaction.control.receive_number}"
        return Provoked(name=name, description=text, frame=reaction.number)

    def pass_time(self, seconds: float) -> None:
        """Say nothing for so long; what comes meanwhile is in the trace."""
        self._reader.receive_data(self._line.receive(seconds))
        self._reader = hdlc.FrameReader()

    def answer_to_ready(self, attempts: int = 1) -> str:
        """Ask with RR whether the device is ready; return the name of what comes, "silence" after all attempts."""
        for _ in range(attempts):
            # None of our I frames has been taken on this link so far.
            provoked = self.provoke(self.frame(control_octet(FrameKind.RR)), "RR", expected=(0,))
            if provoked.name != "silence":
                break
        return provoked.name

    def comes_back(self) -> bool:
        """Whether the link can be set up anew on this line."""
        try:
            self.connect()
        except (Silent, ProtocolViolation):
            return False
        return True
