# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Scapy fields that IEC 62056 needs and scapy does not bring: HDLC addresses, frame check sequences, A-XDR lengths."""

from collections.abc import Callable

from scapy.fields import Field, StrField, XLEShortField
from scapy.packet import Packet

__all__ = ["AxdrLengthField", "BerLengthField", "CheckSequenceField", "HdlcAddressField", "check_sequence"]

_MAX_ADDRESS_OCTETS = 4


def check_sequence(octets: bytes | bytearray) -> int:
    """Return the CRC-16/X-25 over ``octets``, as HDLC uses it for both check sequences.

    Written a second time on purpose: a dissection that shared the harness's own CRC could not contradict it.
    """
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


class HdlcAddressField(StrField):
    """An address of one to four octets; the lowest bit is 1 in the last one only."""

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, bytes]:
        """Take octets up to and including the first odd one."""
        for end, octet in enumerate(s[:_MAX_ADDRESS_OCTETS], start=1):
            if octet & 1:
                return s[end:], s[:end]
        return s[_MAX_ADDRESS_OCTETS:], s[:_MAX_ADDRESS_OCTETS]

    def i2repr(self, pkt: Packet | None, x: bytes) -> str:
        """Show the 7-bit parts: one number for one octet, ``upper/lower`` for two and four."""
        parts = [octet >> 1 for octet in x]
        if len(parts) == 2:
            return f"{parts[0]}/{parts[1]}"
        if len(parts) == 4:
            return f"{parts[0] << 7 | parts[1]}/{parts[2] << 7 | parts[3]}"
        return str(parts[0]) if len(parts) == 1 else f"illegal, {x.hex(' ')}"


class CheckSequenceField(XLEShortField):
    """A check sequence, sent low octet first; None is computed when the frame is built."""

    def i2repr(self, pkt: Packet | None, x: int | None) -> str:
        """Show the value and, for a dissected frame, whether it is right."""
        if x is None:
            return "computed when built"
        expected = pkt.expected_check_sequence(self.name) if pkt else None
        if expected is None:
            return f"0x{x:04x}"
        return f"0x{x:04x} (good)" if x == expected else f"0x{x:04x} (wrong, 0x{expected:04x} would be right)"


class _LengthField(Field[int | None, int]):
    """A length in one octet below 128, else 0x80 + number of octets and the octets; None is computed when built."""

    __slots__ = ["max_octets", "of"]

    def __init__(self, name: str, default: int | None, max_octets: int, of: Callable[[Packet], int] | None) -> None:
        super().__init__(name, default, "B")
        self.max_octets = max_octets
        self.of = of

    def addfield(self, pkt: Packet, s: bytes, val: int | None) -> bytes:
        """Append the length in its shortest form."""
        length = val if val is not None else self.of(pkt) if self.of else 0
        if length < 0x80:
            return s + bytes([length])
        octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
        return s + bytes([0x80 | len(octets)]) + octets

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, int]:
        """Take the length; one that does not fit ``max_octets`` stays as its first octet."""
        first, count = s[0], s[0] & 0x7F
        if first < 0x80 or not 0 < count <= self.max_octets or len(s) <= count:
            return s[1:], first
        return s[1 + count :], int.from_bytes(s[1 : 1 + count], "big")


class AxdrLengthField(_LengthField):
    """A length or count of A-XDR; ``of`` says what it counts where it can be computed."""

    def __init__(self, name: str, default: int | None = None, *, of: Callable[[Packet], int] | None = None) -> None:
        super().__init__(name, default, 4, of)


class BerLengthField(_LengthField):
    """A definite length of BER; ACSE needs no more than two octets."""

    def __init__(self, name: str, default: int | None = None, *, of: Callable[[Packet], int] | None = None) -> None:
        super().__init__(name, default, 2, of)
