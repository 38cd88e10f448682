"""Selections of profile rows by range of time and by number, each with the rows that it names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from harness.errors import Inconclusive
from harness.headend.known_rows import Asked, KnownRows
from harness.headend.profiles import Column
from harness.protocol import apdu as xdlms
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import DateTime, obis

__all__ = ["ENTRY_SELECTIONS", "RANGE_SELECTIONS", "UNAGREED_SELECTION"]

_UNKNOWN_ROLE = xdlms.CaptureColumn(3, obis("1.0.99.7.250.255"), 2)
_HUGE_ENTRY, _HUGE_COLUMN = 0xFFFF_FFFE, 0
_FEWEST_DIFFERENT = 3
_FEWEST_TOLD = 4
_LONG_AGO = datetime(2000, 1, 3)
_YEARS_AHEAD_S = 20 * 366 * 86_400


def _range(known: KnownRows, first: DateTime, last: DateTime, columns: Sequence[int] = ()) -> xdlms.RangeSelection:
    clock = known.columns[known.clock_column]
    return xdlms.RangeSelection(
        restricting_class=clock.class_id,
        restricting_obis=obis(clock.obis),
        restricting_attribute=clock.attribute,
        restricting_index=clock.index,
        from_value=Data(DataType.OCTET_STRING, first.to_octets()),
        to_value=Data(DataType.OCTET_STRING, last.to_octets()),
        columns=tuple(_capture_column(known.columns[number]) for number in columns),
    )


def _capture_column(column: Column) -> xdlms.CaptureColumn:
    return xdlms.CaptureColumn(column.class_id, obis(column.obis), column.attribute, column.index)


def _moment(time: DateTime) -> datetime:
    moment = time.comparable()
    if moment is None:
        raise Inconclusive(f"the time stamp {time} is not fully specified", missing="device")
    return moment


def _by_time(
    known: KnownRows, first: DateTime, last: DateTime, *, columns: Sequence[int] = (), condition: str | None = None
) -> Asked:
    rows = known.within(_moment(first), _moment(last))
    return Asked(selection=_range(known, first, last, columns), rows=rows, columns=tuple(columns), condition=condition)


def _shifted(from_s: int, to_s: int) -> Callable[[KnownRows], Asked]:
    """From the second known row to the last but one, both moved by some seconds."""

    def asked(known: KnownRows) -> Asked:
        return _by_time(known, known.time_of(1).later(from_s), known.time_of(-2).later(to_s))

    return asked


def _between_rows(known: KnownRows) -> Asked:
    first = known.time_of(-2).later(1)
    if first.deviation_min is None:
        last = known.time_of(-1).later(-1)
    else:
        end = known.by_time[-1].time - timedelta(seconds=1)
        last = DateTime.from_utc(end, first.deviation_min, first.clock_status)
    return _by_time(known, first, last, condition="range_outside")


def _one_row(known: KnownRows) -> Asked:
    asked = _by_time(known, known.time_of(1), known.time_of(1))
    if known.both_bounds:
        return asked
    raise Inconclusive("the upper bound of a range is declared not to belong to it", missing="declaration")


def _in_utc(known: KnownRows) -> Asked:
    first, last = known.time_of(1), known.time_of(-2)
    if first.utc() is None or last.utc() is None:
        raise Inconclusive("the time stamps show no deviation", missing="device")
    return _by_time(known, DateTime.from_utc(_moment(first)), DateTime.from_utc(_moment(last)))


def _open_deviation(known: KnownRows) -> Asked:
    times = _told_by_local_time(known)
    if len(times) < _FEWEST_TOLD:
        raise Inconclusive("the rows lie around a change of summer time", missing="device")
    asked = _by_time(known, times[1], times[-2], condition="column_not_captured")
    local = [replace(time, deviation_min=None, clock_status=0xFF) for time in (times[1], times[-2])]
    return replace(asked, selection=_range(known, local[0], local[1]))


def _told_by_local_time(known: KnownRows) -> list[DateTime]:
    """The longest run of time stamps with one deviation, without local times that another deviation shows as well."""
    stamps = [known.time_of(place) for place in range(len(known.rows))]
    runs = [list(run) for _, run in groupby(stamps, key=lambda stamp: stamp.deviation_min)]
    spans = {index: _local_span(run) for index, run in enumerate(runs)}
    told = []
    for index, run in enumerate(runs):
        others = [span for number, span in spans.items() if number != index]
        told.append([one for one in run if not any(first <= _local(one) <= last for first, last in others)])
    return max(told, key=len)


def _local_span(run: Sequence[DateTime]) -> tuple[datetime, datetime]:
    return min(map(_local, run)), max(map(_local, run))


def _local(stamp: DateTime) -> datetime:
    local = stamp.local()
    if local is None:
        raise Inconclusive(f"the time stamp {stamp} is not fully specified", missing="device")
    return local


def _columns_of_range(known: KnownRows) -> Asked:
    columns = (known.clock_column, len(known.columns) - 1)
    return _by_time(known, known.time_of(1), known.time_of(-2), columns=sorted(set(columns)))


def _one_column(known: KnownRows) -> Asked:
    return _by_time(known, known.time_of(1), known.time_of(-2), columns=(len(known.columns) - 1,))


def _reversed(known: KnownRows) -> Asked:
    selection = _range(known, known.time_of(-2), known.time_of(1))
    return Asked(selection=selection, rows=None, condition="range_reversed")


def _reversed_by_a_second(known: KnownRows) -> Asked:
    time = known.time_of(1)
    return Asked(selection=_range(known, time, time.later(-1)), rows=None, condition="range_reversed")


def _long_ago(known: KnownRows) -> Asked:
    if known.by_time[0].time.year < _LONG_AGO.year + 1:
        raise Inconclusive("the device is not younger than its rows ought to be", missing="device")
    last = known.time_of(-1)
    first = DateTime.from_utc(_LONG_AGO.replace(tzinfo=known.by_time[0].time.tzinfo), last.deviation_min or 0)
    selection = _range(known, first, first.later(86_400))
    return Asked(selection=selection, rows=None, condition="range_outside")


def _far_ahead(known: KnownRows) -> Asked:
    first = known.time_of(-1).later(_YEARS_AHEAD_S)
    return Asked(selection=_range(known, first, first.later(86_400)), rows=None, condition="range_outside")


def _unknown_column(known: KnownRows) -> Asked:
    selection = _range(known, known.time_of(1), known.time_of(-2))
    columns = (_capture_column(known.columns[known.clock_column]), _UNKNOWN_ROLE)
    return Asked(selection=replace(selection, columns=columns), rows=None, condition="column_not_captured")


def _growing(known: KnownRows) -> tuple[int, list[int]]:
    """Return the first column whose numbers never fall, and three or more different numbers in it."""
    for number in range(len(known.columns)):
        values = [value for row in known.rows if isinstance(value := row.values[number], int)]
        different = sorted(set(values))
        if len(values) == len(known.rows) and values == sorted(values) and len(different) >= _FEWEST_DIFFERENT:
            return number, different
    raise Inconclusive("no column holds numbers that grow from row to row", missing="device")


def _by_another_column(known: KnownRows) -> Asked:
    """A range of a column's growing values, which a device may refuse or carry out."""
    number, values = _growing(known)
    column, low, high = known.columns[number], values[1], values[-2]
    rows = tuple(row for row in known.rows if low <= int(str(row.values[number])) <= high)
    selection = xdlms.RangeSelection(
        restricting_class=column.class_id,
        restricting_obis=obis(column.obis),
        restricting_attribute=column.attribute,
        restricting_index=column.index,
        from_value=Data(DataType.DOUBLE_LONG_UNSIGNED, low),
        to_value=Data(DataType.DOUBLE_LONG_UNSIGNED, high),
        columns=(),
    )
    return Asked(selection=selection, rows=rows, condition="column_not_captured")


def _selector(number: int) -> Callable[[KnownRows], Asked]:
    parameter = Data(DataType.NULL_DATA, None)

    def asked(known: KnownRows) -> Asked:
        selection = xdlms.OtherSelection(selector=number, parameter=parameter)
        return Asked(selection=selection, rows=None, condition="selector_unknown")

    return asked


def _entries(
    first: int, last: int, *, columns: tuple[int, int] = (1, _HUGE_COLUMN), from_end: bool = False
) -> Callable[[KnownRows], Asked]:
    """Rows by number, in ``from_end`` counted so that 0 is the last one and 1 the one before."""

    def asked(known: KnownRows) -> Asked:
        begin = known.in_use - first if from_end else first
        end = last or known.in_use
        numbers = range(begin, min(end, known.in_use) + 1)
        numbered = known.numbered
        if not set(numbers) <= set(numbered):
            raise Inconclusive(f"not all of the {known.in_use} rows were read to compare with", missing="bench")
        width = columns[1] or len(known.columns)
        rows = [numbered[number] for number in numbers]
        return Asked(
            selection=xdlms.EntrySelection(
                from_entry=begin, to_entry=last, from_column=columns[0], to_column=columns[1]
            ),
            rows=tuple(reversed(rows) if known.order == "lifo" else rows),
            columns=tuple(range(columns[0] - 1, width)),
        )

    return asked


def _entry_zero(known: KnownRows) -> Asked:
    selection = xdlms.EntrySelection(from_entry=0, to_entry=2, from_column=1, to_column=0)
    return Asked(selection=selection, rows=None, condition="entry_zero")


def _entry_beyond(known: KnownRows) -> Asked:
    beyond = known.in_use + 2
    selection = xdlms.EntrySelection(from_entry=beyond, to_entry=beyond + 3, from_column=1, to_column=0)
    return Asked(selection=selection, rows=None, condition="entry_beyond")


RANGE_SELECTIONS: Mapping[str, Callable[[KnownRows], Asked]] = {
    "both bounds at rows": _shifted(0, 0),
    "from a second after a row": _shifted(1, 0),
    "to a second before a row": _shifted(0, -1),
    "to a second after a row": _shifted(-1, 1),
    "from and to the same row": _one_row,
    "between two rows": _between_rows,
    "bounds in UTC": _in_utc,
    "bounds without deviation": _open_deviation,
    "some columns": _columns_of_range,
    "one column": _one_column,
    "from after to": _reversed,
    "to a second before from": _reversed_by_a_second,
    "long ago": _long_ago,
    "far ahead": _far_ahead,
    "a column that is not captured": _unknown_column,
    "a range of another column": _by_another_column,
    "selector 3": _selector(3),
    "selector 255": _selector(255),
}
"""By what feature files call them."""

ENTRY_SELECTIONS: Mapping[str, Callable[[KnownRows], Asked]] = {
    "the first entry": _entries(1, 1),
    "some entries": _entries(2, 4),
    "from a number to the last": _entries(2, 0, from_end=True),
    "to far behind the last": _entries(2, _HUGE_ENTRY, from_end=True),
    "the first two columns": _entries(1, 3, columns=(1, 2)),
    "the second column": _entries(1, 3, columns=(2, 2)),
    "from the second column": _entries(1, 3, columns=(2, 0)),
    "entry 0": _entry_zero,
    "behind the last entry": _entry_beyond,
}
"""Likewise."""

UNAGREED_SELECTION = Asked(
    selection=xdlms.EntrySelection(from_entry=1, to_entry=1, from_column=1, to_column=0),
    rows=None,
    condition="selection_unsupported",
    other_condition="service_not_negotiated",
)
"""By a client that has not negotiated selective access."""
