"""Where a value ends, without building it; as strict about structure as decoding.

Only the characters of texts and the rows of compact-arrays inside their length are not looked at.
"""

from struct import Struct
from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr.compact import pull_type_description
from harness.protocol.axdr.content import MAX_DEPTH, check_count, check_depth
from harness.protocol.axdr.length import Truncated, pull_length
from harness.protocol.axdr.row import pull_tagged_row
from harness.protocol.axdr.sweep import shape_of
from harness.protocol.axdr.types import FIXED_FORMAT, TAGS, DataType

__all__ = ["skip"]

_WIDTHS: Final = [
    1 + Struct(">" + FIXED_FORMAT[TAGS[tag]]).size if TAGS.get(tag) in FIXED_FORMAT else -1 for tag in range(256)
]
"""Octets of a value, tag included, by tag; -1 where the length varies."""

_ARRAY: Final = int(DataType.ARRAY)
_STRUCTURE: Final = int(DataType.STRUCTURE)
_NESTED: Final = frozenset({_ARRAY, _STRUCTURE})
_OCTET_STRING: Final = int(DataType.OCTET_STRING)
_MANY_ROWS: Final = 8
"""From so many rows on it pays to look whether they have one shape."""
_MOST_COLUMNS: Final = 256
"""Shapes are kept; what a device sends must not make them large."""


def skip(octets: bytes, offset: int, *, max_depth: int = MAX_DEPTH) -> int:
    """Return the offset behind the value at ``offset``."""
    try:
        end = _skip(octets, offset, max_depth)
    except IndexError:
        raise Truncated("value missing", len(octets)) from None
    if end > len(octets):
        raise Truncated("value cut short", len(octets))
    return end


def _skip(octets: bytes, offset: int, max_depth: int) -> int:
    """As ``skip``, but what comes back may lie beyond the octets; IndexError where a tag does."""
    open_counts: list[int] = []
    left = 1
    while True:
        while not left:
            if not open_counts:
                return offset
            left = open_counts.pop()
        left -= 1
        tag = octets[offset]
        width = _WIDTHS[tag]
        if width > 0:
            offset += width
        elif tag == _OCTET_STRING and (length := octets[offset + 1]) < 0x80:
            offset += 2 + length
        elif tag in _NESTED:
            open_counts.append(left)
            depth_left = max_depth - len(open_counts) + 1
            check_depth(depth_left, offset)
            left, offset = pull_length(octets, offset + 1)
            check_count(left, octets, offset)
            if left >= _MANY_ROWS and tag == _ARRAY and octets[offset] == _STRUCTURE:
                count, offset = _skip_rows(octets, offset, left, depth_left - 1)
                left -= count
        else:
            offset = _skip_variable(tag, octets, offset, max_depth - len(open_counts))


def _skip_rows(octets: bytes, offset: int, most: int, max_depth: int) -> tuple[int, int]:
    """Skip the rows that have the shape of the first; return how many they are and the offset behind them."""
    try:
        row, lengths, end = pull_tagged_row(octets, offset, max_depth)
    except DecodeError:
        return 0, offset  # perhaps only a text whose characters are wrong, which is not judged here
    if lengths is None or len(row.types) > _MOST_COLUMNS:
        return 1, end
    shape = shape_of(row.types, lengths, True)
    count = shape.count(octets, offset, min(most, (len(octets) - offset) // shape.stride))
    return count, offset + count * shape.stride


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
