"""M-Bus as a slave speaks it: frames in and out, headers, and records out."""

from dataclasses import dataclass
from datetime import datetime

from reference_meter.codec.octets import Malformed, OctetReader

__all__ = [
    "ACKNOWLEDGE",
    "LONGEST_DATA_OCTETS",
    "Request",
    "bcd",
    "date_octets",
    "date_time_from_octets",
    "date_time_octets",
    "long_frame",
    "manufacturer_octets",
    "record",
    "request_from_octets",
]

ACKNOWLEDGE = b"\xe5"
LONGEST_DATA_OCTETS = 252
_SHORT, _LONG, _STOP = 0x10, 0x68, 0x16
_BEFORE_BODY, _AFTER_BODY = 4, 2
_SHORTEST_BODY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a master sends; ``information`` is None in a short frame."""

    control: int
    address: int
    information: int | None = None
    data: bytes = b""


def _sum(octets: bytes) -> int:
    return sum(octets) % 256


def request_from_octets(octets: bytes) -> Request | None:
    """The request that these octets are, None while more have to come; Malformed where nothing can come of them."""
    if not octets:
        return None
    if octets[0] == _SHORT:
        return _short(octets)
    if octets[0] != _LONG:
        raise Malformed("no start", 0)
    if len(octets) < _BEFORE_BODY:
        return None
    length = octets[1]
    if octets[2] != length or octets[3] != _LONG or length < _SHORTEST_BODY:
        raise Malformed("lengths or second start", 1)
    if len(octets) < _BEFORE_BODY + length + _AFTER_BODY:
        return None
    reader = OctetReader(octets)
    reader.take(_BEFORE_BODY)
    body = reader.take(length)
    _check_end(reader, body)
    return Request(control=body[0], address=body[1], information=body[2], data=body[3:])


def _short(octets: bytes) -> Request | None:
    if len(octets) < 5:
        return None
    reader = OctetReader(octets)
    reader.take(1)
    body = reader.take(2)
    _check_end(reader, body)
    return Request(control=body[0], address=body[1])


def _check_end(reader: OctetReader, body: bytes) -> None:
    reader.expect(bytes((_sum(body), _STOP)), "checksum and stop")
    reader.finish()


def long_frame(control: int, address: int, information: int, data: bytes) -> bytes:
    """A frame with data; ValueError where they are too many."""
    if len(data) > LONGEST_DATA_OCTETS:
        raise ValueError(f"{len(data)} octets do not fit into a frame")
    body = bytes((control, address, information)) + data
    return bytes((_LONG, len(body), len(body), _LONG)) + body + bytes((_sum(body), _STOP))


def manufacturer_octets(letters: str) -> bytes:
    """Three letters, five bits each."""
    first, second, third = (ord(letter) - 64 for letter in letters)
    return (first * 1024 + second * 32 + third).to_bytes(2, "little")


def bcd(number: int, octets: int) -> bytes:
    """Decimal digits, low ones first; digits that have no place are lost."""
    return bytes.fromhex(f"{number:0{2 * octets}d}"[-2 * octets :])[::-1]


def date_octets(local: datetime) -> bytes:
    """A date in two octets (type G)."""
    year = local.year % 100
    return bytes((local.day | year % 8 << 5, local.month | year // 8 << 4))


def date_time_octets(local: datetime, *, invalid: bool, summer: bool) -> bytes:
    """Date and time to the minute in four octets (type F)."""
    return bytes((local.minute | invalid << 7, local.hour | summer << 7)) + date_octets(local)


def date_time_from_octets(octets: bytes) -> datetime:
    """Local time of four octets; Malformed where they are none."""
    minute, hour, day, month = octets
    try:
        return datetime(2000 + (day >> 5) + (month >> 4) * 8, month & 15, day & 31, hour & 31, minute & 63)
    except ValueError as error:
        raise Malformed(str(error), 0) from error


def record(
    coding: int,
    value_information: bytes,
    value: bytes,
    *,
    storage: int = 0,
    tariff: int = 0,
    function: int = 0,
) -> bytes:
    """One data record; storage numbers and tariffs get as many extensions as they need."""
    first = coding | function << 4 | (storage & 1) << 6
    storage >>= 1
    extensions = bytearray()
    while storage or tariff:
        extensions.append(storage & 0x0F | (tariff & 0x03) << 4)
        storage, tariff = storage >> 4, tariff >> 2
    header = bytes((first, *extensions))
    chained = bytes(octet | 0x80 for octet in header[:-1]) + header[-1:]
    return chained + value_information + value
