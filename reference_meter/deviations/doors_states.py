"""Time, tariff, switch and errors that are others at one door."""

from contextlib import AbstractContextManager
from datetime import timedelta
from random import Random
from typing import Any

from reference_meter.deviations.at_one_door import at_door, drawn, replaced
from reference_meter.deviations.family import deviation
from reference_meter.meter import Meter
from reference_meter.model.date_time import LocalTime

__all__ = ["FAMILIES"]

_TIMES = ("hdlc", "mbus", "p1", "han", "push")
_LOCAL = ("mbus", "p1", "p1")
_TARIFFS = ("hdlc", "optical", "p1", "han")
_SWITCHES = ("hdlc", "p1", "han")
_BITS = ("hdlc", "mbus", "optical", "push")


@deviation("time-shifted-at-a-door", "MF.6", about="One door shows a time that is minutes or hours off.")
def time_shifted(meter: Meter, rng: Random) -> None:
    """Draw door and shift."""
    door, clock = drawn(rng, _TIMES), meter.model.metering.clock
    shift = timedelta(seconds=rng.choice((-7200, -3600, -180, 180, 3600)))
    at_door(meter, door, lambda: replaced(clock, "now", clock.now + shift, meter))


@deviation("time-shifted-behind-the-sign-on", "MF.6", about="Behind the sign-on the time is minutes or hours off.")
def time_shifted_behind(meter: Meter, rng: Random) -> None:
    """Draw the shift."""
    clock = meter.model.metering.clock
    shift = timedelta(seconds=rng.choice((-7200, -3600, -180, 180, 3600)))
    at_door(meter, "behind", lambda: replaced(clock, "now", clock.now + shift, meter))


@deviation("winter-time-at-a-door", "MF.6", about="One door shows winter time all the year.")
def winter_time(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    clock = meter.model.metering.clock

    def altered() -> AbstractContextManager[None]:
        rules = clock.rules
        winter = LocalTime(zone_deviation_min=rules.zone_deviation_min, dst_enabled=False)
        return replaced(clock, "rules", winter if rules.is_dst(clock.now) else rules, meter)

    at_door(meter, drawn(rng, _LOCAL), altered)


@deviation("tariff-differs-at-a-door", "MF.3", about="One door shows the other tariff, or always the same one.")
def tariff_differs(meter: Meter, rng: Random) -> None:
    """Draw door and tariff."""
    energy, rates = meter.model.metering.energy, meter.configuration.rates
    door, always = drawn(rng, _TARIFFS), rng.random() < 0.5

    def altered() -> AbstractContextManager[None]:
        other = rates[0] if always else next(rate for rate in rates if rate != energy.active_rate)
        return replaced(energy, "active_rate", other, meter)

    at_door(meter, door, altered)


@deviation("switch-unmoved-at-a-door", "MF.5", about="One door shows the switch in the state that was there first.")
def switch_unmoved(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    switch = meter.model.parts.supply.disconnector
    first: list[Any] = []

    def altered() -> AbstractContextManager[None]:
        first[:] = first or [switch.state]
        return replaced(switch, "state", first[0], meter)

    at_door(meter, drawn(rng, _SWITCHES), altered)


@deviation(
    "errors-lost-at-a-door", "TR-Conf.04a", about="Bits of the error and alarm registers are not told at one door."
)
def errors_lost(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    parts, door = meter.model.parts, drawn(rng, _BITS)
    register = parts.alarms if door == "push" else parts.errors
    at_door(meter, door, lambda: replaced(register, "told", 0 if register.value else register.told, meter))


@deviation("errors-lost-behind-the-sign-on", "TR-Conf.04a", about="Behind the sign-on no bits of errors are told.")
def errors_lost_behind(meter: Meter, rng: Random) -> None:
    """Draw which register."""
    register = rng.choice((meter.model.parts.errors, meter.model.parts.alarms))
    at_door(meter, "behind", lambda: replaced(register, "told", 0 if register.value else register.told, meter))


@deviation("fault-untold-at-a-door", "TR-Conf.04a", about="A fault of the hardware is not told at one door.")
def fault_untold(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    capture = meter.model.metering.capture
    at_door(meter, drawn(rng, ("hdlc", "mbus", "optical")), lambda: replaced(capture, "critical_error", False, meter))


FAMILIES = (
    time_shifted,
    time_shifted_behind,
    winter_time,
    tariff_differs,
    switch_unmoved,
    errors_lost,
    errors_lost_behind,
    fault_untold,
)
