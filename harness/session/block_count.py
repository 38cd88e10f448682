"""Counts the blocks of one long answer."""

from harness.errors import ProtocolViolation

__all__ = ["BlockCount"]

_MOST_EMPTY_BLOCKS = 8
_MOST_BLOCKS = 1 << 17
_BLOCKS_WITHOUT_QUESTION = 256
_SMALLEST_USEFUL_BLOCK_OCTETS = 4


class BlockCount:
    """Counts the blocks of one long answer and refuses those that come out of order or without end."""

    def __init__(self, most_octets: int) -> None:
        self._most_octets = most_octets
        self._blocks = 0
        self._octets = 0
        self._empty = 0

    def take(self, number: int, octets: int) -> None:
        """Take the next block; raises ``ProtocolViolation``."""
        self._blocks += 1
        if number != self._blocks:
            raise ProtocolViolation(f"block {number} where block {self._blocks} is due")
        self._octets += octets
        self._empty = 0 if octets else self._empty + 1
        crumbs = self._blocks > _BLOCKS_WITHOUT_QUESTION and self._octets < self._blocks * _SMALLEST_USEFUL_BLOCK_OCTETS
        if (
            crumbs
            or self._octets > self._most_octets
            or self._blocks > _MOST_BLOCKS
            or self._empty > _MOST_EMPTY_BLOCKS
        ):
            raise ProtocolViolation(f"blocks without end: {self._octets} octets in {self._blocks} blocks")
