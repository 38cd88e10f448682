"""SET: responses."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.codes import DataAccessResult
from harness.protocol.apdu.message import head_text
from harness.protocol.apdu.reader import Reader, push_counted
from harness.protocol.apdu.tags import SET_RESPONSE_TAG

__all__ = [
    "SetResponse",
    "SetResponseDatablock",
    "SetResponseLastDatablock",
    "SetResponseLastDatablockWithList",
    "SetResponseNormal",
    "SetResponseWithList",
    "decode_set_response",
]

_NORMAL: Final = 1
_DATABLOCK: Final = 2
_LAST_DATABLOCK: Final = 3
_LAST_DATABLOCK_WITH_LIST: Final = 4
_WITH_LIST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseNormal:
    """Result of writing one attribute."""

    invoke: int
    result: int
    """A ``DataAccessResult``."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((SET_RESPONSE_TAG, _NORMAL, self.invoke, self.result))

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('set-response-normal', self.invoke)}: {_results_text((self.result,))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseDatablock:
    """A block has come, the next may follow."""

    invoke: int
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((SET_RESPONSE_TAG, _DATABLOCK, self.invoke)) + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('set-response-datablock', self.invoke)}: block {self.block_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseLastDatablock:
    """Result of writing one attribute in blocks."""

    invoke: int
    result: int
    """A ``DataAccessResult``."""
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_RESPONSE_TAG, _LAST_DATABLOCK, self.invoke, self.result))
        return head + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("set-response-last-datablock", self.invoke)
        return f"{head}: {_results_text((self.result,))}, block {self.block_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseLastDatablockWithList:
    """Results of writing several attributes in blocks."""

    invoke: int
    results: tuple[int, ...]
    """A ``DataAccessResult`` each."""
    block_number: int

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((SET_RESPONSE_TAG, _LAST_DATABLOCK_WITH_LIST, self.invoke))
        return head + _push_results(self.results) + self.block_number.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        head = head_text("set-response-last-datablock-with-list", self.invoke)
        return f"{head}: {_results_text(self.results)}, block {self.block_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponseWithList:
    """Results of writing several attributes."""

    invoke: int
    results: tuple[int, ...]
    """A ``DataAccessResult`` each."""

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((SET_RESPONSE_TAG, _WITH_LIST, self.invoke)) + _push_results(self.results)

    def describe(self) -> str:
        """Return one line for people."""
        return f"{head_text('set-response-with-list', self.invoke)}: {_results_text(self.results)}"


SetResponse = (
    SetResponseNormal
    | SetResponseDatablock
    | SetResponseLastDatablock
    | SetResponseLastDatablockWithList
    | SetResponseWithList
)


def decode_set_response(octets: bytes) -> SetResponse:
    """Decode a set-response; its first octet has been looked at."""
    reader = Reader(octets, 1)
    choice, invoke = reader.unsigned(1), reader.unsigned(1)
    response: SetResponse
    if choice == _NORMAL:
        response = SetResponseNormal(invoke=invoke, result=reader.unsigned(1))
    elif choice == _DATABLOCK:
        response = SetResponseDatablock(invoke=invoke, block_number=reader.unsigned(4))
    elif choice == _LAST_DATABLOCK:
        result, block_number = reader.unsigned(1), reader.unsigned(4)
        response = SetResponseLastDatablock(invoke=invoke, result=result, block_number=block_number)
    elif choice == _LAST_DATABLOCK_WITH_LIST:
        results, block_number = _pull_results(reader), reader.unsigned(4)
        response = SetResponseLastDatablockWithList(invoke=invoke, results=results, block_number=block_number)
    elif choice == _WITH_LIST:
        response = SetResponseWithList(invoke=invoke, results=_pull_results(reader))
    else:
        raise DecodeError(f"set-response of unknown choice {choice}", 1)
    reader.end()
    return response


def _pull_results(reader: Reader) -> tuple[int, ...]:
    return tuple(reader.take(reader.count()))


def _push_results(results: tuple[int, ...]) -> bytes:
    return push_counted([bytes((result,)) for result in results])


def _results_text(results: tuple[int, ...]) -> str:
    return ", ".join(f"{DataAccessResult.name_of(result)} ({result})" for result in results)
