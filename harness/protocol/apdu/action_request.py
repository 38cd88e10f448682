"""ACTION: requests, undivided and in blocks."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.descriptor import MethodDescriptor
from harness.protocol.apdu.message import block_text, head_text, pull_block, push_block, size_text
from harness.protocol.apdu.reader import Reader, push_counted, push_optional_data
from harness.protocol.apdu.tags import ACTION_REQUEST_TAG

__all__ = [
    "ActionRequest",
    "ActionRequestNextPblock",
    "ActionRequestNormal",
    "ActionRequestWithFirstPblock",
    "ActionRequestWithList",
    "ActionRequestWithListAndFirstPblock",
    "ActionRequestWithPblock",
    "decode_action_request",
]

_NORMAL: Final = 1
_NEXT_PBLOCK: Final = 2
_WITH_LIST: Final = 3
_WITH_FIRST_PBLOCK: Final = 4
_WITH_LIST_AND_FIRST_PBLOCK: Final = 5
_WITH_PBLOCK: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestNormal:
    """Invokes one method."""

    invoke: int
    """Invoke-id and priority, the whole octet."""
    method: MethodDescriptor
    parameter: bytes | None = None
    """A-XDR octets of the parameter."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_REQUEST_TAG, _NORMAL, self.invoke))
        return head + self.method.octets + push_optional_data(self.parameter)

    def describe(self) -> str:
        """Return one line for people."""
        parameter = "no parameter" if self.parameter is None else size_text(self.parameter)
        return f"{head_text('action-request-normal', self.invoke)}: {self.method}, {parameter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestNextPblock:
    """Asks for the block after ``block_number``."""

    invoke: int
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((ACTION_REQUEST_TAG, _NEXT_PBLOCK, self.invoke)) + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('action-request-next-pblock', self.invoke)}: block {self.block_number} has come"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestWithList:
    """Invokes several methods."""

    invoke: int
    methods: tuple[MethodDescriptor, ...]
    parameters: tuple[bytes, ...]
    """A-XDR octets of one parameter for each method; null-data where a method takes none."""

    def to_bytes(self) -> bytes:
        """Encode it; methods and parameters are counted apart, so their numbers may be made to differ."""
        head = bytes((ACTION_REQUEST_TAG, _WITH_LIST, self.invoke))
        return head + _push_methods(self.methods) + push_counted(list(self.parameters))

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('action-request-with-list', self.invoke)}: {_methods_text(self.methods)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestWithFirstPblock:
    """Begins to invoke one method with a parameter in blocks."""

    invoke: int
    method: MethodDescriptor
    last: bool
    block_number: int
    raw: bytes
    """A piece of the A-XDR octets; the borders fall anywhere."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_REQUEST_TAG, _WITH_FIRST_PBLOCK, self.invoke))
        return head + self.method.octets + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("action-request-with-first-pblock", self.invoke)
        return f"{head}: {self.method}, {block_text(self.last, self.block_number, self.raw)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestWithListAndFirstPblock:
    """Begins to invoke several methods with parameters in blocks."""

    invoke: int
    methods: tuple[MethodDescriptor, ...]
    last: bool
    block_number: int
    raw: bytes
    """A piece of the counted list of parameters."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_REQUEST_TAG, _WITH_LIST_AND_FIRST_PBLOCK, self.invoke))
        return head + _push_methods(self.methods) + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("action-request-with-list-and-first-pblock", self.invoke)
        return f"{head}: {_methods_text(self.methods)}, {block_text(self.last, self.block_number, self.raw)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequestWithPblock:
    """Goes on with the next block of the parameters."""

    invoke: int
    last: bool
    block_number: int
    raw: bytes

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_REQUEST_TAG, _WITH_PBLOCK, self.invoke))
        return head + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("action-request-with-pblock", self.invoke)
        return f"{head}: {block_text(self.last, self.block_number, self.raw)}"


ActionRequest = (
    ActionRequestNormal
    | ActionRequestNextPblock
    | ActionRequestWithList
    | ActionRequestWithFirstPblock
    | ActionRequestWithListAndFirstPblock
    | ActionRequestWithPblock
)


def decode_action_request(octets: bytes) -> ActionRequest:
    """Decode an action-request; its first octet has been looked at."""
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    request: ActionRequest
    if choice == _NORMAL:
        method = _pull_method(reader)
        request = ActionRequestNormal(invoke=invoke, method=method, parameter=reader.maybe_data())
    elif choice == _NEXT_PBLOCK:
        request = ActionRequestNextPblock(invoke=invoke, block_number=reader.unsigned(4))
    elif choice == _WITH_LIST:
        methods = _pull_methods(reader)
        parameters = tuple(reader.data() for _ in range(reader.count()))
        request = ActionRequestWithList(invoke=invoke, methods=methods, parameters=parameters)
    elif choice in (_WITH_FIRST_PBLOCK, _WITH_LIST_AND_FIRST_PBLOCK, _WITH_PBLOCK):
        request = _pull_blockwise(reader, choice, invoke)
    else:
        raise DecodeError(f"action-request of unknown choice {choice}", 1)
    reader.end()
    return request


def _pull_blockwise(reader: Reader, choice: int, invoke: int) -> ActionRequest:
    methods: tuple[MethodDescriptor, ...] = ()
    if choice == _WITH_FIRST_PBLOCK:
        methods = (_pull_method(reader),)
    elif choice == _WITH_LIST_AND_FIRST_PBLOCK:
        methods = _pull_methods(reader)
    last, block_number, raw = pull_block(reader)
    if choice == _WITH_FIRST_PBLOCK:
        return ActionRequestWithFirstPblock(
            invoke=invoke, method=methods[0], last=last, block_number=block_number, raw=raw
        )
    if choice == _WITH_PBLOCK:
        return ActionRequestWithPblock(invoke=invoke, last=last, block_number=block_number, raw=raw)
    return ActionRequestWithListAndFirstPblock(
        invoke=invoke, methods=methods, last=last, block_number=block_number, raw=raw
    )


def _pull_method(reader: Reader) -> MethodDescriptor:
    method, reader.offset = MethodDescriptor.pull(reader.octets, reader.offset)
    return method


def _pull_methods(reader: Reader) -> tuple[MethodDescriptor, ...]:
    return tuple(_pull_method(reader) for _ in range(reader.count()))


def _push_methods(methods: tuple[MethodDescriptor, ...]) -> bytes:
    return push_counted([method.octets for method in methods])


def _methods_text(methods: tuple[MethodDescriptor, ...]) -> str:
    return ", ".join(map(str, methods))
