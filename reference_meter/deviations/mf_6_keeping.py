"""MF.6: clocks that do not keep the time, and that say what is not true about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]

_CLAUSE = "MF.6"
_PAIR = ("clock_adjusted_old", "clock_adjusted_new")


@deviation("summer-time-applied-twice", _CLAUSE, about="In summer the clock is ahead by twice what it ought to be.")
def summer_time_twice(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock = meter.model.metering.clock

    def shown_octets(original: Callable[[], bytes]) -> bytes:
        rules = clock.rules
        if not rules.is_dst(clock.now):
            return original()
        meter.fire()
        right = clock.now
        clock.now = right + timedelta(minutes=rules.dst_deviation_min)
        octets = original()
        clock.now = right
        return octets

    wrap(clock, "shown_octets", shown_octets)


@deviation("summer-time-flag-missing", _CLAUSE, about="In summer time the status of the time does not say so.")
def summer_time_flag(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def shown_octets(original: Callable[[], bytes]) -> bytes:
        octets = original()
        if octets[-1] & 0x80:
            meter.fire()
        return octets[:-1] + bytes([octets[-1] & 0x7F])

    wrap(meter.model.metering.clock, "shown_octets", shown_octets)


@deviation("summer-time-cannot-be-switched-off", _CLAUSE, about="Summer time comes although it is switched off.")
def summer_time_stays(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock = meter.model.metering.clock

    def shown_octets(original: Callable[[], bytes]) -> bytes:
        if clock.rules.dst_enabled:
            return original()
        clock.rules.dst_enabled = True
        octets = original()
        clock.rules.dst_enabled = False
        if octets[-1] & 0x80:
            meter.fire()
        return octets

    wrap(clock, "shown_octets", shown_octets)


@deviation(
    "summer-time-change-logged-wrongly", _CLAUSE, about="The event of a change of summer time is missing or doubled."
)
def change_logged_wrongly(meter: Meter, rng: Random) -> None:
    """Draw how often it is logged."""
    times = rng.choice((0, 2))
    _logged(meter, {"dst_changed": times})


@deviation(
    "zone-change-moves-time", _CLAUSE, about="Another time zone leaves the local time and moves the time itself."
)
def zone_moves_time(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering
    item = meter.model.objects[meter.configuration.instances.clock]
    attribute = item.attributes[3]
    write = attribute.write

    def written(data: Any) -> None:
        local = metering.clock.rules.local(metering.now)
        if write is not None:
            write(data)
        metering.set_time(metering.clock.rules.utc(local))
        meter.fire()

    object.__setattr__(attribute, "write", written)


@deviation("lost-time-never-found", _CLAUSE, about="A clock that has lost its time stays invalid when it is set.")
def lost_time_never_found(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering

    def set_time(original: Callable[[datetime], None], instant: datetime) -> None:
        invalid = metering.clock.invalid
        original(instant)
        if invalid:
            metering.clock.invalid = True
            meter.fire()

    wrap(metering, "set_time", set_time)


@deviation("lost-time-not-told", _CLAUSE, about="A clock that has lost its time does not say so, in status or log.")
def lost_time_not_told(meter: Meter, rng: Random) -> None:
    """Draw where it does not say so."""
    if rng.choice((True, False)):
        _logged(meter, {"clock_invalid": 0})
        return
    parts = meter.model.parts

    def lose_time(original: Callable[[], None]) -> None:
        original()
        parts.metering.clock.invalid = False
        meter.fire()

    wrap(parts, "lose_time", lose_time)


@deviation(
    "clock-pair-incomplete", _CLAUSE, about="Of the events of a clock that was set one is missing, or they are swapped."
)
def pair_incomplete(meter: Meter, rng: Random) -> None:
    """Draw which is missing, or that they are swapped."""
    missing = rng.choice((*_PAIR, None))
    if missing is not None:
        _logged(meter, {missing: 0})
        return
    swapped = dict(zip(_PAIR, reversed(_PAIR), strict=True))

    def record(original: Callable[[Any], None], role: Any) -> None:
        if role in swapped:
            meter.fire()
        original(swapped.get(role, role))

    wrap(meter.model.parts.logs, "record", record)


@deviation(
    "clock-pair-below-limit", _CLAUSE, about="Setting the clock is logged at the limit already, or at any change."
)
def pair_below_limit(meter: Meter, rng: Random) -> None:
    """Draw from which change on."""
    parts, limit_s = meter.model.parts, meter.configuration.sync_limit_s
    from_s = rng.choice((1.0, limit_s))

    def set_time(original: Callable[[datetime], None], instant: datetime) -> None:
        step_s = abs((instant - parts.metering.now).total_seconds())
        extra = from_s <= step_s <= limit_s and not parts.metering.clock.invalid
        if extra:
            parts.logs.record("clock_adjusted_old")
        original(instant)
        if extra:
            parts.logs.record("clock_adjusted_new")
            meter.fire()

    wrap(parts, "set_time", set_time)


@deviation("clock-drifts", _CLAUSE, about="The clock is fast or slow by seconds a day.")
def drifts(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    metering = meter.model.metering
    metering.drift_ppm = rng.choice((-1, 1)) * rng.uniform(15, 200)

    def advance(original: Callable[[float], None], seconds: float) -> None:
        original(seconds)
        meter.fire()

    wrap(metering, "advance", advance)


@deviation(
    "clock-stops-without-supply",
    _CLAUSE,
    about="Without supply the clock stands still, or goes back to an earlier time.",
)
def stops_without_supply(meter: Meter, rng: Random) -> None:
    """Draw by how much it falls behind besides."""
    metering = meter.model.metering
    behind = timedelta(seconds=rng.choice((0, 0, 3600)))
    cut_at: list[datetime] = []

    def cut(original: Callable[[], None]) -> None:
        original()
        cut_at[:] = [metering.now]

    def restore(original: Callable[[], None]) -> None:
        if cut_at:
            metering.clock.now = cut_at.pop() - behind
            meter.fire()
        original()

    wrap(metering, "cut_power", cut)
    wrap(metering, "restore_power", restore)


def _logged(meter: Meter, times: dict[str, int]) -> None:
    """Log the events of these roles so often."""

    def record(original: Callable[[Any], None], role: Any) -> None:
        for _ in range(times.get(role, 1)):
            original(role)
        if role in times:
            meter.fire()

    wrap(meter.model.parts.logs, "record", record)


FAMILIES = (
    summer_time_twice,
    summer_time_flag,
    summer_time_stays,
    change_logged_wrongly,
    zone_moves_time,
    lost_time_never_found,
    lost_time_not_told,
    pair_incomplete,
    pair_below_limit,
    drifts,
    stops_without_supply,
)
