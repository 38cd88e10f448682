"""SET: requests, undivided and in blocks."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.descriptor import AttributeDescriptor
from harness.protocol.apdu.get import pull_attribute
from harness.protocol.apdu.message import block_text, head_text, pull_block, push_block, size_text
from harness.protocol.apdu.reader import Reader, push_counted
from harness.protocol.apdu.selection import Selection, push_selection
from harness.protocol.apdu.tags import SET_REQUEST_TAG

__all__ = [
    "SetRequest",
    "SetRequestNormal",
    "SetRequestWithDatablock",
    "SetRequestWithFirstDatablock",
    "SetRequestWithList",
    "SetRequestWithListAndFirstDatablock",
    "decode_set_request",
]

_NORMAL: Final = 1
_WITH_FIRST_DATABLOCK: Final = 2
_WITH_DATABLOCK: Final = 3
_WITH_LIST: Final = 4
_WITH_LIST_AND_FIRST_DATABLOCK: Final = 5

Items = tuple[tuple[AttributeDescriptor, Selection | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequestNormal:
    """Writes one attribute."""

    invoke: int
    """Invoke-id and priority, the whole octet."""
    attribute: AttributeDescriptor
    selection: Selection | None = None
    data: bytes
    """A-XDR octets of the value."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_REQUEST_TAG, _NORMAL, self.invoke))
        return head + self.attribute.octets + push_selection(self.selection) + self.data

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('set-request-normal', self.invoke)}: {self.attribute}, {size_text(self.data)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequestWithFirstDatablock:
    """Begins to write one attribute in blocks."""

    invoke: int
    attribute: AttributeDescriptor
    selection: Selection | None = None
    last: bool
    block_number: int
    raw: bytes
    """A piece of the A-XDR octets; the borders fall anywhere."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_REQUEST_TAG, _WITH_FIRST_DATABLOCK, self.invoke))
        block = push_block(self.last, self.block_number, self.raw)
        return head + self.attribute.octets + push_selection(self.selection) + block

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("set-request-with-first-datablock", self.invoke)
        return f"{head}: {self.attribute}, {block_text(self.last, self.block_number, self.raw)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequestWithDatablock:
    """Goes on with the next block."""

    invoke: int
    last: bool
    block_number: int
    raw: bytes

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_REQUEST_TAG, _WITH_DATABLOCK, self.invoke))
        return head + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("set-request-with-datablock", self.invoke)
        return f"{head}: {block_text(self.last, self.block_number, self.raw)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequestWithList:
    """Writes several attributes."""

    invoke: int
    items: Items
    values: tuple[bytes, ...]
    """A-XDR octets of one value for each item."""

    def to_bytes(self) -> bytes:
        """Encode it; items and values are counted apart, so their numbers may be made to differ."""
        head = bytes((SET_REQUEST_TAG, _WITH_LIST, self.invoke))
        return head + _push_items(self.items) + push_counted(list(self.values))

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('set-request-with-list', self.invoke)}: {_items_text(self.items)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequestWithListAndFirstDatablock:
    """Begins to write several attributes in blocks."""

    invoke: int
    items: Items
    last: bool
    block_number: int
    raw: bytes
    """A piece of the counted list of values."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_REQUEST_TAG, _WITH_LIST_AND_FIRST_DATABLOCK, self.invoke))
        return head + _push_items(self.items) + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("set-request-with-list-and-first-datablock", self.invoke)
        return f"{head}: {_items_text(self.items)}, {block_text(self.last, self.block_number, self.raw)}"


SetRequest = (
    SetRequestNormal
    | SetRequestWithFirstDatablock
    | SetRequestWithDatablock
    | SetRequestWithList
    | SetRequestWithListAndFirstDatablock
)


def decode_set_request(octets: bytes) -> SetRequest:
    """Decode a set-request; its first octet has been looked at."""
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    if choice in (_NORMAL, _WITH_FIRST_DATABLOCK):
        request = _pull_single(reader, choice, invoke)
    elif choice == _WITH_DATABLOCK:
        last, block_number, raw = pull_block(reader)
        request = SetRequestWithDatablock(invoke=invoke, last=last, block_number=block_number, raw=raw)
    elif choice in (_WITH_LIST, _WITH_LIST_AND_FIRST_DATABLOCK):
        request = _pull_list(reader, choice, invoke)
    else:
        raise DecodeError(f"set-request of unknown choice {choice}", 1)
    reader.end()
    return request


def _pull_single(reader: Reader, choice: int, invoke: int) -> SetRequest:
    attribute, selection = pull_attribute(reader)
    if choice == _NORMAL:
        return SetRequestNormal(invoke=invoke, attribute=attribute, selection=selection, data=reader.data())
    last, block_number, raw = pull_block(reader)
    return SetRequestWithFirstDatablock(
        invoke=invoke, attribute=attribute, selection=selection, last=last, block_number=block_number, raw=raw
    )


def _pull_list(reader: Reader, choice: int, invoke: int) -> SetRequest:
    items = tuple(pull_attribute(reader) for _ in range(reader.count()))
    if choice == _WITH_LIST:
        values = tuple(reader.data() for _ in range(reader.count()))
        return SetRequestWithList(invoke=invoke, items=items, values=values)
    last, block_number, raw = pull_block(reader)
    return SetRequestWithListAndFirstDatablock(
        invoke=invoke, items=items, last=last, block_number=block_number, raw=raw
    )


def _push_items(items: Items) -> bytes:
    return push_counted([attribute.octets + push_selection(selection) for attribute, selection in items])


def _items_text(items: Items) -> str:
    return ", ".join(str(attribute) for attribute, _ in items)
