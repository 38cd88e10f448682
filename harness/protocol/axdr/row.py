"""One row of a profile, read by itself."""

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from harness.errors import DecodeError
from harness.protocol.axdr.compact import pull_described
from harness.protocol.axdr.content import check_count, check_depth
from harness.protocol.axdr.decode import pull_data
from harness.protocol.axdr.length import Truncated, pull_length
from harness.protocol.axdr.types import FIXED_FORMAT, BitString, Data, DataType, TypeDescription

__all__ = ["PulledRow", "Row", "pull_described_row", "pull_tagged_row"]

_NESTED: Final = frozenset({DataType.ARRAY, DataType.STRUCTURE, DataType.COMPACT_ARRAY})
_STRINGS: Final = frozenset({DataType.OCTET_STRING, DataType.BIT_STRING, DataType.VISIBLE_STRING, DataType.UTF8_STRING})


def _readers() -> list[tuple[int, Callable[[bytes, int], tuple[object, ...]]] | None]:
    """Return by tag the octets of a value and what reads it, tag included; None where the length varies."""
    readers: list[tuple[int, Callable[[bytes, int], tuple[object, ...]]] | None] = [None] * 256
    for kind, code in FIXED_FORMAT.items():
        if code:
            fixed = struct.Struct(">x" + code)
            readers[kind] = (fixed.size, fixed.unpack_from)
    return readers


_FIXED: Final = _readers()
_STRUCTURE: Final = int(DataType.STRUCTURE)
_OCTET_STRING: Final = int(DataType.OCTET_STRING)
_NULL_DATA: Final = int(DataType.NULL_DATA)


class Row(NamedTuple):
    """One row: the type tag of each cell and its value; cells that are arrays or structures are ``Data``."""

    types: tuple[int, ...]
    values: tuple[object, ...]
    compressed: tuple[bool, ...] = ()
    """Which cells came as null-data and have been filled; empty for a row as it came."""


PulledRow = tuple[Row, tuple[int, ...] | None, int]
"""A row, the lengths of its strings (None where a cell is nested) and the offset behind it."""


def pull_tagged_row(octets: bytes, offset: int, max_depth: int) -> PulledRow:
    """Read a structure at ``offset``."""
    try:
        if octets[offset] != _STRUCTURE:
            raise DecodeError(f"tag {octets[offset]} where the structure of a row is due", offset)
        columns = octets[offset + 1]
        if columns < 0x80 and max_depth > 0:
            return _pull_cells(octets, offset + 2, columns, max_depth - 1)
        check_depth(max_depth, offset)
        columns, offset = pull_length(octets, offset + 1)
        check_count(columns, octets, offset)
        return _pull_cells(octets, offset, columns, max_depth - 1)
    except (IndexError, struct.error):
        raise Truncated("row cut short", len(octets)) from None


def _pull_cells(octets: bytes, offset: int, columns: int, max_depth: int) -> PulledRow:
    # The loop is written for speed: most rows of compressed or event profiles come through here.
    types: list[int] = []
    values: list[object] = []
    lengths: list[int] = []
    nested = False
    for _ in range(columns):
        tag = octets[offset]
        types.append(tag)
        fixed = _FIXED[tag]
        if fixed is not None:
            octet_count, read = fixed
            values += read(octets, offset)
            offset += octet_count
        elif tag == _OCTET_STRING and (length := octets[offset + 1]) < 0x80:
            start = offset + 2
            offset = start + length
            values.append(octets[start:offset])
            lengths.append(length)
        elif tag == _NULL_DATA:
            values.append(None)
            offset += 1
        else:
            data, offset = pull_data(octets, offset, max_depth=max_depth)
            nested = _add_cell(data, values, lengths) or nested
    if offset > len(octets):
        raise Truncated("octet-string cut short", offset)
    row: Row = tuple.__new__(Row, (tuple(types), tuple(values), ()))  # Row's own constructor costs a frame more
    return row, None if nested else tuple(lengths), offset


def pull_described_row(octets: bytes, offset: int, description: TypeDescription) -> PulledRow:
    """Read a row of a compact-array whose rows are structures."""
    values: list[object] = []
    lengths: list[int] = []
    nested = False
    for column in description.elements:
        data, offset = pull_described(column, octets, offset)
        nested = _add_cell(data, values, lengths) or nested
    types = tuple(int(column.type) for column in description.elements)
    return Row(types, tuple(values)), None if nested else tuple(lengths), offset


def _add_cell(data: Data, values: list[object], lengths: list[int]) -> bool:
    """Append a cell that has been decoded; return whether it is nested."""
    if data.type in _NESTED:
        values.append(data)
        return True
    values.append(data.value)
    if data.type in _STRINGS:
        lengths.append(_length(data.value))
    return False


def _length(value: object) -> int:
    """Return what the length field of a string says."""
    if isinstance(value, BitString):
        return value.bits
    octets = value.encode() if isinstance(value, str) else value
    return len(octets) if isinstance(octets, bytes) else 0
