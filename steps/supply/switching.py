"""The switch of the supply: requests at a distance, at the device, by script and by schedule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.bench.base import Button
from harness.checks.switch import CONNECTED, DISCONNECTED, MODES, READY, Switch, event_due, follows_mode, target
from harness.declaration import CosemObject, Event
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.data import NOTHING, enum, long_unsigned
from harness.headend.limiter import execution_time, script_data
from harness.headend.restoring.supply import connect_supply
from harness.run.trial import Trial
from steps.supply.events import expect_entries, read_logs

OUTPUT, STATE, MODE = 2, 3, 4
_METHODS = {"remote disconnect": 1, "remote reconnect": 2}
_BUTTONS: dict[str, Button] = {"manual reconnect": "connect", "manual disconnect": "disconnect"}
_STATES = (CONNECTED, DISCONNECTED, READY)


@given("the switch of the supply is known", target_fixture="disconnector")
def switch_is_known(trial: Trial, client: Client) -> CosemObject:
    """At the end the supply is connected again, whatever the scenario does with it."""
    disconnector = trial.object("disconnector")
    trial.changes.supply(client, disconnector)
    return disconnector


def switch_of(trial: Trial, client: Client, disconnector: CosemObject) -> Switch:
    """Read output and state."""
    output, state = (client.read(item(disconnector, number)) for number in (OUTPUT, STATE))
    if not isinstance(output.value, bool) or isinstance(state.value, bool) or not isinstance(state.value, int):
        raise trial.fail(
            expected="output_state as a boolean and control_state as an enumeration",
            observed=f"{output} and {state}",
            frame=client.conversation.frame,
        )
    return Switch(output=output.value, state=state.value)


def set_mode(trial: Trial, client: Client, disconnector: CosemObject, mode: int) -> bool:
    """Choose a mode of control; tells whether the device took it."""
    try:
        client.set(item(disconnector, MODE), enum(mode))
    except Refused:
        return False
    return client.read(item(disconnector, MODE)).value == mode


def ask(trial: Trial, client: Client, disconnector: CosemObject, request: str) -> None:
    """Make a request; a refusal shows in the switch alone."""
    if request in _BUTTONS:
        trial.hands.press(_BUTTONS[request])
    else:
        try:
            client.action(disconnector, _METHODS[request], NOTHING)
        except Refused:
            trial.trace.note("refused", request)
    trial.let_pass(trial.declaration.disconnector.moves_within_s, client)


def bring_to(trial: Trial, client: Client, disconnector: CosemObject, state: int) -> bool:
    """Bring the switch to a state by requests that some mode allows; tells whether it got there."""
    try:
        connect_supply(client, disconnector)
    except Inconclusive:
        return False
    if state == CONNECTED:
        return True
    for mode in (3, 1, 5, 6, 4, 2, 7):
        if not set_mode(trial, client, disconnector, mode):
            continue
        ask(trial, client, disconnector, "remote disconnect")
        if state == READY:
            ask(trial, client, disconnector, "remote reconnect")
        if switch_of(trial, client, disconnector).state == state:
            return True
        connect_supply(client, disconnector)
    return False


@when(parsers.parse("each {way} request is made in mode {mode:d}, from every state"), target_fixture="walked")
def walk_through_mode(trial: Trial, client: Client, disconnector: CosemObject, way: str, mode: int) -> int:
    """Judge each step by the table; returns how many were made."""
    offered = trial.declaration.disconnector.modes
    if offered is not None and mode not in offered:
        raise NotApplicable(f"mode {mode} is not among the declared ones", item="disconnector.modes")
    requests = [request for request in (*_METHODS, *_BUTTONS) if request.startswith(way)]
    made = 0
    for request in requests:
        for state in _STATES:
            if not bring_to(trial, client, disconnector, state):
                trial.remarks.append(f"state {state} could not be reached before {request}")
                continue
            if not set_mode(trial, client, disconnector, mode):
                raise NotApplicable(f"the device does not take mode {mode}", item="disconnector.modes")
            step(trial, client, disconnector, mode, request)
            made += 1
    return made


def declared_event(trial: Trial, role: str | None) -> Event | None:
    """Return the event of a role, None where the device notes none."""
    event = None if role is None else trial.declaration.event(role)
    return event if isinstance(event, Event) else None


def step(trial: Trial, client: Client, disconnector: CosemObject, mode: int, request: str) -> None:
    """Make one request, and judge what the switch and the log make of it."""
    logs = read_logs(trial, client)
    before = switch_of(trial, client, disconnector)
    ask(trial, client, disconnector, request)
    after = switch_of(trial, client, disconnector)
    trial.judge(follows_mode(mode, request, before, after), client.conversation.frame)
    due = target(mode, request, before.state)
    told = None if due is None else declared_event(trial, event_due(request, due))
    for state in _STATES:
        role = event_due(request, state)
        event = declared_event(trial, role)
        if role is None or event is None:
            continue
        # A move that has no code of its own may be told by that of another move of the same request.
        if due not in (None, state) and (told is None or told.code == event.code):
            continue
        about = f"{request} in mode {mode} on a switch that was {before}"
        expect_entries(trial, client, logs, role, int(state == due), about)


@then("every step has led where the mode says")
def every_step_judged(trial: Trial, walked: int) -> None:
    if not walked:
        raise Inconclusive("no state of the switch could be reached", missing="device")


@when("the supply is disconnected by command", target_fixture="switched")
def disconnected_by_command(trial: Trial, client: Client, disconnector: CosemObject) -> Switch:
    """In the mode that is set, else in the first one that allows it."""
    connect_supply(client, disconnector)
    present = client.read(item(disconnector, MODE)).value
    for mode in (present, *(one for one in MODES if one not in (0, present))):
        if mode != present and not set_mode(trial, client, disconnector, int(str(mode))):
            continue
        ask(trial, client, disconnector, "remote disconnect")
        found = switch_of(trial, client, disconnector)
        if found.state == DISCONNECTED:
            return found
    raise trial.fail(
        expected="a mode of control in which a permitted command disconnects the supply",
        observed="the supply stays connected in each mode that the device takes",
        frame=client.conversation.frame,
    )


@then("the output is off")
def output_is_off(trial: Trial, client: Client, disconnector: CosemObject) -> None:
    found = switch_of(trial, client, disconnector)
    if found.output or found.state == CONNECTED:
        raise trial.fail(expected="output off", observed=str(found), frame=client.conversation.frame)


@then("it can be connected again")
def can_be_connected(trial: Trial, client: Client, disconnector: CosemObject) -> None:
    try:
        connect_supply(client, disconnector)
    except Inconclusive:
        if trial.bench.hands is None:
            raise
        trial.hands.press("connect")
    found = switch_of(trial, client, disconnector)
    if not found.output:
        raise trial.fail(expected="the supply connected again", observed=str(found), frame=client.conversation.frame)


@then("the switch is as it was after the command")
def switch_unchanged(trial: Trial, client: Client, disconnector: CosemObject, switched: Switch) -> None:
    found = switch_of(trial, client, disconnector)
    if found != switched:
        raise trial.fail(expected=str(switched), observed=str(found), frame=client.conversation.frame)


@when(parsers.parse("the {role} client asks for a disconnection"), target_fixture="answer_of_request")
def other_client_asks(trial: Trial, client: Client, disconnector: CosemObject, role: str) -> str:
    connect_supply(client, disconnector)
    other = trial.head_end.associate("public" if role == "public" else "reading")
    try:
        other.action(disconnector, 1, NOTHING)
    except Refused as refused:
        return refused.answer
    finally:
        other.close()
    return "action:0"


@then("it is refused and the supply stays connected")
def refused_and_connected(trial: Trial, client: Client, disconnector: CosemObject, answer_of_request: str) -> None:
    found = switch_of(trial, client, disconnector)
    if answer_of_request == "action:0" or not found.output:
        raise trial.fail(
            expected="a disconnection to be refused to a client that may not ask for it, and the supply connected",
            observed=f"{answer_of_request}, {found}",
            frame=client.conversation.frame,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A disconnection that the device is to make by itself."""

    at: datetime


@when(
    parsers.parse("the device is told to disconnect by its own schedule in {minutes:d} minutes"),
    target_fixture="planned",
)
def told_to_disconnect(trial: Trial, client: Client, disconnector: CosemObject, minutes: int) -> Planned:
    schedule, script = trial.object("disconnect_schedule"), trial.object("disconnect_script")
    zone_time = trial.metering_now(client) + timedelta(minutes=minutes)
    with trial.basis():
        clock = client.read(item(trial.object("clock"), 2))
    at = execution_time(clock, zone_time)
    for number in (2, 4):
        trial.changes.keep(client, schedule, number)
    named = script_data(script, 1)
    for number, data in ((2, named), (4, at)):
        if client.read(item(schedule, number)) == data:
            continue
        try:
            client.set(item(schedule, number), data)
        except Refused as refused:
            raise Inconclusive(f"basis: the schedule cannot be set: {refused}", missing="device") from refused
    return Planned(at=zone_time.replace(second=0, microsecond=0))


@then("the supply is on until that time and off after it")
def off_after_planned(trial: Trial, client: Client, disconnector: CosemObject, planned: Planned) -> None:
    margin_s = 2.0 if trial.time_moves_by_hand else 5.0
    trial.reach(planned.at - timedelta(seconds=margin_s), client)
    if trial.metering_now(client) < planned.at and not switch_of(trial, client, disconnector).output:
        raise trial.fail(expected=f"the supply on until {planned.at.isoformat()}", observed="off before")
    late_s = trial.declaration.disconnector.moves_within_s + margin_s
    trial.reach(planned.at + timedelta(seconds=late_s), client)
    found = switch_of(trial, client, disconnector)
    if found.output:
        raise trial.fail(
            expected=f"the supply off {late_s:g} s after {planned.at.isoformat()}",
            observed=str(found),
            frame=client.conversation.frame,
        )


@when(parsers.parse("the script of the switch is executed with selector {selector:d}"))
def script_is_executed(trial: Trial, client: Client, disconnector: CosemObject, selector: int) -> None:
    if selector == 1:
        connect_supply(client, disconnector)
    try:
        client.action(trial.object("disconnect_script"), 1, long_unsigned(selector))
    except Refused as refused:
        raise trial.fail(
            expected=f"the script {selector} of the switch to be executed",
            observed=refused.answer,
            frame=client.conversation.frame,
        ) from refused
    trial.let_pass(trial.declaration.disconnector.moves_within_s, client)


@then("while it is off no energy is registered")
def no_energy_while_off(trial: Trial, client: Client) -> None:
    register = item(trial.object("energy_import_total"), 2)
    with trial.basis():
        before = client.read(register)
    trial.let_pass(trial.span_s(3600), client)
    after = client.read(register)
    if after != before:
        raise trial.fail(
            expected=f"{before} as long as the supply is off", observed=str(after), frame=client.conversation.frame
        )
