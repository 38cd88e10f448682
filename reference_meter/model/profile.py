"""The load profile (class 7): a ring of rows, captured at period boundaries or on demand."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType

from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.data import (
    NULL,
    Pair,
    array,
    double_long_unsigned,
    enum,
    integer,
    long_unsigned,
    octet_string,
    structure,
)
from reference_meter.model.date_time import LocalTime
from reference_meter.model.objects import (
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    trigger,
)
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected, select_entries, select_range
from reference_meter.server.model_port import (
    AccessRefused,
    ColumnDescriptor,
    EntrySelection,
    RangeSelection,
    RowStream,
    Selection,
)

__all__ = ["LoadProfile", "profile_object"]

_CLOCK = 8
_BY_RANGE, _BY_ENTRY = 1, 2
_COMPACT_ARRAY = 19
_FIRST_IN_FIRST_OUT = 1
_LAST_IN_FIRST_OUT = 2
_UNSORTED = ColumnDescriptor(class_id=0, obis=bytes(6), attribute=0, data_index=0)


class LoadProfile:
    """Rows of the capture objects; the first column is the clock."""

    def __init__(
        self,
        settings: ProfileSettings,
        columns: tuple[ColumnDescriptor, ...],
        rules: LocalTime,
        read_column: Callable[[ColumnDescriptor], Pair],
        now: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.period_s = settings.period_s
        self.compressed = settings.compressed
        self.newest_first = settings.newest_first
        self.columns = columns
        self.rules = rules
        self.rows: deque[Row] = deque(maxlen=settings.entries)
        self._storing = timedelta(seconds=settings.storing_s)
        self._read_column = read_column
        self._now = now

    @property
    def entries(self) -> int:
        """The number of rows that the ring holds."""
        return self.rows.maxlen or 0

    def resize(self, entries: int) -> None:
        """Hold another number of rows; of too many the oldest go."""
        self.rows = deque(self.rows, maxlen=entries)

    def capture_others(self, columns: tuple[ColumnDescriptor, ...]) -> None:
        """Capture other objects; rows of the old ones go."""
        if columns != self.columns:
            self.columns = columns
            self.reset()

    def capture_every(self, period_s: int) -> None:
        """Capture at the ends of other periods; rows of the old ones go."""
        if period_s != self.period_s:
            self.period_s = period_s
            self.reset()

    @property
    def stored(self) -> tuple[Row, ...]:
        """The rows that can be read, the oldest first; the last one captured may not be among them yet."""
        rows = tuple(self.rows)
        if rows and timedelta() <= self._now() - rows[-1].captured_at < self._storing:
            return rows[:-1]
        return rows

    @property
    def _clock_column(self) -> ColumnDescriptor:
        return next((column for column in self.columns if column.class_id == _CLOCK), self.columns[0])

    def capture(self, now: datetime) -> None:
        """Store the values of this instant; the oldest row goes when the ring is full."""
        self.store(Row(captured_at=now, values=tuple(self._read_column(column) for column in self.columns)))

    def store(self, row: Row) -> None:
        """Append a row."""
        self.rows.append(row)

    def reset(self) -> None:
        """Forget all rows."""
        self.rows.clear()

    def select(self, selection: Selection | None) -> Selected:
        """The rows and columns that a request asks for, as they are now."""
        rows = self.stored[::-1] if self.newest_first else self.stored
        if selection is None:
            return Selected(rows=rows, columns=tuple(range(len(self.columns))))
        if isinstance(selection, RangeSelection) and _BY_RANGE in self.settings.selectors:
            return select_range(rows, self.columns, selection, self._clock_column, self.rules)
        if isinstance(selection, EntrySelection) and _BY_ENTRY in self.settings.selectors:
            return select_entries(rows, len(self.columns), selection)
        raise AccessRefused(DataAccessResult.OTHER_REASON)

    def buffer(self, selection: Selection | None) -> Pair:
        """Attribute 2: a stream of rows that later captures do not touch."""
        selected = self.select(selection)
        if self.settings.compact and selected.rows:
            return (_COMPACT_ARRAY, list(_plain_rows(selected)))
        rows = self._compressed_rows(selected) if self.compressed else _plain_rows(selected)
        return (1, RowStream(count=len(selected.rows), rows=rows))

    def _compressed_rows(self, selected: Selected) -> Iterator[Pair]:
        """Null-data for what is as in the row before, or for the clock one period later than there."""
        period = timedelta(seconds=self.period_s)
        for row, before in zip(selected.rows, _shifted(selected.rows), strict=True):
            cells = []
            for column in selected.columns:
                cell = row.values[column]
                if before is not None and (
                    _one_later(row, before, period) if column == 0 else cell == before.values[column]
                ):
                    cell = NULL
                cells.append(cell)
            yield structure(*cells)


def _one_later(row: Row, before: Row, period: timedelta) -> bool:
    """Whether the time stamp follows by rule: one period later, same deviation and status."""
    same_tail = row.values[0][1][9:] == before.values[0][1][9:]
    return same_tail and row.captured_at - before.captured_at == period


def _shifted(rows: Sequence[Row]) -> Iterator[Row | None]:
    """The row before each row."""
    yield from (None, *islice(rows, len(rows) - 1)) if rows else ()


def _plain_rows(selected: Selected) -> Iterator[Pair]:
    for row in selected.rows:
        yield structure(*(row.values[column] for column in selected.columns))


def _capture_object(column: ColumnDescriptor) -> Pair:
    return structure(
        long_unsigned(column.class_id),
        octet_string(column.obis),
        integer(column.attribute),
        long_unsigned(column.data_index),
    )


def profile_object(
    profile: LoadProfile,
    obis: bytes,
    *,
    reset: Callable[[], None],
    capture: Callable[[], None] | None = None,
    writes: Mapping[int, Callable[[Pair], None]] = MappingProxyType({}),
) -> CosemObject:
    """The instance of class 7; ``capture`` stores a row of now, ``writes`` are those of writable attributes."""
    reads: dict[int, Callable[[], Pair]] = {
        3: lambda: array(map(_capture_object, profile.columns)),
        4: lambda: double_long_unsigned(profile.period_s),
        5: lambda: enum(_LAST_IN_FIRST_OUT if profile.newest_first else _FIRST_IN_FIRST_OUT),
        6: lambda: _capture_object(_UNSORTED),
        7: lambda: double_long_unsigned(len(profile.stored)),
        8: lambda: double_long_unsigned(profile.entries),
    }
    attributes = {
        number: Attribute(
            read=read,
            readers=MEASURING,
            write=writes.get(number),
            writers=MANAGING if number in writes else NOBODY,
        )
        for number, read in reads.items()
    }
    attributes[2] = Attribute(
        read=lambda: profile.buffer(None),
        readers=MEASURING,
        select=lambda selection: profile.buffer(selection),
        selectors=profile.settings.selectors,
    )
    methods = {1: Method(invoke=trigger(reset))}
    if capture is not None:
        methods[2] = Method(invoke=trigger(capture))
    return CosemObject(class_id=7, version=1, obis=obis, attributes=attributes, methods=methods)
