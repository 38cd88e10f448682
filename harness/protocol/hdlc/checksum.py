"""The 16-bit check sequence of HDLC (CRC-16/X-25): HCS over the header, FCS over the frame."""

from binascii import crc_hqx

__all__ = ["CHECK_OCTETS", "check_sequence"]

CHECK_OCTETS = 2

_MIRRORED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))
_INITIAL = 0xFFFF


def check_sequence(octets: bytes | bytearray) -> bytes:
    """Return the two check octets in wire order, low octet first."""
    # crc_hqx has the polynomial of HDLC but takes the most significant bit first. With every octet
    # mirrored it computes the mirror image of the register, in C instead of a Python loop.
    mirrored = crc_hqx(octets.translate(_MIRRORED), _INITIAL) ^ _INITIAL
    return bytes((_MIRRORED[mirrored >> 8], _MIRRORED[mirrored & 0xFF]))
