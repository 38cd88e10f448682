"""Rows that are known in another way, and what a selection of them must give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harness.checks.profile import ProfileRow
from harness.headend.profiles import Column, Order
from harness.protocol import apdu as xdlms
from harness.protocol.cosem import DateTime

__all__ = ["Asked", "KnownRows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRows:
    """Rows that stand one behind the other in a buffer, as they were read in another way."""

    rows: tuple[ProfileRow, ...]
    """The oldest first."""
    columns: tuple[Column, ...]
    clock_column: int
    order: Order
    in_use: int
    """Rows that the device says it holds."""
    both_bounds: bool
    """Whether the upper bound of a range belongs to it."""

    @property
    def by_time(self) -> tuple[ProfileRow, ...]:
        """The rows by their times, which is not the order of capture where the clock was set back."""
        return tuple(sorted(self.rows, key=lambda row: row.time))

    def time_of(self, place: int) -> DateTime:
        """The time stamp, as the device wrote it, of the row at a place among the rows by their times."""
        row = self.by_time[place]
        cell = row.values[self.clock_column]
        if not isinstance(cell, bytes):
            raise ValueError("the clock column holds no time")
        stamp = DateTime.from_octets(cell)
        as_utc = stamp.comparable()
        if stamp.deviation_min is not None or as_utc is None:
            return stamp
        return replace(stamp, beside_min=(row.time - as_utc) // timedelta(minutes=1))

    @property
    def numbered(self) -> Mapping[int, ProfileRow]:
        """The rows by their number in the buffer."""
        if self.order == "lifo":
            return dict(enumerate(reversed(self.rows), start=1))
        return dict(enumerate(self.rows, start=self.in_use - len(self.rows) + 1))

    def within(self, first: datetime, last: datetime) -> tuple[ProfileRow, ...]:
        """The rows of a range of time."""
        return tuple(row for row in self.rows if first <= row.time and (row.time < last or self._ends(row, last)))

    def _ends(self, row: ProfileRow, last: datetime) -> bool:
        return self.both_bounds and row.time == last


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A selection, the rows and columns that it names, and the error that may come instead."""

    selection: xdlms.Selection
    rows: tuple[ProfileRow, ...] | None = ()
    """The oldest first; None where no rows may come at all."""
    columns: tuple[int, ...] = ()
    """Numbers from 0; none means all."""
    condition: str | None = None
    """The error condition whose answers are accepted as well."""
    other_condition: str | None = None
    """Another such condition."""

    @property
    def due(self) -> tuple[tuple[object, ...], ...]:
        """The cells that are due, row by row."""
        if self.rows is None:
            return ()
        return tuple(
            tuple(row.values[column] for column in self.columns) if self.columns else row.values for row in self.rows
        )
