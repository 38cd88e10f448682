"""HDLC frames of format type 3: addresses, check sequences, and finding frames in a stream.

::

    7E | format 2 | destination | source | control 1 | HCS 2 | information | FCS 2 | 7E

There is no HCS when there is no information field. Lengths instead of stuffing tell where a frame ends, so the
octet 7E may occur inside.
"""

from dataclasses import dataclass

from reference_meter.codec.octets import Malformed

__all__ = [
    "FLAG",
    "FrameScanner",
    "HdlcFrame",
    "check_sequence",
    "decode_frame",
    "encode_client_address",
    "encode_frame",
    "encode_server_address",
]

FLAG = 0x7E
_FORMAT_TYPE = 0xA000
_FORMAT_MASK = 0xF000
_SEGMENTED = 0x0800
_LENGTH_MASK = 0x07FF
_SHORTEST_FRAME = 7
_ADDRESS_LENGTHS = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class HdlcFrame:
    """One frame; addresses are the octets as they stand on the line."""

    destination: bytes
    source: bytes
    control: int
    information: bytes = b""
    segmented: bool = False
    """True on every I frame of an APDU but the last."""


def _table_entry(octet: int) -> int:
    for _ in range(8):
        octet = octet >> 1 ^ (0x8408 if octet & 1 else 0)
    return octet


_TABLE = tuple(map(_table_entry, range(256)))


def check_sequence(octets: bytes) -> bytes:
    """Calculate HCS or FCS in the order of the line, low octet first."""
    crc = 0xFFFF
    for octet in octets:
        crc = crc >> 8 ^ _TABLE[(crc ^ octet) & 0xFF]
    return (crc ^ 0xFFFF).to_bytes(2, "little")


def encode_client_address(client: int) -> bytes:
    """Encode a client address, always one octet."""
    return _encode_address_part(client, 1, last=True)


def encode_server_address(upper: int, lower: int, octets: int) -> bytes:
    """Encode a server address of 1 (upper only), 2 or 4 octets."""
    if octets == 1:
        return _encode_address_part(upper, 1, last=True)
    if octets not in _ADDRESS_LENGTHS:
        raise ValueError(f"a server address has 1, 2 or 4 octets, not {octets}")
    half = octets // 2
    return _encode_address_part(upper, half, last=False) + _encode_address_part(lower, half, last=True)


def encode_frame(frame: HdlcFrame) -> bytes:
    """Encode a frame with both flags."""
    header = frame.destination + frame.source + bytes([frame.control])
    length = 2 + len(header) + 2 + (len(frame.information) + 2 if frame.information else 0)
    if length > _LENGTH_MASK:
        raise ValueError(f"a frame of {length} octets is longer than the format field can say")
    format_field = _FORMAT_TYPE | (_SEGMENTED if frame.segmented else 0) | length
    body = format_field.to_bytes(2, "big") + header
    if frame.information:
        body += check_sequence(body) + frame.information
    return bytes([FLAG]) + body + check_sequence(body) + bytes([FLAG])


def decode_frame(body: bytes) -> HdlcFrame:
    """Decode what stands between two flags; anything wrong is ``Malformed``."""
    if len(body) < _SHORTEST_FRAME:
        raise Malformed(f"a frame of {len(body)} octets", 0)
    format_field = int.from_bytes(body[:2], "big")
    if format_field & _FORMAT_MASK != _FORMAT_TYPE or format_field & _LENGTH_MASK != len(body):
        raise Malformed(f"format field {format_field:04x} for {len(body)} octets", 0)
    if check_sequence(body[:-2]) != body[-2:]:
        raise Malformed("wrong FCS", len(body) - 2)
    destination, at = _pull_address(body, 2)
    source, at = _pull_address(body, at)
    if at + 3 > len(body):
        raise Malformed("no control field", at)
    information = b""
    if len(body) > at + 3:
        if check_sequence(body[: at + 1]) != body[at + 1 : at + 3]:
            raise Malformed("wrong HCS", at + 1)
        information = body[at + 3 : -2]
    return HdlcFrame(
        destination=destination,
        source=source,
        control=body[at],
        information=information,
        segmented=bool(format_field & _SEGMENTED),
    )


def _encode_address_part(value: int, octets: int, *, last: bool) -> bytes:
    if not 0 <= value < 1 << 7 * octets:
        raise ValueError(f"{value} does not fit {octets} address octets")
    parts = [(value >> 7 * place & 0x7F) << 1 for place in reversed(range(octets))]
    if last:
        parts[-1] |= 1
    return bytes(parts)


def _pull_address(body: bytes, start: int) -> tuple[bytes, int]:
    end = start
    while end < len(body) - 2 and not body[end] & 1:
        end += 1
    end += 1
    if end > len(body) - 2 or end - start not in _ADDRESS_LENGTHS:
        raise Malformed("illegal address", start)
    return body[start:end], end


class FrameScanner:
    """Finds frames in a stream; what is not a frame is passed over.

    After octets that turn out not to be a frame the search goes on behind their opening flag, so that a good frame
    inside or behind the damage is found. The buffer never holds more than one frame of the greatest length.
    """

    def __init__(self) -> None:
        self.buffer = bytearray()

    def scan(self, data: bytes) -> list[HdlcFrame]:
        """Take octets of the line and give the frames that are complete now."""
        self.buffer += data
        frames: list[HdlcFrame] = []
        while (end := self._end_of_candidate()) is not None:
            try:
                frames.append(decode_frame(bytes(self.buffer[1:end])))
            except Malformed:
                del self.buffer[:1]
            else:
                # The closing flag stays: it may open the next frame.
                del self.buffer[:end]
        return frames

    def forget(self) -> None:
        """Drop an unfinished frame, as after a pause within it."""
        self.buffer.clear()

    def _end_of_candidate(self) -> int | None:
        """Skip to an opening flag whose frame is complete and give the place of its closing flag."""
        while (start := self.buffer.find(FLAG)) >= 0:
            del self.buffer[:start]
            if len(self.buffer) < 3:
                return None
            format_field = int.from_bytes(self.buffer[1:3], "big")
            end = 1 + (format_field & _LENGTH_MASK)
            if format_field & _FORMAT_MASK == _FORMAT_TYPE and end > _SHORTEST_FRAME:
                if len(self.buffer) <= end:
                    return None
                if self.buffer[end] == FLAG:
                    return end
            del self.buffer[:1]
        self.buffer.clear()
        return None
