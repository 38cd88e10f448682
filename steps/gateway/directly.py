"""Devices behind a gateway that can also be asked at a door of their own: both ways lead to the same."""

from collections.abc import Iterator

from pytest_bdd import parsers, then, when

from harness.checks.judged import Breach, Verdictless
from harness.checks.passed_on import passed_on
from harness.declaration import CosemObject, DeviceBehind
from harness.errors import DeviceError, NotApplicable, Refused
from harness.headend.gateway import Behind
from harness.run.trial import Trial
from steps.gateway.polling import Polled, poll, wanted_object

_ATTEMPTS = 3
_BETWEEN_S = 20.0
"""So much metering time passes between two readings where it moves by hand."""


def reachable(trial: Trial) -> Iterator[DeviceBehind]:
    """The devices with a door of their own that leads to the same device as the scenario's."""
    found = [
        device
        for device in trial.declaration.gateway.devices
        if device.own_door is not None and device.own_door.is_virtual == trial.door.is_virtual
    ]
    if not found:
        raise NotApplicable("no device behind the gateway has a door of its own here", item="gateway.devices.own_door")
    yield from found


@then("through the gateway each device gives what it gives at its own door")
def same_both_ways(trial: Trial) -> None:
    compared = trial.declaration.gateway.compared or (trial.declaration.gateway.reads,)
    for device in reachable(trial):
        for target in compared:
            _judge(trial, device, target)


def _judge(trial: Trial, device: DeviceBehind, target: CosemObject) -> None:
    """Judge one object; what does not agree is read again, for something may have changed just then."""
    for _ in range(_ATTEMPTS):
        judged, frame = _compared(trial, device, target)
        if judged is None:
            return
    trial.judge(judged, frame)


def _compared(trial: Trial, device: DeviceBehind, target: CosemObject) -> tuple[Verdictless, int]:
    behind, about = Behind(trial.head_end), f"{target.obis} of {device.name}"
    # A gateway that keeps values would give this one again.
    poll(trial, behind, device, target)
    _pass(trial)
    with trial.basis():
        before = behind.read_directly(device, target)
    _pass(trial)
    polled = poll(trial, behind, device, target)
    _pass(trial)
    with trial.basis():
        after = behind.read_directly(device, target)
    if polled.value is None:
        return Breach(expected=f"{about} as directly: {before}", observed=polled.ended), polled.frame
    tolerance_s = trial.declaration.gateway.time_tolerance_s
    return passed_on(about, before, polled.value, after, tolerance_s=tolerance_s), polled.frame


def _pass(trial: Trial) -> None:
    if trial.time_moves_by_hand:
        trial.let_pass(_BETWEEN_S)


@when(parsers.parse("each device is asked for {wanted}, through the gateway and directly"), target_fixture="both_ways")
def asked_both_ways(trial: Trial, wanted: str) -> list[tuple[Polled, str]]:
    behind, target = Behind(trial.head_end), wanted_object(trial, wanted)
    return [
        (poll(trial, behind, device, target), _direct_answer(behind, device, target)) for device in reachable(trial)
    ]


def _direct_answer(behind: Behind, device: DeviceBehind, target: CosemObject) -> str:
    try:
        behind.read_directly(device, target)
    except Refused as refused:
        return refused.answer
    except DeviceError as ended:
        return str(ended)
    return "data"


@then("the answer is the same both ways")
def same_answers(trial: Trial, both_ways: list[tuple[Polled, str]]) -> None:
    for polled, directly in both_ways:
        if (polled.answer or polled.ended or "data") != directly:
            raise trial.fail(
                expected=f"{directly} of {polled.device.name} through the gateway, as directly",
                observed=polled.answer or polled.ended or "data",
                frame=polled.frame,
            )
