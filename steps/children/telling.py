"""What a meter behind the device tells through it, and what it is told: status, alarm, clock."""

from datetime import datetime, timedelta
from functools import partial

from pytest_bdd import given, parsers, then, when

from harness.checks.children import clock_is_set
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.calendar import device_zone
from harness.headend.client import Client, item
from harness.headend.data import NOTHING, Data
from harness.headend.mbus.itself import own_clock, set_own_clock
from harness.headend.shown_child import ShownChild
from harness.run.trial import Trial
from steps.children.reading import Behind, fetch, own
from steps.clock.events import Logs, event_of

_LEAP_S = 120
"""By less than this a clock may run on during a scenario."""


@given("they are good again at the end")
def good_again(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        trial.at_the_end(partial(_let_be_good, trial, behind))


def _let_be_good(trial: Trial, behind: Behind) -> None:
    trial.devices.let_device(behind.child.name, "good")
    fetch(trial, behind)
    if "reset_alarm" in behind.child.methods:
        behind.shown.invoke("reset_alarm")


@when("they raise an alarm and the device fetches it")
def raise_alarm(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        trial.devices.let_device(behind.child.name, "tampered")
        fetch(trial, behind)


@when("the device fetches their status")
def fetch_status(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        fetch(trial, behind)


@then("their status is what they say themselves")
def status_shown(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        shown, frame = behind.shown.status, behind.shown.client.conversation.frame
        with trial.basis():
            status = own(behind).status
        if shown != status:
            raise trial.fail(
                expected=f"status {status:#04x}, as the meter says itself", observed=f"{shown:#04x}", frame=frame
            )


@then("their alarm is shown")
def alarm_shown(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        if behind.shown.alarm == 0:
            raise trial.fail(
                expected=f"an alarm of {behind.child.name}",
                observed="0, no alarm",
                frame=behind.shown.client.conversation.frame,
            )


@then(parsers.parse("the log has one entry {event} of each"))
def one_entry_of_each(trial: Trial, client: Client, clock_logs: Logs, family: list[Behind], event: str) -> None:
    code, _ = event_of(trial, event)
    found = clock_logs.since(trial, client, event)
    if len(found) != len(family):
        raise trial.fail(
            expected=f"{len(family)} new entry {code} ({event})",
            observed=", ".join(f"{one.code} at {one.time}" for one in found) or "no such entry",
            frame=client.conversation.frame,
        )


# The clock


def _local_now(trial: Trial, client: Client) -> tuple[datetime, datetime]:
    """Return the device's local time, and its standard time."""
    zone = device_zone(client, trial.object("clock"))
    now = trial.metering_now(client)
    return zone.local(now), (now + zone.standard).replace(tzinfo=None)


@given(parsers.parse("their own clocks are wrong by {hours:d} hours"), target_fixture="wrong_clocks")
def clocks_are_wrong(trial: Trial, client: Client, family: list[Behind], hours: int) -> list[datetime]:
    """Set each at its own line, as somebody might who has access to it; at the end they are set right again."""
    wrong = []
    for behind in family:
        trial.at_the_end(partial(_set_right, trial, client, behind))
        due = (_local_now(trial, client)[0] + timedelta(hours=hours)).replace(second=0, microsecond=0)
        with trial.basis():
            set_own_clock(behind.master, due)
            shown, _ = own_clock(own(behind))
        if abs((shown - due).total_seconds()) > _LEAP_S:
            raise Inconclusive(
                "the clock of the meter behind the device cannot be set wrong at its line", missing="device"
            )
        wrong.append(shown)
    return wrong


def _set_right(trial: Trial, client: Client, behind: Behind) -> None:
    set_own_clock(behind.master, _local_now(trial, client)[0])


@when("the device is told to set their clocks")
def told_to_set(family: list[Behind]) -> None:
    for behind in family:
        behind.shown.invoke("synchronize_clock")


@then("their clocks show the time of the device")
def clocks_are_right(trial: Trial, client: Client, family: list[Behind]) -> None:
    for behind in family:
        due = _local_now(trial, client)
        shown, resolution_s = own_clock(own(behind))
        tolerance_s = behind.child.clock_within_s + resolution_s
        trial.judge(clock_is_set(shown, due, tolerance_s), behind.master.last_record)


@when("the reading client tells the device to set their clocks", target_fixture="refusals")
def reader_tells(trial: Trial, client: Client, family: list[Behind]) -> list[str]:
    reader = trial.head_end.associate("reading")
    answers = []
    for behind in family:
        try:
            ShownChild(reader, behind.child).invoke("synchronize_clock")
            answers.append("carried out")
        except Refused as refused:
            answers.append(refused.answer)
    reader.close()
    return answers


@then("that is refused and their clocks go on as they were")
def refused_and_wrong(trial: Trial, family: list[Behind], wrong_clocks: list[datetime], refusals: list[str]) -> None:
    accepted = trial.refusals("no_method_right")
    for behind, wrong, answer in zip(family, wrong_clocks, refusals, strict=True):
        if answer not in accepted:
            raise trial.fail(expected="a refusal", observed=answer)
        shown, _ = own_clock(own(behind))
        if abs((shown - wrong).total_seconds()) > _LEAP_S:
            raise trial.fail(expected=f"the clock to go on from {wrong}", observed=str(shown))


# What nobody may write


@when(parsers.parse("the management client tries to {act} of theirs"), target_fixture="refusals")
def tries_to_change(trial: Trial, client: Client, family: list[Behind], act: str) -> list[str]:
    return [_tried(client, behind, act) for behind in family]


def _tried(client: Client, behind: Behind, act: str) -> str:
    register = behind.register
    try:
        if act == "reset the register":
            client.action(register, 1, NOTHING)
        else:
            attribute = {"write the register": 2, "write the unit": 3}[act]
            present = client.read(item(register, attribute))
            client.set(item(register, attribute), _other(present))
    except Refused as refused:
        return refused.answer
    return "carried out"


def _other(data: Data) -> Data:
    """Return another value of the same type."""
    if isinstance(data.value, tuple):
        first, *rest = data.value
        return Data(data.type, (_other(first), *rest))
    if not isinstance(data.value, int):
        raise NotApplicable("the register is no number", item="children.value")
    return Data(data.type, data.value + 1 if data.value <= 0 else data.value - 1)


@then("that is refused for each")
def refused_for_each(trial: Trial, refusals: list[str]) -> None:
    accepted = trial.refusals("no_write_right", "no_method_right", "unknown_method")
    for answer in refusals:
        if answer not in accepted:
            raise trial.fail(expected="a refusal", observed=answer)
