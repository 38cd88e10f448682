"""Rows of a profile, read as their octets arrive.

An attribute value that is an array of structures, or a compact-array of structures, comes in blocks whose borders
fall anywhere. ``RowReader`` holds the current block and at most one unfinished row. Rows are read one by one until
their shape repeats, then in sweeps.
"""

from itertools import repeat
from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr.compact import pull_type_description, takes_octets
from harness.protocol.axdr.content import MAX_DEPTH, check_depth, pull_tag
from harness.protocol.axdr.length import Truncated, pull_length
from harness.protocol.axdr.row import Row, pull_described_row, pull_tagged_row
from harness.protocol.axdr.sweep import Shape, ShapeWatch
from harness.protocol.axdr.types import DataType, TypeDescription

__all__ = ["MAX_ROW_OCTETS", "RowReader"]

MAX_ROW_OCTETS: Final = 1 << 16
"""How long a row may be unless the caller says otherwise."""


class RowReader:
    """Reads the rows of one attribute value; ``feed`` raises ``DecodeError`` as soon as the octets cannot be right.

    After an error the reader is spent. ``max_row_octets`` bounds what an unfinished row may claim of our memory.
    """

    def __init__(self, max_depth: int = MAX_DEPTH, *, max_row_octets: int = MAX_ROW_OCTETS) -> None:
        self.received = 0
        """How many rows have been given."""
        self.announced: int | None = None
        """How many rows an array says it has; None before its head has come and for a compact-array."""
        self._max_depth = max_depth
        self._max_row_octets = max_row_octets
        self._rest = b""
        self._left: int | None = None  # rows of an array, octets of a compact-array
        self._columns: TypeDescription | None = None
        self._watch = ShapeWatch(tagged=True)

    def feed(self, octets: bytes) -> list[Row]:
        """Take the next octets and return every row that they complete."""
        buffer = self._rest + octets
        offset = self._pull_head(buffer) if self._left is None else 0
        rows: list[Row] = []
        if self._left is not None:
            offset = self._pull_rows(buffer, offset, rows)
        self._rest = buffer[offset:]
        if len(self._rest) > self._max_row_octets:
            raise DecodeError(f"a row of more than {self._max_row_octets} octets")
        self.received += len(rows)
        return rows

    def finish(self) -> None:
        """Raise unless the whole value has come."""
        if self._left is None:
            raise DecodeError("the value ends before its first row")
        if self._left:
            what = "rows" if self._columns is None else "octets of rows"
            raise DecodeError(f"the value ends after {self.received} rows, {self._left} {what} are missing")

    def _pull_head(self, octets: bytes) -> int:
        """Read what stands before the first row, if all of it is there."""
        try:
            kind = pull_tag(octets, 0)
            check_depth(self._max_depth, 0)
            if kind is DataType.ARRAY:
                self.announced, offset = pull_length(octets, 1)
                self._left = self.announced
                return offset
            if kind is not DataType.COMPACT_ARRAY:
                raise DecodeError(f"{kind.name} where an array of rows is due", 0)
            columns, offset = pull_type_description(octets, 1, self._max_depth - 1)
            if columns.type is not DataType.STRUCTURE:
                raise DecodeError(f"rows of type {columns.type.name}", 1)
            length, offset = pull_length(octets, offset)
        except Truncated:
            return 0
        if length and not takes_octets(columns):
            raise DecodeError("contents of a compact-array whose rows take no octets", offset)
        self._columns = columns
        self._left = length
        self._watch = ShapeWatch(tagged=False)
        return offset

    def _pull_rows(self, octets: bytes, offset: int, rows: list[Row]) -> int:
        """Append the rows that are complete and return the offset behind the last of them."""
        left = self._left or 0
        size = len(octets)
        max_depth = self._max_depth - 1
        if self._columns is not None and offset + left < size:
            raise DecodeError(f"{size - offset - left} octets behind the last row", offset + left)
        while left and offset < size:
            shape = self._watch.shape
            if shape is not None and size - offset >= shape.stride:
                count = self._sweep(shape, octets, offset, left, rows)
                offset += count * shape.stride
                left -= count if self._columns is None else count * shape.stride
                continue
            try:
                if self._columns is None:
                    row, lengths, end = pull_tagged_row(octets, offset, max_depth)
                else:
                    row, lengths, end = pull_described_row(octets, offset, self._columns)
            except Truncated:
                if self._columns is not None and offset + left == size:
                    raise DecodeError("last row of a compact-array cut short", offset) from None
                break
            rows.append(row)
            self._watch.seen(row.types, lengths)
            left -= 1 if self._columns is None else end - offset
            offset = end
        if not left and offset < size:
            raise DecodeError(f"{size - offset} octets behind the last row", offset)
        self._left = left
        return offset

    def _sweep(self, shape: Shape, octets: bytes, offset: int, left: int, rows: list[Row]) -> int:
        """Append the rows that have the expected shape and return how many they are."""
        most = left if self._columns is None else left // shape.stride
        most = min(most, (len(octets) - offset) // shape.stride)
        count, cells = shape.run(octets, offset, most)
        # This is what Row's own constructor does, without a Python frame per row.
        rows.extend(map(tuple.__new__, repeat(Row), zip(repeat(shape.types), cells, repeat(()))))
        self._watch.tried(count, ended=count < most)
        return count
