"""The link layer of the stack: one interface over the wrapper and HDLC cores."""

from dataclasses import dataclass
from typing import Protocol

from harness.errors import DecodeError
from harness.protocol import hdlc
from harness.protocol.wrapper import HEADER_OCTETS, WrapperFrame, WrapperReader

__all__ = [
    "ApduIn",
    "FrameIn",
    "FrameOut",
    "HdlcLink",
    "Link",
    "LinkClosed",
    "LinkEvent",
    "LinkOpened",
    "LinkViolation",
    "Progress",
    "Stray",
    "WrapperLink",
]

_LLC_TO_SERVER = bytes.fromhex("E6E600")
_LLC_TO_CLIENT = bytes.fromhex("E6E700")
_CHECK_OCTETS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOut:
    """A frame to send; ``octets[at:]`` begins with ``apdu[start:stop]``."""

    octets: bytes
    description: str
    at: int = 0
    start: int = 0
    stop: int = 0
    trailer: int = 0
    """Octets of the checksum at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameIn:
    """A good frame as it came."""

    octets: bytes
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Octets that are no frame for us: noise, wrong checksum, somebody else's address."""

    octets: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened:
    """The link is there; ``send_octets`` and ``receive_octets`` are the negotiated information sizes."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClosed:
    """The link is gone; ``by`` says by which frame."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The far side took or gave a part of something longer, or asked for patience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkViolation:
    """A frame that breaks the rules of the link."""

    octets: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApduIn:
    """A whole APDU."""

    octets: bytes


LinkEvent = FrameIn | Stray | LinkOpened | LinkClosed | Progress | LinkViolation | ApduIn


class Link(Protocol):
    """Bytes in, events out; what is to be sent is asked for."""

    @property
    def is_open(self) -> bool:
        """Whether APDUs may be sent."""

    @property
    def unfinished_octets(self) -> int:
        """Octets of a frame that has begun and not ended."""

    def open(self) -> None:
        """Begin to establish the link."""

    def close(self) -> None:
        """Begin to end the link."""

    def send(self, apdu: bytes) -> None:
        """Queue one APDU."""

    def data_to_send(self) -> list[FrameOut]:
        """Return the frames that may leave now."""

    def receive_data(self, data: bytes) -> list[LinkEvent]:
        """Take octets from the line."""

    def poll(self) -> bool:
        """Queue the link's own repetition after a timeout; False where the link has none."""

    def invite(self) -> None:
        """Let the far side go on after an APDU that was not the awaited one."""


class WrapperLink:
    """TCP and UDP wrapper: no establishment, one frame an APDU."""

    def __init__(self, *, client: int, server: int, datagrams: bool) -> None:
        self._client = client
        self._server = server
        self._datagrams = datagrams
        self._reader = WrapperReader()
        self._outgoing: list[FrameOut] = []
        self._repeatable: FrameOut | None = None

    @property
    def is_open(self) -> bool:
        """The wrapper needs no establishment."""
        return True

    @property
    def unfinished_octets(self) -> int:
        """Octets of a wrapper frame that has begun and not ended."""
        return self._reader.pending_octets

    def open(self) -> None:
        """Nothing to establish."""

    def close(self) -> None:
        """Nothing to end."""

    def send(self, apdu: bytes) -> None:
        """Queue one APDU in one frame."""
        octets = WrapperFrame(source=self._client, destination=self._server, payload=apdu).to_bytes()
        frame = FrameOut(octets=octets, description=self._describe(len(apdu)), at=HEADER_OCTETS, stop=len(apdu))
        self._outgoing.append(frame)
        self._repeatable = frame

    def _describe(self, length: int) -> str:
        return f"wrapper {self._client} -> {self._server}, {length} octets"

    def data_to_send(self) -> list[FrameOut]:
        """Return what was queued."""
        frames, self._outgoing = self._outgoing, []
        return frames

    def receive_data(self, data: bytes) -> list[LinkEvent]:
        """Take octets; a header that is no wrapper header is a violation and ends the use of a stream."""
        try:
            frames = [WrapperFrame.from_datagram(data)] if self._datagrams else self._reader.receive_data(data)
        except DecodeError as error:
            return [Stray(octets=data, reason=str(error)), LinkViolation(octets=data, reason=str(error))]
        events: list[LinkEvent] = []
        for frame in frames:
            octets = frame.to_bytes()
            if (frame.source, frame.destination) != (self._server, self._client):
                reason = f"wrapper {frame.source} -> {frame.destination} where {self._server} -> {self._client} is due"
                events += [Stray(octets=octets, reason=reason), LinkViolation(octets=octets, reason=reason)]
                continue
            description = f"wrapper {frame.source} -> {frame.destination}, {len(frame.payload)} octets"
            events += [FrameIn(octets=octets, description=description), ApduIn(octets=frame.payload)]
        return events

    def poll(self) -> bool:
        """Send the last datagram once more; a stream has no repetition of its own."""
        if not self._datagrams or self._repeatable is None:
            return False
        self._outgoing.append(self._repeatable)
        return True

    def invite(self) -> None:
        """Nobody waits for leave to send."""


class HdlcLink:
    """HDLC with the LLC header in front of every APDU."""

    def __init__(
        self, *, client: int, server: hdlc.ServerAddress, proposal: hdlc.Parameters | None, largest_apdu: int
    ) -> None:
        self._core = hdlc.HdlcClient(
            client=client,
            server=server,
            proposal=proposal,
            max_payload_octets=largest_apdu + len(_LLC_TO_CLIENT),
        )

    @property
    def is_open(self) -> bool:
        """Whether UA has answered our SNRM."""
        return self._core.negotiated is not None

    @property
    def unfinished_octets(self) -> int:
        """Octets of an HDLC frame that has begun and not ended."""
        return self._core.pending_octets

    def open(self) -> None:
        """Queue SNRM."""
        self._core.connect()

    def close(self) -> None:
        """Queue DISC."""
        self._core.disconnect()

    def send(self, apdu: bytes) -> None:
        """Queue the APDU, segmented as negotiated."""
        self._core.send(_LLC_TO_SERVER + apdu)

    def data_to_send(self) -> list[FrameOut]:
        """Return the frames that the window lets go; offsets count in the APDU, without LLC."""
        return [self._without_llc(frame) for frame in self._core.data_to_send()]

    @staticmethod
    def _without_llc(frame: hdlc.Outgoing) -> FrameOut:
        llc = len(_LLC_TO_SERVER)
        hidden = max(0, llc - frame.start)
        start, stop = max(0, frame.start - llc), max(0, frame.stop - llc)
        return FrameOut(
            octets=frame.octets,
            description=frame.description,
            at=frame.at + min(hidden, frame.stop - frame.start),
            start=start,
            stop=stop,
            trailer=_CHECK_OCTETS + 1,
        )

    def receive_data(self, data: bytes) -> list[LinkEvent]:
        """Take octets from the line."""
        events: list[LinkEvent] = []
        for event in self._core.receive_data(data):
            events += self._translated(event)
        return events

    def _translated(self, event: hdlc.Event) -> list[LinkEvent]:
        match event:
            case hdlc.FrameSeen():
                return [FrameIn(octets=event.octets, description=event.description)]
            case hdlc.Discarded():
                return [Stray(octets=event.octets, reason=event.reason)]
            case hdlc.Connected():
                return [LinkOpened(description=str(event.parameters))]
            case hdlc.Disconnected():
                return [LinkClosed(by=event.by)]
            case hdlc.Received():
                return [self._unwrapped(event.payload)]
            case hdlc.Rejected():
                return [LinkClosed(by="FRMR")]
            case hdlc.Unexpected():
                return [LinkViolation(octets=event.octets, reason=event.reason)]
            case _:
                return [Progress()]

    @staticmethod
    def _unwrapped(payload: bytes) -> LinkEvent:
        if not payload.startswith(_LLC_TO_CLIENT):
            return LinkViolation(octets=payload, reason=f"LLC header {payload[:3].hex(' ')}, due is E6 E7 00")
        return ApduIn(octets=payload[len(_LLC_TO_CLIENT) :])

    def poll(self) -> bool:
        """Let HDLC ask again: SNRM, DISC or RR with the poll bit."""
        self._core.poll()
        return True

    def invite(self) -> None:
        """Acknowledge, so that a server with its window full may send the answer after a notification."""
        self._core.poll()
