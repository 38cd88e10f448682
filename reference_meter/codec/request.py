"""GET, SET and ACTION requests as messages; ``request_decoder`` reads them."""

from dataclasses import dataclass

from reference_meter.codec import axdr

__all__ = [
    "ACTION_REQUEST",
    "CONFIRMED",
    "GET_REQUEST",
    "SET_REQUEST",
    "ActionBlock",
    "ActionFirstBlock",
    "ActionList",
    "ActionListFirstBlock",
    "ActionNext",
    "ActionNormal",
    "ActionRequest",
    "AttributeDescriptor",
    "Block",
    "GetList",
    "GetNext",
    "GetNormal",
    "GetRequest",
    "MethodDescriptor",
    "Request",
    "SetBlock",
    "SetFirstBlock",
    "SetList",
    "SetListFirstBlock",
    "SetNormal",
    "SetRequest",
]

GET_REQUEST, SET_REQUEST, ACTION_REQUEST = 0xC0, 0xC1, 0xC3

CONFIRMED = 0x40
"""Bit of the invoke-id-and-priority octet: an answer is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDescriptor:
    """One attribute, with selective access when ``selector`` is not ``None``."""

    class_id: int
    obis: bytes
    attribute: int
    selector: int | None = None
    parameters: axdr.Pair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodDescriptor:
    """One method of one object."""

    class_id: int
    obis: bytes
    method: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a long request."""

    last: bool
    number: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetNormal:
    """Read one attribute."""

    invoke: int
    attribute: AttributeDescriptor


@dataclass(frozen=True, slots=True, kw_only=True)
class GetNext:
    """Ask for the block after ``number``."""

    invoke: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetList:
    """Read several attributes."""

    invoke: int
    attributes: tuple[AttributeDescriptor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNormal:
    """Write one attribute."""

    invoke: int
    attribute: AttributeDescriptor
    data: axdr.Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFirstBlock:
    """Begin a long write of one attribute."""

    invoke: int
    attribute: AttributeDescriptor
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlock:
    """Go on with a long write."""

    invoke: int
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class SetList:
    """Write several attributes."""

    invoke: int
    attributes: tuple[AttributeDescriptor, ...]
    values: tuple[axdr.Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetListFirstBlock:
    """Begin a long write of several attributes."""

    invoke: int
    attributes: tuple[AttributeDescriptor, ...]
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNormal:
    """Invoke one method."""

    invoke: int
    method: MethodDescriptor
    parameter: axdr.Pair | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNext:
    """Ask for the part of a long result after ``number``."""

    invoke: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList:
    """Invoke several methods; null-data stands for no parameter."""

    invoke: int
    methods: tuple[MethodDescriptor, ...]
    parameters: tuple[axdr.Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFirstBlock:
    """Invoke one method with a long parameter, of which this is the first part."""

    invoke: int
    method: MethodDescriptor
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionListFirstBlock:
    """Invoke several methods with long parameters, of which this is the first part."""

    invoke: int
    methods: tuple[MethodDescriptor, ...]
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBlock:
    """Go on with a long parameter."""

    invoke: int
    block: Block


GetRequest = GetNormal | GetNext | GetList
SetRequest = SetNormal | SetFirstBlock | SetBlock | SetList | SetListFirstBlock
ActionRequest = ActionNormal | ActionNext | ActionList | ActionFirstBlock | ActionListFirstBlock | ActionBlock
Request = GetRequest | SetRequest | ActionRequest
