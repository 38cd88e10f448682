"""A connection to the device without a link: octets as they are, for stimuli that no link would send."""

from typing import Final

from harness.errors import ConnectionLost, PortGone
from harness.session.recorder import LineRecorder
from harness.transport.base import ControlLine, LineControl, RequestLine, Transport

__all__ = ["RawLine"]

_MOST_RECEIVED_OCTETS: Final = 1 << 20
"""A device that sends so much in one wait is not listened to any longer in that wait."""
_HDLC_TRAILER_OCTETS: Final = 3
"""Frame check sequence and flag, which would tell about masked octets before them."""


class RawLine:
    """Octets over one open transport, all of them in the trace; on a datagram door each send is one datagram."""

    def __init__(self, transport: Transport, record: LineRecorder, *, hdlc: bool, number: int = 0) -> None:
        """``number`` is that of the connection in the trace."""
        self.number = number
        self.lost: str | None = None
        """Why the connection is gone where the device has ended it."""
        self.frame = 0
        """Number of the last record of received octets; 0 before the first."""
        self._transport = transport
        self._record = record
        self._trailer_octets = _HDLC_TRAILER_OCTETS if hdlc else 0
        self._closed = False

    @property
    def now(self) -> float:
        """Line time in seconds."""
        return self._transport.now()

    def send(self, octets: bytes, description: str = "") -> None:
        """Hand octets to the line as they are; ``description`` says in the trace what they are.

        Raises ``ConnectionLost`` where the device has closed before, ``ValueError`` for no octets at all.
        """
        if not octets:
            raise ValueError("there are no octets to send")
        if self.lost is not None:
            raise ConnectionLost(self.lost)
        self._record.octets("tx", octets, description or "raw octets", trailer=self._trailer_octets)
        try:
            self._transport.send(octets)
        except ConnectionLost as lost:
            self._lose(lost)
            raise

    def receive(self, seconds: float, *, enough: int = _MOST_RECEIVED_OCTETS) -> bytes:
        """Return all that comes within ``seconds`` of line time; waits no longer once ``enough`` octets are there.

        Ends early where the device closes (``lost`` then says so); what came before is returned.
        """
        received = bytearray()
        deadline = self._transport.now() + seconds
        # The end is told by the transport alone, never by comparing times: those of a replay are rounded.
        while self.lost is None and len(received) < min(enough, _MOST_RECEIVED_OCTETS):
            try:
                data = self._transport.receive(deadline)
            except ConnectionLost as lost:
                self._lose(lost)
                break
            if not data:
                self._record.moment("quiet")
                break
            self.frame = self._record.octets("rx", data, "raw octets")
            received += data
        return bytes(received)

    def quiet(self, seconds: float) -> bool:
        """Whether no octet comes within ``seconds``; a device that only closes is quiet, and ``lost`` says so."""
        return not self.receive(seconds)

    def set_line(self, baud: int, framing: str) -> None:
        """Change rate and framing after everything sent has left; a transport without a line to set stays as it is."""
        if isinstance(self._transport, LineControl):
            self._transport.set_line(baud, framing)
            self._record.moment("note", f"line set to {baud} baud {framing}")

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Switch a line of the port; ``PortGone`` where it has none, as no network door has."""
        if not isinstance(self._transport, RequestLine):
            raise PortGone(f"a door of this kind has no line {line.upper()}")
        self._transport.set_control(line, on=on)
        self._record.moment("note", f"{line.upper()} {'on' if on else 'off'}")

    @property
    def can_be_set(self) -> bool:
        """Whether rate and framing can be changed."""
        return isinstance(self._transport, LineControl)

    def give_up(self) -> Transport:
        """Hand the open transport to somebody else; nothing goes over this any more."""
        self._closed = True
        self.lost = "the connection has been handed on"
        return self._transport

    def close(self) -> None:
        """Give the line back; closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._record.moment("close")
        self._transport.close()

    def _lose(self, lost: ConnectionLost) -> None:
        self.lost = str(lost)
        self._record.moment("lost", self.lost)
