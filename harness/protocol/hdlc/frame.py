"""HDLC frames of format type 3: 7E, format, destination, source, control, HCS, information, FCS, 7E.

There is no octet stuffing: the length in the format field delimits the frame. A frame without
information has no HCS, its FCS takes that place.
"""

from dataclasses import dataclass

from harness.errors import DecodeError
from harness.protocol.hdlc.address import LEGAL_ADDRESS_OCTETS
from harness.protocol.hdlc.checksum import CHECK_OCTETS, check_sequence
from harness.protocol.hdlc.control import Control, FrameKind

__all__ = ["FLAG", "FORMAT_TYPE", "LONGEST_FRAME_OCTETS", "Frame", "FrameHeader"]

FLAG = 0x7E
LONGEST_FRAME_OCTETS = 2047
"""The largest length that the format field can state: octets between the flags."""
FORMAT_TYPE = 0xA
"""The high half of the first octet behind the opening flag."""

_SEGMENTED = 0x0800
_FORMAT_OCTETS = 2
_FIRST_ADDRESS_AT = 3
_SHORTEST_FRAME_OCTETS = _FORMAT_OCTETS + 1 + 1 + 1 + CHECK_OCTETS
_LONGEST_ADDRESS_OCTETS = max(LEGAL_ADDRESS_OCTETS)

_COMMANDS = (FrameKind.SNRM, FrameKind.DISC)
_RESPONSES = (FrameKind.UA, FrameKind.DM, FrameKind.FRMR)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHeader:
    """Where the parts of a frame lie; positions count from the opening flag, which has position 0."""

    length_octets: int
    """As stated: octets between the flags."""
    source_at: int
    control_at: int

    @classmethod
    def read(cls, octets: bytes | bytearray, longest_octets: int = LONGEST_FRAME_OCTETS) -> "FrameHeader | None":
        """Read the header of a frame whose opening flag is octets[0]; None while octets are missing.

        DecodeError as soon as no further octet can make it the header of a good frame.
        """
        if len(octets) > 1 and octets[1] >> 4 != FORMAT_TYPE:
            raise DecodeError(f"wrong format type {octets[1]:02X}", 1)
        if len(octets) < 1 + _FORMAT_OCTETS:
            return None
        length = (octets[1] << 8 | octets[2]) & LONGEST_FRAME_OCTETS
        if not _SHORTEST_FRAME_OCTETS <= length <= longest_octets:
            raise DecodeError(f"length {length}, {_SHORTEST_FRAME_OCTETS} to {longest_octets} are allowed", 1)
        source_at = _address_end(octets, _FIRST_ADDRESS_AT, "destination")
        control_at = None if source_at is None else _address_end(octets, source_at, "source")
        if source_at is None or control_at is None:
            return None
        header = cls(length_octets=length, source_at=source_at, control_at=control_at)
        return header._checked(octets)

    def _checked(self, octets: bytes | bytearray) -> "FrameHeader | None":
        after_control = self.length_octets - self.control_at
        if after_control == CHECK_OCTETS:
            return self
        if after_control <= 2 * CHECK_OCTETS:
            raise DecodeError(f"length {self.length_octets} is too short for the header and its checksums", 1)
        check_at = self.control_at + 1
        if len(octets) < check_at + CHECK_OCTETS:
            return None
        if octets[check_at : check_at + CHECK_OCTETS] != check_sequence(octets[1:check_at]):
            raise DecodeError("wrong HCS", check_at)
        return self


def _address_end(octets: bytes | bytearray, at: int, name: str) -> int | None:
    for end in range(at + 1, at + 1 + _LONGEST_ADDRESS_OCTETS):
        if end > len(octets):
            return None
        if octets[end - 1] & 1:
            if end - at not in LEGAL_ADDRESS_OCTETS:
                raise DecodeError(f"illegal {name} address of {end - at} octets", at)
            return end
    raise DecodeError(f"illegal {name} address without an end in {_LONGEST_ADDRESS_OCTETS} octets", at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame; nothing but the total length is checked, so that wrong frames can be forged too."""

    destination: bytes
    """Address octets as on the wire."""
    source: bytes
    control: int
    segmented: bool = False
    """More segments of the same payload follow."""
    information: bytes = b""

    @property
    def information_at(self) -> int:
        """Position of the information field in the octets of the frame."""
        return 1 + _FORMAT_OCTETS + len(self.destination) + len(self.source) + 1 + CHECK_OCTETS

    def to_bytes(self) -> bytes:
        """Return the octets with both flags; ValueError where the length field cannot state the length."""
        content = self.destination + self.source + bytes((self.control,))
        length = _FORMAT_OCTETS + len(content) + CHECK_OCTETS
        if self.information:
            length += CHECK_OCTETS + len(self.information)
        if length > LONGEST_FRAME_OCTETS:
            raise ValueError(f"a frame of {length} octets, {LONGEST_FRAME_OCTETS} is the largest")
        form = FORMAT_TYPE << 12 | (_SEGMENTED if self.segmented else 0) | length
        content = form.to_bytes(_FORMAT_OCTETS, "big") + content
        if self.information:
            content += check_sequence(content) + self.information
        return b"\x7e" + content + check_sequence(content) + b"\x7e"

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Frame":
        """Decode exactly one frame with both flags; DecodeError names what is wrong."""
        if octets[:1] != b"\x7e":
            raise DecodeError("no opening flag", 0)
        header = FrameHeader.read(octets)
        if header is None or len(octets) != header.length_octets + 2:
            raise DecodeError(f"{len(octets)} octets are not what the length field states", len(octets))
        return cls.from_header(header, octets)

    @classmethod
    def from_header(cls, header: FrameHeader, octets: bytes) -> "Frame":
        """Finish decoding after the header; ``octets`` holds the frame from flag to flag, no more."""
        check_at = header.length_octets + 1 - CHECK_OCTETS
        if octets[check_at:-1] != check_sequence(octets[1:check_at]):
            raise DecodeError("wrong FCS", check_at)
        if octets[-1] != FLAG:
            raise DecodeError(f"missing closing flag, there is {octets[-1]:02X}", len(octets) - 1)
        information_at = header.control_at + 1 + CHECK_OCTETS
        return cls(
            destination=octets[_FIRST_ADDRESS_AT : header.source_at],
            source=octets[header.source_at : header.control_at],
            control=octets[header.control_at],
            segmented=bool((octets[1] << 8) & _SEGMENTED),
            information=octets[information_at:check_at],
        )

    def describe(self, *, response: bool = False) -> str:
        """Return one line such as ``I N(S)=1 N(R)=0 P, 25 octets``.

        A frame does not say whether it is a command or a response: ``response`` makes the bit F where
        both are possible.
        """
        control = Control.from_octet(self.control)
        kind = control.kind
        if kind is FrameKind.UNKNOWN:
            return f"unknown control {self.control:02X}"
        words = [kind.name]
        if kind is FrameKind.I:
            words.append(f"N(S)={control.send_number}")
        if kind.carries_receive_number:
            words.append(f"N(R)={control.receive_number}")
        if control.poll_final:
            words.append("F" if kind in _RESPONSES or (response and kind not in _COMMANDS) else "P")
        text = " ".join(words)
        if kind is FrameKind.I or (kind is FrameKind.UI and self.information):
            text += f", {len(self.information)} octets"
        return text + (", more follow" if self.segmented else "")
