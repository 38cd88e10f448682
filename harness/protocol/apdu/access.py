"""ACCESS: reads, writes and invocations of methods in one request, in the order given.

On the wire first all specifications come and then all data; here each specification has its datum with it.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from harness.errors import DecodeError
from harness.protocol.apdu.codes import ActionResult, DataAccessResult
from harness.protocol.apdu.descriptor import AttributeDescriptor, MethodDescriptor
from harness.protocol.apdu.reader import Reader, push_counted, push_octets
from harness.protocol.apdu.selection import Selection, decode_selection
from harness.protocol.apdu.tags import ACCESS_REQUEST_TAG, ACCESS_RESPONSE_TAG
from harness.protocol.axdr import skip

__all__ = [
    "ACCESS_BREAK_ON_ERROR",
    "ACCESS_CONFIRMED",
    "ACCESS_SELF_DESCRIPTIVE",
    "LONG_INVOKE_ID",
    "AccessAction",
    "AccessGet",
    "AccessKind",
    "AccessOutcome",
    "AccessRequest",
    "AccessResponse",
    "AccessSet",
    "AccessSpecification",
]

LONG_INVOKE_ID: Final = 0x00FFFFFF
ACCESS_SELF_DESCRIPTIVE: Final = 1 << 28
"""The answer repeats the specifications."""
ACCESS_BREAK_ON_ERROR: Final = 1 << 29
"""What comes behind an error is not carried out."""
ACCESS_CONFIRMED: Final = 1 << 30

AccessKind = int
"""1 a read, 2 a write, 3 a method: as in the list of results."""

_GET: Final = 1
_SET: Final = 2
_ACTION: Final = 3
_SELECTED: Final = {_GET: 4, _SET: 5}
_PLAIN: Final = {selected: plain for plain, selected in _SELECTED.items()}
_KIND_NAMES: Final = {_GET: "get", _SET: "set", _ACTION: "action"}
_NULL_DATA: Final = b"\x00"
_DATE_TIME_OCTETS: Final = (0, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGet:
    """Read one attribute."""

    kind: ClassVar[AccessKind] = _GET
    attribute: AttributeDescriptor
    selection: Selection | None = None
    data: bytes = _NULL_DATA

    def to_bytes(self) -> bytes:
        """Encode the specification without the datum."""
        return _push_attribute(_GET, self.attribute, self.selection)

    def describe(self) -> str:
        """Return a few words for people."""
        return f"get {self.attribute}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSet:
    """Write one attribute."""

    kind: ClassVar[AccessKind] = _SET
    attribute: AttributeDescriptor
    selection: Selection | None = None
    data: bytes = _NULL_DATA
    """A-XDR octets of the value."""

    def to_bytes(self) -> bytes:
        """Encode the specification without the datum."""
        return _push_attribute(_SET, self.attribute, self.selection)

    def describe(self) -> str:
        """Return a few words for people."""
        return f"set {self.attribute}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessAction:
    """Invoke one method."""

    kind: ClassVar[AccessKind] = _ACTION
    method: MethodDescriptor
    data: bytes = _NULL_DATA
    """A-XDR octets of the parameter."""

    def to_bytes(self) -> bytes:
        """Encode the specification without the datum."""
        return bytes((_ACTION,)) + self.method.octets

    def describe(self) -> str:
        """Return a few words for people."""
        return f"action {self.method}"


AccessSpecification = AccessGet | AccessSet | AccessAction


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """A whole request."""

    long_invoke: int
    """Number in 24 bits, and the bits named in this module; bit 31 is the priority."""
    date_time: bytes = b""
    """Twelve octets, or none."""
    specifications: tuple[AccessSpecification, ...]

    @classmethod
    def from_bytes(cls, octets: bytes) -> "AccessRequest":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, ACCESS_REQUEST_TAG)
        long_invoke, date_time = reader.unsigned(4), _pull_time(reader)
        heads = [_pull_specification(reader) for _ in range(reader.count())]
        data = [reader.data() for _ in range(reader.count())]
        reader.end()
        if len(data) != len(heads):
            raise DecodeError(f"an access-request with {len(data)} data for {len(heads)} specifications")
        specifications = tuple(_specification(*head, datum) for head, datum in zip(heads, data, strict=True))
        return cls(long_invoke=long_invoke, date_time=date_time, specifications=specifications)

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACCESS_REQUEST_TAG,)) + self.long_invoke.to_bytes(4, "big") + push_octets(self.date_time)
        specifications = push_counted([one.to_bytes() for one in self.specifications])
        return head + specifications + push_counted([one.data for one in self.specifications])

    def describe(self) -> str:
        """Return one line for people."""
        asked = ", ".join(one.describe() for one in self.specifications)
        return f"access-request id {self.long_invoke & LONG_INVOKE_ID}: {asked}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessOutcome:
    """What one specification has come to."""

    kind: AccessKind
    result: int
    """A ``DataAccessResult``, of a method an ``ActionResult``."""
    data: bytes = _NULL_DATA
    """A-XDR octets of what is given back; null-data where that is nothing."""

    def describe(self) -> str:
        """Return a few words for people."""
        names = ActionResult if self.kind == _ACTION else DataAccessResult
        return f"{_KIND_NAMES[self.kind]} {names.name_of(self.result)} ({self.result})"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResponse:
    """A whole answer."""

    long_invoke: int
    date_time: bytes = b""
    specifications: tuple[AccessSpecification, ...] | None = None
    """Those of the request, where the answer describes itself; without their data."""
    outcomes: tuple[AccessOutcome, ...]

    @classmethod
    def from_bytes(cls, octets: bytes) -> "AccessResponse":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, ACCESS_RESPONSE_TAG)
        long_invoke, date_time = reader.unsigned(4), _pull_time(reader)
        specifications = None
        if reader.choice():
            heads = [_pull_specification(reader) for _ in range(reader.count())]
            specifications = tuple(_specification(*head, _NULL_DATA) for head in heads)
        data = [reader.data() for _ in range(reader.count())]
        results = [_pull_result(reader) for _ in range(reader.count())]
        reader.end()
        if len(data) != len(results):
            raise DecodeError(f"an access-response with {len(data)} data and {len(results)} results")
        outcomes = tuple(
            AccessOutcome(kind=kind, result=result, data=datum)
            for (kind, result), datum in zip(results, data, strict=True)
        )
        return cls(long_invoke=long_invoke, date_time=date_time, specifications=specifications, outcomes=outcomes)

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACCESS_RESPONSE_TAG,)) + self.long_invoke.to_bytes(4, "big") + push_octets(self.date_time)
        if self.specifications is None:
            head += b"\x00"
        else:
            head += b"\x01" + push_counted([one.to_bytes() for one in self.specifications])
        data = push_counted([one.data for one in self.outcomes])
        return head + data + push_counted([bytes((one.kind, one.result)) for one in self.outcomes])

    def describe(self) -> str:
        """Return one line for people."""
        outcomes = ", ".join(one.describe() for one in self.outcomes)
        return f"access-response id {self.long_invoke & LONG_INVOKE_ID}: {outcomes}"


def _push_attribute(kind: AccessKind, attribute: AttributeDescriptor, selection: Selection | None) -> bytes:
    if selection is None:
        return bytes((kind,)) + attribute.octets
    return bytes((_SELECTED[kind],)) + attribute.octets + selection.to_bytes()


def _pull_specification(reader: Reader) -> tuple[AccessKind, AttributeDescriptor | MethodDescriptor, Selection | None]:
    offset = reader.offset
    choice = reader.unsigned(1)
    if choice == _ACTION:
        method, reader.offset = MethodDescriptor.pull(reader.octets, reader.offset)
        return _ACTION, method, None
    if choice not in (_GET, _SET, *_PLAIN):
        raise DecodeError(f"access of unknown choice {choice}", offset)
    attribute, reader.offset = AttributeDescriptor.pull(reader.octets, reader.offset)
    if choice not in _PLAIN:
        return choice, attribute, None
    start, reader.offset = reader.offset, skip(reader.octets, reader.offset + 1)
    return _PLAIN[choice], attribute, decode_selection(reader.octets[start : reader.offset])


def _specification(
    kind: AccessKind, target: AttributeDescriptor | MethodDescriptor, selection: Selection | None, data: bytes
) -> AccessSpecification:
    if isinstance(target, MethodDescriptor):
        return AccessAction(method=target, data=data)
    made = AccessGet if kind == _GET else AccessSet
    return made(attribute=target, selection=selection, data=data)


def _pull_result(reader: Reader) -> tuple[AccessKind, int]:
    offset = reader.offset
    kind = reader.unsigned(1)
    if kind not in _KIND_NAMES:
        raise DecodeError(f"result of unknown choice {kind} in an access-response", offset)
    return kind, reader.unsigned(1)


def _pull_time(reader: Reader) -> bytes:
    offset = reader.offset
    octets = reader.octet_string()
    if len(octets) not in _DATE_TIME_OCTETS:
        raise DecodeError(f"a time of {len(octets)} octets", offset)
    return octets
