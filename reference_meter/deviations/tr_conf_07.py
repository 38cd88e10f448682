"""TR-Conf.07a: sets that come at wrong times, not at all, twice, or with other values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval
from reference_meter.model.data_sets import SetCapture
from reference_meter.model.once import OnceEach
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import Selection

__all__ = ["FAMILIES", "once_of"]

_CLAUSE = "TR-Conf.07a"
_LEAP_DAYS = ((2, 29), (3, 1))


def once_of(meter: Meter, interval: Interval) -> OnceEach:
    """What sees to it that each set of an interval comes once."""
    sets = meter.model.parts.data_sets
    return sets.schedules[interval].once if interval in sets.schedules else sets.captures[interval].once


def _newest(capture: SetCapture) -> list[Row]:
    return list(capture.profile.rows)[-1:]


@deviation("set-lost-without-power", _CLAUSE, about="A set whose time comes without power is never stored.")
def set_lost_without_power(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    once = once_of(meter, rng.choice(("day", "month")))

    def missed(original: Callable[[datetime, datetime], None], begin: datetime, end: datetime) -> None:
        if once.due_after(begin) <= end:
            meter.fire()
        once.catches_up = False
        original(begin, end)
        once.catches_up = True

    wrap(once, "missed", missed)


@deviation("two-sets-after-power-up", _CLAUSE, about="A set that comes late after an outage comes twice.")
def two_sets_after_power_up(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    sets = meter.model.parts.data_sets
    interval: Interval = rng.choice(("day", "month"))
    capture, part = sets.captures[interval], sets.schedules.get(interval, sets.captures[interval])

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        before = _newest(capture)
        original(lost_at)
        if _newest(capture) != before:
            capture.capture_row()
            meter.fire()

    wrap(part, "power_returned", power_returned)


@deviation("late-set-unmarked", _CLAUSE, about="A set stored late claims its nominal time, and its status is clean.")
def late_set_unmarked(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    capture, once = meter.model.parts.data_sets.captures[interval], once_of(meter, interval)
    clock = meter.model.metering.clock

    def missed(original: Callable[[datetime, datetime], None], begin: datetime, end: datetime) -> None:
        before = _newest(capture)
        original(begin, end)
        if _newest(capture) != before and once.done is not None:
            row = capture.profile.rows.pop()
            plain = ((9, clock.stamp(once.done)), (17, 0), *row.values[2:])
            capture.profile.rows.append(replace(row, captured_at=once.done, values=plain))
            meter.fire()

    wrap(once, "missed", missed)


@deviation("stored-sets-run-on", _CLAUSE, about="The newest set shows the registers as they are when it is read.")
def stored_sets_run_on(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    profile = meter.model.parts.data_sets.captures[interval].profile

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        if profile.rows:
            row = profile.rows.pop()
            now = [meter.model.objects[column.obis].attributes[2].read() for column in profile.columns]
            live = replace(row, values=(*row.values[:2], *now[2:]))
            profile.rows.append(live)
            if live != row:
                meter.fire()
        return original(selection)

    wrap(profile, "select", select)


@deviation("leap-day-missed", _CLAUSE, about="A day of a leap year has no set.")
def leap_day_missed(meter: Meter, rng: Random) -> None:
    """Draw whether its beginning or its end."""
    date, capture = rng.choice(_LEAP_DAYS), meter.model.parts.data_sets.captures["day"]
    clock = meter.model.metering.clock

    def capture_row(original: Callable[[], None]) -> None:
        local = clock.rules.local(clock.now)
        if (local.month, local.day) == date and local.year % 4 == 0:
            meter.fire()
        else:
            original()

    wrap(capture, "capture_row", capture_row)


@deviation("short-month-missed", _CLAUSE, about="Months with fewer days than 31 do not end.")
def short_month_missed(meter: Meter, rng: Random) -> None:
    """Draw whether all of them, or February alone."""
    ends = rng.choice(((3,), (3, 5, 7, 10, 12)))
    schedule, clock = meter.model.parts.data_sets.schedules["month"], meter.model.metering.clock

    def execute(original: Callable[[], None]) -> None:
        if clock.rules.local(clock.now).month in ends:
            meter.fire()
        else:
            original()

    wrap(schedule, "execute", execute)


@deviation("sets-at-midnight-of-utc", _CLAUSE, about="Sets are stored at midnight of UTC, not of local time.")
def sets_at_midnight_of_utc(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    once = once_of(meter, rng.choice(("day", "month")))
    rules = meter.model.metering.clock.rules
    nominal = once.next_after

    def next_after(instant: datetime) -> datetime:
        meter.fire()
        found = nominal(instant - timedelta(days=1))
        while True:
            shifted = rules.local(found).replace(tzinfo=UTC)
            if shifted > instant:
                return shifted
            found = nominal(found)

    once.next_after = next_after
    meter.model.metering.plan()


@deviation(
    "set-back-closes-twice", _CLAUSE, about="When the clock is set back, a set comes again and nothing marks it."
)
def set_back_closes_twice(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    once, capture = once_of(meter, interval), meter.model.parts.data_sets.captures[interval]

    def clock_set(original: Callable[[datetime, datetime], None], before: datetime, after: datetime) -> None:
        original(before, after)
        if after < before:
            once.done = None
            capture.clock_adjusted = False
            meter.fire()

    wrap(once, "clock_set", clock_set)


@deviation("set-forward-skips", _CLAUSE, about="A set whose time is leapt over when the clock is set never comes.")
def set_forward_skips(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    once = once_of(meter, rng.choice(("day", "month")))

    def clock_set(original: Callable[[datetime, datetime], None], before: datetime, after: datetime) -> None:
        if before < after and once.due_after(before) <= after:
            once.done = after
            meter.fire()
        else:
            original(before, after)

    wrap(once, "clock_set", clock_set)


@deviation("autumn-night-closes-twice", _CLAUSE, about="A set due in the hour that autumn doubles comes in both hours.")
def autumn_night_closes_twice(meter: Meter, rng: Random) -> None:
    """Draw how long after the first one the second comes."""
    later = timedelta(minutes=rng.choice((55, 60)))
    schedule, clock = meter.model.parts.data_sets.schedules["month"], meter.model.metering.clock

    def happen(original: Callable[[], None]) -> None:
        now = clock.now
        original()
        hour_on = now + timedelta(hours=1)
        if clock.rules.local(hour_on) == clock.rules.local(now):
            schedule.due = now + later
            meter.fire()

    wrap(schedule, "happen", happen)


@deviation("set-stamped-late", _CLAUSE, about="A set bears a time some seconds after its instant.")
def set_stamped_late(meter: Meter, rng: Random) -> None:
    """Draw the interval and the delay."""
    interval: Interval = rng.choice(("day", "week", "month", "year"))
    delay = timedelta(seconds=rng.randint(3, 50))
    profile, clock = meter.model.parts.data_sets.captures[interval].profile, meter.model.metering.clock

    def store(original: Callable[[Row], None], row: Row) -> None:
        late = row.captured_at + delay
        meter.fire()
        original(replace(row, captured_at=late, values=((9, clock.stamp(late)), *row.values[1:])))

    wrap(profile, "store", store)


@deviation("set-columns-swapped", _CLAUSE, about="In a set import and export stand in each other's columns.")
def set_columns_swapped(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "week", "month", "year"))
    profile = meter.model.parts.data_sets.captures[interval].profile

    def store(original: Callable[[Row], None], row: Row) -> None:
        values = list(row.values)
        values[2], values[3] = values[3], values[2]
        meter.fire()
        original(replace(row, values=tuple(values)))

    wrap(profile, "store", store)


FAMILIES = (
    set_lost_without_power,
    two_sets_after_power_up,
    late_set_unmarked,
    stored_sets_run_on,
    leap_day_missed,
    short_month_missed,
    sets_at_midnight_of_utc,
    set_back_closes_twice,
    set_forward_skips,
    autumn_night_closes_twice,
    set_stamped_late,
    set_columns_swapped,
)
