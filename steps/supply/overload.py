"""Thresholds that are set while the value is above: what is noted of it, and what becomes of the running duration."""

from datetime import timedelta

from pytest_bdd import then

from harness.declaration import Event
from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.headend.limiter import present_value
from harness.run.trial import Trial
from steps.supply.events import expect_entries
from steps.supply.limiting import Limiting, came_after, noted_in_time
from steps.supply.reconnecting import switches

_EXCEEDED, _OK = "threshold_exceeded", "threshold_ok"
_TIMES = {1: "once", 2: "twice"}


def _still_above(trial: Trial, client: Client, limiting: Limiting) -> None:
    """What the limiter has switched off is no overload any more."""
    if switches(trial, client, limiting):
        raise Inconclusive("the limiter keeps its actions, so that the value does not stay above", missing="device")
    with trial.basis():
        value = present_value(client, limiting.limits)
    if limiting.was_set is None or value <= limiting.was_set:
        raise Inconclusive(
            f"the value is {value} now, which is not above the threshold: the limiter switches the load off",
            missing="device",
        )


@then("exceeding it is noted once, or once more if the device begins anew")
def noted_once_or_anew(trial: Trial, client: Client, limiting: Limiting) -> None:
    """A value that never fell is no further crossing, unless that is declared or nothing is."""
    _still_above(trial, client, limiting)
    anew = trial.declaration.limiter.set_begins_anew
    found = limiting.logs.since(trial, client, _EXCEEDED)
    allowed = (1,) if anew is False else (1, 2)
    if len(found) not in allowed:
        raise trial.fail(
            expected=f"{_EXCEEDED} noted {' or '.join(_TIMES[one] for one in allowed)} for a value that stayed above "
            "(limiter.set_begins_anew)",
            observed=f"{len(found)} entries",
            frame=client.conversation.frame,
        )
    if anew is False and isinstance(trial.declaration.event(_OK), Event):
        expect_entries(trial, client, limiting.logs, _OK, 0, "a value that stayed above")


@then('falling below is noted once, when the value had stayed there for "under"')
def fall_noted_in_time(trial: Trial, client: Client, limiting: Limiting) -> None:
    if switches(trial, client, limiting):
        raise Inconclusive("the limiter keeps its actions, so that the value falls when it acts", missing="device")
    noted_in_time(trial, client, limiting, _OK, "under")


@then("exceeding it is noted once, when the duration has passed since the first of them or, as declared, the last")
def noted_since_one_of_them(trial: Trial, client: Client, limiting: Limiting) -> None:
    (entry,) = expect_entries(trial, client, limiting.logs, _EXCEEDED, 1, "the value has stayed there")
    first, last, duration_s = limiting.set_before, limiting.set_between, limiting.limits.over_s
    if first is None or last is None:
        raise Inconclusive("no two thresholds were set", missing="bench")
    if last[1] - first[0] > timedelta(seconds=duration_s):
        raise Inconclusive("setting the second threshold took longer than the duration", missing="line")
    anew = trial.declaration.limiter.set_begins_anew
    begins = {False: (first,), True: (last,), None: (first, last)}[anew]
    judged = [came_after(trial, entry.time, begun, duration_s, _EXCEEDED) for begun in begins]
    if None not in judged:
        trial.judge(judged[0], client.conversation.frame)
    if anew is None:
        trial.remarks.append("not declared: limiter.set_begins_anew; either instant is right")
