"""The ACCESS service: reads, writes and invocations of methods in one request, in the order given.

Results of methods and values come back together: first all data, then all results, each list as long as the request.
"""

from dataclasses import dataclass

from reference_meter.codec import axdr
from reference_meter.codec.octets import OctetReader, encode_length
from reference_meter.codec.request import AttributeDescriptor, MethodDescriptor

__all__ = [
    "ACCESS_REQUEST",
    "BREAK_ON_ERROR",
    "CONFIRMED_ACCESS",
    "SELF_DESCRIPTIVE",
    "AccessAction",
    "AccessGet",
    "AccessRequest",
    "AccessResponse",
    "AccessResult",
    "AccessSet",
    "AccessSpecification",
    "decode_access_request",
    "encode_access_response",
]

ACCESS_REQUEST, _ACCESS_RESPONSE = 0xD9, 0xDA

SELF_DESCRIPTIVE, BREAK_ON_ERROR, CONFIRMED_ACCESS = 1 << 28, 1 << 29, 1 << 30
"""Bits of the long invoke-id: repeat the specification, stop at the first error, give an answer."""

_GET, _SET, _ACTION, _GET_SELECTED, _SET_SELECTED = 1, 2, 3, 4, 5
_DATE_TIME_OCTETS = (0, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGet:
    """Read one attribute."""

    attribute: AttributeDescriptor


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSet:
    """Write one attribute."""

    attribute: AttributeDescriptor


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessAction:
    """Invoke one method."""

    method: MethodDescriptor


AccessSpecification = AccessGet | AccessSet | AccessAction


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """A whole request; ``data`` has one element for each specification, null-data for a read."""

    long_invoke: int
    """Number in 24 bits, and the bits named in this module."""
    date_time: bytes = b""
    """12 octets, or none."""
    specifications: tuple[AccessSpecification, ...]
    raw_specifications: bytes
    """The list as it came, with its count."""
    data: tuple[axdr.Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResult:
    """What one specification has come to."""

    choice: int
    """1 a read, 2 a write, 3 a method."""
    result: int
    """Data-access-result or action-result."""
    data: bytes = b"\x00"
    """The value, encoded; null-data where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResponse:
    """A whole answer."""

    long_invoke: int
    date_time: bytes = b""
    raw_specifications: bytes | None = None
    """The list of the request, for an answer that describes itself."""
    results: tuple[AccessResult, ...]


def decode_access_request(apdu: bytes) -> AccessRequest:
    """Decode a request; lists of unlike lengths and octets left over are ``Malformed``."""
    reader = OctetReader(apdu)
    reader.expect(bytes([ACCESS_REQUEST]), "access request")
    long_invoke = reader.unsigned(4)
    date_time = reader.take(reader.length())
    if len(date_time) not in _DATE_TIME_OCTETS:
        raise reader.malformed(f"date-time of {len(date_time)} octets")
    begin = reader.offset
    specifications = tuple(_pull_specification(reader) for _ in range(_pull_count(reader)))
    raw_specifications = reader.octets[begin : reader.offset]
    data = tuple(axdr.pull_pair(reader) for _ in range(_pull_count(reader)))
    reader.finish()
    if len(data) != len(specifications):
        raise reader.malformed(f"{len(data)} data for {len(specifications)} specifications")
    return AccessRequest(
        long_invoke=long_invoke,
        date_time=date_time,
        specifications=specifications,
        raw_specifications=raw_specifications,
        data=data,
    )


def encode_access_response(response: AccessResponse) -> bytes:
    """Encode an answer."""
    raw = response.raw_specifications
    head = bytes([_ACCESS_RESPONSE]) + response.long_invoke.to_bytes(4, "big")
    head += encode_length(len(response.date_time)) + response.date_time
    head += b"\x00" if raw is None else b"\x01" + raw
    count = encode_length(len(response.results))
    data = b"".join(result.data for result in response.results)
    results = b"".join(bytes([result.choice, result.result]) for result in response.results)
    return head + count + data + count + results


def _pull_count(reader: OctetReader) -> int:
    count = reader.length()
    if count > reader.remaining:
        raise reader.malformed(f"{count} elements in {reader.remaining} octets")
    return count


def _pull_specification(reader: OctetReader) -> AccessSpecification:
    choice = reader.unsigned(1)
    if choice not in (_GET, _SET, _ACTION, _GET_SELECTED, _SET_SELECTED):
        raise reader.malformed(f"unknown choice {choice} of access")
    class_id, obis, number = reader.unsigned(2), reader.take(6), reader.signed(1)
    if choice == _ACTION:
        return AccessAction(method=MethodDescriptor(class_id=class_id, obis=obis, method=number))
    selector, parameters = None, None
    if choice in (_GET_SELECTED, _SET_SELECTED):
        selector, parameters = reader.unsigned(1), axdr.pull_pair(reader)
    attribute = AttributeDescriptor(
        class_id=class_id, obis=obis, attribute=number, selector=selector, parameters=parameters
    )
    return AccessGet(attribute=attribute) if choice in (_GET, _GET_SELECTED) else AccessSet(attribute=attribute)
