"""BI.02: schedules that are not followed, sets without status, polls that give too little or not the same again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import RangeSelection, Selection

__all__ = ["FAMILIES"]

_NOTHING = (0, None)


@deviation("schedule-not-followed", "BI.02.step1", about="The set comes after the time that the schedule names.")
def schedule_not_followed(meter: Meter, rng: Random) -> None:
    """Draw by how much it is late."""
    late = timedelta(seconds=rng.choice((30, 60, 300)))
    once = meter.model.parts.data_sets.schedules["month"].once
    nominal = once.next_after
    meter.fire()
    once.next_after = lambda instant: nominal(instant - late) + late
    meter.model.metering.plan()


@deviation("new-schedule-ignored", "BI.02.step1", about="A written schedule is shown, and the old one followed.")
def new_schedule_ignored(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    schedule = meter.model.parts.data_sets.schedules["month"]
    made, rules = schedule.times, meter.model.metering.clock.rules

    def next_after(instant: datetime) -> datetime:
        if schedule.times != made:
            meter.fire()
        return min(entry.next_after(instant, rules) for entry in made)

    schedule.once.next_after = next_after
    meter.model.metering.plan()


@deviation("set-without-status", "BI.02.step2", about="Sets are stored without a status or without their time.")
def set_without_status(meter: Meter, rng: Random) -> None:
    """Draw which of them, and the interval."""
    column = rng.choice((0, 1))
    profile, clock = meter.model.parts.data_sets.captures["month"].profile, meter.model.metering.clock

    def store(original: Callable[[Row], None], row: Row) -> None:
        values = list(row.values)
        values[column] = _NOTHING if column else (9, b"\xff" * 8 + clock.time_octets()[8:])
        meter.fire()
        original(replace(row, values=tuple(values)))

    wrap(profile, "store", store)


@deviation("power-cut-loses-newest-set", "BI.02.step2", about="A power cut takes the newest set away.")
def power_cut_loses_newest_set(meter: Meter, rng: Random) -> None:
    """Draw how many."""
    rows, lost = meter.model.parts.data_sets.captures["day"].profile.rows, rng.choice((1, 2))

    def power_lost(original: Callable[[], None]) -> None:
        original()
        for _ in range(min(lost, len(rows))):
            rows.pop()
            meter.fire()

    wrap(meter.model.parts.data_sets.captures["day"], "power_lost", power_lost)


def _polled(meter: Meter, change: Callable[[Selected, int], Selected]) -> None:
    """Change what ranges of the load profile give; with the number of equal polls before."""
    profile, polls = meter.model.metering.profile, dict[tuple[object, object], int]()

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if not isinstance(selection, RangeSelection):
            return selected
        asked = (selection.from_value[1], selection.to_value[1])
        polls[asked] = polls.get(asked, 0) + 1
        return change(selected, polls[asked] - 1)

    wrap(profile, "select", select)


@deviation("poll-leaves-row-out", "BI.02.step3", about="A poll of a range leaves out one of its rows.")
def poll_leaves_row_out(meter: Meter, rng: Random) -> None:
    """Draw which row it is, from the end."""
    at = rng.choice((2, 3))

    def change(selected: Selected, before: int) -> Selected:
        if len(selected.rows) <= at:
            return selected
        meter.fire()
        return replace(selected, rows=(*selected.rows[:-at], *selected.rows[len(selected.rows) - at + 1 :]))

    _polled(meter, change)


@deviation("same-poll-gives-less", "BI.02.step4", about="What was polled once is left out when it is polled again.")
def same_poll_gives_less(meter: Meter, rng: Random) -> None:
    """Draw how much is left out."""
    less = rng.choice((1, 3))

    def change(selected: Selected, before: int) -> Selected:
        if not before or not selected.rows:
            return selected
        meter.fire()
        return replace(selected, rows=selected.rows[: max(0, len(selected.rows) - less)])

    _polled(meter, change)


@deviation("poll-of-gap-gives-neighbours", "BI.02.step4", about="A poll of older rows gives one row more.")
def poll_of_gap_gives_neighbours(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    profile = meter.model.metering.profile

    def change(selected: Selected, before: int) -> Selected:
        rows = profile.stored
        if not selected.rows or selected.rows[-1] not in rows[:-1]:
            return selected
        meter.fire()
        return replace(selected, rows=(*selected.rows, rows[rows.index(selected.rows[-1]) + 1]))

    _polled(meter, change)


FAMILIES = (
    schedule_not_followed,
    new_schedule_ignored,
    set_without_status,
    power_cut_loses_newest_set,
    poll_leaves_row_out,
    same_poll_gives_less,
    poll_of_gap_gives_neighbours,
)
