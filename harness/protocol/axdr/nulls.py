"""Compressed profile rows: null-data stands for what the row before gives.

A cell that is null-data means the cell of the row before, in the clock column its time plus the capture period.
"""

from collections.abc import Iterable, Iterator

from harness.errors import DecodeError
from harness.protocol.axdr.row import Row
from harness.protocol.axdr.types import DataType
from harness.protocol.date_time import DateTime

__all__ = ["expand_nulls"]

_TIME_OCTETS = 12


def expand_nulls(rows: Iterable[Row], period_s: int | None, *, clock_column: int | None = None) -> Iterator[Row]:
    """Yield ``rows`` with every null-data cell filled from the row before; ``compressed`` says which they were.

    The clock column is the given one, else the first of the first row that holds a date-time of twelve octets; with
    ``period_s`` None it is filled like any other. Raises ``DecodeError`` for null-data in the first row.
    """
    before: Row | None = None
    for row in rows:
        if before is None:
            if DataType.NULL_DATA in row.types:
                raise DecodeError("null-data in the first row stands for nothing")
            before = Row(row.types, row.values, (False,) * len(row.types))
            if clock_column is None:
                clock_column = _clock_column(row)
        elif DataType.NULL_DATA not in row.types:
            before = Row(row.types, row.values, (False,) * len(row.types))
        else:
            before = _filled(row, before, clock_column, period_s)
        yield before


def _filled(row: Row, before: Row, clock_column: int | None, period_s: int | None) -> Row:
    if len(row.types) != len(before.types):
        raise DecodeError(f"null-data in a row of {len(row.types)} cells after one of {len(before.types)}")
    types = list(row.types)
    values = list(row.values)
    compressed = [kind == DataType.NULL_DATA for kind in types]
    for column, is_null in enumerate(compressed):
        if not is_null:
            continue
        types[column] = before.types[column]
        values[column] = before.values[column]
        if column == clock_column and period_s is not None:
            values[column] = _next_time(before.values[column], period_s)
    return Row(tuple(types), tuple(values), tuple(compressed))


def _clock_column(row: Row) -> int | None:
    for column, (kind, value) in enumerate(zip(row.types, row.values, strict=True)):
        if kind not in (DataType.OCTET_STRING, DataType.DATE_TIME) or not isinstance(value, bytes):
            continue
        if len(value) != _TIME_OCTETS:
            continue
        try:
            DateTime.from_octets(value)
        except DecodeError:
            continue  # twelve octets that are something else
        return column
    return None


def _next_time(value: object, period_s: int) -> bytes:
    if not isinstance(value, bytes):
        raise DecodeError("null-data in a clock column that holds no time")
    try:
        return DateTime.from_octets(value).later(period_s).to_octets()
    except (ValueError, OverflowError) as error:
        raise DecodeError(f"null-data after a time that cannot be moved on: {error}") from None
