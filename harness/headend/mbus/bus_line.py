"""Frames over the line of an M-Bus door: one goes out, one comes back, all of it in the trace."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from harness.declaration import Door
from harness.errors import ConnectionLost, DecodeError, Garbled, PortGone, Silent
from harness.headend.connections import Connections
from harness.headend.door_side import PlacedAt
from harness.headend.stimuli.raw_line import RawLine
from harness.protocol import mbus

__all__ = ["BusLine", "framing_of"]

_LONGEST_FRAME_OCTETS: Final = 261
_IDLE_BITS: Final = 330
_DEFAULT_BAUD: Final = 2400
_FRAMING: Final = "8E1"
_FRAMING_OF_PORTS: Final = "8N1"
"""Of a serial door whose URL does not say it."""


def framing_of(door: Door) -> str:
    """Return the framing of a door as its URL says it, else even parity, as on an M-Bus."""
    default = _FRAMING_OF_PORTS if door.scheme in ("serial", "rfc2217") else _FRAMING
    return parse_qs(urlsplit(door.url).query).get("framing", [default])[0]


class BusLine:
    """The connection of a master; a frame that nobody answers is sent again as the door declares it."""

    def __init__(self, place: PlacedAt) -> None:
        self.door: Door = place.door
        self.timing = place.timing
        self.at_begin = False
        """Whether the next telegram is known to be the first of a reading."""
        self._trace = place.trace
        self._connections = Connections(
            door=place.door,
            transports=place.transports,
            trace=place.trace,
            timing=place.timing,
            rest_for=place.rest_for,
            secrets=lambda: tuple(secret.reveal() for _, secret in place.declaration.secrets()),
        )
        self._line: RawLine | None = None
        self._rate: int | None = None
        """The rate in force where it is another one than at first."""

    @property
    def line(self) -> RawLine:
        """The open connection."""
        if self._line is None or self._line.lost is not None:
            try:
                self._line = self._connections.raw_line()
            except PortGone as gone:
                if self.door.is_network and self.timing.has_answered:
                    raise ConnectionLost(f"the door is shut: {gone}") from gone
                raise
        return self._line

    @property
    def idle_s(self) -> float:
        """The pause after which a slave takes the next octets as the begin of a frame."""
        return _IDLE_BITS / (self.baud or _DEFAULT_BAUD) + 0.05

    def set_rate(self, baud: int) -> None:
        """Go to a rate, with the framing of the door; a door without a line to set stays as it is."""
        self.line.set_line(baud, framing_of(self.door))
        self._rate = baud

    def octets_otherwise(self, baud: int, framing: str, octets: bytes, description: str) -> bytes:
        """Send octets at another rate or with another framing, come back, and return all that comes."""
        line, own = self.line, self.baud or _DEFAULT_BAUD
        line.set_line(baud, framing)
        line.send(octets, description)
        line.set_line(own, framing_of(self.door))
        return self.line.receive(self.timing.silence_s) + self.rest()

    @property
    def baud(self) -> int | None:
        """Rate in force, as far as it is known."""
        if self._rate is not None:
            return self._rate
        declared = None if self.door.mbus is None else self.door.mbus.baud
        return declared or self.timing.baud

    def rest(self) -> bytes:
        """Let the line be idle, so that what was sent before is over; returns what came meanwhile."""
        return self.line.receive(self.idle_s)

    def octets(self, octets: bytes, description: str) -> bytes:
        """Send octets as they are and return all that comes as long as an answer might."""
        self.line.send(octets, description)
        received = self.line.receive(self.timing.silence_s)
        if self.line.lost is not None:
            raise ConnectionLost(self.line.lost)
        return received

    def answer(self, frame: mbus.Frame, description: str) -> mbus.Frame:
        """Send a frame and return the answer; the same frame goes out again where none comes whole.

        Raises ``Silent``, ``Garbled`` for octets that are no whole frame, ``ConnectionLost``.
        """
        error: Exception | None = None
        for attempt in range(1 + self.door.repetitions):
            if attempt:
                self.rest()
            try:
                return self.answer_once(frame, description)
            except (Silent, Garbled) as failed:
                error = failed
        raise error or Silent("nothing was sent", 0.0)

    def answer_once(self, frame: mbus.Frame, description: str) -> mbus.Frame:
        """Send a frame once and return the answer; raises as ``answer`` does."""
        line = self.line
        self._trace.last_request = description
        if isinstance(frame, mbus.ShortFrame) and frame.control != mbus.Control.SND_NKE:
            self.at_begin = False
        line.send(frame.to_bytes(), description)
        began = line.now
        deadline = began + self.timing.silence_s + self.timing.line_time_s(_LONGEST_FRAME_OCTETS)
        reader = mbus.FrameReader()
        # The end is told by the line alone, never by comparing times: those of a replay are rounded.
        while True:
            data = line.receive(deadline - line.now, enough=1)
            if line.lost is not None:
                raise ConnectionLost(line.lost)
            if not data:
                break
            try:
                found = reader.receive_data(data)
            except DecodeError as error:
                raise Garbled(f"the answer to {description} is no frame: {error}") from error
            if found is not None:
                self.timing.learn(line.now - began)
                return found
        if reader.octets:
            raise Garbled(f"the answer to {description} ends after {len(reader.octets)} octets")
        raise Silent(f"no answer to {description}", line.now - began)

    def close_all(self) -> None:
        """Hang up."""
        self._connections.close_all()
        self._line = self._rate = None
