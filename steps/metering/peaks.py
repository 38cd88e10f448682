"""The time of a maximum: that of the interval in which the bench's load made it, and no later one."""

from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import then, when

from harness.checks.demand import capture_time_within, makes_new_maximum, peak_interval
from harness.checks.judged import Breach
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.registers import DateTime, RegisterValue, read_clock, read_register, stored_time
from harness.run.trial import Trial
from steps.metering.demand_period import demand_period_s

_CAPTURE_TIME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """A maximum and the time that the device has stored with it."""

    register: RegisterValue
    captured: DateTime
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A load between two readings of the clock, and the maximum behind it."""

    began: DateTime
    ended: DateTime
    load_w: Decimal
    period_s: float
    maximum: Maximum


def maximum_of(trial: Trial, client: Client) -> Maximum:
    """Read the maximum demand and its capture time."""
    declared = trial.object("max_demand_import")
    register = read_register(client, declared, trial.clause)
    captured = stored_time(client, trial.object("clock"), client.read(item(declared, _CAPTURE_TIME)))
    return Maximum(register=register, captured=captured, frame=client.conversation.frame)


@when("a load makes a new maximum", target_fixture="peak")
def load_makes_maximum(trial: Trial, client: Client) -> Peak:
    clock = trial.object("clock")
    period_s = demand_period_s(trial, client)
    # A period that a power cut or a set clock has shortened is over then: its average would be there too soon.
    trial.let_pass(period_s, client)
    before = maximum_of(trial, client).register.value
    began = read_clock(client, clock)
    trial.apply_load(max(Decimal(1000), before * 3 // 2))
    load_w = trial.applied_w
    trial.judge(makes_new_maximum(load_w, before, accuracy_percent=trial.declaration.metering.accuracy_class))
    trial.let_pass(2 * period_s, client)
    ended = read_clock(client, clock)
    return Peak(began=began, ended=ended, load_w=load_w, period_s=period_s, maximum=maximum_of(trial, client))


@then("its time is that of the interval in which it arose")
def time_is_of_interval(trial: Trial, client: Client, peak: Peak) -> None:
    metering = trial.declaration.metering
    least_w = peak.load_w * (1 - Decimal(str(metering.accuracy_class)) / 100)
    if peak.maximum.register.value < least_w:
        raise Inconclusive(
            f"the maximum is {peak.maximum.register.value} and not that of the load, {peak.load_w} W", missing="device"
        )
    if peak.began.local() is None or peak.ended.local() is None:
        raise Inconclusive(f"the clock says {peak.began} and {peak.ended}, not fully specified", missing="device")
    began, ended = peak_interval(peak.began, peak.ended, period_s=peak.period_s, told=metering.maximum_time)
    tolerance_s = trial.declaration.clock.tolerance_s
    trial.judge(capture_time_within(peak.maximum.captured, began, ended, tolerance_s=tolerance_s), peak.maximum.frame)


@then("it stays when the load has fallen")
def time_stays(trial: Trial, client: Client, peak: Peak) -> None:
    if not trial.may_vary_load:
        return
    trial.apply_load(peak.load_w // 4)
    trial.let_pass(2 * peak.period_s, client)
    later = maximum_of(trial, client)
    # A maximum that was set back meanwhile, as at the end of a billing period, has another value too.
    if later.register.value == peak.maximum.register.value and later.captured != peak.maximum.captured:
        breach = Breach(
            expected=f"{peak.maximum.captured} as before, with the same maximum", observed=f"{later.captured}"
        )
        trial.judge(breach, later.frame)


@then("it is there after the power cut, with its time")
def maximum_is_kept(trial: Trial, client: Client, peak: Peak) -> None:
    """The end of a billing period, which may be that of a day, takes it back lawfully."""
    was, later = peak.maximum, maximum_of(trial, client)
    fell = later.register.value < was.register.value
    if not fell and (later.register.value != was.register.value or later.captured == was.captured):
        return
    before, now = peak.ended.local(), read_clock(client, trial.object("clock")).local()
    if before is None or now is None or before.date() != now.date():
        raise Inconclusive("a billing period may have ended in between", missing="device")
    breach = Breach(
        expected=f"the maximum {was.register.value} of {was.captured} after a power cut",
        observed=f"{later.register.value} of {later.captured}",
    )
    trial.judge(breach, later.frame)
