"""What a line does to frames of a link that is up: noise, halves, lengths that are wrong, octets at another rate.

None of it may be answered as a frame, nor change anything: the frame that is due next stays the same. Around a good
frame it may cost that frame, which is then asked for again.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import parse_qs, urlsplit

from harness.declaration import Door
from harness.headend.stimuli.bare_link import BareLink, control_octet, with_wrong_fcs
from harness.headend.stimuli.provoke import Provoked
from harness.protocol import hdlc
from harness.protocol.hdlc import FrameKind

__all__ = ["LINE_DAMAGE"]

_NOISE: Final = bytes.fromhex("00 5A FF 13 A1 C2 0F 55")
_FLAGS: Final = b"\x7e" * 5
_DEFAULT_BAUD: Final = 9600
_SLOW_BAUD: Final = 2400
_DEFAULT_FRAMING: Final = "8N1"
_NO_PARITY: Final = "N"
_EVEN, _ODD = "8E1", "8O1"
_FORMAT_OCTETS: Final = 2
_LENGTH_MASK: Final = 0x07FF


def _request(link: BareLink) -> bytes:
    return link.frame(control_octet(FrameKind.I), link.information())


def _alone(octets: bytes, about: str) -> Callable[[BareLink], Provoked]:
    return lambda link: link.provoke(octets, about)


def _half(link: BareLink) -> Provoked:
    frame = _request(link)
    return link.provoke(frame[: len(frame) // 2], "the first half of an I frame")


def _wrong_length(link: BareLink, more: int) -> Provoked:
    """Send an I frame in which nothing but the length is wrong: both check sequences are made for it."""
    frame = bytearray(_request(link))
    length = int.from_bytes(frame[1:3], "big")
    frame[1:3] = (length & ~_LENGTH_MASK | (length & _LENGTH_MASK) + more).to_bytes(_FORMAT_OCTETS, "big")
    header_ends = 1 + _FORMAT_OCTETS + len(link.server) + len(link.client) + 1
    frame[header_ends : header_ends + 2] = hdlc.check_sequence(bytes(frame[1:header_ends]))
    frame[-3:-1] = hdlc.check_sequence(bytes(frame[1:-3]))
    return link.provoke(bytes(frame), f"I with a length field that says {more:+d}")


def _damaged_disc(link: BareLink) -> Provoked:
    return link.provoke(with_wrong_fcs(link.frame(control_octet(FrameKind.DISC))), "DISC with a wrong FCS")


def _line_of(door: Door) -> tuple[int, str]:
    """Return rate and framing of a door, as its URL gives them."""
    options = parse_qs(urlsplit(door.url).query)
    return int(options.get("baud", [_DEFAULT_BAUD])[0]), options.get("framing", [_DEFAULT_FRAMING])[0]


def _other_rate(link: BareLink) -> Provoked:
    own, framing = _line_of(link.door)
    other = _DEFAULT_BAUD if own == _SLOW_BAUD else _SLOW_BAUD
    return link.provoke_otherwise(_request(link), f"I at {other} baud", line=(other, framing), own=(own, framing))


def _other_parity(link: BareLink) -> Provoked:
    baud, framing = _line_of(link.door)
    other = _ODD if framing == _EVEN else _EVEN
    about = "RR with a parity bit that nobody expects" if _NO_PARITY in framing else "RR with wrong parity"
    return link.provoke_otherwise(_ready(link), about, line=(baud, other), own=(baud, framing))


def _ready(link: BareLink) -> bytes:
    return link.frame(control_octet(FrameKind.RR))


def _around(link: BareLink, before: bytes, behind: bytes, about: str) -> Provoked:
    return link.provoke(before + _ready(link) + behind, about, expected=(0,))


LINE_DAMAGE: Final[Mapping[str, Callable[[BareLink], Provoked]]] = {
    "noise": _alone(_NOISE, "octets that are no frame"),
    "flags": _alone(_FLAGS, "flags and nothing between them"),
    "half": _half,
    "length-too-small": partial(_wrong_length, more=-3),
    "length-too-large": partial(_wrong_length, more=4),
    "fcs-of-disc": _damaged_disc,
    "another-rate": _other_rate,
    "parity": _other_parity,
    "noise-in-front": partial(_around, before=_NOISE, behind=b"", about="RR right behind noise"),
    "noise-behind": partial(_around, before=b"", behind=_NOISE, about="RR with noise right behind it"),
    "flags-around": partial(_around, before=_FLAGS, behind=_FLAGS, about="RR between many flags"),
}
"""What becomes of a frame on the line -> how it is sent; the same link answers afterwards."""
