"""GET: requests and responses."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.codes import DataAccessResult
from harness.protocol.apdu.descriptor import AttributeDescriptor
from harness.protocol.apdu.message import head_text, size_text
from harness.protocol.apdu.reader import Reader, push_boolean, push_counted, push_octets
from harness.protocol.apdu.selection import Selection, pull_selection, push_selection
from harness.protocol.apdu.tags import GET_REQUEST_TAG, GET_RESPONSE_TAG
from harness.protocol.axdr import skip

__all__ = [
    "GetRequest",
    "GetRequestNext",
    "GetRequestNormal",
    "GetRequestWithList",
    "GetResponse",
    "GetResponseNormal",
    "GetResponseWithDatablock",
    "GetResponseWithList",
    "decode_get_request",
    "decode_get_response",
    "pull_attribute",
]

_NORMAL: Final = 1
_NEXT: Final = 2
_WITH_DATABLOCK: Final = 2
_WITH_LIST: Final = 3
_HEAD_OCTETS: Final = 4
_SHORTEST_NORMAL_OCTETS: Final = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class GetRequestNormal:
    """Asks for one attribute."""

    invoke: int
    """Invoke-id and priority, the whole octet."""
    attribute: AttributeDescriptor
    selection: Selection | None = None

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((GET_REQUEST_TAG, _NORMAL, self.invoke))
        if self.selection is None:
            return head + self.attribute.octets + b"\x00"
        return head + self.attribute.octets + push_selection(self.selection)

    def describe(self) -> str:
        """Return one line for people."""
        selective = " with selective access" if self.selection is not None else ""
        return f"{head_text('get-request-normal', self.invoke)}: {self.attribute}{selective}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetRequestNext:
    """Asks for the block after ``block_number``."""

    invoke: int
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((GET_REQUEST_TAG, _NEXT, self.invoke)) + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('get-request-next', self.invoke)}: block {self.block_number} has come"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetRequestWithList:
    """Asks for several attributes."""

    invoke: int
    items: tuple[tuple[AttributeDescriptor, Selection | None], ...]

    def to_bytes(self) -> bytes:
        """Encode it."""
        items = [attribute.octets + push_selection(selection) for attribute, selection in self.items]
        return bytes((GET_REQUEST_TAG, _WITH_LIST, self.invoke)) + push_counted(items)

    def describe(self) -> str:
        """Return one line for people."""
        names = ", ".join(str(attribute) for attribute, _ in self.items)
        return f"{head_text('get-request-with-list', self.invoke)}: {names}"


GetRequest = GetRequestNormal | GetRequestNext | GetRequestWithList


def pull_attribute(reader: Reader) -> tuple[AttributeDescriptor, Selection | None]:
    """Read what a GET or SET addresses."""
    attribute, reader.offset = AttributeDescriptor.pull(reader.octets, reader.offset)
    selection, reader.offset = pull_selection(reader.octets, reader.offset)
    return attribute, selection


def decode_get_request(octets: bytes) -> GetRequest:
    """Decode a get-request; its first octet has been looked at."""
    # Nearly every request: one attribute and no selective access.
    if len(octets) == _SHORTEST_NORMAL_OCTETS and octets[1] == _NORMAL and octets[-1] == 0:
        return GetRequestNormal(invoke=octets[2], attribute=AttributeDescriptor.pull(octets, 3)[0])
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    request: GetRequest
    if choice == _NORMAL:
        attribute, selection = pull_attribute(reader)
        request = GetRequestNormal(invoke=invoke, attribute=attribute, selection=selection)
    elif choice == _NEXT:
        request = GetRequestNext(invoke=invoke, block_number=reader.unsigned(4))
    elif choice == _WITH_LIST:
        items = tuple(pull_attribute(reader) for _ in range(reader.count()))
        request = GetRequestWithList(invoke=invoke, items=items)
    else:
        raise DecodeError(f"get-request of unknown choice {choice}", 1)
    reader.end()
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseNormal:
    """The value of one attribute, or why there is none: exactly one of ``data`` and ``result``."""

    invoke: int
    data: bytes | None = None
    """A-XDR octets of exactly one value."""
    result: int | None = None
    """A ``DataAccessResult``."""

    def __post_init__(self) -> None:
        if (self.data is None) == (self.result is None):
            raise ValueError("either data or a result, not both or neither")

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((GET_RESPONSE_TAG, _NORMAL, self.invoke)) + _push_item(self.data, self.result)

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('get-response-normal', self.invoke)}: {_item_text(self.data, self.result)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseWithDatablock:
    """One block of a long value, or why it ends: exactly one of ``raw`` and ``result``."""

    invoke: int
    last: bool
    block_number: int
    raw: bytes | None = None
    """A piece of the A-XDR octets; the borders fall anywhere."""
    result: int | None = None
    """A ``DataAccessResult``."""

    def __post_init__(self) -> None:
        if (self.raw is None) == (self.result is None):
            raise ValueError("either raw octets or a result, not both or neither")

    def to_bytes(self) -> bytes:
        """Encode it."""
        item = _push_item(None if self.raw is None else push_octets(self.raw), self.result)
        head = bytes((GET_RESPONSE_TAG, _WITH_DATABLOCK, self.invoke)) + push_boolean(self.last)
        return head + self.block_number.to_bytes(4, "big") + item

    def describe(self) -> str:
        """Return one line for people."""
        last = ", the last" if self.last else ""
        head = head_text("get-response-with-datablock", self.invoke)
        return f"{head}: block {self.block_number}{last}, {_item_text(self.raw, self.result)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseWithList:
    """The values of several attributes."""

    invoke: int
    items: tuple[bytes | int, ...]
    """A-XDR octets of a value, or a ``DataAccessResult``, each."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        items = [_push_item(item, None) if isinstance(item, bytes) else _push_item(None, item) for item in self.items]
        return bytes((GET_RESPONSE_TAG, _WITH_LIST, self.invoke)) + push_counted(items)

    def describe(self) -> str:
        """Return one line for people."""
        items = ", ".join(
            _item_text(item, None) if isinstance(item, bytes) else _item_text(None, item) for item in self.items
        )
        return f"{head_text('get-response-with-list', self.invoke)}: {items}"


GetResponse = GetResponseNormal | GetResponseWithDatablock | GetResponseWithList


def decode_get_response(octets: bytes) -> GetResponse:
    """Decode a get-response; its first octet has been looked at."""
    # The answer to nearly every GET: data in a normal response.
    if octets[1:2] == b"\x01" and octets[3:4] == b"\x00":
        if skip(octets, _HEAD_OCTETS) != len(octets):
            raise DecodeError("octets behind the value of a get-response-normal")
        return GetResponseNormal(invoke=octets[2], data=octets[_HEAD_OCTETS:])
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    response: GetResponse
    if choice == _NORMAL:
        response = GetResponseNormal(invoke=invoke, result=_pull_result(reader))
    elif choice == _WITH_DATABLOCK:
        last, block_number = reader.boolean(), reader.unsigned(4)
        raw, result = (None, reader.unsigned(1)) if reader.choice() else (reader.octet_string(), None)
        response = GetResponseWithDatablock(invoke=invoke, last=last, block_number=block_number, raw=raw, result=result)
    elif choice == _WITH_LIST:
        items = tuple(reader.unsigned(1) if reader.choice() else reader.data() for _ in range(reader.count()))
        response = GetResponseWithList(invoke=invoke, items=items)
    else:
        raise DecodeError(f"get-response of unknown choice {choice}", 1)
    reader.end()
    return response


def _pull_result(reader: Reader) -> int:
    reader.choice()  # 01: data has been dealt with before
    return reader.unsigned(1)


def _push_item(data: bytes | None, result: int | None) -> bytes:
    if data is not None:
        return b"\x00" + data
    return bytes((1, result or 0))


def _item_text(data: bytes | None, result: int | None) -> str:
    if data is not None:
        return size_text(data)
    return f"{DataAccessResult.name_of(result or 0)} ({result})"
