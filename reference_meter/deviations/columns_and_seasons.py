"""Rows, sets and entries that err in one column, or in summer alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.tr_conf_07 import once_of
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval
from reference_meter.model.capture import ProfileStatus
from reference_meter.model.data import NULL, Pair
from reference_meter.model.date_time import date_time_to_octets
from reference_meter.model.event_settings import LogName
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["FAMILIES"]

_STATUS, _EXPORT = 1, 3
"""Their places in a row of the load profile."""
_WEEKDAY, _CLOCK = 4, 8
_DEVIATION = 9
"""Where it begins in a date-time."""
_HOUR = timedelta(hours=1)
_LEAP_DAY = (2, 29)


@deviation("export-column-late", "TR-Conf.06e", about="The export in a row is that of an earlier row.")
def export_column_late(meter: Meter, rng: Random) -> None:
    """Draw whether of the row before or of the first one."""
    stands, before = rng.choice((True, False)), list[Pair]()

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(row.values) > _EXPORT:
            now = row.values[_EXPORT]
            old = before[0] if before else now
            if not stands or not before:
                before[:] = [now]
            if old != now:
                meter.fire()
            row = replace(row, values=(*row.values[:_EXPORT], old, *row.values[_EXPORT + 1 :]))
        original(row)

    wrap(meter.model.metering.profile, "store", store)


@deviation("weekday-of-rows-off", "TR-Conf.06e", about="From a leap day on rows have the wrong day of the week.")
def weekday_off(meter: Meter, rng: Random) -> None:
    """Draw by how many days."""
    by, rules = rng.choice((1, 6)), meter.model.metering.clock.rules

    def store(original: Callable[[Row], None], row: Row) -> None:
        local, (kind, stamp) = rules.local(row.captured_at), row.values[0]
        if kind == 9 and local.year % 4 == 0 and (local.month, local.day) >= _LEAP_DAY:
            weekday = (stamp[_WEEKDAY] - 1 + by) % 7 + 1
            shown = stamp[:_WEEKDAY] + bytes((weekday,)) + stamp[_WEEKDAY + 1 :]
            row = replace(row, values=((kind, shown), *row.values[1:]))
            meter.fire()
        original(row)

    wrap(meter.model.metering.profile, "store", store)


def _change_status(meter: Meter, change: Callable[[int], int]) -> None:
    def status(original: Callable[[], int]) -> int:
        right = original()
        if change(right) != right:
            meter.fire()
        return change(right)

    wrap(meter.model.metering.capture, "status", status)


@deviation("summer-shown-late", "TR-Conf.06f", about="For some time after a change the status shows the season before.")
def summer_shown_late(meter: Meter, rng: Random) -> None:
    """Draw for how long."""
    metering, late = meter.model.metering, timedelta(minutes=rng.choice((20, 50)))

    def change(status: int) -> int:
        rules, now = metering.clock.rules, metering.now
        return status if rules.is_dst(now) == rules.is_dst(now - late) else status ^ ProfileStatus.DST

    _change_status(meter, change)


@deviation(
    "cut-hides-set-clock", "TR-Conf.06f", about="A cut in a period in which the clock was set hides the setting."
)
def cut_hides_set_clock(meter: Meter, rng: Random) -> None:
    """No parameter."""
    both = ProfileStatus.POWER_DOWN | ProfileStatus.CLOCK_ADJUSTED
    _change_status(meter, lambda status: status & ~ProfileStatus.CLOCK_ADJUSTED if status & both == both else status)


@deviation("another-state-shown-along", "TR-Conf.06f", about="A set clock shows as a cut too, or a cut as a fault.")
def another_state_along(meter: Meter, rng: Random) -> None:
    """Draw which."""
    shown, along = rng.choice(
        (
            (ProfileStatus.CLOCK_ADJUSTED, ProfileStatus.POWER_DOWN),
            (ProfileStatus.CLOCK_ADJUSTED, ProfileStatus.CRITICAL_ERROR),
            (ProfileStatus.POWER_DOWN, ProfileStatus.CRITICAL_ERROR),
        )
    )
    _change_status(meter, lambda status: status | along if status & shown else status)


def _in_standard_time(meter: Meter, at: datetime, octets: bytes) -> bytes:
    """A time stamp with the local time of winter beside what told summer."""
    rules = meter.model.metering.clock.rules
    if rules.is_dst(at):
        meter.fire()
    return date_time_to_octets(at, replace(rules, dst_enabled=False))[:_DEVIATION] + octets[_DEVIATION:]


@deviation("billing-time-in-standard-time", "TR-Conf.07a", about="In summer the billing time is an hour behind.")
def billing_time_standard(meter: Meter, rng: Random) -> None:
    """No parameter."""
    period, metering = meter.model.parts.data_sets.period, meter.model.metering

    def close(original: Callable[[], None]) -> None:
        original()
        period.stamp = _in_standard_time(meter, metering.now, period.stamp)

    wrap(period, "close", close)


@deviation("sets-at-midnight-of-standard-time", "TR-Conf.07a", about="In summer sets come at midnight of winter time.")
def sets_standard(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    once, sets, rules = once_of(meter, interval), meter.model.parts.data_sets, meter.model.metering.clock.rules
    nominal = once.next_after

    def next_after(instant: datetime) -> datetime:
        due = nominal(instant - _HOUR)
        if not rules.is_dst(due):
            return nominal(instant)
        meter.fire()
        return due + _HOUR

    once.next_after = next_after
    sets.schedules.get(interval, sets.captures[interval]).plan()


def _entries_in_standard_time(meter: Meter, log: LogName) -> None:
    profile, metering = meter.model.parts.logs.logs[log].profile, meter.model.metering

    def read_column(original: Callable[[ColumnDescriptor], Pair], column: ColumnDescriptor) -> Pair:
        kind, value = original(column)
        return (kind, _in_standard_time(meter, metering.now, value) if column.class_id == _CLOCK else value)

    wrap(profile, "_read_column", read_column)


@deviation("collection-in-standard-time", "TR-Conf.09a", about="In summer entries of collection are an hour behind.")
def collection_standard(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _entries_in_standard_time(meter, "communication")


@deviation("changes-in-standard-time", "TR-Conf.02a", about="In summer entries of changes are an hour behind.")
def changes_standard(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _entries_in_standard_time(meter, "standard")


@deviation(
    "collection-of-some-not-logged", "TR-Conf.09a", about="What was exported, or a part of rows, leaves no entry."
)
def some_not_logged(meter: Meter, rng: Random) -> None:
    """Draw which of them."""
    exported, part = meter.configuration.instances.energy_export_total, rng.choice((True, False))
    collection = meter.model.parts.collection
    silent = [False]

    def get(original: Callable[..., Pair], *asked: Any) -> Pair:
        silent[0] = asked[-1] is not None if part else asked[2] == exported
        try:
            return original(*asked)
        finally:
            silent[0] = False

    def fetched(original: Callable[..., None], kind: object) -> None:
        if silent[0]:
            meter.fire()
        else:
            original(kind)

    wrap(meter.model, "get", get)
    wrap(collection, "fetched", fetched)


@deviation(
    "null-data-in-first-row",
    "TR-Conf.06d",
    variant="null-data-rows",
    about="The first row of a selection leaves out what is as in the row before it, which does not come.",
)
def null_first(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def compressed_rows(original: Callable[[Selected], Iterator[Pair]], selected: Selected) -> Iterator[Pair]:
        for number, (kind, cells) in enumerate(original(selected)):
            shown = cells
            if number == 0 and _STATUS in selected.columns and selected.rows[0] is not profile.rows[0]:
                place = selected.columns.index(_STATUS)
                shown = [*cells[:place], NULL, *cells[place + 1 :]]
                meter.fire()
            yield kind, shown

    wrap(profile, "_compressed_rows", compressed_rows)


@deviation("capture-on-demand-takes-next", "TR-Conf.06b", about="A capture on demand takes the next periodic one away.")
def next_capture_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""
    periodic, profile, taken = meter.model.metering.capture, meter.model.metering.profile, [False]

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        is_periodic = periodic.due == now
        if is_periodic and taken[0]:
            meter.fire()
        else:
            original(now)
        taken[0] = not is_periodic and bool(profile.period_s)

    wrap(profile, "capture", capture)


FAMILIES = (
    export_column_late,
    weekday_off,
    summer_shown_late,
    cut_hides_set_clock,
    another_state_along,
    billing_time_standard,
    sets_standard,
    collection_standard,
    changes_standard,
    null_first,
    next_capture_taken,
    some_not_logged,
)
