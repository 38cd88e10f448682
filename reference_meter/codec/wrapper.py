"""The TCP and UDP wrapper: eight octets of header in front of each APDU."""

import struct
from dataclasses import dataclass

from reference_meter.codec.octets import Malformed

__all__ = ["HEADER_OCTETS", "VERSION", "WrapperHeader", "WrapperMessage", "decode_header", "encode"]

HEADER_OCTETS = 8
VERSION = 1
_LAYOUT = struct.Struct(">HHHH")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapperHeader:
    """Source and destination port and the length of the APDU that follows, in octets."""

    source: int
    destination: int
    length_octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapperMessage:
    """One APDU between two wrapper ports."""

    source: int
    destination: int
    apdu: bytes


def encode(message: WrapperMessage) -> bytes:
    """Encode header and APDU."""
    length = len(message.apdu)
    if length > 0xFFFF:
        raise ValueError(f"an APDU of {length} octets does not fit a wrapper")
    return _LAYOUT.pack(VERSION, message.source, message.destination, length) + message.apdu


def decode_header(octets: bytes) -> WrapperHeader:
    """Decode the first eight octets; another version is ``Malformed``."""
    if len(octets) < HEADER_OCTETS:
        raise Malformed("wrapper header cut short", len(octets))
    version, source, destination, length = _LAYOUT.unpack_from(octets)
    if version != VERSION:
        raise Malformed(f"wrapper version {version}", 0)
    return WrapperHeader(source=source, destination=destination, length_octets=length)
