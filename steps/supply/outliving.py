"""What of the switch outlives a power cut: that it is off, and its mode of control."""

from pytest_bdd import then, when

from harness.checks.switch import MODES, READY
from harness.declaration import CosemObject
from harness.errors import NotApplicable
from harness.headend.client import Client, item
from harness.run.trial import Trial
from steps.supply.switching import MODE, bring_to, set_mode


@when("the switch waits for a person to connect it")
def waits_for_person(trial: Trial, client: Client, disconnector: CosemObject) -> None:
    if not bring_to(trial, client, disconnector, READY):
        raise NotApplicable("no mode of control leaves it to a person", item="disconnector.modes")


@when("another mode of control is chosen", target_fixture="mode_chosen")
def other_mode(trial: Trial, client: Client, disconnector: CosemObject) -> int:
    present = client.read(item(disconnector, MODE)).value
    for mode in MODES:
        if mode not in (0, present) and set_mode(trial, client, disconnector, mode):
            return mode
    raise NotApplicable("the device takes no other mode of control", item="disconnector.modes")


@then("the mode is the one that was chosen")
def mode_is_kept(trial: Trial, client: Client, disconnector: CosemObject, mode_chosen: int) -> None:
    found = client.read(item(disconnector, MODE))
    if found.value != mode_chosen:
        raise trial.fail(
            expected=f"control mode {mode_chosen}, which was chosen",
            observed=f"{found.value}",
            frame=client.conversation.frame,
        )
