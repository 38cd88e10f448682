"""The checksum at the end of a telegram."""

from typing import Final

__all__ = ["crc16"]

_POLYNOMIAL: Final = 0xA001


def crc16(octets: bytes) -> int:
    """CRC-16/ARC: polynomial A001 reflected, initial value 0; over all from the slash to the exclamation mark."""
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ _POLYNOMIAL if crc & 1 else crc >> 1
    return crc
