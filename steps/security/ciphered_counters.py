"""Invocation counters: what wrong requests leave of them, how far they may go, and what the device announces."""

from dataclasses import replace

from pytest_bdd import parsers, then, when

from harness.declaration import CosemObject
from harness.errors import NonConformity, NotApplicable
from harness.headend.stimuli.discard import Target
from harness.run.trial import Trial
from steps.security.ciphering import Attack, attack, judge_discarded
from steps.security.replays import power_cut

_FAR_JUMP = 100_000


def largest_jump(trial: Trial, wanted: int) -> int:
    """Return a step of the counter that the device accepts, as far as is declared."""
    limit = trial.declaration.security.counter_jump_limit
    return wanted if limit is None else min(wanted, limit)


@when("a request with a counter far above is ciphered with somebody else's key", target_fixture="attacked")
def far_counter_of_somebody_else(trial: Trial, target: Target) -> Attack:
    counter = target.intruder.last_counter + largest_jump(trial, _FAR_JUMP)
    attacked = attack(trial, target, "C3", lambda: target.strike(target.intruder.foreign(counter)))
    return replace(attacked, far_counter=counter)


@then("it is silently discarded and the next counter is still accepted")
def next_counter_accepted(trial: Trial, target: Target, attacked: Attack) -> None:
    try:
        judge_discarded(trial, target, attacked)
        told = announced(trial, target)
    except NonConformity:
        go_on_above(target, attacked.far_counter)
        raise
    last = target.intruder.last_counter
    if told is not None and told > last:
        go_on_above(target, told)
        raise trial.fail(
            expected=f"{last}, the last counter of a good request, as the announced one", observed=str(told)
        )


def go_on_above(target: Target, counter: int) -> None:
    """Have the client go on where the device now wants it, else no request of it would be answered any more."""
    target.intruder.go_on_above(counter)
    target.intruder.spend()


def announced(trial: Trial, target: Target) -> int | None:
    """Return the counter that the device announces for this client; None where it is declared to announce none."""
    agreed = target.client.declared.security
    told = isinstance(trial.declaration.object("invocation_counter"), CosemObject)
    if agreed is None or agreed.counter != "device" or not told:
        return None
    return trial.head_end.announced_counter()


@when(parsers.parse("a good request has a counter {step:d} above the last"), target_fixture="accepted")
def counter_jumps(trial: Trial, target: Target, step: int) -> Target:
    target.good()
    taken = largest_jump(trial, step)
    if taken > 1:
        target.intruder.go_on_above(target.intruder.last_counter + taken - 1)
    target.good()
    target.good()
    return target


@then("it is answered, and so is the next one")
def jump_is_answered(trial: Trial, accepted: Target) -> None:
    trial.remarks.append(f"the counter went on to {accepted.intruder.last_counter}")


@then("the device announces the counter of the last good request")
def announces_last_counter(trial: Trial, target: Target) -> None:
    judge_announced(trial, target)


@then("the device announces the same counter behind a power cut")
def announces_after_power_cut(trial: Trial, target: Target) -> None:
    target.client.drop()
    power_cut(trial)
    judge_announced(trial, target)


def judge_announced(trial: Trial, target: Target) -> None:
    """Compare the announced counter with that of the last good request."""
    told = announced(trial, target)
    if told is None:
        raise NotApplicable("nothing announces this client's counter", item="associations.security.counter")
    if told != target.intruder.last_counter:
        raise trial.fail(expected=f"counter {target.intruder.last_counter}", observed=f"counter {told}")
