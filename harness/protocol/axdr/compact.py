"""Compact-array: one type description, then rows without tags."""

from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr.content import EMPTY, check_count, check_depth, pull_content, pull_tag
from harness.protocol.axdr.length import Truncated, pull_length, push_length
from harness.protocol.axdr.types import CompactArray, Data, DataType, TypeDescription

__all__ = ["pull_compact_array", "pull_described", "pull_type_description", "push_type_description", "takes_octets"]

_MOST_DESCRIPTION_OCTETS: Final = 256
"""Bounds how many values without octets a row can have; real descriptions have some ten octets."""


def pull_type_description(octets: bytes, offset: int, max_depth: int) -> tuple[TypeDescription, int]:
    """Read a type description; an array of elements without octets is refused.

    The count of such an array would cost memory that the sender did not pay for.
    """
    description, end = _pull_description(octets, offset, max_depth)
    if end - offset > _MOST_DESCRIPTION_OCTETS:
        raise DecodeError(f"type description of {end - offset} octets", offset)
    return description, end


def push_type_description(description: TypeDescription) -> bytes:
    """Return the octets of a type description."""
    inner = b"".join(map(push_type_description, description.elements))
    if description.type is DataType.STRUCTURE:
        return bytes((description.type,)) + push_length(len(description.elements)) + inner
    if description.type is DataType.ARRAY:
        if len(description.elements) != 1 or not 0 <= (description.count or 0) <= 0xFFFF or description.count is None:
            raise ValueError("an array in a type description has one element type and a count of two octets")
        return bytes((description.type,)) + description.count.to_bytes(2, "big") + inner
    return bytes((description.type,))


def _pull_description(octets: bytes, offset: int, max_depth: int) -> tuple[TypeDescription, int]:
    kind = pull_tag(octets, offset)
    position = offset + 1
    if kind is DataType.COMPACT_ARRAY:
        raise DecodeError("compact-array inside a type description", offset)
    if kind is DataType.STRUCTURE:
        check_depth(max_depth, offset)
        count, position = pull_length(octets, position)
        check_count(count, octets, position)
        elements = []
        for _ in range(count):
            element, position = _pull_description(octets, position, max_depth - 1)
            elements.append(element)
        return TypeDescription(kind, tuple(elements)), position
    if kind is DataType.ARRAY:
        check_depth(max_depth, offset)
        if position + 2 > len(octets):
            raise Truncated("count of an array cut short", position)
        count = int.from_bytes(octets[position : position + 2], "big")
        element, position = _pull_description(octets, position + 2, max_depth - 1)
        if not takes_octets(element):
            raise DecodeError("array of elements without octets in a type description", offset)
        return TypeDescription(kind, (element,), count), position
    return TypeDescription(kind), position


def takes_octets(description: TypeDescription) -> bool:
    """Say whether each value of this type has content octets."""
    if description.type is DataType.ARRAY:
        return bool(description.count)
    if description.type is DataType.STRUCTURE:
        return any(map(takes_octets, description.elements))
    return description.type not in EMPTY


def pull_described(description: TypeDescription, octets: bytes, offset: int) -> tuple[Data, int]:
    """Read a value without tags, as ``description`` says."""
    if description.type is DataType.STRUCTURE:
        wanted: tuple[TypeDescription, ...] = description.elements
    elif description.type is DataType.ARRAY:
        wanted = description.elements * (description.count or 0)
    else:
        return pull_content(description.type, octets, offset)
    elements = []
    for element in wanted:
        data, offset = pull_described(element, octets, offset)
        elements.append(data)
    return Data(description.type, tuple(elements)), offset


def pull_compact_array(octets: bytes, offset: int, max_depth: int) -> tuple[Data, int]:
    """Read a compact-array whose tag stands before ``offset``."""
    check_depth(max_depth, offset)
    description, offset = pull_type_description(octets, offset, max_depth - 1)
    length, offset = pull_length(octets, offset)
    end = offset + length
    if end > len(octets):
        raise Truncated("compact-array cut short", offset)
    if length and not takes_octets(description):
        raise DecodeError("contents of a compact-array whose rows take no octets", offset)
    contents = octets[:end]
    rows = []
    while offset < end:
        try:
            row, offset = pull_described(description, contents, offset)
        except Truncated:
            raise DecodeError("last row of a compact-array cut short", offset) from None
        rows.append(row)
    return Data(DataType.COMPACT_ARRAY, CompactArray(description, tuple(rows))), end
