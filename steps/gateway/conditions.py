"""Devices that misbehave behind a gateway, and what it records of that."""

from collections.abc import Callable, Mapping

from pytest_bdd import parsers, then, when

from harness.bench.base import DeviceCondition
from harness.checks.device_records import times_right
from harness.declaration import INTERACTIONS, DeviceBehind
from harness.headend.client import Client
from harness.headend.gateway import Behind
from harness.run.trial import Trial
from steps.gateway.watching import Happened, booked, declared_kinds, good_again, judge_booked, watched

WORDS: Mapping[str, DeviceCondition] = {
    "is silent": "silent",
    "answers too late": "late",
    "answers with damaged frames": "damaged",
    "answers as another device": "foreign",
    "enciphers with another key": "undecipherable",
    "answers with an old answer": "replaying",
    "announces tampering": "tampered",
    "announces that its power is lost": "power_lost",
}
_ANNOUNCED = ("tampered", "power_lost")
_AT_EACH_REQUEST = ("device_late", "device_damaged", "device_foreign", "device_undecipherable", "device_replayed")
_TOGGLES = 3
_LASTING = 3
_HOUR_S = 3600


def misbehave(trial: Trial, client: Client, behind: Behind, device: DeviceBehind, condition: DeviceCondition) -> None:
    """Let a device be so and have the gateway find out: by asking for it, where the device does not announce it."""
    trial.devices.let_device(device.name, condition)
    if condition not in _ANNOUNCED:
        for _ in range(trial.declaration.gateway.attempts):
            behind.fails(lambda: behind.read(device))
    detected(trial, client)


def detected(trial: Trial, client: Client) -> None:
    """Wait as long as the gateway may take to record what it has found."""
    if trial.declaration.gateway.detection_s:
        trial.wait(trial.declaration.gateway.detection_s, client)


def _one(trial: Trial, client: Client, which: str, act: Callable[[Behind, DeviceBehind], None]) -> Happened:
    device = Behind(trial.head_end).device(which)
    good_again(trial, device)
    return watched(trial, client, [device], lambda behind: act(behind, device))


def _further(trial: Trial, event: str) -> int:
    """How many records of one thing may stand beside the first: of what is repeated, or comes at each request."""
    gateway = trial.declaration.gateway
    if gateway.repeats:
        return _LASTING * gateway.attempts
    return gateway.attempts - 1 if event in _AT_EACH_REQUEST else 0


@when(parsers.parse("the {which} device {behaves}, and the head end asks for it"), target_fixture="happened")
def misbehaves(trial: Trial, client: Client, which: str, behaves: str) -> Happened:
    condition = WORDS[behaves]
    return _one(trial, client, which, lambda behind, device: misbehave(trial, client, behind, device, condition))


@when("the first device is silent for several requests", target_fixture="happened")
def silent_for_long(trial: Trial, client: Client) -> Happened:
    def act(behind: Behind, device: DeviceBehind) -> None:
        for _ in range(_LASTING):
            misbehave(trial, client, behind, device, "silent")

    return _one(trial, client, "first", act)


@when("the first device is silent and is there again", target_fixture="happened")
def returns(trial: Trial, client: Client) -> Happened:
    return _one(trial, client, "first", lambda behind, device: _away_and_back(trial, client, behind, device))


@when("the first device is silent and there again several times", target_fixture="happened")
def toggles(trial: Trial, client: Client) -> Happened:
    device = Behind(trial.head_end).device("first")
    good_again(trial, device)

    def act(behind: Behind) -> None:
        for _ in range(_TOGGLES):
            _away_and_back(trial, client, behind, device)

    return watched(trial, client, [device] * _TOGGLES, act)


def _away_and_back(trial: Trial, client: Client, behind: Behind, device: DeviceBehind) -> None:
    misbehave(trial, client, behind, device, "silent")
    trial.devices.let_device(device.name, "good")
    with trial.basis():
        behind.read(device)
    detected(trial, client)


@when("the first and then the last device are silent, and the head end asks for both", target_fixture="happened")
def two_silent(trial: Trial, client: Client) -> Happened:
    behind = Behind(trial.head_end)
    devices = [behind.device("first"), behind.device("last")]
    for device in devices:
        good_again(trial, device)

    def act(same: Behind) -> None:
        for device in devices:
            misbehave(trial, client, same, device, "silent")

    return watched(trial, client, devices, act)


@when(parsers.parse("the head end gives the {which} device a wrong password"), target_fixture="happened")
def wrong_password(trial: Trial, client: Client, which: str) -> Happened:
    device = Behind(trial.head_end).device(which)
    trial.spend_failures(device.reader)
    return watched(trial, client, [device], lambda behind: _ask_wrongly(trial, client, behind, device))


def _ask_wrongly(trial: Trial, client: Client, behind: Behind, device: DeviceBehind) -> None:
    behind.enter_wrongly(device)
    detected(trial, client)


@when("an hour passes before the records are read")
def hour_passes(trial: Trial, client: Client) -> None:
    trial.let_pass(_HOUR_S, client)


@then(parsers.parse("the gateway has recorded {event} of that device and of no other"))
def condition_recorded(trial: Trial, client: Client, happened: Happened, event: str) -> None:
    more = _further(trial, event)
    if event == "device_foreign":
        # Nobody knows whose answer it was: the record may name the device that was asked, or none.
        found = booked(trial, client, happened, event)
        names = {one.device for one in found}
        if not found or len(found) > 1 + more or names - {None, *happened.names}:
            raise trial.fail(
                expected=f"one record of {event}, under no other device's name than {happened.names[0]}",
                observed="; ".join(one.text for one in found) or "no record",
                frame=client.conversation.frame,
            )
        return
    judge_booked(trial, client, happened, event, more=more)


@then(parsers.parse("the record of {event} bears the time at which the gateway found out"))
def time_is_that_of_detection(trial: Trial, client: Client, happened: Happened, event: str) -> None:
    found = judge_booked(trial, client, happened, event, more=_further(trial, event))
    judged = times_right(
        event,
        found,
        earliest=happened.began,
        latest=happened.ended,
        tolerance_s=trial.declaration.gateway.time_tolerance_s,
    )
    trial.judge(judged, client.conversation.frame)


@then("no interaction with that device is recorded as if it were one")
def no_interaction(trial: Trial, client: Client, happened: Happened) -> None:
    for event in declared_kinds(trial, INTERACTIONS):
        judge_booked(trial, client, happened, event, [])
