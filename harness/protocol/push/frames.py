"""Pushes in HDLC frames that nobody has asked for: one after the other, at a line that only speaks."""

from typing import Final

from harness.errors import DecodeError
from harness.protocol.hdlc import Control, FrameKind, FrameReader, FrameReceived

__all__ = ["PushReader", "apdu_in_frames"]

_LLC: Final = bytes.fromhex("E6E700")
_CARRYING: Final = (FrameKind.UI, FrameKind.I)
"""Some meters push in I frames, though no link is open."""
_FORMAT: Final = 0xA
_LONGEST_OCTETS: Final = 64 << 10


class PushReader:
    """Gives the frames of each push together, right or wrong.

    What comes first and is no frame, or a frame in the midst of others, began before anybody listened. After that,
    octets that begin like a frame and are none make a push of their own; all others are in ``stray``.
    """

    def __init__(self) -> None:
        self._frames = FrameReader()
        self._begun = b""
        self._damaged = b""
        self._synchronised = False
        self._begun_in_time = False
        """Whether a push has ended, so that the next one is heard from its begin on."""
        self._late = False
        """Whether the first push that was heard began before anybody listened."""
        self.stray = b""
        """Octets that belong to no push."""

    @property
    def pending(self) -> bytes:
        """What has come of the push that is not yet whole."""
        return self._begun or bytes(self._frames.pending_octets)

    @property
    def begun(self) -> bool:
        """Whether the begin of a push has come and its end has not."""
        return bool(self.pending)

    def receive_data(self, octets: bytes) -> list[bytes]:
        """Take octets and give the pushes that are whole with them."""
        found: list[bytes] = []
        for event in self._frames.receive_data(octets):
            if isinstance(event, FrameReceived):
                self._end_damage(found)
                if not self._begun_in_time and not self._begun:
                    self._late = not event.frame.information.startswith(_LLC)
                self._begun += event.octets
                if not event.frame.segmented or len(self._begun) > _LONGEST_OCTETS:
                    found += [] if self._late else [self._begun]
                    self._begun, self._late, self._begun_in_time = b"", False, True
                self._synchronised = True
            elif self._synchronised:
                self._discarded(event.octets, found)
            else:
                self._synchronised = _begins_like_frame(event.octets)
        return found

    def _discarded(self, octets: bytes, found: list[bytes]) -> None:
        if _begins_like_frame(octets):
            self._end_damage(found)
            self._damaged = octets
        elif self._damaged:
            self._damaged += octets
        else:
            self.stray += octets

    def _end_damage(self, found: list[bytes]) -> None:
        if self._damaged:
            found.append(self._begun + self._damaged)
            self._begun = self._damaged = b""


def _begins_like_frame(octets: bytes) -> bool:
    return len(octets) > 1 and octets[:1] == b"\x7e" and octets[1] >> 4 == _FORMAT


def apdu_in_frames(octets: bytes) -> bytes:
    """Put the APDU of a push together; DecodeError says which frame is wrong."""
    apdu = b""
    events = FrameReader().receive_data(octets)
    if not events:
        raise DecodeError("no whole frame")
    for number, event in enumerate(events, start=1):
        if not isinstance(event, FrameReceived):
            raise DecodeError(f"frame {number}: {event.reason}")
        frame = event.frame
        if Control.from_octet(frame.control).kind not in _CARRYING:
            raise DecodeError(f"frame {number}: {frame.describe()} where UI is due")
        if frame.segmented is (number == len(events)):
            raise DecodeError(f"frame {number} of {len(events)}: the bit of segments is wrong")
        apdu += frame.information
    if not apdu.startswith(_LLC):
        raise DecodeError(f"the information begins with {apdu[:3].hex(' ').upper()}, due is E6 E7 00")
    return apdu[len(_LLC) :]
