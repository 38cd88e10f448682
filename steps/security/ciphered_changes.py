"""Wrongly ciphered requests that would change something if they were carried out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from harness.declaration import CosemObject
from harness.errors import DeviceError, Inconclusive, Refused
from harness.headend.client import item
from harness.headend.registers import DateTime, clock_data, read_clock, shift_data
from harness.headend.requests import action_request, set_request
from harness.headend.stimuli.ciphering_recipes import RECIPES
from harness.headend.stimuli.discard import Strike, Target
from harness.run.trial import Trial
from steps.security.ciphering import Attack, ciphered_client, judge_discarded, target_of

_TIME = 2
_SHIFT_TIME = 6
_SHIFT_S = 900
_STEPPED_S = 450.0
"""A clock that has gone so far beyond the time that passed has been set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A wrong request that would set the clock, and how the clock stood before."""

    attacked: Attack
    before: DateTime
    began_s: float


@given("a ciphered management client is associated that may set the clock", target_fixture="target")
def management_may_set_clock(trial: Trial) -> Target:
    target = target_of(trial, ciphered_client(trial, "management"))
    clock = trial.object("clock")
    try:
        target.client.set(item(clock, _TIME), clock_data(read_clock(target.client, clock)))
    except Refused as refused:
        raise Inconclusive(f"this client may not set the clock: {refused}", missing="declaration") from refused
    target.good()
    return target


@when(parsers.parse("a wrongly ciphered {request} would step the clock"), target_fixture="stepped")
def would_step_clock(trial: Trial, target: Target, request: str) -> Stepped:
    clock = trial.object("clock")
    before = read_clock(target.client, clock)
    began_s = trial.elapsed_s()
    make = set_of_clock if request == "set" else shift_of_clock
    target.good()
    attacked = attack_with(trial, target, make(target, clock, before))
    return Stepped(attacked=attacked, before=before, began_s=began_s)


def attack_with(trial: Trial, target: Target, request: Callable[[], bytes]) -> Attack:
    """Strike with a request of another kind whose tag is wrong."""
    recipe = RECIPES["tag-last-bit"]

    def strike() -> Strike:
        trial.spend_failures(target.client.declared.id, failure="deciphering")
        return target.strike(target.intruder.wrongly(recipe), request())

    return Attack(strike=strike(), again=strike, stimulus=recipe.stimulus)


def set_of_clock(target: Target, clock: CosemObject, now: DateTime) -> Callable[[], bytes]:
    """Return what makes a SET of the clock to another hour of the same day."""
    hour = now.hour or 0
    other = replace(now, hour=hour + 1 if hour < 12 else hour - 1)

    def made() -> bytes:
        invoke = target.client.services.next_invoke()
        return set_request(clock, _TIME, clock_data(other), invoke)

    return made


def shift_of_clock(target: Target, clock: CosemObject, now: DateTime) -> Callable[[], bytes]:
    """Return what makes an ACTION that shifts the clock."""

    def made() -> bytes:
        invoke = target.client.services.next_invoke()
        return action_request(clock, _SHIFT_TIME, shift_data(_SHIFT_S), invoke)

    return made


@then("it is silently discarded and the clock goes on as before")
def clock_goes_on(trial: Trial, target: Target, stepped: Stepped) -> None:
    judge_discarded(trial, target, stepped.attacked)
    clock = trial.object("clock")
    after = read_clock(target.client, clock)
    first, last = stepped.before.comparable(), after.comparable()
    if first is None or last is None:
        raise Inconclusive(f"the times {stepped.before} and {after} are not fully specified", missing="device")
    # Metering time that is moved by hand stands still here, and a bench that asks the device would step along with it.
    passed_s = 0.0 if trial.time_moves_by_hand else trial.elapsed_s() - stepped.began_s
    moved_s = (last - first).total_seconds()
    if abs(moved_s - passed_s) <= _STEPPED_S:
        return
    finding = trial.fail(
        expected=f"a clock that has moved on by {passed_s:.0f} s", observed=f"{moved_s:.0f} s, so the request was done"
    )
    due = first + timedelta(seconds=passed_s)
    set_back(target, clock, after, (due - last).total_seconds())
    raise finding


def set_back(target: Target, clock: CosemObject, shown: DateTime, by_s: float) -> None:
    """Set the clock right again, as far as the device lets us."""
    local = shown.local()
    if local is None:
        return
    right = local + timedelta(seconds=by_s)
    time = replace(
        shown,
        year=right.year,
        month=right.month,
        day=right.day,
        weekday=right.isoweekday(),
        hour=right.hour,
        minute=right.minute,
        second=right.second,
    )
    try:
        target.client.set(item(clock, _TIME), clock_data(time))
    except DeviceError as error:
        raise Inconclusive(f"the clock stays wrong: {error}", missing="device") from error
