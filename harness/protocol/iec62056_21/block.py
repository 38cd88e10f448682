"""Messages with a block check character: data messages, commands, answers, break and error messages."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from harness.errors import DecodeError

__all__ = ["BREAK", "Block", "BlockCheckWrong", "CommandFrame", "block_check", "decode_block"]

SOH: Final = 0x01
STX: Final = 0x02
ETX: Final = 0x03
EOT: Final = 0x04
_ALONE = re.compile(r"\(([^()]*)\)")
_COMMANDS: Final = frozenset("PRWEB")


def block_check(octets: bytes) -> int:
    """Return the check over ``octets``, which begin behind the first SOH or STX and end with ETX or EOT."""
    return reduce(xor, octets, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFrame:
    """``SOH command type [STX data] ETX check``: commands of a client, and P0 or B0 of a device."""

    command: str
    """A letter: P password, R read, W write, E execute, B break."""
    kind: str
    """A digit: the type of the command."""
    data: str | None = None
    """The data set; None where the frame has none at all."""

    @property
    def name(self) -> str:
        """Command and type, e.g. ``R1``."""
        return self.command + self.kind

    def to_bytes(self) -> bytes:
        """Return the frame with its check."""
        body = self.name.encode("ascii")
        if self.data is not None:
            body += bytes([STX]) + self.data.encode("ascii")
        body += bytes([ETX])
        return bytes([SOH]) + body + bytes([block_check(body)])


BREAK: Final = CommandFrame(command="B", kind="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """``STX text ETX check``, the form of readouts and answers; an EOT in place of ETX says that more follows."""

    text: str
    partial: bool = False

    @property
    def alone(self) -> str | None:
        """The one value without an address that error messages are, and some answers to readings; None otherwise."""
        found = _ALONE.fullmatch(self.text)
        return None if found is None else found[1]

    def to_bytes(self) -> bytes:
        """Return the block with its check."""
        body = self.text.encode("ascii") + bytes([EOT if self.partial else ETX])
        return bytes([STX]) + body + bytes([block_check(body)])


class BlockCheckWrong(DecodeError):
    """A message is whole, each of its characters is sound, and its check does not fit."""


def decode_block(octets: bytes) -> Block | CommandFrame:
    """Decode exactly one message with its check; ``DecodeError`` for damage of any kind."""
    if len(octets) < 3 or octets[0] not in (SOH, STX):
        raise DecodeError("a block begins with SOH or STX and has an end and a check", 0)
    body, check = octets[1:-1], octets[-1]
    if body[-1] not in (ETX, EOT):
        raise DecodeError("a block ends with ETX or EOT before its check", len(octets) - 2)
    if block_check(body) != check:
        raise BlockCheckWrong(f"the block check is {check:02X}, not {block_check(body):02X}", len(octets) - 1)
    inside = body[:-1]
    if octets[0] == STX:
        return Block(text=_text(inside), partial=body[-1] == EOT)
    if body[-1] == EOT:
        raise DecodeError("a command does not end with EOT", len(octets) - 2)
    return _command(inside)


def _command(inside: bytes) -> CommandFrame:
    head, stx, data = inside.partition(bytes([STX]))
    name = _text(head)
    if len(name) != 2 or name[0] not in _COMMANDS or not name[1].isdigit():
        raise DecodeError(f"no command: {name!r}", 1)
    return CommandFrame(command=name[0], kind=name[1], data=_text(data) if stx else None)


def _text(octets: bytes) -> str:
    for at, octet in enumerate(octets):
        if not 0x20 <= octet < 0x7F and octet not in b"\r\n":
            raise DecodeError(f"a character {octet:02X} inside a block", at + 1)
    return octets.decode("ascii")
