"""What the device tells by itself: pushes to the declared place, on demand and on its schedule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.privacy import consumption_columns
from harness.checks.pushing import counters_rise, no_finer_pushes, tells_what_is_read
from harness.errors import ConnectionLost, DecodeError, Inconclusive, ProtocolViolation, Refused
from harness.headend.calendar import device_calendar
from harness.headend.client import Client, item
from harness.headend.data_sets import next_execution
from harness.headend.profiles import moment_of
from harness.headend.pushing import Pushed, PushedAttribute, PushListener, PushSetup
from harness.headend.registers import clock_of
from harness.headend.rights.privacy_requests import Data
from harness.run.trial import Trial
from steps.privacy.privacy import floor_s

_TIMES = 4
_CLOCK, _VALUE = 8, 2
_PROFILE, _ROWS = 7, 2
_QUIET_S = 1800.0
_SHORT_QUIET_S = 120.0
_LEAD = timedelta(seconds=60)
_LISTENED_S = 2.0
_EXECUTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A push between two readings of what it tells."""

    objects: tuple[PushedAttribute, ...]
    before: list[Data | None]
    push: Pushed
    after: list[Data | None]


def listener_of(trial: Trial) -> PushListener:
    """Return a listener at the scenario's door, listening."""
    listener = trial.side(PushListener)
    trial.at_the_end(listener.close_all)
    listener.listen()
    return listener


@given("somebody listens for pushes", target_fixture="listener")
def somebody_listens(trial: Trial) -> PushListener:
    return listener_of(trial)


def next_push(trial: Trial, listener: PushListener) -> Pushed:
    """Hear a push that is due."""
    try:
        push = listener.wait(listener.settings.delay_s)
    except (DecodeError, ProtocolViolation, ConnectionLost) as error:
        raise trial.fail(
            expected="a data-notification, protected as declared", observed=str(error), frame=listener.last_record
        ) from error
    if push is None:
        raise trial.fail(
            expected=f"a push within {listener.settings.delay_s:g} s", observed="nothing", frame=listener.last_record
        )
    return push


def setup_of(trial: Trial, client: Client) -> PushSetup:
    """Return the declared push setup as a client sees it."""
    return PushSetup(client, trial.object("push_setup"))


def read_all(trial: Trial, client: Client, objects: tuple[PushedAttribute, ...]) -> list[Data | None]:
    """Read what is pushed over DLMS; None for rows of profiles and what the client may not read."""
    found: list[Data | None] = []
    for one in objects:
        if one.index or (one.class_id, one.attribute) == (_PROFILE, _ROWS):
            found.append(None)
            continue
        try:
            found.append(client.read(item(one.target, one.attribute)))
        except Refused:
            found.append(None)
    return found


@when("the head end has the device push, between two readings of the same objects", target_fixture="compared")
def pushes_between_readings(trial: Trial, client: Client, listener: PushListener) -> Compared:
    setup = setup_of(trial, client)
    with trial.basis():
        objects = setup.objects()
        before = read_all(trial, client, objects)
    setup.push()
    push = next_push(trial, listener)
    with trial.basis():
        after = read_all(trial, client, objects)
    return Compared(objects=objects, before=before, push=push, after=after)


@then("the push tells what was read")
def push_tells_what_was_read(trial: Trial, compared: Compared) -> None:
    told = compared.push.body.value
    cells = told if isinstance(told, tuple) else ()
    if len(cells) != len(compared.objects):
        raise trial.fail(
            expected=f"{len(compared.objects)} values, as the push setup lists",
            observed=f"{len(cells)}",
            frame=compared.push.frame,
        )
    judged = 0
    for one, cell, before, after in zip(compared.objects, cells, compared.before, compared.after, strict=True):
        if before is None or after is None or not isinstance(cell, Data):
            continue
        judged += 1
        is_clock = (one.class_id, one.attribute) == (_CLOCK, _VALUE)
        pushed, low, high = (_comparable(data, is_clock=is_clock) for data in (cell, before, after))
        about = f"{one.obis} attribute {one.attribute}"
        trial.judge(tells_what_is_read(pushed, low, high, about), compared.push.frame)
    if not judged:
        raise Inconclusive("nothing of what is pushed can be read", missing="device")


def _comparable(data: Data, *, is_clock: bool) -> object:
    return moment_of(clock_of(data)).timestamp() if is_clock else data.value


@when(parsers.parse("the head end has the device push {count:d} times"), target_fixture="pushes")
def pushes_often(trial: Trial, client: Client, listener: PushListener, count: int) -> list[Pushed]:
    found = []
    for _ in range(count):
        setup_of(trial, client).push()
        found.append(next_push(trial, listener))
    return found


@then("the invocation counter of each push is above that of the one before")
def push_counters_rise(trial: Trial, pushes: list[Pushed]) -> None:
    counters = [push.counter for push in pushes if push.counter is not None]
    trial.judge(counters_rise(counters), pushes[-1].frame)


# On its schedule


def times_due(trial: Trial, client: Client, after: datetime, count: int) -> list[datetime]:
    """Return the next instants that the schedule of pushes names."""
    with trial.basis():
        zone = device_calendar(client, trial.object("clock"))
        times = client.read(item(trial.object("push_schedule"), _TIMES))
    found: list[datetime] = []
    while len(found) < count and (due := next_execution(zone, after, times)) is not None:
        found.append(due)
        after = due
    return found


@when("the next time that the schedule of pushes names comes", target_fixture="due")
def scheduled_push(trial: Trial, client: Client, listener: PushListener) -> datetime:
    due = times_due(trial, client, trial.unvisited(client) + 2 * _LEAD, 1)
    if not due:
        raise Inconclusive("the schedule of pushes names no time to come", missing="device")
    trial.reach(due[0] - _LEAD, client)
    listener.close_all()
    listener.listen()
    trial.reach(due[0], client)
    return due[0]


@then("a push arrives")
def push_arrives(trial: Trial, listener: PushListener) -> None:
    next_push(trial, listener)


@when("time passes in which nothing is due")
def nothing_is_due(trial: Trial, client: Client, listener: PushListener) -> None:
    quiet_s = _QUIET_S if trial.time_moves_by_hand else _SHORT_QUIET_S
    now = trial.metering_now(client)
    after = trial.unvisited(client)
    clear = timedelta(seconds=quiet_s) + 2 * _LEAD
    due = times_due(trial, client, now, 1)
    if due and due[0] - now < clear:
        trial.reach(max(due[0], after) + _LEAD, client)
        listener.close_all()
        listener.listen()
    trial.let_pass(quiet_s, client)


@when("the reading client asks the device to push")
def reading_client_pushes(trial: Trial, client: Client) -> None:
    setup = setup_of(trial, client)
    try:
        setup.push()
    except Refused:
        return
    raise Inconclusive("the reading client has the right to have the device push", missing="device")


@then("nothing is pushed")
def nothing_is_pushed(trial: Trial, listener: PushListener) -> None:
    try:
        push = listener.wait(_LISTENED_S)
    except (DecodeError, ProtocolViolation, ConnectionLost) as error:
        raise trial.fail(expected="no push", observed=str(error), frame=listener.last_record) from error
    if push is not None:
        raise trial.fail(expected="no push", observed=push.notification.describe(), frame=push.frame)


# To whom, and how finely


@then("the push setup names the declared destination")
def names_declared_destination(trial: Trial, client: Client, listener: PushListener) -> None:
    declared = listener.settings.destination
    if declared is None:
        raise Inconclusive("the declaration does not say doors.push.destination", missing="declaration")
    found = setup_of(trial, client).destination()
    if found != declared.encode("utf-8"):
        raise trial.fail(expected=f"pushes to {declared} alone", observed=f"{found!r}", frame=client.conversation.frame)


@then("consumption is not pushed more often than the declared floor")
def no_finer_than_floor(trial: Trial, client: Client) -> None:
    objects = setup_of(trial, client).objects()
    if not consumption_columns((one.class_id, one.obis, one.attribute) for one in objects):
        return
    due = times_due(trial, client, trial.metering_now(client), _EXECUTIONS)
    trial.judge(no_finer_pushes(due, floor_s(trial)), client.conversation.frame)
