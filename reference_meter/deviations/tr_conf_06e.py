"""TR-Conf.06e: rows come at the instants of the captures, with these as time stamps and the values of then."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import Read, change_values
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, enum
from reference_meter.model.date_time import date_time_to_octets
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import ColumnDescriptor, Selection

__all__ = ["FAMILIES"]

_SORT_METHOD, _FIRST_IN_FIRST_OUT = 5, 1
_DST_HOUR = timedelta(hours=1)


def _drop(meter: Meter, dropped: Callable[[Row], bool]) -> None:
    """Do not store some rows."""

    def store(original: Callable[[Row], None], row: Row) -> None:
        if dropped(row):
            meter.fire()
        else:
            original(row)

    wrap(meter.model.metering.profile, "store", store)


def _changed(meter: Meter, change: Callable[[Row], Row]) -> None:
    """Store other rows."""

    def store(original: Callable[[Row], None], row: Row) -> None:
        changed = change(row)
        if changed != row:
            meter.fire()
        original(changed)

    wrap(meter.model.metering.profile, "store", store)


@deviation("no-row-on-special-day", "TR-Conf.06e", about="The first row of a special day is not stored.")
def no_row_on_special_day(meter: Meter, rng: Random) -> None:
    """Draw the day: the first of a month, the first of January, a leap day, the day after one."""
    rules = meter.model.metering.clock.rules
    special: Callable[[date], bool] = rng.choice(
        (
            lambda day: day.day == 1,
            lambda day: (day.month, day.day) == (1, 1),
            lambda day: (day.month, day.day) == (2, 29),
            lambda day: (day - timedelta(days=1)).month == 2 and (day - timedelta(days=1)).day == 29,
        )
    )

    def dropped(row: Row) -> bool:
        local = rules.local(row.captured_at)
        return local.time() == datetime.min.time() and special(local.date())

    _drop(meter, dropped)


@deviation("doubled-hour-stored-once", "TR-Conf.06e", about="The second of the doubled hours in autumn has no rows.")
def doubled_hour_stored_once(meter: Meter, rng: Random) -> None:
    """No parameter."""
    rules = meter.model.metering.clock.rules

    def dropped(row: Row) -> bool:
        at = row.captured_at
        return not rules.is_dst(at) and rules.is_dst(at - _DST_HOUR)

    _drop(meter, dropped)


@deviation("doubled-hour-not-told", "TR-Conf.06e", about="Rows of both doubled hours have the same time stamps.")
def doubled_hour_not_told(meter: Meter, rng: Random) -> None:
    """No parameter."""
    rules = meter.model.metering.clock.rules

    def change(row: Row) -> Row:
        at = row.captured_at
        if not rules.is_dst(at) or rules.is_dst(at + _DST_HOUR):
            return row
        return replace(row, values=((9, date_time_to_octets(at + _DST_HOUR, rules)), *row.values[1:]))

    _changed(meter, change)


@deviation("rows-in-missing-hour", "TR-Conf.06e", about="In spring rows have times of the hour that is left out.")
def rows_in_missing_hour(meter: Meter, rng: Random) -> None:
    """No parameter."""
    rules = meter.model.metering.clock.rules

    def change(row: Row) -> Row:
        at = row.captured_at
        if not rules.is_dst(at) or rules.is_dst(at - _DST_HOUR):
            return row
        winter = replace(rules, dst_enabled=False)
        return replace(row, values=((9, date_time_to_octets(at, winter)), *row.values[1:]))

    _changed(meter, change)


@deviation("time-stamp-of-storing", "TR-Conf.06e", about="The time stamp is that of the storing, some seconds late.")
def time_stamp_of_storing(meter: Meter, rng: Random) -> None:
    """Draw the delay."""
    clock, late = meter.model.metering.clock, timedelta(seconds=rng.randint(3, 50))

    def change(row: Row) -> Row:
        at = row.captured_at + late
        return replace(row, captured_at=at, values=((9, clock.stamp(at)), *row.values[1:]))

    _changed(meter, change)


@deviation("row-repeats-values", "TR-Conf.06e", about="Every few rows have the values of the row before.")
def row_repeats_values(meter: Meter, rng: Random) -> None:
    """Draw which rows."""
    profile = meter.model.metering.profile
    every, count = rng.choice((2, 3)), 0

    def change(row: Row) -> Row:
        nonlocal count
        count += 1
        before = profile.rows[-1] if profile.rows else row
        if count % every or len(before.values) != len(row.values):
            return row
        return replace(row, values=(*row.values[:2], *before.values[2:]))

    _changed(meter, change)


@deviation("rows-wait-for-old-time", "TR-Conf.06e", about="After a clock was set back rows come from the old time on.")
def rows_wait_for_old_time(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering
    latest = metering.now

    def clock_set(original: Callable[..., None], before: datetime, after: datetime, *, noted: bool) -> None:
        nonlocal latest
        latest = max(latest, before)
        original(before, after, noted=noted)

    wrap(metering.capture, "clock_set", clock_set)
    _drop(meter, lambda row: row.captured_at < latest)


@deviation("row-again-at-power-up", "TR-Conf.06e", about="When the supply comes back the last row is stored once more.")
def row_again_at_power_up(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        original(lost_at)
        if metering.profile.rows:
            metering.profile.store(metering.profile.rows[-1])
            meter.fire()

    wrap(metering.capture, "power_returned", power_returned)


@deviation("row-there-before-its-time", "TR-Conf.06e", about="The row of a capture is stored a little early.")
def row_there_before_its_time(meter: Meter, rng: Random) -> None:
    """Draw how early."""
    metering, early = meter.model.metering, timedelta(seconds=rng.choice((2, 5, 9)))
    profile = metering.profile

    def plan(original: Callable[[], None]) -> None:
        original()
        while profile.period_s and metering.capture.due - early <= metering.now:
            metering.capture.due += timedelta(seconds=profile.period_s)
        if profile.period_s:
            metering.capture.due -= early

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        at = now + early
        stamp: Pair = (9, metering.clock.stamp(at))
        profile.store(Row(captured_at=at, values=(stamp, *map(_value, profile.columns[1:]))))
        meter.fire()

    def _value(column: ColumnDescriptor) -> Pair:
        return meter.model.objects[column.obis].attributes[column.attribute].read()

    wrap(metering.capture, "plan", plan)
    wrap(profile, "capture", capture)


@deviation("row-read-before-its-time", "TR-Conf.06e", about="Right before a capture its row can be read already.")
def row_read_before_its_time(meter: Meter, rng: Random) -> None:
    """Draw how early."""
    metering, early = meter.model.metering, timedelta(seconds=rng.choice((1, 2)))
    profile = metering.profile

    def select(original: Callable[..., Selected], selection: Selection | None) -> Selected:
        due = metering.capture.due
        rows = profile.rows
        if not profile.period_s or not rows or due - metering.now > early:
            return original(selection)
        stamp: Pair = (9, metering.clock.stamp(due))
        profile.rows = deque([*rows, Row(captured_at=due, values=(stamp, *rows[-1].values[1:]))], maxlen=rows.maxlen)
        meter.fire()
        try:
            return original(selection)
        finally:
            profile.rows = rows

    wrap(profile, "select", select)


@deviation("newest-first-not-told", "TR-Conf.06e", about="The newest row comes first, and the sort method denies it.")
def newest_first_not_told(meter: Meter, rng: Random) -> None:
    """No parameter."""
    meter.model.metering.profile.newest_first = True

    def change(read: Read, pair: Pair) -> Pair:
        if read.is_of(meter.configuration.instances.load_profile, _SORT_METHOD):
            return enum(_FIRST_IN_FIRST_OUT)
        return pair

    change_values(meter, change)


FAMILIES = (
    no_row_on_special_day,
    doubled_hour_stored_once,
    doubled_hour_not_told,
    rows_in_missing_hour,
    time_stamp_of_storing,
    row_repeats_values,
    rows_wait_for_old_time,
    row_again_at_power_up,
    row_there_before_its_time,
    row_read_before_its_time,
    newest_first_not_told,
)
