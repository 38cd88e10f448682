"""The part of the pcapng format that evidence needs: interfaces, packets, direction, comments.

Written out by hand because it is three block types, and so that scapy's reader can check it from outside.
"""

import struct
from collections.abc import Sequence
from typing import BinaryIO, Literal

__all__ = ["LINK_TYPE_USER0", "PcapngWriter"]

LINK_TYPE_USER0 = 147
"""For private use: neither the wrapper nor metering HDLC has a link type of its own."""

_SECTION_HEADER = 0x0A0D0D0A
_INTERFACE = 1
_ENHANCED_PACKET = 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_UNKNOWN_LENGTH = 0xFFFFFFFFFFFFFFFF
_OPT_END, _OPT_COMMENT, _OPT_IF_NAME, _OPT_USERAPPL, _OPT_FLAGS = 0, 1, 2, 4, 2
_DIRECTION = {"rx": 1, "tx": 2}


class PcapngWriter:
    """Writes one section to ``file``; interfaces are made as their names are first used."""

    def __init__(self, file: BinaryIO, *, application: str) -> None:
        self._file = file
        self._interfaces: dict[str, int] = {}
        header = struct.pack("<IHHQ", _BYTE_ORDER_MAGIC, 1, 0, _UNKNOWN_LENGTH)
        self._block(_SECTION_HEADER, header + _options([(_OPT_USERAPPL, application.encode())]))

    def packet(
        self,
        octets: bytes,
        *,
        interface: str,
        time_s: float,
        direction: Literal["tx", "rx"],
        comments: Sequence[str] = (),
    ) -> None:
        """Append one packet; ``time_s`` counts from the epoch and is kept to the microsecond."""
        number = self._interface(interface)
        micros = round(time_s * 1_000_000)
        head = struct.pack("<IIIII", number, micros >> 32, micros & 0xFFFFFFFF, len(octets), len(octets))
        flags = struct.pack("<I", _DIRECTION[direction])
        options = [(_OPT_FLAGS, flags), *((_OPT_COMMENT, comment.encode()) for comment in comments)]
        self._block(_ENHANCED_PACKET, head + _padded(octets) + _options(options))

    def _interface(self, name: str) -> int:
        if name not in self._interfaces:
            self._interfaces[name] = len(self._interfaces)
            head = struct.pack("<HHI", LINK_TYPE_USER0, 0, 0)
            self._block(_INTERFACE, head + _options([(_OPT_IF_NAME, name.encode())]))
        return self._interfaces[name]

    def _block(self, kind: int, body: bytes) -> None:
        total = len(body) + 12
        self._file.write(struct.pack("<II", kind, total) + body + struct.pack("<I", total))


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)


def _options(options: Sequence[tuple[int, bytes]]) -> bytes:
    packed = [struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options]
    return b"".join([*packed, struct.pack("<HH", _OPT_END, 0)])
