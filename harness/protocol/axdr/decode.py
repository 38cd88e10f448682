"""Octets to ``Data``: strict, bounded in depth and in memory.

Depth counts arrays and structures inside each other: an array of structures has depth 2.
"""

from harness.errors import DecodeError
from harness.protocol.axdr.compact import pull_compact_array
from harness.protocol.axdr.content import MAX_DEPTH, check_count, check_depth, pull_content, pull_tag
from harness.protocol.axdr.length import pull_length
from harness.protocol.axdr.types import Data, DataType

__all__ = ["decode", "pull_data"]


def decode(octets: bytes, *, max_depth: int = MAX_DEPTH) -> Data:
    """Return the one value that ``octets`` hold from first to last octet."""
    data, end = pull_data(octets, 0, max_depth=max_depth)
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the value", end)
    return data


def pull_data(octets: bytes, offset: int, *, max_depth: int = MAX_DEPTH) -> tuple[Data, int]:
    """Read the value at ``offset``; return it and the offset behind it."""
    kind = pull_tag(octets, offset)
    if kind is DataType.ARRAY or kind is DataType.STRUCTURE:
        check_depth(max_depth, offset)
        count, position = pull_length(octets, offset + 1)
        check_count(count, octets, position)
        elements = []
        for _ in range(count):
            element, position = pull_data(octets, position, max_depth=max_depth - 1)
            elements.append(element)
        return Data(kind, tuple(elements)), position
    if kind is DataType.COMPACT_ARRAY:
        return pull_compact_array(octets, offset + 1, max_depth)
    return pull_content(kind, octets, offset + 1)
