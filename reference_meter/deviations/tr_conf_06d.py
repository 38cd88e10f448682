"""TR-Conf.06d: selections of profile rows give exactly what they name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, overload

from reference_meter.codec.conformance import GET, SELECTIVE_ACCESS
from reference_meter.codec.request import GetNormal
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.clock import instant_from_data
from reference_meter.model.data import Pair
from reference_meter.model.profile import LoadProfile
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.association import Association
from reference_meter.server.model_port import AccessRefused, EntrySelection, RangeSelection, Selection
from reference_meter.server.octet_source import OctetSource

__all__ = ["FAMILIES"]

Select = Callable[[Selection | None], Selected]
_SECOND, _DEVIATION = 7, slice(9, 11)
_OPEN_DEVIATION = b"\x80\x00"


def _select_instead(meter: Meter, other: Callable[[Select, RangeSelection | EntrySelection], Selected]) -> None:
    """Answer selections by ``other``; it has fired where that gives something else."""
    profile = meter.model.metering.profile

    def select(original: Select, selection: Selection | None) -> Selected:
        if not isinstance(selection, RangeSelection | EntrySelection):
            return original(selection)
        found = other(original, selection)
        try:
            right = original(selection)
        except AccessRefused:
            meter.fire()
            return found
        if (list(found.rows), found.columns) != (list(right.rows), right.columns):
            meter.fire()
        return found

    wrap(profile, "select", select)


def _changed_bounds(selection: RangeSelection, change: Callable[[bytes], bytes]) -> RangeSelection:
    def changed(bound: Pair) -> Pair:
        return (bound[0], change(bound[1]))

    return replace(selection, from_value=changed(selection.from_value), to_value=changed(selection.to_value))


@deviation("range-ignores-seconds", "TR-Conf.06d", about="The seconds in the bounds of a range are taken for zero.")
def range_ignores_seconds(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        if isinstance(selection, RangeSelection):
            selection = _changed_bounds(selection, lambda time: time[:_SECOND] + b"\x00" + time[_SECOND + 1 :])
        return original(selection)

    _select_instead(meter, other)


@deviation(
    "range-ignores-deviation",
    "TR-Conf.06d",
    about="The bounds of a range are taken for local time, whatever deviation they have.",
)
def range_ignores_deviation(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        if isinstance(selection, RangeSelection):
            selection = _changed_bounds(
                selection, lambda time: time[: _DEVIATION.start] + _OPEN_DEVIATION + time[_DEVIATION.stop :]
            )
        return original(selection)

    _select_instead(meter, other)


@deviation("selected-columns-ignored", "TR-Conf.06d", about="A range gives all columns, whichever are asked for.")
def selected_columns_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        return original(replace(selection, columns=()) if isinstance(selection, RangeSelection) else selection)

    _select_instead(meter, other)


@deviation("entries-count-from-zero", "TR-Conf.06d", about="The first row has the number 0.")
def entries_count_from_zero(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        if isinstance(selection, EntrySelection):
            last = selection.to_entry + 1 if selection.to_entry else 0
            selection = replace(selection, from_entry=selection.from_entry + 1, to_entry=last)
        return original(selection)

    _select_instead(meter, other)


@deviation("column-window-ignored", "TR-Conf.06d", about="A selection by numbers ignores its first or its last column.")
def column_window_ignored(meter: Meter, rng: Random) -> None:
    """Draw which of them."""
    ignored = rng.choice(({"from_column": 1}, {"to_column": 0}))

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        return original(replace(selection, **ignored) if isinstance(selection, EntrySelection) else selection)

    _select_instead(meter, other)


def _is_reversed(profile: LoadProfile, selection: RangeSelection) -> bool:
    first = instant_from_data(selection.from_value, profile.rules)
    return first > instant_from_data(selection.to_value, profile.rules)


@deviation("reversed-range-gives-rows", "TR-Conf.06d", about="A range that ends before it begins gives all rows.")
def reversed_range_gives_rows(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        if isinstance(selection, RangeSelection) and _is_reversed(profile, selection):
            return original(None)
        return original(selection)

    _select_instead(meter, other)


@deviation(
    "unknown-column-gives-another", "TR-Conf.06d", about="In place of a column that is not captured another one comes."
)
def unknown_column_gives_another(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    profile = meter.model.metering.profile
    place = rng.choice((1, 2, 3))

    def other(original: Select, selection: RangeSelection | EntrySelection) -> Selected:
        if isinstance(selection, RangeSelection):
            known = profile.columns
            columns = tuple(one if one in known else known[place % len(known)] for one in selection.columns)
            selection = replace(selection, columns=columns)
        return original(selection)

    _select_instead(meter, other)


class _RowsFromTheEnd(Sequence[Row]):
    """Rows that are looked up when they go out, by their distance from the newest one."""

    def __init__(self, meter: Meter, rows: Sequence[Row]) -> None:
        self._meter = meter
        self._stored = meter.model.metering.profile.rows
        self._count = len(rows)
        self._begin_from_end = len(self._stored) - self._stored.index(rows[0]) if rows else 0
        self._newest = self._stored[-1] if rows else None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(self._count))]
        return self._stored[len(self._stored) - self._begin_from_end + index]

    def __iter__(self) -> Iterator[Row]:
        for number in range(self._count):
            if self._stored[-1] is not self._newest:
                self._newest = self._stored[-1]
                self._meter.fire()
            yield self[number]


@deviation(
    "capture-shifts-long-read",
    "TR-Conf.06d",
    about="With a capture in the middle of a long answer a row of it is lost.",
)
def capture_shifts_long_read(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def select(original: Select, selection: Selection | None) -> Selected:
        selected = original(selection)
        if selection is None or profile.newest_first:
            return selected
        return replace(selected, rows=_RowsFromTheEnd(meter, selected.rows))

    wrap(profile, "select", select)


@deviation(
    "selection-loses-last-row-in-blocks",
    "TR-Conf.06d",
    about="Where a selection comes in blocks, the row before the last one comes again in place of the last.",
)
def selection_loses_last_row_in_blocks(meter: Meter, rng: Random) -> None:
    """No parameter."""
    gets = meter.server.services.gets
    is_selection = False

    def answer_normal(original: Callable[..., Any], association: Association, request: GetNormal) -> Any:
        nonlocal is_selection
        is_selection = request.attribute.selector is not None
        return original(association, request)

    def ending_twice(chunks: Iterator[bytes]) -> Iterator[bytes]:
        before = last = b""
        for chunk in chunks:
            yield before
            before, last = last, chunk
        yield before
        if last != before and len(last) == len(before):
            meter.fire()
            last = before
        yield last

    def begin_long(
        original: Callable[..., Any], association: Association, invoke: int, head: bytes, source: OctetSource
    ) -> Any:
        if is_selection:
            source.chunks = ending_twice(source.chunks)
        return original(association, invoke, head, source)

    wrap(gets, "answer_normal", answer_normal)
    wrap(gets, "begin_long", begin_long)


@deviation(
    "unagreed-selection-gives-all-rows",
    "TR-Conf.06d",
    about="Who selects a row without having negotiated selective access gets all rows.",
)
def unagreed_selection_gives_all_rows(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def perform(original: Callable[..., Any], association: Association, request: Any) -> Any:
        if isinstance(request, GetNormal) and not association.has(SELECTIVE_ACCESS):
            request = replace(request, attribute=replace(request.attribute, selector=None, parameters=None))
        return original(association, request)

    def refusal_of(original: Callable[..., Any], association: Association, request: Any) -> Any:
        refused = original(association, request)
        if isinstance(request, GetNormal) and request.attribute.selector is not None and association.has(GET):
            if refused is not None:
                meter.fire()
            return None
        return refused

    wrap(meter.server.services, "perform", perform)
    wrap(meter.server.services, "refusal_of", refusal_of)


FAMILIES = (
    range_ignores_seconds,
    range_ignores_deviation,
    selected_columns_ignored,
    entries_count_from_zero,
    column_window_ignored,
    reversed_range_gives_rows,
    unknown_column_gives_another,
    capture_shifts_long_read,
    selection_loses_last_row_in_blocks,
    unagreed_selection_gives_all_rows,
)
