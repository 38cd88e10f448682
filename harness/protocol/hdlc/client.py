"""The client side of an HDLC link in normal response mode: calls and octets in, frames and events out."""

from harness.errors import ProtocolViolation
from harness.protocol.hdlc.address import ServerAddress, client_address_octets
from harness.protocol.hdlc.control import Control, FrameKind
from harness.protocol.hdlc.events import (
    Connected,
    Discarded,
    Disconnected,
    Event,
    FrameSeen,
    Outgoing,
    Rejected,
    Unexpected,
)
from harness.protocol.hdlc.frame import Frame
from harness.protocol.hdlc.parameters import Parameters
from harness.protocol.hdlc.reader import FrameDiscarded, FrameReader, FrameReceived
from harness.protocol.hdlc.state import TRANSITIONS, LinkInput, LinkState
from harness.protocol.hdlc.transfer import InformationTransfer
from harness.protocol.hdlc.window import Segment

__all__ = ["HdlcClient"]

_LARGEST_PAYLOAD_OCTETS = 65_535 + 3
"""The largest APDU and its LLC header."""


class HdlcClient:
    """One client and one server address on one line.

    ``proposal`` None sends SNRM without parameters, so the defaults rule. Timeouts are the caller's:
    it says by ``poll()`` that nothing came in time.
    """

    def __init__(
        self,
        client: int,
        server: ServerAddress,
        proposal: Parameters | None,
        max_payload_octets: int = _LARGEST_PAYLOAD_OCTETS,
    ) -> None:
        self._client = client_address_octets(client)
        self._server = server.to_bytes()
        self._proposal = proposal
        self._max_payload_octets = max_payload_octets
        self._reader = FrameReader()
        self._state = LinkState.DISCONNECTED
        self._transfer: InformationTransfer | None = None
        self._commands: list[FrameKind] = []
        self._answers_due = 0
        self._held_events: list[Event] = []

    @property
    def state(self) -> LinkState:
        """Where the link stands."""
        return self._state

    @property
    def negotiated(self) -> Parameters | None:
        """What was agreed, as seen from the client; None unless connected."""
        return None if self._transfer is None else self._transfer.negotiated

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent or acknowledged."""
        return not self._commands and (self._transfer is None or self._transfer.is_idle)

    @property
    def pending_octets(self) -> int:
        """Octets of a frame that has begun and not ended."""
        return self._reader.pending_octets

    def connect(self) -> None:
        """Queue SNRM; payloads still queued are dropped."""
        self._move(LinkInput.SEND_SNRM)
        self._commands.append(FrameKind.SNRM)

    def disconnect(self) -> None:
        """Queue DISC; payloads still queued are dropped."""
        self._move(LinkInput.SEND_DISC)
        self._commands.append(FrameKind.DISC)

    def send(self, payload: bytes) -> None:
        """Queue one payload (LLC header and APDU); ValueError when it is empty or the link is not up."""
        if self._transfer is None:
            raise ValueError(f"nothing can be sent while {self._state.value}")
        if not payload:
            raise ValueError("an empty payload")
        self._transfer.send(payload)

    def poll(self) -> None:
        """Do what is due after a timeout: repeat SNRM or DISC, or ask by RR how things stand.

        An unfinished frame is given up. Events that come to light by that are handed out by the next
        ``receive_data``, which may be given no octets.
        """
        self._held_events += self._translated(self._reader.abandon_pending())
        if self._transfer is not None:
            self._transfer.poll()
        elif not self._commands and self._state is LinkState.CONNECTING:
            self._commands.append(FrameKind.SNRM)
        elif not self._commands and self._state is LinkState.DISCONNECTING:
            self._commands.append(FrameKind.DISC)

    def data_to_send(self) -> list[Outgoing]:
        """Return the frames that may leave now; each is returned once."""
        outgoing = [self._command(kind) for kind in self._commands]
        self._answers_due += len(self._commands)
        self._commands.clear()
        if self._transfer is not None:
            outgoing += [self._outgoing(control, segment) for control, segment in self._transfer.pull_frames()]
        return outgoing

    def _command(self, kind: FrameKind) -> Outgoing:
        proposal = self._proposal if kind is FrameKind.SNRM else None
        frame = self._frame(Control(kind=kind, poll_final=True), information=proposal.to_bytes() if proposal else b"")
        return Outgoing(octets=frame.to_bytes(), description=frame.describe())

    def _outgoing(self, control: Control, segment: Segment | None) -> Outgoing:
        if segment is None:
            frame = self._frame(control)
            return Outgoing(octets=frame.to_bytes(), description=frame.describe())
        information = segment.payload[segment.start : segment.stop]
        frame = self._frame(control, information=information, segmented=not segment.is_last)
        return Outgoing(
            octets=frame.to_bytes(),
            description=frame.describe(),
            at=frame.information_at,
            start=segment.start,
            stop=segment.stop,
        )

    def _frame(self, control: Control, *, information: bytes = b"", segmented: bool = False) -> Frame:
        return Frame(
            destination=self._server,
            source=self._client,
            control=control.to_octet(),
            segmented=segmented,
            information=information,
        )

    def receive_data(self, data: bytes) -> list[Event]:
        """Take octets from the line and return what they bring about, in wire order."""
        events, self._held_events = self._held_events, []
        return events + self._translated(self._reader.receive_data(data))

    def _translated(self, pieces: list[FrameReceived | FrameDiscarded]) -> list[Event]:
        events: list[Event] = []
        for piece in pieces:
            if isinstance(piece, FrameDiscarded):
                events.append(Discarded(octets=piece.octets, reason=piece.reason))
            elif piece.frame.destination != self._client:
                reason = f"addressed to {piece.frame.destination.hex(' ')}, not to us"
                events.append(Discarded(octets=piece.octets, reason=reason))
            elif piece.frame.source != self._server:
                reason = f"from {piece.frame.source.hex(' ')}, not from our server"
                events.append(Discarded(octets=piece.octets, reason=reason))
            else:
                events.append(FrameSeen(octets=piece.octets, description=piece.frame.describe(response=True)))
                events += self._on_frame(piece.frame, piece.octets)
        return events

    def _on_frame(self, frame: Frame, octets: bytes) -> list[Event]:
        control = Control.from_octet(frame.control)
        try:
            if frame.segmented and control.kind is not FrameKind.I:
                raise ProtocolViolation("the segmentation bit in a frame other than I")
            if control.kind is FrameKind.I or control.kind.is_supervisory:
                return self._on_data(frame, control, octets)
            return self._on_unnumbered(frame, control)
        except ProtocolViolation as violation:
            return [Unexpected(octets=octets, reason=str(violation))]

    def _move(self, cause: LinkInput) -> None:
        """Change state by the table; outside of CONNECTED there is no transfer."""
        state = TRANSITIONS.get((self._state, cause))
        if state is None:
            raise ProtocolViolation(f"{cause.value} while {self._state.value}")
        self._state = state
        if state is not LinkState.CONNECTED:
            self._transfer = None

    def _on_data(self, frame: Frame, control: Control, octets: bytes) -> list[Event]:
        self._move(LinkInput.RECEIVE_DATA)
        if self._transfer is None:
            return []
        events = self._transfer.receive(frame, control, octets)
        # Answers keep their order: no late UA can follow data.
        self._answers_due = 0
        return events

    def _on_unnumbered(self, frame: Frame, control: Control) -> list[Event]:
        match control.kind:
            case FrameKind.UA | FrameKind.DM:
                return self._on_answer(frame, control)
            case FrameKind.FRMR:
                self._move(LinkInput.RECEIVE_FRMR)
                return [Rejected(information=frame.information)]
            case FrameKind.UNKNOWN:
                raise ProtocolViolation(f"unknown control {frame.control:02X}")
            case kind:
                raise ProtocolViolation(f"{kind.name} from a server in normal response mode")

    def _on_answer(self, frame: Frame, control: Control) -> list[Event]:
        cause = LinkInput.RECEIVE_UA if control.kind is FrameKind.UA else LinkInput.RECEIVE_DM
        is_due = self._answers_due > 0
        self._answers_due -= is_due
        if is_due and (self._state, cause) not in TRANSITIONS:
            # The command was repeated, and this is the other answer.
            return []
        if cause is LinkInput.RECEIVE_DM:
            self._move(cause)
            return [Disconnected(by="DM")]
        if not control.poll_final:
            raise ProtocolViolation("UA without the final bit")
        if self._state is LinkState.CONNECTING:
            return self._on_connected(Parameters.from_bytes(frame.information))
        self._move(cause)
        return [Disconnected(by="UA")]

    def _on_connected(self, stated: Parameters) -> list[Event]:
        self._move(LinkInput.RECEIVE_UA)
        proposal = self._proposal or Parameters()
        negotiated = proposal.limited_by(stated.as_seen_from_other_side())
        self._transfer = InformationTransfer(negotiated, max_payload_octets=self._max_payload_octets)
        return [Connected(parameters=negotiated)]
