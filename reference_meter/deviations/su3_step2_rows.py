"""SU3 step 2: a selection of profile rows gives exactly the rows that it names."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.clock import instant_from_data
from reference_meter.model.profile import LoadProfile
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import EntrySelection, RangeSelection, Selection

__all__ = ["FAMILIES"]

Change = Callable[[LoadProfile, Selection, Sequence[Row]], Sequence[Row]]


def _change_selection(meter: Meter, change: Change) -> None:
    """Give the rows that ``change`` makes of the selected ones."""
    profile = meter.model.metering.profile

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if selection is None:
            return selected
        rows = change(profile, selection, selected.rows)
        if list(rows) == list(selected.rows):
            return selected
        meter.fire()
        return replace(selected, rows=rows)

    wrap(profile, "select", select)


@deviation(
    "range-excludes-upper-bound",
    "SU3.step2",
    about="A range of time does not give the row whose time is the upper bound.",
)
def range_excludes_upper_bound(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(profile: LoadProfile, selection: Selection, rows: Sequence[Row]) -> Sequence[Row]:
        if not isinstance(selection, RangeSelection):
            return rows
        last = instant_from_data(selection.to_value, profile.rules)
        return [row for row in rows if row.captured_at != last]

    _change_selection(meter, change)


@deviation("range-ignores-bounds", "SU3.step2", about="A range of time with rows in it gives all rows of the profile.")
def range_ignores_bounds(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(profile: LoadProfile, selection: Selection, rows: Sequence[Row]) -> Sequence[Row]:
        return tuple(profile.rows) if isinstance(selection, RangeSelection) and rows else rows

    _change_selection(meter, change)


@deviation(
    "empty-range-gives-all-rows",
    "SU3.step2",
    about="A range of time in which nothing was recorded gives all rows of the profile.",
)
def empty_range_gives_all_rows(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(profile: LoadProfile, selection: Selection, rows: Sequence[Row]) -> Sequence[Row]:
        return tuple(profile.rows) if isinstance(selection, RangeSelection) and not rows else rows

    _change_selection(meter, change)


@deviation(
    "entry-selection-off-by-one",
    "SU3.step2",
    about="A selection by entry numbers gives the rows one place before or behind those that it names.",
)
def entry_selection_off_by_one(meter: Meter, rng: Random) -> None:
    """Draw the direction."""
    step = rng.choice((-1, 1))

    def change(profile: LoadProfile, selection: Selection, rows: Sequence[Row]) -> Sequence[Row]:
        if not isinstance(selection, EntrySelection) or not rows:
            return rows
        stored = tuple(profile.rows)
        first = max(selection.from_entry - 1 + step, 0)
        return stored[first : selection.from_entry - 1 + len(rows) + step]

    _change_selection(meter, change)


FAMILIES = (
    range_excludes_upper_bound,
    range_ignores_bounds,
    empty_range_gives_all_rows,
    entry_selection_off_by_one,
)
