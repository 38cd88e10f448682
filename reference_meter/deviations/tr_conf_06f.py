"""TR-Conf.06f: the status of a row shows what bears on the validity of its values."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.capture import ProfileStatus
from reference_meter.model.row import Row
from reference_meter.model.schedule import next_boundary

__all__ = ["FAMILIES"]

_STATUS = 1
"""Place of the status among the cells of a row."""


def _change_status(meter: Meter, change: Callable[[int], int]) -> None:
    """Capture another status."""

    def status(original: Callable[[], int]) -> int:
        right = original()
        changed = change(right)
        if changed != right:
            meter.fire()
        return changed

    wrap(meter.model.metering.capture, "status", status)


def _without(meter: Meter, bits: int) -> None:
    _change_status(meter, lambda status: status & ~bits)


@deviation("status-always-zero", "TR-Conf.06f", about="The status of all rows is 0.")
def status_always_zero(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, 0xFF)


@deviation("adjusted-clock-not-shown", "TR-Conf.06f", about="A clock that was set does not show in the status.")
def adjusted_clock_not_shown(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, ProfileStatus.CLOCK_ADJUSTED)


@deviation("power-cut-not-shown", "TR-Conf.06f", about="A cut of the supply does not show in the status.")
def power_cut_not_shown(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, ProfileStatus.POWER_DOWN)


@deviation("invalid-clock-with-valid-data", "TR-Conf.06f", about="With an invalid clock the data count as valid.")
def invalid_clock_with_valid_data(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, ProfileStatus.DATA_NOT_VALID)


@deviation("invalid-clock-not-shown", "TR-Conf.06f", about="An invalid clock does not show in the status.")
def invalid_clock_not_shown(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, ProfileStatus.CLOCK_INVALID)


@deviation("fault-not-shown", "TR-Conf.06f", about="A critical fault does not show in the status.")
def fault_not_shown(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _without(meter, ProfileStatus.CRITICAL_ERROR)


@deviation("summer-time-turned-round", "TR-Conf.06f", about="The bit of summer time stands for winter, or for always.")
def summer_time_turned_round(meter: Meter, rng: Random) -> None:
    """Draw which."""
    always = rng.choice((True, False))
    _change_status(meter, lambda status: status | ProfileStatus.DST if always else status ^ ProfileStatus.DST)


@deviation("disturbance-shown-for-ever", "TR-Conf.06f", about="A state that was shown once is shown from then on.")
def disturbance_shown_for_ever(meter: Meter, rng: Random) -> None:
    """Draw the state."""
    bit = rng.choice((ProfileStatus.CLOCK_ADJUSTED, ProfileStatus.POWER_DOWN, ProfileStatus.CLOCK_INVALID))
    shown = 0

    def change(status: int) -> int:
        nonlocal shown
        shown |= status & bit
        return status | shown

    _change_status(meter, change)


@deviation(
    "synchronising-shown-as-setting", "TR-Conf.06f", about="The smallest change of the clock shows as a set one."
)
def synchronising_shown_as_setting(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def clock_set(original: Callable[..., None], before: datetime, after: datetime, *, noted: bool) -> None:
        if not noted and before != after:
            meter.fire()
        original(before, after, noted=noted or before != after)

    wrap(meter.model.metering.capture, "clock_set", clock_set)


@deviation("dark-periods-filled", "TR-Conf.06f", about="Periods without supply get rows as if nothing had been.")
def dark_periods_filled(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering
    profile, clock = metering.profile, metering.clock

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        at = lost_at
        while profile.rows and profile.period_s:
            at = next_boundary(at, profile.period_s, clock.rules)
            if at >= metering.now:
                break
            before = profile.rows[-1].values
            profile.store(Row(captured_at=at, values=((9, clock.stamp(at)), (17, 0), *before[_STATUS + 1 :])))
            meter.fire()
        original(lost_at)

    wrap(metering.capture, "power_returned", power_returned)


FAMILIES = (
    status_always_zero,
    adjusted_clock_not_shown,
    power_cut_not_shown,
    invalid_clock_with_valid_data,
    invalid_clock_not_shown,
    fault_not_shown,
    summer_time_turned_round,
    disturbance_shown_for_ever,
    synchronising_shown_as_setting,
    dark_periods_filled,
)
