"""Which octets of an M-Bus frame are which field, for people."""

from collections.abc import Iterator

from harness.errors import DecodeError
from harness.protocol.mbus.record import Record, records_from_bytes
from harness.wire.octet_map import OctetField

__all__ = ["map_mbus"]

_ACKNOWLEDGED = b"\xe5"
_STOP = 0x16
_SHORT = ("start", "control", "address", "checksum", "stop")
_LONG = ("start", "length", "length again", "start again", "control", "address", "control information")
_SHORTEST = len(_LONG) + 2
_SHORT_HEADER = (("access number", 1), ("status", 1), ("configuration", 2))
_HEADERS = {
    0x72: (("identification", 4), ("manufacturer", 2), ("version", 1), ("medium", 1), *_SHORT_HEADER),
    0x7A: _SHORT_HEADER,
}
"""Control information of an answer -> its header; the configuration, at the end, is 0 where nothing is enciphered."""


def map_mbus(octets: bytes) -> tuple[OctetField, ...]:
    """Return the fields of one frame of the link layer; none for octets that are no such frame."""
    if octets == _ACKNOWLEDGED:
        return (_field(0, 1, "acknowledgement", "the slave takes the request"),)
    if len(octets) == len(_SHORT) and (octets[0], octets[-1]) == (0x10, _STOP):
        return tuple(_octet(octets, at, name) for at, name in enumerate(_SHORT))
    if len(octets) < _SHORTEST or (octets[0], octets[3], octets[-1]) != (0x68, 0x68, _STOP):
        return ()
    head = [_octet(octets, at, name) for at, name in enumerate(_LONG)]
    tail = [_octet(octets, len(octets) - 2, "checksum"), _octet(octets, len(octets) - 1, "stop")]
    return (*head, *_data(octets, len(octets) - 2), *tail)


def _data(octets: bytes, end: int) -> Iterator[OctetField]:
    """Yield the data: of an answer that is not enciphered its header and records, of other frames one field."""
    place = len(_LONG)
    header = _HEADERS.get(octets[place - 1], ())
    content = place + sum(length for _, length in header)
    if header and content <= end and not any(octets[content - 2 : content]):
        for name, length in header:
            yield _field(place, place + length, name, octets[place : place + length].hex(" "))
            place += length
        for record in _records(octets[content:end]):
            start = octets.find(record.header + record.raw, place)  # idle fillers may stand between records
            place = start + len(record.header + record.raw)
            yield _field(start, place, "record", str(record))
    if place < end:
        yield _field(place, end, "data", f"{end - place} octets")


def _records(octets: bytes) -> tuple[Record, ...]:
    try:
        return records_from_bytes(octets).records
    except DecodeError:
        return ()


def _octet(octets: bytes, at: int, name: str) -> OctetField:
    number = octets[at]
    return _field(at, at + 1, name, str(number) if name.startswith(("length", "address")) else f"0x{number:02x}")


def _field(start: int, end: int, name: str, meaning: str) -> OctetField:
    return OctetField(start=start, end=end, layer="M-Bus", name=name, meaning=meaning)
