"""Cuts a stream of octets into HDLC frames, by the length field, and finds its way after damage."""

from dataclasses import dataclass

from harness.errors import DecodeError
from harness.protocol.hdlc.frame import FLAG, FORMAT_TYPE, LONGEST_FRAME_OCTETS, Frame, FrameHeader

__all__ = ["FrameDiscarded", "FrameReader", "FrameReceived"]

_NOISE = "octets outside of a frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameReceived:
    """A good frame."""

    frame: Frame
    octets: bytes
    """With both flags, also where a flag is shared with the neighbour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameDiscarded:
    """Octets that belong to no good frame."""

    octets: bytes
    reason: str


class FrameReader:
    """Octets in, frames out; holds at most one unfinished frame.

    Flags inside contents and checksums are harmless, since the length delimits. After octets that are
    no good frame the search goes on at the very next flag, so a good frame that follows is never lost,
    even when the damage cut a part of the frame before it.
    """

    def __init__(self, max_frame_octets: int = LONGEST_FRAME_OCTETS) -> None:
        self._max_frame_octets = max_frame_octets
        self._buffer = bytearray()
        self._header: FrameHeader | None = None
        # A flag that has closed a frame may open the next, but is no part of noise that follows it.
        self._flag_spent = False

    @property
    def pending_octets(self) -> int:
        """Octets of a frame that has begun and not ended; a flag alone is no beginning."""
        return len(self._buffer) if len(self._buffer) > 1 else 0

    def receive_data(self, data: bytes) -> list[FrameReceived | FrameDiscarded]:
        """Take octets from the line and return what they complete, in wire order."""
        self._buffer += data
        events: list[FrameReceived | FrameDiscarded] = []
        while self._find_flag(events) and self._take_frame(events):
            pass
        return events

    def abandon_pending(self) -> list[FrameReceived | FrameDiscarded]:
        """Give an unfinished frame up, as after a timeout; what it had swallowed is searched for frames."""
        events: list[FrameReceived | FrameDiscarded] = []
        while self.pending_octets:
            self._discard("unfinished frame", events)
            events += self.receive_data(b"")
        return events

    def _find_flag(self, events: list[FrameReceived | FrameDiscarded]) -> bool:
        buffer = self._buffer
        flag_at = buffer.find(FLAG)
        if flag_at != 0 and buffer:
            noise = bytes(buffer if flag_at < 0 else buffer[:flag_at])
            events.append(FrameDiscarded(octets=noise, reason=_NOISE))
            self._drop(len(noise), flag_spent=False)
        if buffer.startswith(b"\x7e\x7e"):
            fill = len(buffer) - len(buffer.lstrip(b"\x7e"))
            self._drop(fill - 1, flag_spent=False)
        return len(buffer) > 1

    def _take_frame(self, events: list[FrameReceived | FrameDiscarded]) -> bool:
        """Take one frame or one piece of damage from the buffer; False while octets are missing."""
        try:
            if self._header is None:
                self._header = FrameHeader.read(self._buffer, self._max_frame_octets)
            if self._header is None or len(self._buffer) < self._header.length_octets + 2:
                return False
            octets = bytes(self._buffer[: self._header.length_octets + 2])
            frame = Frame.from_header(self._header, octets)
        except DecodeError as error:
            is_noise = self._flag_spent and self._buffer[1] >> 4 != FORMAT_TYPE
            self._discard(_NOISE if is_noise else str(error), events)
            return True
        events.append(FrameReceived(frame=frame, octets=octets))
        self._drop(len(octets) - 1, flag_spent=True)
        return True

    def _discard(self, reason: str, events: list[FrameReceived | FrameDiscarded]) -> None:
        end = self._buffer.find(FLAG, 1)
        if end < 0:
            end = len(self._buffer)
        # The closing flag is shown where it stands in its place; it may open the next frame nevertheless.
        closed = self._header is not None and end == self._header.length_octets + 1 < len(self._buffer)
        octets = bytes(self._buffer[1 if self._flag_spent else 0 : end + closed])
        events.append(FrameDiscarded(octets=octets, reason=reason))
        self._drop(end, flag_spent=closed)

    def _drop(self, octets: int, *, flag_spent: bool) -> None:
        del self._buffer[:octets]
        self._header = None
        self._flag_spent = flag_spent
