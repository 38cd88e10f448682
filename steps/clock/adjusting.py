"""The clock object's methods that go to a boundary or to a preset time, and what the clock shows after them."""

from datetime import datetime, timedelta

from pytest_bdd import parsers, when

from harness.checks.clock_setting import Reading, nearest
from harness.declaration.clock import ClockMethod
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client
from harness.headend.clock_setting import adjust, preset_data, trigger_data, write_time
from harness.headend.registers import DateTime
from harness.run.trial import Trial
from steps.clock.setting import Moved, clock_of_trial, look, moved, trial_elapsed
from steps.metering.demand_period import stated_demand_period_s

_PERIODS_S: dict[str, int] = {"adjust_to_quarter": 900, "adjust_to_minute": 60}
_PRESET_AHEAD_S, _PRESET_VALID_S = 3600, 600
_HALF = 50


@when(
    parsers.parse("{method} is invoked with {percent:d} % of its period gone"),
    target_fixture="moved_clock",
)
def adjusted(trial: Trial, client: Client, method: ClockMethod, percent: int) -> Moved:
    """Noon is where it has to go: whole periods of whatever length have passed by then."""
    period_s = _PERIODS_S.get(method) or measuring_period_s(trial, client)
    now = look(trial, client).time
    local = now.local()
    if local is None:
        raise Inconclusive(f"the clock says {now}", missing="device")
    gone = percent / 100 if percent < _HALF else percent / 100 - 1
    beside = local.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(seconds=period_s * gone)
    start = now.later((beside - local).total_seconds())
    write_time(client, clock_of_trial(trial), start)
    return moved(
        trial,
        client,
        lambda before: nearest_shown(before.time, period_s),
        lambda: adjust(client, clock_of_trial(trial), method, trigger_data()),
        f"{method} at {start}",
    )


def measuring_period_s(trial: Trial, client: Client) -> int:
    """Return the declared measuring period, or the shortest of what else may be meant by it: the least to be beside."""
    declared = trial.declaration
    if declared.clock.measuring_period_s is not None:
        return declared.clock.measuring_period_s
    with trial.basis():
        demand_s = stated_demand_period_s(trial, client)
    profile = declared.profiles.get("load_profile")
    periods = [period_s for period_s in (demand_s, profile and profile.period_s) if period_s]
    if not periods:
        raise Inconclusive("nothing says the measuring period (clock.measuring_period_s)", missing="declaration")
    return min(periods)


def nearest_shown(time: DateTime, period_s: int) -> datetime:
    """The instant of the nearest multiple of a period by the local time that is shown."""
    local, moment = time.local(), time.comparable()
    if local is None or moment is None:
        raise Inconclusive(f"the clock says {time}", missing="device")
    return moment + (nearest(local, period_s) - local)


@when(
    parsers.parse("a time is preset with an interval that {which}, and adjust_to_preset_time invoked"),
    target_fixture="moved_clock",
)
def preset(trial: Trial, client: Client, which: str) -> Moved:
    now = look(trial, client).time
    from_s = {"has begun": -_PRESET_VALID_S / 2, "has not begun": _PRESET_VALID_S, "is over": -2 * _PRESET_VALID_S}[
        which
    ]
    taken = which == "has begun"
    time = now.later(_PRESET_AHEAD_S)
    data = preset_data(time, now.later(from_s), now.later(from_s + _PRESET_VALID_S))

    def act() -> None:
        try:
            adjust(client, clock_of_trial(trial), "preset_adjusting_time", data)
            adjust(client, clock_of_trial(trial), "adjust_to_preset_time", trigger_data())
        except Refused:
            if taken:
                raise

    def due(before: Reading) -> datetime:
        moment = time.comparable() if taken else None
        return before.moment + trial_elapsed(before, trial) if moment is None else moment

    return moved(trial, client, due, act, f"a preset time whose interval {which}")
