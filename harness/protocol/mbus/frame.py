"""Frames of the M-Bus link layer: single character, short, control and long frames."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError

__all__ = [
    "ACKNOWLEDGED",
    "ALL_SLAVES",
    "LARGEST_PRIMARY",
    "MOST_DATA_OCTETS",
    "SELECTED_SLAVE",
    "TEST_ADDRESS",
    "Control",
    "Frame",
    "FrameCountBit",
    "FrameReader",
    "LongFrame",
    "ShortFrame",
    "SingleCharacter",
    "checksum",
    "frame_from_bytes",
]

ACKNOWLEDGED: Final = 0xE5
_SHORT_START: Final = 0x10
_LONG_START: Final = 0x68
_STOP: Final = 0x16
_SHORT_OCTETS: Final = 5
_OVERHEAD_OCTETS: Final = 6
"""Start, twice the length, start again, checksum and stop."""
_FIXED_OCTETS: Final = 3
"""Control, address and control information, which the length counts too."""
MOST_DATA_OCTETS: Final = 0xFF - _FIXED_OCTETS

LARGEST_PRIMARY: Final = 250
SELECTED_SLAVE: Final = 0xFD
"""The slave that was selected by its secondary address."""
TEST_ADDRESS: Final = 0xFE
"""Every slave answers."""
ALL_SLAVES: Final = 0xFF
"""No slave answers."""


class Control:
    """Control octets; requests with the frame count bit are made by ``FrameCountBit``."""

    SND_NKE = 0x40
    SND_UD = 0x53
    REQ_UD1 = 0x5A
    REQ_UD2 = 0x5B
    RSP_UD = 0x08
    FRAME_COUNT_BIT = 0x20
    ACCESS_DEMAND = 0x20
    DATA_FLOW_CONTROL = 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleCharacter:
    """The acknowledgement of a slave, one octet."""

    def to_bytes(self) -> bytes:
        """Return the octet."""
        return bytes((ACKNOWLEDGED,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortFrame:
    """A request without data."""

    control: int
    address: int

    def to_bytes(self) -> bytes:
        """Return the five octets."""
        return bytes((_SHORT_START, self.control, self.address, checksum((self.control, self.address)), _STOP))


@dataclass(frozen=True, slots=True, kw_only=True)
class LongFrame:
    """A frame with control information; without data it is what is called a control frame."""

    control: int
    address: int
    information: int
    """The control information (CI) octet, which says how to read the data."""
    data: bytes = b""
    """Up to 252 octets."""

    def to_bytes(self) -> bytes:
        """Return the octets; ValueError for more data than a frame takes."""
        if len(self.data) > MOST_DATA_OCTETS:
            raise ValueError(f"{len(self.data)} octets of data: a frame takes {MOST_DATA_OCTETS}")
        body = bytes((self.control, self.address, self.information)) + self.data
        length = len(body)
        return bytes((_LONG_START, length, length, _LONG_START)) + body + bytes((checksum(body), _STOP))


Frame = SingleCharacter | ShortFrame | LongFrame


def checksum(octets: bytes | tuple[int, ...]) -> int:
    """Return the arithmetic sum of octets, without carry."""
    return sum(octets) & 0xFF


def frame_from_bytes(octets: bytes) -> Frame:
    """Decode exactly one frame; DecodeError for wrong start, lengths, checksum or stop, missing and trailing octets."""
    if not octets:
        raise DecodeError("no octets", 0)
    due = _octets_of_frame(octets)
    if due is None or len(octets) < due:
        raise DecodeError(f"a frame that ends after {len(octets)} octets", len(octets))
    if len(octets) > due:
        raise DecodeError(f"{len(octets) - due} octets after the frame", due)
    if due == 1:
        return SingleCharacter()
    body = octets[1:-2] if octets[0] == _SHORT_START else octets[4:-2]
    if octets[-2] != checksum(body):
        raise DecodeError(f"checksum {octets[-2]:#04x}, due is {checksum(body):#04x}", due - 2)
    if octets[-1] != _STOP:
        raise DecodeError(f"stop octet {octets[-1]:#04x}, due is {_STOP:#04x}", due - 1)
    if octets[0] == _SHORT_START:
        return ShortFrame(control=body[0], address=body[1])
    return LongFrame(control=body[0], address=body[1], information=body[2], data=body[3:])


def _octets_of_frame(octets: bytes) -> int | None:
    """Return how long the frame is that begins here, None where too little has come to tell."""
    if octets[0] == ACKNOWLEDGED:
        return 1
    if octets[0] == _SHORT_START:
        return _SHORT_OCTETS
    if octets[0] != _LONG_START:
        raise DecodeError(f"start octet {octets[0]:#04x}", 0)
    if len(octets) > 2 and octets[1] != octets[2]:
        raise DecodeError(f"lengths {octets[1]} and {octets[2]} differ", 2)
    if len(octets) > 1 and octets[1] < _FIXED_OCTETS:
        raise DecodeError(f"length {octets[1]}: at least {_FIXED_OCTETS} is due", 1)
    if len(octets) > 3 and octets[3] != _LONG_START:
        raise DecodeError(f"second start octet {octets[3]:#04x}", 3)
    return octets[1] + _OVERHEAD_OCTETS if len(octets) > 3 else None


class FrameReader:
    """Collects octets until one frame is whole; an answer on this bus is always exactly one frame."""

    def __init__(self) -> None:
        self.octets = b""
        """All that has come."""

    def receive_data(self, data: bytes) -> Frame | None:
        """Take octets; return the frame where it is whole, raise DecodeError where no frame can come of them."""
        self.octets += data
        if not self.octets:
            return None
        due = _octets_of_frame(self.octets)
        if due is None or len(self.octets) < due:
            return None
        return frame_from_bytes(self.octets)


class FrameCountBit:
    """The frame count bit towards one slave: it changes with every new request, a repetition has that of the first."""

    def __init__(self) -> None:
        self._is_set = True

    def reset(self) -> None:
        """Begin again, as after SND_NKE: the next request has the bit set."""
        self._is_set = True

    def in_control(self, control: int) -> int:
        """Return the control octet of a request with the bit that is its turn."""
        return control | (Control.FRAME_COUNT_BIT if self._is_set else 0)

    def accepted(self) -> None:
        """The slave has answered: the next request is a new one."""
        self._is_set = not self._is_set
