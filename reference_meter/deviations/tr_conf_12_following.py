"""TR-Conf.12: shift times that are in force and not followed: days, special days, seasons, clocks that change."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.tariff.shift_times import Shift

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.12a"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

Shifts = tuple[Shift, ...]


@deviation("shifts-in-wrong-order", _CLAUSE, about="The shifts of a day are followed in another order than by time.")
def shifts_in_wrong_order(meter: Meter, rng: Random) -> None:
    """Draw the order."""
    backwards = rng.choice((True, False))

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        found = original(on)
        wrong = found[::-1] if backwards else tuple(sorted(found, key=lambda shift: shift.selector))
        if wrong != found:
            meter.fire()
        return wrong

    wrap(meter.model.metering.calendar, "shifts_on", shifts_on)


@deviation("short-shifts-left-out", _CLAUSE, about="A tariff that would hold for less than half an hour is left out.")
def short_shifts_left_out(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        found = original(on)
        ends = [datetime.combine(on, shift.at) for shift in found[1:]] + [datetime.max]
        kept = tuple(
            shift for shift, end in zip(found, ends, strict=True) if end - datetime.combine(on, shift.at) >= _HOUR / 2
        )
        if kept != found:
            meter.fire()
        return kept

    wrap(meter.model.metering.calendar, "shifts_on", shifts_on)


@deviation("shift-at-midnight-lost", _CLAUSE, about="A shift at 00:00 is left out.")
def shift_at_midnight_lost(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        found = original(on)
        kept = tuple(shift for shift in found if shift.at.hour or shift.at.minute)
        if kept and kept != found:
            meter.fire()
            return kept
        return found

    wrap(meter.model.metering.calendar, "shifts_on", shifts_on)


@deviation("first-special-day-ignored", _CLAUSE, about="The first special day after a change of the table is ignored.")
def first_special_day_ignored(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    table = meter.model.metering.calendar.special_days
    ignored: dict[tuple[object, ...], date] = {}

    def day_on(original: Callable[[date], int | None], local: date) -> int | None:
        found = original(local)
        if found is not None and ignored.setdefault(table.entries, local) == local:
            meter.fire()
            return None
        return found

    wrap(table, "day_on", day_on)


@deviation("special-day-not-over", _CLAUSE, about="A special day goes on over the next day.")
def special_day_not_over(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""

    def day_on(original: Callable[[date], int | None], local: date) -> int | None:
        found = original(local)
        if found is None and (before := original(local - _DAY)) is not None:
            meter.fire()
            return before
        return found

    wrap(meter.model.metering.calendar.special_days, "day_on", day_on)


@deviation("season-not-followed", _CLAUSE, about="A season other than the one at the activation never begins.")
def season_not_followed(meter: Meter, rng: Random) -> None:
    """Draw whether it never comes or comes a day late."""
    calendar, late = meter.model.metering.calendar, rng.choice((_DAY, timedelta(days=31)))

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        found = original(on)
        if len(calendar.active.seasons) > 1:
            day = calendar.active.day_of(on - late, calendar.special_days.day_on(on))
            if day is not None and day.shifts != found:
                meter.fire()
                return day.shifts
        return found

    wrap(calendar, "shifts_on", shifts_on)


@deviation("shifts-in-standard-time", _CLAUSE, about="In summer shifts come by standard time, an hour late.")
def shifts_in_standard_time(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    metering = meter.model.metering

    def last_shift(original: Callable[[datetime], Shift | None], local: datetime) -> Shift | None:
        if not metering.clock.rules.is_dst(metering.now):
            return original(local)
        found = original(local - _HOUR)
        if found != original(local):
            meter.fire()
        return found

    wrap(metering.calendar, "last_shift", last_shift)


@deviation("shift-in-missing-hour-lost", _CLAUSE, about="A shift in the hour that is left out in spring never comes.")
def shift_in_missing_hour_lost(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, rules = meter.model.metering.calendar, meter.model.metering.clock.rules

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        found = original(on)
        kept = tuple(
            shift
            for shift in found
            if rules.local(rules.utc(datetime.combine(on, shift.at))) == datetime.combine(on, shift.at)
        )
        if kept != found:
            meter.fire()
        return kept

    wrap(calendar, "shifts_on", shifts_on)


@deviation("days-of-week-not-told-apart", _CLAUSE, about="The week is followed on other days than its own.")
def days_of_week_mixed_up(meter: Meter, rng: Random) -> None:
    """Draw whether Monday's shifts hold all week, or the week begins on another day."""
    calendar, kind = meter.model.metering.calendar, rng.choice(("monday", "next", "last"))

    def shifts_on(original: Callable[[date], Shifts], on: date) -> Shifts:
        right = original(on)
        if calendar.special_days.day_on(on) is not None:
            return right
        other = {"monday": on - on.weekday() * _DAY, "next": on + _DAY, "last": on - _DAY}[kind]
        wrong = original(other)
        if wrong != right:
            meter.fire()
        return wrong

    wrap(calendar, "shifts_on", shifts_on)


FAMILIES = (
    shifts_in_wrong_order,
    short_shifts_left_out,
    shift_at_midnight_lost,
    first_special_day_ignored,
    special_day_not_over,
    season_not_followed,
    shifts_in_standard_time,
    shift_in_missing_hour_lost,
    days_of_week_mixed_up,
)
