"""What is due when: period boundaries and the daily tariff switches, in order of metering time."""

from datetime import UTC, datetime, timedelta

from reference_meter.model.configuration import TariffSwitch
from reference_meter.model.date_time import LocalTime

__all__ = ["active_rate", "next_boundary", "next_switch"]

_HOUR_S = 3_600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_boundary(now: datetime, period_s: int, rules: LocalTime) -> datetime:
    """The first period boundary after ``now``.

    Periods up to an hour divide the hour and run through changes of summer time; longer ones divide the local day.
    """
    if period_s <= _HOUR_S:
        period = timedelta(seconds=period_s)
        return _EPOCH + ((now - _EPOCH) // period + 1) * period
    local = rules.local(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = int((local - midnight).total_seconds()) // period_s
    while True:
        steps += 1
        boundary = rules.utc(midnight + timedelta(seconds=steps * period_s))
        if boundary > now:
            return boundary


def next_switch(now: datetime, schedule: tuple[TariffSwitch, ...], rules: LocalTime) -> datetime:
    """The first tariff switch after ``now``."""
    today = rules.local(now).date()
    candidates = (
        rules.utc(datetime.combine(today + timedelta(days=days), switch.at)) for days in (0, 1) for switch in schedule
    )
    return min(instant for instant in candidates if instant > now)


def active_rate(now: datetime, schedule: tuple[TariffSwitch, ...], rules: LocalTime) -> int:
    """The tariff that the schedule puts in force at this instant."""
    at = rules.local(now).time()
    rate = schedule[-1].rate
    for switch in schedule:
        if switch.at <= at:
            rate = switch.rate
    return rate
