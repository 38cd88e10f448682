"""GET, SET and ACTION responses and exceptions as the server writes them.

Data come already encoded (``bytes``), because long results are encoded block by block; an ``int`` in place of
them is a data-access-result.
"""

from dataclasses import dataclass

from reference_meter.codec.octets import encode_length

__all__ = [
    "EXCEPTION_RESPONSE",
    "ActionResponseBlock",
    "ActionResponseList",
    "ActionResponseNext",
    "ActionResponseNormal",
    "ExceptionResponse",
    "GetResponseBlock",
    "GetResponseList",
    "GetResponseNormal",
    "Response",
    "SetResponseBlock",
    "SetResponseLast",
    "SetResponseLastList",
    "SetResponseList",
    "SetResponseNormal",
    "encode_response",
]

GET_RESPONSE, SET_RESPONSE, ACTION_RESPONSE, EXCEPTION_RESPONSE = 0xC4, 0xC5, 0xC7, 0xD8


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseNormal:
    """The value of one attribute, or why there is none."""

    invoke: int
    result: bytes | int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseBlock:
    """A part of a long value, or why the transfer ends."""

    invoke: int
    last: bool
    number: int
    result: bytes | int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResponseList:
    """Values of several attributes; ``results`` are the count and the encoded results."""

    invoke: int
    results: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseNormal:
    """Result of one write."""

    invoke: int
    result: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseBlock:
    """A part of a long write has arrived."""

    invoke: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseLast:
    """Result of a long write."""

    invoke: int
    result: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseLastList:
    """Results of a long write of several attributes."""

    invoke: int
    results: tuple[int, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseList:
    """Results of several writes."""

    invoke: int
    results: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseNormal:
    """Result of one method; ``outcome`` is the action-result and what the method returned, encoded."""

    invoke: int
    outcome: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseBlock:
    """A part of a long outcome."""

    invoke: int
    last: bool
    number: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseList:
    """Results of several methods; ``outcomes`` are the count and the encoded outcomes."""

    invoke: int
    outcomes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseNext:
    """A part of a long parameter has arrived."""

    invoke: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionResponse:
    """The request could not be served at all; it carries no invoke-id."""

    state_error: int
    service_error: int
    invocation_counter: int | None = None
    """The counter that was expected; only with service error 6."""


GetResponse = GetResponseNormal | GetResponseBlock | GetResponseList
SetResponse = SetResponseNormal | SetResponseBlock | SetResponseLast | SetResponseLastList | SetResponseList
ActionResponse = ActionResponseNormal | ActionResponseBlock | ActionResponseList | ActionResponseNext
Response = GetResponse | SetResponse | ActionResponse | ExceptionResponse


def encode_response(response: Response) -> bytes:
    """Encode any response."""
    if isinstance(response, GetResponse):
        return bytes([GET_RESPONSE]) + _encode_get(response)
    if isinstance(response, SetResponse):
        return bytes([SET_RESPONSE]) + _encode_set(response)
    if isinstance(response, ExceptionResponse):
        expected = b"" if response.invocation_counter is None else _number(response.invocation_counter)
        return bytes([EXCEPTION_RESPONSE, response.state_error, response.service_error]) + expected
    return bytes([ACTION_RESPONSE]) + _encode_action(response)


def _encode_get(response: GetResponse) -> bytes:
    match response:
        case GetResponseNormal():
            if isinstance(response.result, int):
                return bytes([1, response.invoke, 1, response.result])
            return bytes([1, response.invoke, 0]) + response.result
        case GetResponseBlock():
            head = bytes([2, response.invoke, response.last]) + _number(response.number)
            if isinstance(response.result, int):
                return head + bytes([1, response.result])
            return head + b"\x00" + _octet_string(response.result)
        case GetResponseList():
            return bytes([3, response.invoke]) + response.results


def _encode_set(response: SetResponse) -> bytes:
    invoke = response.invoke
    match response:
        case SetResponseNormal():
            return bytes([1, invoke, response.result])
        case SetResponseBlock():
            return bytes([2, invoke]) + _number(response.number)
        case SetResponseLast():
            return bytes([3, invoke, response.result]) + _number(response.number)
        case SetResponseLastList():
            return bytes([4, invoke]) + _octet_string(bytes(response.results)) + _number(response.number)
        case SetResponseList():
            return bytes([5, invoke]) + _octet_string(bytes(response.results))


def _encode_action(response: ActionResponse) -> bytes:
    invoke = response.invoke
    match response:
        case ActionResponseNormal():
            return bytes([1, invoke]) + response.outcome
        case ActionResponseBlock():
            head = bytes([2, invoke, response.last]) + _number(response.number)
            return head + _octet_string(response.raw)
        case ActionResponseList():
            return bytes([3, invoke]) + response.outcomes
        case ActionResponseNext():
            return bytes([4, invoke]) + _number(response.number)


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _octet_string(octets: bytes) -> bytes:
    # A list of one-octet results is encoded exactly as an octet string: a count and the octets.
    return encode_length(len(octets)) + octets
