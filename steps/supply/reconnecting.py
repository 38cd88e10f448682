"""A supply that the limiter switches off, and how it comes back."""

from pytest_bdd import given, then, when

from harness.checks.switch import DISCONNECTED, MODES, READY
from harness.declaration import CosemObject
from harness.errors import Inconclusive, NotApplicable, ProtocolViolation, Refused
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.headend.limiter import ACTIONS, NO_SCRIPT, action_pair, script_data
from harness.run.trial import Trial
from steps.supply.events import expect_entries
from steps.supply.limiting import Limiting, late_s
from steps.supply.switching import MODE, set_mode, switch_of

_DISCONNECT = 1
_LOCAL_RECONNECTION = "h"
_MOST_RECLOSINGS = 10
_STATES = {"ready": (READY,), "disconnected": (DISCONNECTED,), "either": (READY, DISCONNECTED)}


@given("the limiter is to disconnect")
def limiter_is_to_disconnect(trial: Trial, client: Client, limiting: Limiting) -> None:
    """A limiter without an action gets the script of the switch; a mode without control gives way to one with it."""
    disconnector = trial.object("disconnector")
    with trial.basis():
        over, under = action_pair(client.read(item(limiting.limiter, ACTIONS)))
        mode = client.read(item(disconnector, MODE)).value
    if not _names_script(over):
        script = trial.declaration.object("disconnect_script")
        if not isinstance(script, CosemObject):
            raise Inconclusive("the limiter has no action, and no objects.disconnect_script", missing="declaration")
        try:
            _set_action(trial, client, limiting.limiter, script_data(script, _DISCONNECT), under)
        except Refused as refused:
            raise Inconclusive(f"the limiter has no action and takes none: {refused}", missing="device") from refused
    wanted = _LOCAL_RECONNECTION if trial.declaration.limiter.reconnects else "g"
    if isinstance(mode, int) and wanted not in MODES.get(mode, wanted):
        others = (other for other, moves in MODES.items() if wanted in moves)
        if not any(set_mode(trial, client, disconnector, other) for other in others):
            raise Inconclusive(f"no mode of control is taken in which a limiter acts, mode {mode}", missing="device")


@given("the limiter is to switch nothing")
def limiter_is_to_switch_nothing(trial: Trial, client: Client, limiting: Limiting) -> None:
    """So that a value above the threshold stays there; a limiter that keeps its action is seen by that value."""
    if not switches(trial, client, limiting):
        return
    try:
        _set_action(trial, client, limiting.limiter, NO_SCRIPT, NO_SCRIPT)
    except Refused as refused:
        trial.remarks.append(f"the limiter keeps its actions: {refused.answer}")


def switches(trial: Trial, client: Client, limiting: Limiting) -> bool:
    """Whether the limiter has an action."""
    with trial.basis():
        return any(_names_script(action) for action in action_pair(client.read(item(limiting.limiter, ACTIONS))))


def _names_script(action: Data) -> bool:
    if not isinstance(action.value, tuple) or len(action.value) != 2:
        raise ProtocolViolation(f"an action {action}, due is a structure of script table and selector")
    table, selector = (cell.value for cell in action.value)
    return isinstance(table, bytes) and any(table) and selector != 0


def _set_action(trial: Trial, client: Client, limiter: CosemObject, over: Data, under: Data) -> None:
    trial.changes.set(client, limiter, ACTIONS, Data(over.type, (over, under)))


@then("the switch is left as declared")
def switch_left_as_declared(trial: Trial, client: Client, limiting: Limiting) -> None:
    declared = trial.declaration.limiter.disconnects_to
    found = switch_of(trial, client, trial.object("disconnector"))
    if found.output or found.state not in _STATES[declared]:
        raise trial.fail(
            expected=f"a switch that the limiter has opened to be {declared} (limiter.disconnects_to), output off",
            observed=str(found),
            frame=client.conversation.frame,
        )


@when("a person connects the supply")
def person_connects(trial: Trial, client: Client) -> None:
    if trial.declaration.limiter.disconnects_to == "disconnected":
        raise NotApplicable("the limiter leaves nothing to a person", item="limiter.disconnects_to")
    if switch_of(trial, client, trial.object("disconnector")).output:
        raise Inconclusive("the supply is connected already", missing="device")
    trial.hands.press("connect")
    trial.let_pass(trial.declaration.disconnector.moves_within_s, client)


@when("the limiter has disconnected and reconnected as often as it does")
def cycles_pass(trial: Trial, client: Client, limiting: Limiting) -> None:
    times = trial.declaration.limiter.reclosings
    if times is None:
        raise Inconclusive("the declaration does not mention limiter.reclosings", missing="declaration")
    if times > _MOST_RECLOSINGS:
        raise Inconclusive(f"{times} reconnections are too many to wait for", missing="bench")
    limits = limiting.limits
    cycle_s = limits.over_s + limits.under_s + 2 * (limits.settles_s + late_s(trial) + 1)
    for _ in range(times + 2):
        trial.let_pass(cycle_s, client)


@then("it has reconnected as often as declared and stays off")
def reconnected_as_declared(trial: Trial, client: Client, limiting: Limiting) -> None:
    times = trial.declaration.limiter.reclosings or 0
    expect_entries(trial, client, limiting.logs, "local_reconnection", times, "consumption stayed above the limit")
    found = switch_of(trial, client, trial.object("disconnector"))
    if found.output:
        raise trial.fail(expected="the supply off for good", observed=str(found), frame=client.conversation.frame)
