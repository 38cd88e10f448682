"""Devices that are taken off the gateway's list and put on it again, and power cuts right behind what is recorded."""

from collections.abc import Callable, Mapping

from pytest_bdd import parsers, then, when

from harness.checks.device_records import each_listed_once, whole_records
from harness.declaration import INTERACTIONS, Command, CosemObject, DeviceBehind
from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.headend.data import decoded
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.gateway import Behind, listed_names
from harness.run.trial import Trial
from steps.gateway.conditions import misbehave
from steps.gateway.polling import Polled, poll
from steps.gateway.watching import Happened, booked, declared_kinds, good_again, watched


def _removable(trial: Trial) -> DeviceBehind:
    """The last device that the gateway can be told to remove; the feature needs one."""
    return [one for one in trial.declaration.gateway.devices if one.removal is not None][-1]


def _told(client: Client, command: Command | None, invoke: Callable[..., object], **more: bool) -> None:
    """Have the gateway do, or keep for later, what a declared method does."""
    if command is None:
        raise Inconclusive("the declaration does not mention gateway.devices.installation", missing="declaration")
    target = CosemObject.model_validate({"class": command.class_id, "obis": command.obis})
    encoded = command.encoded
    invoke(target, command.method, None if encoded is None else decoded(encoded), **more)


def remove(trial: Trial, client: Client, device: DeviceBehind, *, back_at_end: bool = True) -> None:
    """Take a device off the list for the time of the scenario; not ``back_at_end`` where it comes back before."""
    _told(
        client,
        device.installation,
        lambda *what, **more: trial.changes.invoke_at_end(client, *what, **more),
        may_be_refused=not back_at_end,
    )
    _told(client, device.removal, client.action)


def install(client: Client, device: DeviceBehind) -> None:
    """Put it on the list again."""
    _told(client, device.installation, client.action)


@when("a device is read and taken off the list", target_fixture="happened")
def read_and_removed(trial: Trial, client: Client) -> Happened:
    device = _removable(trial)

    def act(behind: Behind) -> None:
        with trial.basis():
            behind.read(device)
            remove(trial, client, device)

    return watched(trial, client, [device], act)


@when("a device is taken off the list and put on it again", target_fixture="happened")
def removed_and_installed(trial: Trial, client: Client) -> Happened:
    device = _removable(trial)

    def act(behind: Behind) -> None:
        with trial.basis():
            remove(trial, client, device, back_at_end=False)
            install(client, device)

    return watched(trial, client, [device], act)


@when("a device is taken off the list, put on it again and read", target_fixture="happened")
def installed_and_read(trial: Trial, client: Client) -> Happened:
    device = _removable(trial)
    with trial.basis():
        remove(trial, client, device, back_at_end=False)
        install(client, device)

    def act(behind: Behind) -> None:
        with trial.basis():
            behind.read(device)

    return watched(trial, client, [device], act)


@when("the head end asks for a device that is off the list", target_fixture="asked")
def asks_removed(trial: Trial, client: Client) -> tuple[Happened, Polled]:
    device = _removable(trial)
    with trial.basis():
        remove(trial, client, device)
    polls: list[Polled] = []
    happened = watched(trial, client, [device], lambda behind: polls.append(poll(trial, behind, device)))
    return happened, polls[0]


@then("no data of it come, or they are recorded under its name")
def none_unrecorded(trial: Trial, client: Client, asked: tuple[Happened, Polled]) -> None:
    happened, poll = asked
    if poll.value is None:
        return
    found = [one for kind in declared_kinds(trial, INTERACTIONS) for one in booked(trial, client, happened, kind)]
    if not any(one.device == poll.device.name for one in found):
        raise trial.fail(
            expected=f"no data of {poll.device.name}, which is off the list, or a record of them",
            observed=f"{poll.value.value!r} and no record",
            frame=poll.frame,
        )


@then("the list names every device but that one")
def one_less(trial: Trial, client: Client, happened: Happened) -> None:
    names = listed_names(client, trial.declaration, clause=trial.clause)
    gone = happened.names[0]
    others = {name: count for name, count in names.items() if name != gone}
    trial.judge(each_listed_once(others) if others else None, client.conversation.frame)
    if names[gone]:
        raise trial.fail(
            expected=f"a list without {gone}, which was taken off it",
            observed=f"{gone} stands on it",
            frame=client.conversation.frame,
        )


_BEFORE_THE_CUT: Mapping[str, Callable[[Trial, Client, Behind, DeviceBehind], object]] = {
    "is read": lambda trial, client, behind, device: behind.read(device),
    "is silent": lambda trial, client, behind, device: misbehave(trial, client, behind, device, "silent"),
}


@when(parsers.parse("the first device {does} and the supply is cut at once"), target_fixture="happened")
def cut_at_once(trial: Trial, client: Client, does: str) -> Happened:
    device = Behind(trial.head_end).device("first")
    if does != "is read":
        good_again(trial, device)
    trial.at_the_end(trial.power.restore)

    def act(behind: Behind) -> None:
        with trial.basis():
            _BEFORE_THE_CUT[does](trial, client, behind, device)
        client.close()
        trial.power.cut()
        trial.power.restore()
        trial.head_end.associate_again(client)

    return watched(trial, client, [device], act)


@then("every record that there is of it is whole")
def records_whole(trial: Trial, client: Client, happened: Happened) -> None:
    for log, before in happened.before.items():
        new = entries_since(before, read_event_log(client, trial.declaration, log))
        judged = whole_records(log, [_cells(entry) for entry in new], [_cells(entry) for entry in before])
        trial.judge(judged, client.conversation.frame)
    for role in declared_kinds(trial, (*INTERACTIONS, "device_unreachable")):
        for one in booked(trial, client, happened, role):
            if one.device != happened.names[0]:
                raise trial.fail(
                    expected=f"records of {role} under {happened.names[0]} alone",
                    observed=f"{one.text} under {one.device or 'no known name'}",
                    frame=client.conversation.frame,
                )


def _cells(entry: LogEntry) -> tuple[object, ...]:
    """The cells of a record; in the place of its time None where that is not full."""
    return (entry.time.comparable(), *entry.cells)
