"""General block transfer: APDUs in blocks, with windows and the recovery of lost blocks.

A window is a run of blocks of which all but the last have the streaming bit. At its end the receiver acknowledges
the last block that has come in sequence, and the sender goes on, or begins again, with the one behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.apdu.message import size_text
from harness.protocol.apdu.reader import Reader, push_octets
from harness.protocol.apdu.tags import GENERAL_BLOCK_TRANSFER_TAG
from harness.protocol.axdr import push_length

__all__ = ["BlockReceiver", "BlockStep", "GeneralBlockTransfer", "split_into_blocks", "window_after"]

_LAST: Final = 0x80
_STREAMING: Final = 0x40
_WINDOW: Final = 0x3F
_HEAD_OCTETS: Final = 6
_MOST_BLOCKS: Final = 0xFFFF
_MOST_FRUITLESS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralBlockTransfer:
    """One block of an APDU, or an acknowledgement where ``data`` is empty."""

    last: bool
    streaming: bool
    """More blocks of this window follow without waiting."""
    window: int
    """How many blocks the sender of this one takes in a run, 0 to 63."""
    block_number: int
    block_number_ack: int
    """The last block of the other side that has come in sequence."""
    data: bytes

    @classmethod
    def from_bytes(cls, octets: bytes) -> "GeneralBlockTransfer":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, GENERAL_BLOCK_TRANSFER_TAG)
        control = reader.unsigned(1)
        block = cls(
            last=bool(control & _LAST),
            streaming=bool(control & _STREAMING),
            window=control & _WINDOW,
            block_number=reader.unsigned(2),
            block_number_ack=reader.unsigned(2),
            data=reader.octet_string(),
        )
        reader.end()
        return block

    def to_bytes(self) -> bytes:
        """Encode it."""
        if not 0 <= self.window <= _WINDOW:
            raise ValueError(f"window of {self.window} blocks")
        control = (_LAST if self.last else 0) | (_STREAMING if self.streaming else 0) | self.window
        numbers = self.block_number.to_bytes(2, "big") + self.block_number_ack.to_bytes(2, "big")
        return bytes((GENERAL_BLOCK_TRANSFER_TAG, control)) + numbers + push_octets(self.data)

    def describe(self) -> str:
        """Return one line for people."""
        flags = (", the last" if self.last else "") + (", streaming" if self.streaming else "")
        return (
            f"general-block-transfer: block {self.block_number}{flags}, window {self.window}, "
            f"acknowledges {self.block_number_ack}, {size_text(self.data)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockStep:
    """What one received block leads to."""

    reply: bytes | None = None
    """An acknowledgement to send."""
    apdu: bytes | None = None
    """The whole APDU, when the last block has come."""


class BlockReceiver:
    """Puts one APDU together; blocks out of sequence are dropped and asked for again.

    ``max_octets`` bounds the APDU, ``window`` is what our acknowledgements allow, and ``block_number`` is the
    number of the first of them: one more than the blocks that we have sent for the request.
    """

    def __init__(self, *, max_octets: int, window: int = 1, block_number: int = 1) -> None:
        self._max_octets = max_octets
        self._window = window
        self._own_number = block_number
        self._parts: list[bytes] = []
        self._octets = 0
        self._due = 1
        self._acknowledged = 0
        self._fruitless = 0

    def receive(self, octets: bytes) -> BlockStep:
        """Take one general-block-transfer APDU; raises ``ProtocolViolation`` where blocks bring nothing for good."""
        block = GeneralBlockTransfer.from_bytes(octets)
        in_sequence = block.block_number == self._due
        if in_sequence:
            self._parts.append(block.data)
            self._octets += len(block.data)
            self._due += 1
            if self._octets > self._max_octets:
                raise DecodeError(f"an APDU of more than {self._max_octets} octets in general blocks")
            if block.last:
                return BlockStep(apdu=b"".join(self._parts))
        else:
            self._fruitless += 1
            if self._fruitless > _MOST_FRUITLESS * max(1, block.window):
                raise ProtocolViolation(f"block {block.block_number} comes again and again, block {self._due} never")
        return BlockStep() if block.streaming else BlockStep(reply=self.acknowledge())

    def acknowledge(self) -> bytes:
        """Return an acknowledgement of what has come so far: at the end of a window, or after a long silence."""
        if self._due - 1 > self._acknowledged:
            self._acknowledged = self._due - 1
            self._fruitless = 0
        reply = GeneralBlockTransfer(
            last=True,
            streaming=False,
            window=self._window,
            block_number=self._own_number,
            block_number_ack=self._acknowledged,
            data=b"",
        )
        self._own_number += 1
        return reply.to_bytes()


def split_into_blocks(
    apdu: bytes, max_octets: int, window: int, *, acknowledged: int = 0
) -> tuple[GeneralBlockTransfer, ...]:
    """Return ``apdu`` in blocks of at most ``max_octets`` each, head included, numbered from 1.

    The streaming bits are those of windows of ``window`` blocks; ``acknowledged`` is the number of the other
    side's last block. Raises ``ValueError`` where no octet fits or more blocks than numbers are needed.
    """
    room = _room(max_octets)
    pieces = [apdu[at : at + room] for at in range(0, len(apdu), room)] or [b""]
    if len(pieces) > _MOST_BLOCKS:
        raise ValueError(f"{len(pieces)} blocks of {max_octets} octets are more than there are numbers")
    step = max(1, window)
    return tuple(
        GeneralBlockTransfer(
            last=number == len(pieces),
            streaming=number < len(pieces) and number % step != 0,
            window=window,
            block_number=number,
            block_number_ack=acknowledged,
            data=piece,
        )
        for number, piece in enumerate(pieces, start=1)
    )


def window_after(
    blocks: Sequence[GeneralBlockTransfer], acknowledged: int, window: int
) -> tuple[GeneralBlockTransfer, ...]:
    """Return the next ``window`` of ``blocks`` when the other side has acknowledged so many of them.

    Blocks that were lost come again, because what follows the acknowledged one is sent, sent before or not.
    """
    if not 0 <= acknowledged <= len(blocks):
        raise ProtocolViolation(f"block {acknowledged} acknowledged, sent were {len(blocks)}")
    chosen = blocks[acknowledged : acknowledged + max(1, window)]
    return tuple(
        replace(block, streaming=not block.last and index < len(chosen)) for index, block in enumerate(chosen, start=1)
    )


def _room(max_octets: int) -> int:
    """Return how many octets of data fit into a block of ``max_octets``."""
    room = max_octets - _HEAD_OCTETS - 1
    while room > 0 and _HEAD_OCTETS + len(push_length(room)) + room > max_octets:
        room -= 1
    if room <= 0:
        raise ValueError(f"no data fits into blocks of {max_octets} octets")
    return room
