"""MF.4 and TR-Conf.10: limiters that watch, wait and reconnect in other ways, and monitors that do not tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.tr_conf_10 import compared_otherwise
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, double_long_unsigned
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.supply.modes import ControlState, Request

__all__ = ["FAMILIES"]

_VALUE, _CROSSING, _LIMIT = "TR-Conf.10a", "TR-Conf.10b", "MF.4"
_MONITORED, _THRESHOLD = 2, 4
_OVER, _UNDER = 6, 7
_MOST = 10_000_000


@deviation("limit-of-one-phase", _LIMIT, _CROSSING, about="The limit is held against one phase instead of the sum.")
def limit_of_one_phase(meter: Meter, rng: Random) -> None:
    """Draw which share of the load that phase has."""
    percent = rng.choice((25, 33, 40))

    compared_otherwise(meter, lambda value, threshold: (value * percent // 100, threshold))


@deviation("reclosing-without-end", _LIMIT, about="The limiter connects again by itself, again and again.")
def reclosing_without_end(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    limiter, switch = meter.model.parts.supply.limiter, meter.model.parts.supply.disconnector

    def happen(original: Callable[[], None]) -> None:
        was_over = limiter.is_over
        original()
        if not was_over and not limiter.exceeded and switch.state is ControlState.READY:
            meter.fire()
            switch.move(ControlState.CONNECTED)

    wrap(limiter, "happen", happen)


@deviation(
    "reclosings-not-counted",
    _LIMIT,
    about="The limiter connects again by itself as often as it likes, whatever number it has.",
    variant="reconnecting",
)
def reclosings_not_counted(meter: Meter, rng: Random) -> None:
    """Draw how many more there are than the number says."""
    limiter, more = meter.model.parts.supply.limiter, rng.randint(1, 1000)

    def locally(original: Callable[[tuple[bytes, int]], bool], action: tuple[bytes, int]) -> bool:
        if limiter.reclosed == limiter.reclosings:
            meter.fire()
            limiter.reclosings += more
        return original(action)

    wrap(limiter, "local_action", locally)


@deviation("limiter-leaves-disconnected", _LIMIT, about="The limiter leaves the switch so that no person can connect.")
def limiter_leaves_disconnected(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    switch = meter.model.parts.supply.disconnector

    def request(original: Callable[[Request], bool], asked: Request) -> bool:
        moved = original(asked)
        if moved and asked == "local_disconnect":
            meter.fire()
            switch.state = ControlState.DISCONNECTED
        return moved

    wrap(switch, "request", request)


@deviation("limiter-switching-not-noted", _LIMIT, about="That the limiter has switched off leaves no entry.")
def limiter_switching_not_noted(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""

    def note(original: Callable[[EventRole], None], noted: EventRole) -> None:
        if noted == "local_disconnection":
            meter.fire()
        else:
            original(noted)

    wrap(meter.model.parts.supply.disconnector, "note", note)


@deviation(
    "button-dead-after-limit", _LIMIT, about="Nobody can connect at the device what the limiter has switched off."
)
def button_dead_after_limit(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    by_limiter = [False]

    def request(original: Callable[[Request], bool], asked: Request) -> bool:
        if asked == "manual_reconnect" and by_limiter[0]:
            meter.fire()
            return False
        by_limiter[0] = asked == "local_disconnect"
        return original(asked)

    wrap(meter.model.parts.supply.disconnector, "request", request)


@deviation("duration-goes-on", _CROSSING, about="A duration that was cut short goes on where it was the next time.")
def duration_goes_on(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    limiter, metering = meter.model.parts.supply.limiter, meter.model.metering
    so_far, began = [timedelta(0)], [metering.now]

    def plan(original: Callable[[], None]) -> None:
        was_over, now = limiter.is_over, metering.now
        original()
        if limiter.is_over and not was_over:
            began[0] = now
        elif was_over and not limiter.is_over:
            so_far[0] = timedelta(0) if limiter.exceeded else so_far[0] + (now - began[0])
        if limiter.is_over and not was_over:
            original()

    def lasts_until(original: Callable[[], datetime]) -> datetime:
        due = original()
        if not limiter.is_over or limiter.exceeded or not so_far[0]:
            return due
        meter.fire()
        return max(due - so_far[0], began[0])

    wrap(limiter, "lasts_until", lasts_until)
    wrap(limiter, "plan", plan)


@deviation("threshold-clipped", _VALUE, about="A threshold that is too large is taken for the largest there is.")
def threshold_clipped(meter: Meter, rng: Random) -> None:
    """Draw how large thresholds can be."""
    highest, limiter = rng.choice((_MOST, _MOST // 2)), meter.configuration.instances.limiter

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        attribute, selection, data = rest
        if obis == limiter and attribute == _THRESHOLD and type(data[1]) is int and data[1] > highest:
            meter.fire()
            data = double_long_unsigned(highest)
        return original(client, class_id, obis, attribute, selection, data)

    wrap(meter.model, "set", set_attribute)


@deviation("refused-value-watched", _VALUE, about="What the limiter refuses to watch stands there all the same.")
def refused_value_watched(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    code = meter.configuration.instances.limiter
    shown = meter.model.objects[code].attributes

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        result = original(client, class_id, obis, *rest)
        attribute, _, data = rest
        if (obis, attribute) == (code, _MONITORED) and result == DataAccessResult.OBJECT_UNDEFINED:
            shown[_MONITORED] = replace(shown[_MONITORED], read=lambda: data)
            meter.fire()
        return result

    wrap(meter.model, "set", set_attribute)


@deviation("threshold-noted-in-other-time", _VALUE, about="A threshold that was set is noted with another time.")
def threshold_noted_in_other_time(meter: Meter, rng: Random) -> None:
    """Draw how far away."""
    off = timedelta(seconds=rng.choice((60, 300, -60)))
    log, clock = meter.model.parts.logs.logs["disconnector"], meter.model.metering.clock
    event = meter.model.parts.logs.event("threshold_changed")

    def record(original: Callable[[int], None], code: int) -> None:
        if event is None or code != event.code:
            original(code)
            return
        meter.fire()
        now = clock.now
        clock.now = now + off
        original(code)
        clock.now = now

    wrap(log, "record", record)


@deviation("emergency-at-once", _CROSSING, about="An emergency that is to come is in force as soon as it is written.")
def emergency_at_once(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    limiter = meter.model.parts.supply.limiter

    def active_threshold(original: Callable[[], Pair]) -> Pair:
        is_coming = limiter.emergency.starts > meter.model.metering.now
        if limiter.emergency.identifier in limiter.groups and is_coming and limiter.emergency.duration_s:
            meter.fire()
            return limiter.emergency_threshold
        return original()

    wrap(limiter, "active_threshold", active_threshold)


@deviation("emergency-without-duration-lasts", _CROSSING, about="An emergency of no duration is in force without end.")
def emergency_without_duration(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    limiter = meter.model.parts.supply.limiter

    def active_threshold(original: Callable[[], Pair]) -> Pair:
        emergency = limiter.emergency
        begun = emergency.starts <= meter.model.metering.now and emergency.identifier in limiter.groups
        if begun and emergency.identifier and not emergency.duration_s:
            meter.fire()
            return limiter.emergency_threshold
        return original()

    wrap(limiter, "active_threshold", active_threshold)


@deviation(
    "monitor-crossing-not-noted", _CROSSING, about="A value that crosses a threshold of the monitor is not noted."
)
def monitor_crossing_not_noted(meter: Meter, rng: Random) -> None:
    """Draw which way."""
    silent = rng.choice(("monitor_exceeded", "monitor_ok"))

    def note(original: Callable[[EventRole], None], noted: EventRole) -> None:
        if noted == silent:
            meter.fire()
        else:
            original(noted)

    wrap(meter.model.parts.supply.monitor, "note", note)


@deviation("limit-duration-ignored", _LIMIT, about="A new duration is answered with success and never in force.")
def limit_duration_ignored(meter: Meter, rng: Random) -> None:
    """Draw which duration."""
    ignored = rng.choice((_OVER, _UNDER))
    obis = meter.configuration.instances.limiter

    def write(original: Callable[..., int], client: int, class_id: int, code: bytes, number: int, *more: Any) -> int:
        if (code, number) != (obis, ignored):
            return original(client, class_id, code, number, *more)
        meter.fire()
        return DataAccessResult.SUCCESS

    wrap(meter.model, "set", write)


FAMILIES = (
    limit_duration_ignored,
    limit_of_one_phase,
    reclosing_without_end,
    reclosings_not_counted,
    limiter_leaves_disconnected,
    limiter_switching_not_noted,
    button_dead_after_limit,
    duration_goes_on,
    threshold_clipped,
    refused_value_watched,
    threshold_noted_in_other_time,
    emergency_at_once,
    emergency_without_duration,
    monitor_crossing_not_noted,
)
