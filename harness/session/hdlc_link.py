"""The HDLC core as a link of the stack."""

from harness.protocol import hdlc
from harness.session.link import (
    ApduIn,
    Busy,
    FrameIn,
    FrameOut,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkViolation,
    Progress,
    Stray,
)

__all__ = ["HdlcLink"]

_LLC_TO_SERVER = bytes.fromhex("E6E600")
_LLC_TO_CLIENT = bytes.fromhex("E6E700")
_CHECK_OCTETS = 2


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
        return self._core.state is hdlc.LinkState.CONNECTED

    @property
    def is_closed(self) -> bool:
        """Whether the link is down on both sides as far as we know."""
        return self._core.state is hdlc.LinkState.DISCONNECTED

    @property
    def has_sent_all(self) -> bool:
        """Whether the server has acknowledged everything."""
        return self._core.idle

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
            case hdlc.PeerBusy():
                return [Busy()]
            case hdlc.Unexpected():
                return [LinkViolation(octets=event.octets, reason=event.reason)]
            case _:
                return [Progress()]

    @staticmethod
    def _unwrapped(payload: bytes) -> LinkEvent:
        if not payload.startswith(_LLC_TO_CLIENT):
            header = payload[: len(_LLC_TO_CLIENT)].hex(" ").upper() or "nothing"
            return LinkViolation(octets=payload, reason=f"{header} where the LLC header E6 E7 00 is due")
        return ApduIn(octets=payload[len(_LLC_TO_CLIENT) :])

    def poll(self) -> bool:
        """Let HDLC ask again: SNRM, DISC or RR with the poll bit."""
        self._core.poll()
        return True

    def invite(self) -> None:
        """Acknowledge, so that a server with its window full may send the answer after a notification."""
        self._core.poll()
