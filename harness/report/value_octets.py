"""A COSEM value taken apart for people: which octets are which element, and what they say."""

from collections.abc import Generator, Iterator

from harness.errors import DecodeError
from harness.protocol.axdr import Data, DataType, pull_data, pull_length
from harness.protocol.date_time import DateTime

__all__ = ["ValuePart", "value_parts"]

_OBIS_OCTETS = 6
_DATE_TIME_OCTETS = 12

ValuePart = tuple[int, int, str, str]
"""First octet, the one behind the last, type, value for people."""


def value_parts(octets: bytes, offset: int = 0) -> Iterator[ValuePart]:
    """Yield the parts of the value at ``offset``; arrays and structures come as a head and then their elements.

    Ends with a part ``not readable`` where the octets are no value, and with ``left over`` where some follow it.
    """
    try:
        end = yield from _value(octets, offset)
    except DecodeError as error:
        yield (
            offset if error.offset is None else min(error.offset, len(octets)),
            len(octets),
            "not readable",
            str(error),
        )
        return
    if end < len(octets):
        yield end, len(octets), "left over", f"{len(octets) - end} octets behind the value"


def _value(octets: bytes, offset: int) -> Generator[ValuePart, None, int]:
    if octets[offset : offset + 1] not in (b"\x01", b"\x02"):
        data, end = pull_data(octets, offset)
        yield offset, end, data.type.name.lower().replace("_", "-"), _shown(data)
        return end
    kind = DataType(octets[offset])
    count, position = pull_length(octets, offset + 1)
    yield offset, position, kind.name.lower(), f"of {count}"
    for _ in range(count):
        position = yield from _value(octets, position)
    return position


def _shown(data: Data) -> str:
    if not isinstance(data.value, bytes):
        return "" if data.value is None else str(data.value)
    hexed = data.value.hex(" ")
    if len(data.value) == _OBIS_OCTETS:
        return f"{hexed}, as an OBIS code {'.'.join(map(str, data.value))}"
    if len(data.value) == _DATE_TIME_OCTETS:
        try:
            return f"{hexed}, as a time {DateTime.from_octets(data.value)}"
        except DecodeError:
            return hexed
    text = data.value.decode("ascii", "replace")
    return f"{hexed}, as text {text!r}" if text and text.isprintable() and text.isascii() else hexed
