"""Thresholds that are set, removed, refused and put out of force by an emergency."""

from contextlib import suppress
from dataclasses import dataclass, replace

from pytest_bdd import parsers, then, when

from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.data import Data, boolean, octet_string, pair
from harness.headend.limiter import (
    ACTIVE,
    EMERGENCY,
    EMERGENCY_PROFILE,
    GROUPS,
    MONITORED,
    NORMAL,
    emergency_profile,
    group_list,
    monitored_value,
)
from harness.headend.registers import DateTime, read_clock
from harness.run.trial import Trial
from steps.supply.events import expect_entries
from steps.supply.limiting import Limiting, set_normal

TAKEN = "dar:0"
_NOWHERE = CosemObject.model_validate({"class": 3, "obis": "1.199.199.199.199.255"})
_GROUP, _OTHER_GROUP = 7, 8
_EMERGENCY_S = 120
_LONG_EMERGENCY_S = 600
_LATER_S = 120
_CLOCK_MARGIN_S = 2
_CLEARED = {"highest": None, "zero": 0}


@when("the threshold is removed")
def threshold_removed(trial: Trial, client: Client, limiting: Limiting) -> None:
    declared = trial.declaration.limiter
    if declared.clear == "none" and declared.cleared_by is None:
        raise Inconclusive("declared: a threshold cannot be removed (limiter.clear)", missing="declaration")
    value = declared.cleared_by if declared.cleared_by is not None else _CLEARED[declared.clear]
    limits = limiting.limits
    for number in (value,) if value is not None else (limits.highest, 10_000_000, limiting.value * 8):
        try:
            client.set(item(limiting.limiter, NORMAL), limits.threshold(number))
        except Refused:
            continue
        return
    raise Inconclusive("no value removes the threshold (limiter.cleared_by)", missing="declaration")


@when("the same threshold is set again")
def same_threshold(trial: Trial, client: Client, limiting: Limiting) -> None:
    present = client.read(item(limiting.limiter, NORMAL))
    set_normal(trial, client, limiting, int(str(present.value)))


@then("that is noted as declared")
def noted_as_declared(trial: Trial, client: Client, limiting: Limiting) -> None:
    declared = trial.declaration.limiter.same_value_logged
    found = limiting.logs.since(trial, client, "threshold_changed")
    allowed = (0, 1) if declared is None else (int(declared),)
    if len(found) not in allowed:
        raise trial.fail(
            expected=f"{' or '.join(map(str, allowed))} entries for the same threshold again",
            observed=str(len(found)),
            frame=client.conversation.frame,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A threshold that was tried."""

    about: str
    before: Data
    answer: str
    frame: int


@when(parsers.parse('a threshold of "{kind}" is tried'), target_fixture="attempt")
def threshold_tried(trial: Trial, client: Client, limiting: Limiting, kind: str) -> Attempt:
    with trial.basis():
        before = client.read(item(limiting.limiter, NORMAL))
    wrong = {
        "another type": octet_string(b"\x01\x02"),
        "no number": boolean(True),
        "a list": pair(before, before),
        "a client that may not": limiting.limits.threshold(limiting.value * 3),
    }[kind]
    if kind != "a client that may not":
        return _tried(client, limiting.limiter, NORMAL, kind, wrong, before)
    sender = trial.head_end.associate("reading")
    try:
        return _tried(sender, limiting.limiter, NORMAL, kind, wrong, before)
    finally:
        sender.close()


def _tried(sender: Client, limiter: CosemObject, number: int, about: str, data: Data, before: Data) -> Attempt:
    answer = TAKEN
    try:
        sender.set(item(limiter, number), data)
    except Refused as refused:
        answer = refused.answer
    return Attempt(about=about, before=before, answer=answer, frame=sender.conversation.frame)


@then("it is refused and changes nothing")
def refused_and_unchanged(trial: Trial, client: Client, limiting: Limiting, attempt: Attempt) -> None:
    if attempt.answer == TAKEN:
        raise trial.fail(
            expected=f"a threshold of {attempt.about} to be refused", observed="carried out", frame=attempt.frame
        )
    found = client.read(item(limiting.limiter, NORMAL))
    if found != attempt.before:
        raise trial.fail(
            expected=f"the threshold {attempt.before.value} after an attempt that was refused",
            observed=str(found),
            frame=client.conversation.frame,
        )


@then("no change of a threshold is noted")
def nothing_noted(trial: Trial, client: Client, limiting: Limiting) -> None:
    expect_entries(trial, client, limiting.logs, "threshold_changed", 0, "an attempt that was refused")


@when("the supply of the device itself fails for a minute")
def power_fails(trial: Trial, client: Client) -> None:
    client.drop()
    trial.at_the_end(trial.power.restore)
    trial.power.cut()
    trial.time.advance(60)
    trial.power.restore()
    if not trial.head_end.answers() and not trial.head_end.recover():
        raise Inconclusive("the device does not come back after the power cut", missing="device")
    client.establish()


# At the ends of what is possible


@when("the largest threshold of its type is tried", target_fixture="attempt")
def largest_tried(trial: Trial, client: Client, limiting: Limiting) -> Attempt:
    with trial.basis():
        before = client.read(item(limiting.limiter, NORMAL))
    highest = limiting.limits.threshold(limiting.limits.highest)
    return _tried(client, limiting.limiter, NORMAL, "the largest number of its type", highest, before)


@then("it is refused without a trace, or taken as it is")
def refused_or_taken(trial: Trial, client: Client, limiting: Limiting, attempt: Attempt) -> None:
    """Where it is declared how far thresholds reach, what is beyond has to be refused."""
    declared, highest = trial.declaration.limiter.highest_threshold, limiting.limits.highest
    if attempt.answer != TAKEN and declared is not None and declared >= highest:
        raise trial.fail(
            expected=f"{highest}, declared within reach, to be taken", observed=attempt.answer, frame=attempt.frame
        )
    if attempt.answer != TAKEN or (declared is not None and declared < highest):
        refused_and_unchanged(trial, client, limiting, attempt)
        nothing_noted(trial, client, limiting)
        return
    found = client.read(item(limiting.limiter, NORMAL))
    if found.value != highest:
        raise trial.fail(
            expected=f"the threshold {highest}, which was accepted",
            observed=str(found),
            frame=client.conversation.frame,
        )


@when("the limiter is told to watch what does not exist", target_fixture="attempt")
def told_to_watch_nothing(trial: Trial, client: Client, limiting: Limiting) -> Attempt:
    with suppress(Refused):
        client.read(item(_NOWHERE, 2))
        raise Inconclusive(f"there is an object {_NOWHERE.obis}", missing="device")
    before = trial.changes.keep(client, limiting.limiter, MONITORED)
    return _tried(client, limiting.limiter, MONITORED, "nothing to watch", monitored_value(_NOWHERE, 2), before)


@then("it watches what it did, or nothing")
def watches_on(trial: Trial, client: Client, limiting: Limiting, attempt: Attempt) -> None:
    found = client.read(item(limiting.limiter, MONITORED))
    if attempt.answer != TAKEN and found != attempt.before:
        raise trial.fail(
            expected=f"the monitored value {attempt.before} after an attempt that was refused",
            observed=str(found),
            frame=client.conversation.frame,
        )
    if attempt.answer == TAKEN:
        trial.remarks.append("taken: what there is then to watch is for the device to know")


# Emergencies


@when(parsers.parse("an emergency {which} is set up with the threshold of {factor} the value"))
def emergency_set_up(trial: Trial, client: Client, limiting: Limiting, which: str, factor: str) -> None:
    limiter, limits = limiting.limiter, limiting.limits
    number = {"half": limiting.value // 2, "twice": limiting.value * 2}[factor]
    for attribute in (GROUPS, EMERGENCY, EMERGENCY_PROFILE):
        trial.changes.keep(client, limiter, attribute)
    clock = trial.object("clock")
    with trial.basis():
        now = read_clock(client, clock)
    start = now.later({"of the past": -3600, "in two minutes": _LATER_S}.get(which, 0))
    duration_s = {"without duration": 0, "of ten minutes": _LONG_EMERGENCY_S}.get(which, _EMERGENCY_S)
    group = _OTHER_GROUP if which == "of an unknown group" else _GROUP
    try:
        client.set(item(limiter, GROUPS), group_list(_GROUP))
        client.set(item(limiter, EMERGENCY), limits.threshold(number))
    except Refused as refused:
        raise Inconclusive(f"basis: the emergency threshold cannot be set: {refused}", missing="device") from refused
    try:
        client.set(item(limiter, EMERGENCY_PROFILE), emergency_profile(group, _plain(start), duration_s))
    except Refused as refused:
        if which in ("now", "in two minutes", "of ten minutes"):
            raise trial.fail(
                expected=f"an emergency profile that begins {which} to be accepted",
                observed=refused.answer,
                frame=client.conversation.frame,
            ) from refused


def _plain(time: DateTime) -> DateTime:
    """The same time without a status, which is not for the head end to tell."""
    return replace(time, clock_status=0xFF)


@then(parsers.parse("the {which} threshold is in force"))
def threshold_of(trial: Trial, client: Client, limiting: Limiting, which: str) -> None:
    due = client.read(item(limiting.limiter, EMERGENCY if which == "emergency" else NORMAL))
    active = client.read(item(limiting.limiter, ACTIVE))
    if active != due:
        raise trial.fail(
            expected=f"the {which} threshold {due.value} in force",
            observed=str(active.value),
            frame=client.conversation.frame,
        )


@when("the emergency is over")
def emergency_over(trial: Trial, client: Client) -> None:
    trial.let_pass(_EMERGENCY_S + _CLOCK_MARGIN_S, client)


@when("its time has come")
def emergency_begins(trial: Trial, client: Client) -> None:
    trial.let_pass(_LATER_S + _CLOCK_MARGIN_S, client)
