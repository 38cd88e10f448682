"""Octets to ``Data``: strict, bounded in depth and in memory.

Depth counts arrays and structures inside each other: an array of structures has depth 2.
"""

from struct import Struct
from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr.compact import pull_compact_array, pull_type_description
from harness.protocol.axdr.content import MAX_DEPTH, check_count, check_depth, pull_content, pull_tag
from harness.protocol.axdr.length import Truncated, pull_length
from harness.protocol.axdr.types import FIXED_FORMAT, TAGS, Data, DataType

__all__ = ["decode", "pull_data", "skip"]

_WIDTHS: Final = [
    1 + Struct(">" + FIXED_FORMAT[TAGS[tag]]).size if TAGS.get(tag) in FIXED_FORMAT else -1 for tag in range(256)
]
"""Octets of a value, tag included, by tag; -1 where the length varies."""


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


def skip(octets: bytes, offset: int, *, max_depth: int = MAX_DEPTH) -> int:
    """Return the offset behind the value at ``offset`` without building it; as strict about structure as decoding.

    Only the characters of texts and the rows of compact-arrays inside their length are not looked at.
    """
    size = len(octets)
    open_counts: list[int] = []
    left = 1
    while True:
        while not left:
            if not open_counts:
                return offset
            left = open_counts.pop()
        left -= 1
        if offset >= size:
            raise Truncated("value missing", offset)
        tag = octets[offset]
        width = _WIDTHS[tag]
        if width > 0:
            offset += width
        elif tag == DataType.ARRAY or tag == DataType.STRUCTURE:
            open_counts.append(left)
            check_depth(max_depth - len(open_counts) + 1, offset)
            left, offset = pull_length(octets, offset + 1)
            check_count(left, octets, offset)
        else:
            offset = _skip_variable(tag, octets, offset, max_depth - len(open_counts))
        if offset > size:
            raise Truncated("value cut short", size)


def _skip_variable(tag: int, octets: bytes, offset: int, max_depth: int) -> int:
    if tag not in TAGS:
        raise DecodeError(f"unknown type tag {tag}", offset)
    if tag == DataType.COMPACT_ARRAY:
        check_depth(max_depth, offset)
        _, offset = pull_type_description(octets, offset + 1, max_depth - 1)
        length, offset = pull_length(octets, offset)
        return offset + length
    length, position = pull_length(octets, offset + 1)
    return position + ((length + 7) // 8 if tag == DataType.BIT_STRING else length)
