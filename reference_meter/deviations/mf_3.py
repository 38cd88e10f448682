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


FAMILIES = (all_tariffs_run, tariffs_swapped, shifts_late, shift_lost_without_power)
