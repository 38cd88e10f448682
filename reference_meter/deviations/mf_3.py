"""MF.3: energy in other registers than that of the tariff in force, or another tariff shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair

__all__ = ["FAMILIES"]

_CLAUSE = "MF.3"


@deviation("all-tariffs-run", _CLAUSE, about="Energy is booked to a tariff that is not in force as well.")
def all_tariffs_run(meter: Meter, rng: Random) -> None:
    """Draw what part of it."""
    energy, part = meter.model.metering.energy, rng.choice((1, 2, 10))

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        original(elapsed_us)
        for direction, power_mw in energy.power_mw.items():
            for of, rate in list(energy.energy_nj):
                if of == direction and rate != energy.active_rate and power_mw:
                    energy.energy_nj[direction, rate] += power_mw * elapsed_us // part
                    meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("tariffs-swapped", _CLAUSE, about="The indication names another tariff than that of the register that runs.")
def tariffs_swapped(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    configuration, energy = meter.model.configuration, meter.model.metering.energy
    rates, item = configuration.rates, meter.model.objects[configuration.instances.active_tariff]

    def read() -> Pair:
        meter.fire()
        return (17, rates[(rates.index(energy.active_rate) + 1) % len(rates)])

    item.attributes[2] = replace(item.attributes[2], read=read)


@deviation("shifts-late", _CLAUSE, about="Shifts of the day come some time late.")
def shifts_late(meter: Meter, rng: Random) -> None:
    """Draw how late."""
    late, calendar = timedelta(seconds=rng.choice((10, 60, 900))), meter.model.metering.calendar

    def last_shift(original: Callable[[datetime], object], local: datetime) -> object:
        found = original(local - late)
        if found != original(local):
            meter.fire()
        return found

    wrap(calendar, "last_shift", last_shift)


@deviation("shift-lost-without-power", _CLAUSE, about="After an outage the tariff of before it goes on.")
def shift_lost_without_power(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    metering = meter.model.metering

    def restore_power(original: Callable[[], None]) -> None:
        rate = metering.energy.active_rate
        original()
        if metering.energy.active_rate != rate:
            metering.energy.active_rate = rate
            meter.fire()

    wrap(metering, "restore_power", restore_power)


@deviation("energy-booked-when-tariff-ends", _CLAUSE, about="Energy just before a shift goes to the tariff after it.")
def energy_booked_when_tariff_ends(meter: Meter, rng: Random) -> None:
    """Draw how much: what flowed in so many seconds."""
    energy, late_us = meter.model.metering.energy, rng.choice((60, 120, 300)) * 1_000_000
    calendar = meter.model.metering.calendar

    def follow(original: Callable[[], None]) -> None:
        before = energy.active_rate
        original()
        if energy.active_rate != before:
            for direction, power_mw in energy.power_mw.items():
                energy.energy_nj[direction, before] -= power_mw * late_us
                energy.energy_nj[direction, energy.active_rate] += power_mw * late_us
                meter.fire()

    wrap(calendar, "follow", follow)


@deviation("short-tariffs-not-booked", _CLAUSE, about="Energy goes to a tariff only once it has been shown for a time.")
def short_tariffs_not_booked(meter: Meter, rng: Random) -> None:
    """Draw the time."""
    metering, after = meter.model.metering, timedelta(minutes=rng.choice((20, 60)))
    energy, seen = metering.energy, [(metering.now, metering.energy.active_rate, metering.energy.active_rate)]

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        since, rate, booked = seen[0]
        active = energy.active_rate
        if active != rate:
            since, rate = metering.now, active
        if metering.now - since >= after:
            booked = active
        seen[0] = (since, rate, booked)
        if booked != active and any(energy.power_mw.values()):
            meter.fire()
        energy.active_rate = booked
        original(elapsed_us)
        energy.active_rate = active

    wrap(energy, "integrate", integrate)


FAMILIES = (
    all_tariffs_run,
    tariffs_swapped,
    shifts_late,
    shift_lost_without_power,
    energy_booked_when_tariff_ends,
    short_tariffs_not_booked,
)
