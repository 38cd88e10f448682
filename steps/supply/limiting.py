"""The limiter: thresholds around the present value, and how long it stays above or below."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.judged import Breach, Verdictless
from harness.checks.switch import lasted, measured
from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, Item, item
from harness.headend.data import Data, double_long_unsigned
from harness.headend.limiter import ACTIVE, NORMAL, OVER, UNDER, Limits, present_value, read_limits
from harness.headend.registers import DateTime
from harness.run.trial import Trial
from steps.supply.events import Logs, expect_entries, read_logs

_OUTPUT = 2
_DURATION_S = 30
_SHORTER_S = 20
"""Of the duration below, so that one is not taken for the other."""
_DURATIONS = {"duration above the threshold": OVER, "duration below the threshold": UNDER}
CLOCK_RESOLUTION_S = 1.0
_FACTORS = {
    "half": Decimal("0.5"),
    "three quarters of": Decimal("0.75"),
    "exactly": Decimal(1),
    "twice": Decimal(2),
}
_ROUNDED = Decimal("0.01")
"""How much of a threshold a device may round off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limiting:
    """The limiter under test."""

    limiter: CosemObject
    limits: Limits
    value: int
    """The watched value under the load, as the device shows it."""
    logs: Logs
    set_between: tuple[datetime, datetime] | None = None
    """The device's time before and after a threshold was set."""
    set_before: tuple[datetime, datetime] | None = None
    """The same of the threshold before that."""
    was_set: int | None = None
    """The threshold that was set last."""


@given("the limiter watches that load", target_fixture="limiting")
def limiter_watches(trial: Trial, client: Client) -> Limiting:
    """What the scenario may change is kept for the end; durations are made short where the device lets it."""
    limiter = trial.object("limiter")
    disconnector = trial.declaration.object("disconnector")
    if isinstance(disconnector, CosemObject):
        trial.changes.supply(client, disconnector)
    trial.changes.keep(client, limiter, NORMAL)
    for number, seconds in ((OVER, _DURATION_S), (UNDER, _SHORTER_S)):
        try:
            trial.changes.set(client, limiter, number, double_long_unsigned(seconds))
        except Refused:
            trial.remarks.append(f"attribute {number} of the limiter cannot be written")
    with trial.basis():
        limits = read_limits(client, limiter)
    if limits.settles_s > trial.declaration.bench.longest_wait_s and not trial.time_moves_by_hand:
        raise Inconclusive(f"the average takes {limits.settles_s} s to follow (bench.longest_wait_s)", missing="bench")
    trial.let_pass(limits.settles_s, client)
    with trial.basis():
        value = int(present_value(client, limits))
    if value <= 1:
        raise Inconclusive(f"the limiter's value is {value}, so nothing exceeds it", missing="bench")
    _out_of_the_way(client, limiter, limits, value)
    trial.let_pass(limits.under_s + trial.declaration.metering.freshness_s, client)
    return Limiting(limiter=limiter, limits=limits, value=value, logs=read_logs(trial, client))


@when(parsers.parse("the {duration} of the limiter is set to another value"), target_fixture="duration_set")
def duration_is_set(trial: Trial, client: Client, duration: str) -> tuple[Item, Data]:
    wanted = item(trial.object("limiter"), _DURATIONS[duration])
    with trial.basis():
        there = client.read(wanted)
    other = double_long_unsigned(_DURATION_S if there.value != _DURATION_S else 2 * _DURATION_S)
    try:
        trial.changes.set(client, trial.object("limiter"), _DURATIONS[duration], other)
    except Refused as refused:
        raise Inconclusive(f"the {duration} cannot be set: {refused.answer}", missing="device") from refused
    return wanted, other


@then("it reads as it was set")
def reads_as_set(trial: Trial, client: Client, duration_set: tuple[Item, Data]) -> None:
    wanted, other = duration_set
    found = client.read(wanted)
    if found != other:
        raise trial.fail(
            expected=f"{other.value} s, which was set without an error",
            observed=f"{found.value}",
            frame=client.conversation.frame,
        )


def _out_of_the_way(client: Client, limiter: CosemObject, limits: Limits, value: int) -> None:
    """Put the threshold well above the value, at one that the device takes."""
    present = limits.normal.value if isinstance(limits.normal.value, int) else 0
    for number in (value * 4, value * 2, present):
        if value < number <= limits.highest:
            with suppress(Refused):
                client.set(item(limiter, NORMAL), limits.threshold(number))
                return
    raise Inconclusive(
        f"no threshold above the value {value} is taken (limiter.highest_threshold)", missing="declaration"
    )


def set_normal(trial: Trial, client: Client, limiting: Limiting, number: int) -> None:
    """Write the threshold of normal operation; a refusal of a value within reach is a finding."""
    limits = limiting.limits
    try:
        client.set(item(limiting.limiter, NORMAL), limits.threshold(number))
    except Refused as refused:
        known = (limits.normal.value, trial.declaration.limiter.highest_threshold or 0)
        if number > max(one for one in known if isinstance(one, int)):
            reason = f"whether {number} is within reach is not declared (limiter.highest_threshold): {refused.answer}"
            raise Inconclusive(reason, missing="declaration") from refused
        raise trial.fail(
            expected=f"the threshold {number} to be accepted", observed=refused.answer, frame=client.conversation.frame
        ) from refused


@given(parsers.parse("the threshold is {factor} the value"), target_fixture="limiting")
@when(parsers.parse("the threshold is set to {factor} the value"), target_fixture="limiting")
def threshold_at(trial: Trial, client: Client, limiting: Limiting, factor: str) -> Limiting:
    if factor == "exactly" and limiting.limits.accumulates:
        raise Inconclusive("the limiter watches energy, which stays at no value under a load", missing="device")
    before, threshold = trial.metering_now(client), int(limiting.value * _FACTORS[factor])
    set_normal(trial, client, limiting, threshold)
    return replace(
        limiting,
        set_between=(before, trial.metering_now(client)),
        set_before=limiting.set_between,
        was_set=threshold,
    )


def early_s(trial: Trial) -> float:
    """How much before its end a duration is looked at."""
    return 1.0 if trial.time_moves_by_hand else 2 * CLOCK_RESOLUTION_S + trial.time.uncertainty_s


@when(parsers.parse('the value has stayed on that side for {how} "{duration}"'))
def value_has_stayed(trial: Trial, client: Client, limiting: Limiting, how: str, duration: str) -> None:
    """A little less than the duration, or longer by all that the device may take to notice and act."""
    seconds: float = limiting.limits.over_s if duration == "over" else limiting.limits.under_s
    if how == "less than":
        if seconds <= 2 * early_s(trial):
            raise Inconclusive(f"a duration of {seconds} s is too short to be cut short", missing="device")
        trial.let_pass(seconds - early_s(trial), client)
        return
    if how == "half of":
        trial.let_pass(seconds / 2, client)
        return
    trial.let_pass(seconds + late_s(trial) + 1, client)


def late_s(trial: Trial) -> float:
    """How late the limiter may be: declared, and the age of the value that it watches."""
    declared = trial.declaration
    return declared.limiter.timing_tolerance_s + (0 if trial.time_moves_by_hand else declared.metering.freshness_s)


@then(parsers.parse('"{role}" is noted {count:d} times'))
def noted_times(trial: Trial, client: Client, limiting: Limiting, role: str, count: int) -> None:
    expect_entries(trial, client, limiting.logs, role, count, "all that was set")


def came_after(
    trial: Trial, time: DateTime, began: tuple[datetime, datetime], duration_s: float, role: str
) -> Verdictless:
    """An entry has the time at which a duration that began within ``began`` was over."""
    at = time.nearest(began[0] + timedelta(seconds=duration_s))
    if at is None:
        return Breach(expected="an entry with the time", observed=str(time))
    latest_s = late_s(trial) + CLOCK_RESOLUTION_S
    trial.remarks.append(
        f"{role} at {measured(at, began=began, early_s=CLOCK_RESOLUTION_S)}, due after {duration_s:g} s and up to "
        f"{latest_s:g} s later; simple acceptance"
    )
    return lasted(at, began=began, duration_s=duration_s, early_s=CLOCK_RESOLUTION_S, late_s=latest_s, what=role)


@then(parsers.parse('"{role}" is noted once, when the value had stayed there for "{duration}"'))
def noted_in_time(trial: Trial, client: Client, limiting: Limiting, role: str, duration: str) -> None:
    (entry,) = expect_entries(trial, client, limiting.logs, role, 1, "the value has stayed there")
    limits = limiting.limits
    duration_s = limits.over_s if duration == "over" else limits.under_s
    if limiting.set_between is None:
        raise Inconclusive("nothing was set, so that no duration began", missing="bench")
    judged = came_after(trial, entry.time, limiting.set_between, duration_s, role)
    trial.judge(judged, client.conversation.frame)


@then("the threshold that was set is in force")
def threshold_in_force(trial: Trial, client: Client, limiting: Limiting) -> None:
    normal, active = (client.read(item(limiting.limiter, number)) for number in (NORMAL, ACTIVE))
    was_set, highest = limiting.was_set, trial.declaration.limiter.highest_threshold
    within_reach = was_set is not None and (highest is None or was_set <= highest)
    if was_set is not None and within_reach and abs(Decimal(str(normal.value)) - was_set) > was_set * _ROUNDED:
        raise trial.fail(
            expected=f"the threshold {was_set}, which was set without an error (limiter.highest_threshold)",
            observed=f"{normal.value}",
            frame=client.conversation.frame,
        )
    if active != normal:
        raise trial.fail(
            expected=f"the active threshold to be the one of normal operation, {normal.value}",
            observed=f"{active.value}",
            frame=client.conversation.frame,
        )


@then(parsers.parse("the supply is {how}"))
def supply_is(trial: Trial, client: Client, limiting: Limiting, how: str) -> None:
    disconnector = trial.object("disconnector")
    output = client.read(item(disconnector, _OUTPUT)).value
    if output is not (how == "connected"):
        raise trial.fail(
            expected=f"the supply to be {how}", observed=f"output {output}", frame=client.conversation.frame
        )
