"""Profiles as a head end reads them: columns, the newest rows, ranges and entries."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from harness.checks.profile import ProfileRow
from harness.checks.value import number_of
from harness.declaration import CosemObject, Profile
from harness.errors import Inconclusive, ProtocolViolation, Refused
from harness.headend.blocks import takes_blocks
from harness.headend.buffer_parts import rows_in_parts
from harness.headend.client import Client, item
from harness.headend.registers import read_clock
from harness.protocol import apdu as xdlms
from harness.protocol.axdr import Data, DataType, Row, expand_nulls
from harness.protocol.cosem import DateTime, obis, obis_text

__all__ = ["Column", "Order", "ProfileReader", "moment_of"]

Order = Literal["fifo", "lifo", "sorted"]
"""In which order the device keeps its rows; ``sorted`` is by the value of some column."""

_BUFFER, _CAPTURE_OBJECTS, _PERIOD, _SORT_METHOD, _ENTRIES_IN_USE = 2, 3, 4, 5, 7
_ORDERS: dict[object, Order] = {1: "fifo", 2: "lifo", 3: "sorted", 4: "sorted", 5: "sorted", 6: "sorted"}
_CLOCK_CLASS = 8
_WHOLE_TO_LAST = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One captured attribute."""

    class_id: int
    obis: str
    attribute: int
    index: int


def moment_of(time: DateTime) -> datetime:
    """Return a comparable moment; a time without deviation is taken as if it were UTC."""
    if (moment := time.comparable()) is None:
        raise ProtocolViolation(f"the time {time} is not fully specified")
    return moment


class ProfileReader:
    """Reads one profile through one client; all rows come in the order of their capture."""

    def __init__(self, client: Client, profile: CosemObject, declared: Profile, clock: CosemObject) -> None:
        self._client = client
        self._profile = profile
        self._declared = declared
        self._clock = clock
        self._columns: tuple[Column, ...] | None = None
        self._order: Order | None = None

    @property
    def period_s(self) -> int:
        """Declared capture period."""
        return self._declared.period_s

    @property
    def has_blocks(self) -> bool:
        """Whether a long answer can come in blocks."""
        return takes_blocks(self._client)

    @property
    def has_ranges(self) -> bool:
        """Whether rows can be read by their times."""
        return "range" in self._declared.selective_access

    def order(self) -> Order:
        """Return the declared order, or what the device says of it where none is declared."""
        if "order" in self._declared.model_fields_set:
            return self._declared.order
        if self._order is None:
            self._order = "fifo"
            with suppress(Refused):
                sort_method = self._client.read(item(self._profile, _SORT_METHOD))
                self._order = _ORDERS.get(sort_method.value, "fifo")
        return self._order

    def now(self) -> DateTime:
        """Read the device's time; ``Inconclusive`` where it is not set, since nothing can be asked for by it."""
        now = read_clock(self._client, self._clock)
        if now.comparable() is None:
            raise Inconclusive(f"the clock says {now}, which is no fully specified time", missing="device")
        return now

    def columns(self) -> tuple[Column, ...]:
        """Return the capture objects that the device announces."""
        if self._columns is None:
            data = self._client.read(item(self._profile, _CAPTURE_OBJECTS))
            self._columns = tuple(_column(entry) for entry in _elements(data))
        return self._columns

    def column_of(self, wanted: CosemObject, attribute: int = 2) -> int:
        """Return the index of the column that captures an attribute; ``Inconclusive`` where none does."""
        for index, column in enumerate(self.columns()):
            if (column.class_id, column.obis, column.attribute) == (wanted.class_id, wanted.obis, attribute):
                return index
        raise Inconclusive(f"the profile {self._profile.obis} does not capture {wanted.obis}", missing="device")

    def clock_column(self) -> int:
        """Return the index of the column with the time stamp."""
        for index, column in enumerate(self.columns()):
            if (column.class_id, column.attribute) == (_CLOCK_CLASS, 2):
                return index
        raise Inconclusive(f"the profile {self._profile.obis} captures no clock", missing="device")

    def numbers(self, rows: Sequence[ProfileRow], column: int) -> list[Decimal]:
        """Return one column of rows as plain numbers, scaler not applied."""
        cells = [row.values[column] for row in rows]
        if not all(isinstance(cell, int | float) for cell in cells):
            raise ProtocolViolation(f"column {column + 1} of {self._profile.obis} holds {cells!r}, due are numbers")
        return [Decimal(str(cell)) for cell in cells]

    def entries_in_use(self) -> int:
        """Return how many rows the device says it holds."""
        return self._count(_ENTRIES_IN_USE)

    def capture_period_s(self) -> int:
        """Return the capture period that the device states."""
        return self._count(_PERIOD)

    def _count(self, attribute: int) -> int:
        data = self._client.read(item(self._profile, attribute))
        try:
            return int(number_of(data))
        except ValueError as error:
            raise ProtocolViolation(f"attribute {attribute} of {self._profile.obis}: {error}") from None

    def range(self, start: DateTime, stop: DateTime) -> list[ProfileRow]:
        """Read the rows from ``start`` to ``stop``, both as the device writes times."""
        return self._rows(self._range_selection(start, stop))

    def stream_range(self, start: DateTime, stop: DateTime) -> Iterator[ProfileRow]:
        """Yield these rows as they arrive, in the device's order."""
        return self._profile_rows(self.stream(self._range_selection(start, stop)))

    def _range_selection(self, start: DateTime, stop: DateTime) -> xdlms.RangeSelection:
        column = self.columns()[self.clock_column()]
        return xdlms.RangeSelection(
            restricting_class=column.class_id,
            restricting_obis=obis(column.obis),
            restricting_attribute=column.attribute,
            restricting_index=column.index,
            from_value=Data(DataType.OCTET_STRING, start.to_octets()),
            to_value=Data(DataType.OCTET_STRING, stop.to_octets()),
            columns=(),
        )

    def entries(self, first: int, last: int) -> list[ProfileRow]:
        """Read the rows with numbers ``first`` to ``last``, 1 being the first of the buffer."""
        selection = xdlms.EntrySelection(from_entry=first, to_entry=last, from_column=1, to_column=_WHOLE_TO_LAST)
        return self._rows(selection)

    def whole(self) -> list[ProfileRow]:
        """Read all rows; in parts, by their numbers, where there are no blocks for a long answer."""
        try:
            return self._rows(None)
        except Refused:
            if self.has_blocks or "entry" not in self._declared.selective_access:
                raise
        return self.in_capture_order(self._placed(self._profile_rows(iter(rows_in_parts(self)))))

    def cells(self, selection: xdlms.Selection) -> tuple[tuple[object, ...], ...]:
        """Read the cells that a selection gives, whichever columns they are of; the oldest row first."""
        cells = tuple(tuple(row.values) for row in self._expanded(self.stream(selection)))
        return cells[::-1] if self.order() == "lifo" else cells

    def newest(self, count: int) -> list[ProfileRow]:
        """Read the newest ``count`` rows, or as many as there are, by the selective access that is declared.

        A range that should hold them may hold fewer, where the device was off or captured nothing for a while.
        """
        rows = self._newest_by_range(count)
        if len(rows) >= count:
            return rows
        try:
            by_number = "entry" in self._declared.selective_access and self.order() != "sorted"
            return self.newest_by_entry(count) if by_number else self._rows(None)[-count:]
        except Refused:
            if not self.has_ranges:
                raise
            return rows

    def last_captured(self, count: int) -> list[ProfileRow]:
        """Read the last ``count`` rows whatever times they bear; after the clock was set back some lie ahead of it."""
        if "entry" in self._declared.selective_access and self.order() != "sorted":
            return self.newest_by_entry(count)
        rows = self._newest_by_range(count, around=2)
        return rows if len(rows) >= count else self._rows(None)[-count:]

    def newest_but_not_by_entry(self, count: int) -> list[ProfileRow]:
        """Read the newest ``count`` rows without asking for row numbers, as something to hold these against."""
        rows = self._newest_by_range(count)
        return rows if len(rows) >= count else self._rows(None)[-count:]

    def _newest_by_range(self, count: int, *, around: int = 0) -> list[ProfileRow]:
        if not self.has_ranges:
            return []
        now, span_s = self.now(), (count + 1) * self.period_s
        return self.range(self._moved(now, -max(1, around) * span_s), self._moved(now, around * span_s))[-count:]

    def newest_by_entry(self, count: int) -> list[ProfileRow]:
        """Read the newest ``count`` rows by their numbers; ``Inconclusive`` where rows are sorted by their values."""
        order = self.order()
        if order == "sorted":
            raise Inconclusive("the rows are sorted by values, so numbers do not say which are new", missing="device")
        used = self.entries_in_use()
        if not used:
            return []
        if order == "lifo":
            return self.entries(1, min(count, used))
        return self.entries(max(1, used - count + 1), used)

    def since(self, moment: DateTime, *, ahead_s: float = 1) -> list[ProfileRow]:
        """Read all rows from ``moment`` until now, and those that bear times up to ``ahead_s`` later."""
        if self.has_ranges:
            return self.range(moment, self._moved(self.now(), ahead_s))
        start = moment_of(moment if moment.deviation_min is not None else moment.beside(self.now()))
        return [row for row in self._rows(None) if row.time >= start]

    def _moved(self, time: DateTime, seconds: float) -> DateTime:
        try:
            return time.later(seconds)
        except OverflowError:
            raise Inconclusive(f"the clock says {time}, which cannot be reckoned with", missing="device") from None

    def time_of(self, row: ProfileRow) -> DateTime:
        """Return a row's time stamp as the device wrote it."""
        cell = row.values[self.clock_column()]
        if not isinstance(cell, bytes):
            raise ProtocolViolation(f"the time stamp {cell!r} is no octet-string")
        return DateTime.from_octets(cell)

    def stream(self, selection: xdlms.Selection | None = None) -> Iterator[Row]:
        """Yield the rows of the buffer as they arrive, in the device's order."""
        return self._client.rows(item(self._profile, _BUFFER, selection))

    def _rows(self, selection: xdlms.Selection | None) -> list[ProfileRow]:
        self.order()
        return self.in_capture_order(self._placed(self._profile_rows(self.stream(selection))))

    def _placed(self, rows: Iterator[ProfileRow]) -> list[ProfileRow]:
        """Return the rows; where their times leave the deviation open that the clock shows, in the zone of now."""
        found = list(rows)
        if not found or self._clock.class_id != _CLOCK_CLASS or self.time_of(found[-1]).deviation_min is not None:
            return found
        now = self.now()
        return [replace(row, time=moment_of(self.time_of(row).beside(now))) for row in found]

    def in_capture_order(self, rows: list[ProfileRow]) -> list[ProfileRow]:
        """Return rows that came in the device's order, the oldest first."""
        if len(rows) < 2 or self.order() == "fifo":
            return rows
        return rows[::-1] if self.order() == "lifo" else sorted(rows, key=lambda row: row.time)

    def _profile_rows(self, rows: Iterator[Row]) -> Iterator[ProfileRow]:
        clock, width = self.clock_column(), len(self.columns())
        for row in self._expanded(rows):
            yield self._row(row, clock, width)

    def _expanded(self, rows: Iterator[Row]) -> Iterator[Row]:
        if not self._declared.compressed:
            return rows
        return expand_nulls(rows, self.period_s)

    def _row(self, row: Row, clock: int, width: int) -> ProfileRow:
        if len(row.values) != width:
            raise ProtocolViolation(
                f"a row of {len(row.values)} columns in {self._profile.obis}, which captures {width} objects"
            )
        cell = row.values[clock]
        if not isinstance(cell, bytes):
            raise ProtocolViolation(f"the time stamp {cell!r} in {self._profile.obis} is no octet-string")
        return ProfileRow(time=moment_of(DateTime.from_octets(cell)), values=tuple(row.values))


def _elements(data: Data) -> tuple[Data, ...]:
    if data.type is not DataType.ARRAY or not isinstance(data.value, tuple):
        raise ProtocolViolation(f"capture_objects of type {data.type.name}, due is an array")
    return data.value


def _column(entry: Data) -> Column:
    cells = entry.value
    types = [cell.type for cell in cells] if isinstance(cells, tuple) else []
    due = [DataType.LONG_UNSIGNED, DataType.OCTET_STRING, DataType.INTEGER, DataType.LONG_UNSIGNED]
    if types != due or not isinstance(cells, tuple):
        raise ProtocolViolation(f"a capture object {entry}, due is a structure of class, name, attribute and index")
    class_id, name, attribute, index = (cell.value for cell in cells)
    if not (isinstance(class_id, int) and isinstance(name, bytes)):
        raise ProtocolViolation(f"a capture object {entry}")
    return Column(class_id=class_id, obis=obis_text(name), attribute=int(str(attribute)), index=int(str(index)))
