"""TR-Conf.10, MF.1 and MF.5: what a power cut takes from limiter, switch and maximum, and events before their time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.supply.limiter import NO_EMERGENCY
from reference_meter.model.supply.modes import ControlState

__all__ = ["FAMILIES"]

_CROSSING, _SWITCH = "TR-Conf.10b", "MF.5"


def _with_power(meter: Meter, lose: Callable[[], bool]) -> None:
    """Lose something each time power returns; ``lose`` tells whether there was anything."""

    def restore_power(original: Callable[[], None]) -> None:
        original()
        if lose():
            meter.fire()

    wrap(meter.model.parts, "restore_power", restore_power)


@deviation("emergency-lost-with-power", _CROSSING, about="A power cut ends an emergency.")
def emergency_lost(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.model.parts.supply.limiter

    def lose() -> bool:
        there = limiter.in_emergency
        limiter.emergency = NO_EMERGENCY
        limiter.plan()
        return there

    _with_power(meter, lose)


@deviation("durations-swapped", _CROSSING, about="The limiter takes one duration for the other.")
def durations_swapped(meter: Meter, rng: Random) -> None:
    """Draw whether it does so the other way round as well."""
    limiter, both = meter.model.parts.supply.limiter, rng.choice((True, False))

    def lasts_until(original: Callable[[], datetime]) -> datetime:
        over_s, under_s = limiter.over_s, limiter.under_s
        limiter.over_s, limiter.under_s = under_s, over_s if both else under_s
        try:
            due = original()
        finally:
            limiter.over_s, limiter.under_s = over_s, under_s
        if due != original():
            meter.fire()
        return due

    wrap(limiter, "lasts_until", lasts_until)


@deviation("fall-below-noted-at-once", _CROSSING, about="That the value is below again is noted before it has lasted.")
def fall_noted_at_once(meter: Meter, rng: Random) -> None:
    """Draw what part of the duration passes before."""
    limiter, part = meter.model.parts.supply.limiter, rng.choice((0, 2))

    def lasts_until(original: Callable[[], datetime]) -> datetime:
        if limiter.is_over or not limiter.exceeded:
            return original()
        meter.fire()
        under_s = limiter.under_s
        limiter.under_s = under_s // part if part else 0
        try:
            return original()
        finally:
            limiter.under_s = under_s

    wrap(limiter, "lasts_until", lasts_until)


@deviation("waiting-switch-closes-with-power", _SWITCH, about="A switch that waits for a person closes with power.")
def waiting_switch_closes(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    disconnector = meter.model.parts.supply.disconnector

    def lose() -> bool:
        waits = disconnector.state is ControlState.READY
        if waits:
            disconnector.move(ControlState.CONNECTED)
        return waits

    _with_power(meter, lose)


@deviation("mode-of-control-lost-with-power", _SWITCH, about="A power cut sets the mode of control back.")
def mode_lost(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    disconnector = meter.model.parts.supply.disconnector
    made = disconnector.mode

    def lose() -> bool:
        changed = disconnector.mode != made
        disconnector.mode = made
        return changed

    _with_power(meter, lose)


@deviation("planned-disconnection-lost-with-power", _SWITCH, about="A power cut takes what the switch is to do later.")
def planned_disconnection_lost(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    schedule = meter.model.parts.supply.schedule

    def lose() -> bool:
        there = bool(schedule.times)
        schedule.times = ()
        schedule.plan()
        return there

    _with_power(meter, lose)


@deviation("monitor-threshold-lost-with-power", "TR-Conf.10a", about="A power cut takes thresholds of the monitor.")
def monitor_threshold_lost(meter: Meter, rng: Random) -> None:
    """Draw whether all go, or those of the factory come back."""
    monitor = meter.model.parts.supply.monitor
    made = monitor.thresholds if rng.choice((True, False)) else ()

    def lose() -> bool:
        changed = monitor.thresholds != made
        monitor.thresholds = made
        return changed

    _with_power(meter, lose)


@deviation("maximum-lost-with-power", "MF.1", about="A power cut takes the maximum demand, or its time.")
def maximum_lost(meter: Meter, rng: Random) -> None:
    """Draw which of both."""
    metering, value = meter.model.metering, rng.choice((True, False))

    def lose() -> bool:
        demand = metering.demand
        there = demand.highest.energy_nj > 0
        if value:
            demand.reset_highest(metering.now)
        else:
            demand.highest = replace(demand.highest, ended=metering.now)
        return there

    _with_power(meter, lose)


FAMILIES = (
    emergency_lost,
    durations_swapped,
    fall_noted_at_once,
    waiting_switch_closes,
    mode_lost,
    planned_disconnection_lost,
    monitor_threshold_lost,
    maximum_lost,
)
