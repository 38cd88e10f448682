"""Polls of devices through a gateway: who answers, and what comes where nobody does."""

from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.declaration import CosemObject, DeviceBehind
from harness.errors import AnswerOfAnother, DeviceError, Inconclusive, Refused
from harness.headend.data import Data
from harness.headend.gateway import Behind, is_text
from harness.headend.requests import unannounced_object
from harness.run.trial import Trial
from steps.gateway.conditions import WORDS
from steps.gateway.watching import good_again

_DATA, _REGISTER = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a device gave, or how the poll ended without data."""

    device: DeviceBehind
    value: Data | None
    ended: str = ""
    answer: str = ""
    """Name of a refusal, of the catalogue."""
    of_another: DeviceBehind | None = None
    """The device that answered in place of this one."""
    frame: int


def poll(trial: Trial, behind: Behind, device: DeviceBehind, wanted: CosemObject | None = None) -> Polled:
    """Read one object of a device; nothing is raised for how that ends."""
    try:
        value = behind.read(device, wanted)
    except AnswerOfAnother as ended:
        other = behind.at(ended.network, ended.address)
        return Polled(device=device, value=None, ended=str(ended), of_another=other, frame=trial.head_end.last_record)
    except DeviceError as ended:
        answer = ended.answer if isinstance(ended, Refused) else ""
        return Polled(device=device, value=None, ended=str(ended), answer=answer, frame=trial.head_end.last_record)
    return Polled(device=device, value=value, frame=trial.head_end.last_record)


@when(parsers.parse("the head end polls the {order} device through the gateway"), target_fixture="polls")
def polls_devices(trial: Trial, order: str) -> list[Polled]:
    behind = Behind(trial.head_end)
    return [poll(trial, behind, behind.device(which)) for which in order.split(", the ")]


@when("the head end polls a device at a place where there is none", target_fixture="polls")
def polls_nobody(trial: Trial) -> list[Polled]:
    behind = Behind(trial.head_end)
    return [poll(trial, behind, behind.nobody())]


@when(parsers.parse("the first device {behaves} while the head end polls it"), target_fixture="polls")
def polls_misbehaving(trial: Trial, behaves: str) -> list[Polled]:
    behind = Behind(trial.head_end)
    device = behind.device("first")
    good_again(trial, device)
    # What it gave while it was well is what a gateway could give in its place.
    with trial.basis():
        behind.read(device)
    trial.devices.let_device(device.name, WORDS[behaves])
    return [poll(trial, behind, device)]


@when("the first device is well again and is polled before the last one", target_fixture="polls")
def polls_after(trial: Trial) -> list[Polled]:
    behind = Behind(trial.head_end)
    device = behind.device("first")
    trial.devices.let_device(device.name, "good")
    return [poll(trial, behind, one) for one in (device, behind.device("last"))]


@when(parsers.parse("the head end asks the {which} device for {wanted}"), target_fixture="polls")
def asks_for_what_is_not_there(trial: Trial, which: str, wanted: str) -> list[Polled]:
    behind = Behind(trial.head_end)
    return [poll(trial, behind, behind.device(which), wanted_object(trial, wanted))]


def wanted_object(trial: Trial, wanted: str) -> CosemObject:
    """Return what a device behind a gateway does not have."""
    reads = trial.declaration.gateway.reads
    other_class = _REGISTER if reads.class_id != _REGISTER else _DATA
    targets = {
        "an object that it has not": unannounced_object(frozenset()),
        "an object of another class": reads.model_copy(update={"class_id": other_class, "attribute": 2}),
    }
    return targets[wanted]


@then("each device gives what it shows")
def each_its_own(trial: Trial, polls: list[Polled]) -> None:
    for one in polls:
        if one.value is None:
            raise trial.fail(
                expected=f"an answer of {one.device.name} through the gateway", observed=one.ended, frame=one.frame
            )
        shows = one.device.shows
        if shows is None:
            raise Inconclusive("the declaration does not mention gateway.devices.shows", missing="declaration")
        if not is_text(one.value.value, shows):
            raise trial.fail(
                expected=f"{shows!r}, which {one.device.name} shows", observed=f"{one.value.value!r}", frame=one.frame
            )


@then("the same device gives the same and another one something else")
def told_apart(trial: Trial, polls: list[Polled]) -> None:
    first, other, again = polls
    for one in polls:
        if one.value is None:
            raise trial.fail(
                expected=f"an answer of {one.device.name} through the gateway", observed=one.ended, frame=one.frame
            )
    if first.value != again.value or first.value == other.value:
        raise trial.fail(
            expected="two equal answers of the first device, and another one of the last",
            observed=", ".join(repr(one.value.value) for one in polls if one.value is not None),
            frame=other.frame,
        )


@then("no data come")
def no_data(trial: Trial, polls: list[Polled]) -> None:
    for one in polls:
        if one.value is not None:
            raise trial.fail(
                expected="no data, since no device gives any", observed=f"{one.value.value!r}", frame=one.frame
            )


@then("no device answers for nobody")
def nobody_answers(trial: Trial, polls: list[Polled]) -> None:
    """An error in the gateway's own name, or none at all, is no answer of a device."""
    for one in polls:
        if one.of_another is not None:
            raise trial.fail(
                expected="no device to answer a request for nobody",
                observed=f"one in the envelope of {one.of_another.name}: {one.ended}",
                frame=one.frame,
            )


@then(parsers.parse('the answer is one that "{condition}" may have'))
def answer_of_condition(trial: Trial, polls: list[Polled], condition: str) -> None:
    (one,) = polls
    accepted = one.device.answers.get(condition) or trial.accepted_answers(condition)
    if one.answer not in accepted:
        raise trial.fail(
            expected=f"{' or '.join(accepted)} through the gateway, as directly",
            observed=one.answer or one.ended or "data",
            frame=one.frame,
        )
