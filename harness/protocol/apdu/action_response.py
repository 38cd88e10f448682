"""ACTION: responses."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.codes import ActionResult, DataAccessResult
from harness.protocol.apdu.message import block_text, head_text, pull_block, push_block, size_text
from harness.protocol.apdu.reader import Reader, push_counted
from harness.protocol.apdu.tags import ACTION_RESPONSE_TAG

__all__ = [
    "ActionResponse",
    "ActionResponseNextPblock",
    "ActionResponseNormal",
    "ActionResponseWithList",
    "ActionResponseWithPblock",
    "MethodOutcome",
    "decode_action_response",
]

_NORMAL: Final = 1
_WITH_PBLOCK: Final = 2
_WITH_LIST: Final = 3
_NEXT_PBLOCK: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOutcome:
    """Result of one method and, where it returns something, that or why not."""

    result: int
    """An ``ActionResult``."""
    return_data: bytes | None = None
    """A-XDR octets of the return value."""
    return_result: int | None = None
    """A ``DataAccessResult`` in place of the return value."""

    def __post_init__(self) -> None:
        if self.return_data is not None and self.return_result is not None:
            raise ValueError("either return data or its result, not both")

    @classmethod
    def pull(cls, reader: Reader) -> "MethodOutcome":
        """Read one."""
        result = reader.unsigned(1)
        if not reader.choice():
            return cls(result=result)
        if reader.choice():
            return cls(result=result, return_result=reader.unsigned(1))
        return cls(result=result, return_data=reader.data())

    def push(self) -> bytes:
        """Encode it."""
        if self.return_data is not None:
            return bytes((self.result, 1, 0)) + self.return_data
        if self.return_result is not None:
            return bytes((self.result, 1, 1, self.return_result))
        return bytes((self.result, 0))

    def describe(self) -> str:
        """Return a text for people."""
        text = f"{ActionResult.name_of(self.result)} ({self.result})"
        if self.return_data is not None:
            return f"{text}, returns {size_text(self.return_data)}"
        if self.return_result is not None:
            return f"{text}, return value {DataAccessResult.name_of(self.return_result)} ({self.return_result})"
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseNormal(MethodOutcome):
    """Outcome of one method."""

    invoke: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((ACTION_RESPONSE_TAG, _NORMAL, self.invoke)) + self.push()

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('action-response-normal', self.invoke)}: {MethodOutcome.describe(self)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseWithPblock:
    """One block of what the methods return."""

    invoke: int
    last: bool
    block_number: int
    raw: bytes
    """A piece of the octets; the borders fall anywhere."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_RESPONSE_TAG, _WITH_PBLOCK, self.invoke))
        return head + push_block(self.last, self.block_number, self.raw)

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("action-response-with-pblock", self.invoke)
        return f"{head}: {block_text(self.last, self.block_number, self.raw)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseWithList:
    """Outcomes of several methods."""

    invoke: int
    items: tuple[MethodOutcome, ...]

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((ACTION_RESPONSE_TAG, _WITH_LIST, self.invoke))
        return head + push_counted([item.push() for item in self.items])

    def describe(self) -> str:
        """Return one line for people."""
        items = "; ".join(item.describe() for item in self.items)
        return f"{head_text('action-response-with-list', self.invoke)}: {items}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponseNextPblock:
    """A block of the parameters has come, the next may follow."""

    invoke: int
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((ACTION_RESPONSE_TAG, _NEXT_PBLOCK, self.invoke)) + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('action-response-next-pblock', self.invoke)}: block {self.block_number}"


ActionResponse = ActionResponseNormal | ActionResponseWithPblock | ActionResponseWithList | ActionResponseNextPblock


def decode_action_response(octets: bytes) -> ActionResponse:
    """Decode an action-response; its first octet has been looked at."""
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    response: ActionResponse
    if choice == _NORMAL:
        outcome = MethodOutcome.pull(reader)
        response = ActionResponseNormal(
            invoke=invoke,
            result=outcome.result,
            return_data=outcome.return_data,
            return_result=outcome.return_result,
        )
    elif choice == _WITH_PBLOCK:
        last, block_number, raw = pull_block(reader)
        response = ActionResponseWithPblock(invoke=invoke, last=last, block_number=block_number, raw=raw)
    elif choice == _WITH_LIST:
        items = tuple(MethodOutcome.pull(reader) for _ in range(reader.count()))
        response = ActionResponseWithList(invoke=invoke, items=items)
    elif choice == _NEXT_PBLOCK:
        response = ActionResponseNextPblock(invoke=invoke, block_number=reader.unsigned(4))
    else:
        raise DecodeError(f"action-response of unknown choice {choice}", 1)
    reader.end()
    return response
