"""MF.1: registers that count what does not flow in their direction, and channels that leave updates out."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval
from reference_meter.model.energy import NANOJOULES_PER_WH, Direction

__all__ = ["FAMILIES"]

_CLAUSE = "MF.1"
_HOUR_US = 3_600_000_000


@deviation("export-booked-as-consumption", _CLAUSE, about="What flows out is counted as if it flowed in.")
def export_booked_as_consumption(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted as export too."""
    energy, both = meter.model.metering.energy, rng.choice((True, False))

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        rate, exported = energy.active_rate, energy.power_mw["export"] * elapsed_us
        original(elapsed_us)
        if exported:
            energy.energy_nj["import", rate] += exported
            energy.energy_nj["export", rate] -= 0 if both else exported
            meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("import-counted-as-export-too", _CLAUSE, about="A part of what flows in is counted as export.")
def import_counted_as_export(meter: Meter, rng: Random) -> None:
    """Draw the part."""
    energy, percent = meter.model.metering.energy, rng.choice((5, 20, 100))

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        imported = energy.power_mw["import"] * elapsed_us
        original(elapsed_us)
        if imported:
            energy.energy_nj["export", energy.active_rate] += imported * percent // 100
            meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("registers-creep", _CLAUSE, about="A register runs although nothing flows.")
def registers_creep(meter: Meter, rng: Random) -> None:
    """Draw the direction and how fast."""
    energy = meter.model.metering.energy
    directions: tuple[Direction, ...] = ("import", "export")
    direction, wh_an_hour = rng.choice(directions), rng.randint(5, 50)

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        original(elapsed_us)
        if not any(energy.power_mw.values()) and elapsed_us:
            crept = wh_an_hour * NANOJOULES_PER_WH * elapsed_us // _HOUR_US
            energy.energy_nj[direction, energy.active_rate] += crept
            meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("channel-leaves-updates-out", _CLAUSE, about="One channel leaves out an update now and then.")
def channel_leaves_updates_out(meter: Meter, rng: Random) -> None:
    """Draw the channel and how often."""
    interval: Interval = rng.choice(("day", "week", "month"))
    every, so_far = rng.choice((2, 3)), [0]

    def capture_row(original: Callable[[], None]) -> None:
        so_far[0] += 1
        if so_far[0] % every:
            original()
        else:
            meter.fire()

    wrap(meter.model.parts.data_sets.captures[interval], "capture_row", capture_row)


@deviation("change-of-season-not-metered", _CLAUSE, about="After a change of summer time energy is lost, or twice.")
def change_not_metered(meter: Meter, rng: Random) -> None:
    """Draw for how long, and which of both."""
    metering, minutes, times = meter.model.metering, rng.choice((10, 60)), rng.choice((0, 2))
    energy, before = metering.energy, timedelta(hours=2)

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        change = metering.clock.rules.next_change(metering.now - before)
        after_change = change is not None and change <= metering.now < change + timedelta(minutes=minutes)
        if not after_change or not any(energy.power_mw.values()):
            original(elapsed_us)
            return
        meter.fire()
        for _ in range(times):
            original(elapsed_us)

    wrap(energy, "integrate", integrate)


@deviation("month-end-takes-energy", _CLAUSE, about="When a month ends the registers lose what came last.")
def month_end_takes_energy(meter: Meter, rng: Random) -> None:
    """Draw whether that is every month or the last one of a year only."""
    metering, only_year = meter.model.metering, rng.choice((True, False))
    energy = metering.energy

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        local = metering.clock.rules.local
        now = local(metering.now)
        then = local(metering.now + timedelta(microseconds=elapsed_us))
        ends = (now.year != then.year) if only_year else (now.month != then.month)
        if not ends or not any(energy.power_mw.values()):
            original(elapsed_us)
            return
        meter.fire()

    wrap(energy, "integrate", integrate)


FAMILIES = (
    export_booked_as_consumption,
    import_counted_as_export,
    registers_creep,
    channel_leaves_updates_out,
    change_not_metered,
    month_end_takes_energy,
)
