"""Profiles, stored sets, logs and registers that lose something with the supply, or when another one is cleared."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval
from reference_meter.model.energy import NANOJOULES_PER_WH, Direction
from reference_meter.model.profile import LoadProfile
from reference_meter.model.row import Row

__all__ = ["FAMILIES"]

_FIRST_REGISTER = 2
"""Place of it in a row of the load profile, behind time and status."""
_COUNTS = 256
"""So many numbers has the counter of billing periods."""
_A_PERIOD = timedelta(days=31)


def when_power_goes(meter: Meter, happen: Callable[[], None]) -> None:
    """Have something happen with each cut of the supply."""

    def cut_power(original: Callable[[], None]) -> None:
        happen()
        original()

    wrap(meter.model.metering, "cut_power", cut_power)


def _lose_rows(meter: Meter, profile: LoadProfile, lost: str) -> None:
    if profile.rows:
        meter.fire()
        {"newest": profile.rows.pop, "oldest": profile.rows.popleft, "all": profile.rows.clear}[lost]()


@deviation("rows-lost-with-power", "TR-Conf.06e", about="A power cut takes rows of the load profile away.")
def rows_lost(meter: Meter, rng: Random) -> None:
    """Draw whether the newest one or all of them."""
    lost, profile = rng.choice(("newest", "all")), meter.model.metering.profile
    when_power_goes(meter, lambda: _lose_rows(meter, profile, lost))


@deviation(
    "first-row-after-cut-repeats-values", "TR-Conf.06e", about="The first row after a cut has the values of before."
)
def first_row_repeats(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile, first = meter.model.metering.profile, [False]

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        original(lost_at)
        first[0] = True

    def store(original: Callable[[Row], None], row: Row) -> None:
        if first[0] and profile.rows and len(profile.rows[-1].values) == len(row.values):
            old = profile.rows[-1].values
            row = replace(row, values=(*row.values[:_FIRST_REGISTER], *old[_FIRST_REGISTER:]))
            meter.fire()
        first[0] = False
        original(row)

    wrap(meter.model.metering.capture, "power_returned", power_returned)
    wrap(profile, "store", store)


@deviation("clearing-takes-sets-along", "TR-Conf.06e", about="With the load profile the stored sets are cleared too.")
def clearing_takes_sets(meter: Meter, rng: Random) -> None:
    """Draw whether those of days or of all intervals."""
    captures = meter.model.parts.data_sets.captures
    taken = list(captures) if rng.random() < 0.5 else ["day"]

    def reset(original: Callable[[], None]) -> None:
        original()
        for interval, capture in captures.items():
            if interval in taken:
                _lose_rows(meter, capture.profile, "all")

    wrap(meter.model.metering.profile, "reset", reset)


def _set_back(meter: Meter, shown: Callable[[LoadProfile], Any], back: Callable[[LoadProfile, Any], None]) -> None:
    """With a cut of the supply this setting of the load profile is again what it was at first."""
    profile = meter.model.metering.profile
    first = shown(profile)

    def lose() -> None:
        if shown(profile) != first:
            meter.fire()
            back(profile, first)

    when_power_goes(meter, lose)


@deviation("other-columns-lost-with-power", "TR-Conf.06a", about="A power cut sets the capture objects back.")
def columns_lost(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _set_back(meter, lambda profile: profile.columns, LoadProfile.capture_others)


@deviation("other-period-lost-with-power", "TR-Conf.06b", about="A power cut sets the capture period back.")
def period_lost(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _set_back(meter, lambda profile: profile.period_s, LoadProfile.capture_every)


@deviation("other-depth-lost-with-power", "TR-Conf.06c", about="A power cut sets the number of entries back.")
def depth_lost(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _set_back(meter, lambda profile: profile.entries, LoadProfile.resize)


@deviation("sets-lost-with-power", "TR-Conf.07a", about="A power cut takes stored sets away.")
def sets_lost(meter: Meter, rng: Random) -> None:
    """Draw which ones of which interval."""
    interval: Interval = rng.choice(("day", "month"))
    lost, capture = rng.choice(("oldest", "all")), meter.model.parts.data_sets.captures[interval]
    when_power_goes(meter, lambda: _lose_rows(meter, capture.profile, lost))


@deviation("billing-count-lost-with-power", "TR-Conf.07a", about="A power cut sets billing counter or time back.")
def count_lost(meter: Meter, rng: Random) -> None:
    """Draw which of them."""
    period, clock = meter.model.parts.data_sets.period, meter.model.metering.clock
    field = rng.choice(("number", "stamp"))

    def lose() -> None:
        meter.fire()
        if field == "number":
            period.number = (period.number - 1) % _COUNTS
        else:
            period.stamp = clock.stamp(clock.now - _A_PERIOD)

    when_power_goes(meter, lose)


@deviation("log-of-collection-lost-with-power", "TR-Conf.09a", about="A power cut takes entries of collection away.")
def collection_lost(meter: Meter, rng: Random) -> None:
    """Draw whether the newest one or all of them."""
    lost, profile = rng.choice(("newest", "all")), meter.model.parts.logs.logs["communication"].profile
    when_power_goes(meter, lambda: _lose_rows(meter, profile, lost))


@deviation(
    "registers-fall-back-with-power", "MF.1", about="A power cut takes away what was counted since the last store."
)
def registers_fall_back(meter: Meter, rng: Random) -> None:
    """Draw after how many Wh a register is stored, and the tariff of which it is."""
    step_nj = rng.choice((100, 500)) * NANOJOULES_PER_WH
    energy, rate = meter.model.metering.energy, rng.choice((*meter.configuration.rates, None))
    direction: Direction = "import"

    def lose() -> None:
        for of, one in energy.energy_nj:
            if of == direction and one == (rate or energy.active_rate):
                energy.energy_nj[of, one] -= energy.energy_nj[of, one] % step_nj
                meter.fire()

    when_power_goes(meter, lose)


@deviation("energy-counted-without-power", "MF.1", about="What flowed before a cut is counted on for its length.")
def counted_without_power(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        original(lost_at)
        metering.energy.integrate((metering.now - lost_at) // timedelta(microseconds=1))
        meter.fire()

    wrap(metering.capture, "power_returned", power_returned)


FAMILIES = (
    rows_lost,
    first_row_repeats,
    clearing_takes_sets,
    columns_lost,
    period_lost,
    depth_lost,
    sets_lost,
    count_lost,
    collection_lost,
    registers_fall_back,
    counted_without_power,
)
