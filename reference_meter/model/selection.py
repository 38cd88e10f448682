"""Selective access to the rows of a profile: by range of time and by entry number."""

from collections.abc import Sequence
from dataclasses import dataclass

from reference_meter.model.clock import instant_from_data
from reference_meter.model.date_time import LocalTime
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row
from reference_meter.server.model_port import AccessRefused, ColumnDescriptor, EntrySelection, RangeSelection

__all__ = ["Selected", "select_entries", "select_range"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """Which rows go out, and which of their columns in which order."""

    rows: Sequence[Row]
    columns: tuple[int, ...]
    """Column numbers from 0."""


def select_range(
    rows: Sequence[Row],
    columns: Sequence[ColumnDescriptor],
    selection: RangeSelection,
    clock_column: ColumnDescriptor,
    rules: LocalTime,
) -> Selected:
    """Rows of which the time stamp lies between the two values, both included.

    Refused with other-reason: a restricting object other than the clock, a column that is not captured.
    """
    if selection.restricting != clock_column:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    first = instant_from_data(selection.from_value, rules)
    last = instant_from_data(selection.to_value, rules)
    chosen = selection.columns or tuple(columns)
    if any(column not in columns for column in chosen):
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    return Selected(
        rows=[row for row in rows if first <= row.captured_at <= last],
        columns=tuple(columns.index(column) for column in chosen),
    )


def select_entries(rows: Sequence[Row], column_count: int, selection: EntrySelection) -> Selected:
    """Rows and columns by number from 1 upwards, 0 as upper number meaning the highest, beyond it clipped.

    Refused with other-reason: a lower number of 0, a lower column that does not exist.
    """
    if selection.from_entry < 1 or not 1 <= selection.from_column <= column_count:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    last_row = selection.to_entry or len(rows)
    last_column = min(selection.to_column or column_count, column_count)
    if last_column < selection.from_column:
        raise AccessRefused(DataAccessResult.OTHER_REASON)
    return Selected(
        rows=rows[selection.from_entry - 1 : last_row],
        columns=tuple(range(selection.from_column - 1, last_column)),
    )
