"""What an update of the firmware changes of the parameters that a bill depends on."""

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_bdd import then, when

from harness.checks.audit import counted_with, recorded
from harness.declaration import AuditedParameter
from harness.errors import NotApplicable
from harness.headend.audit import AuditState
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.run.trial import Trial
from steps.audit.changes import Change, event_of, parameters_of, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Values and records before and after an update."""

    before: AuditState
    after: AuditState
    altered: Mapping[AuditedParameter, Data]
    """Those that are others since, with their values now."""
    looked_at: int
    frame: int


@when("another firmware is installed", target_fixture="update")
def firmware_installed(trial: Trial, client: Client) -> Update:
    firmware = trial.firmware
    parameters = parameters_of(trial, client, "billing")
    values = {one: trial.changes.keep(client, one.target, one.attribute) for one in parameters}
    events = tuple(dict.fromkeys(one.event for one in parameters))
    before = state_of(trial, client, *events)
    client.close()
    trial.at_the_end(lambda: firmware.install_firmware("former"))
    firmware.install_firmware("other")
    trial.head_end.associate_again(client)
    now = {one: client.read(item(one.target, one.attribute)) for one in parameters}
    frame = client.conversation.frame
    return Update(
        before=before,
        after=state_of(trial, client, *events),
        altered={one: value for one, value in now.items() if value != values[one]},
        looked_at=len(parameters),
        frame=frame,
    )


@then("each billing parameter that it has changed is recorded")
def each_is_recorded(trial: Trial, update: Update) -> None:
    if not update.altered:
        raise NotApplicable(
            f"the update has changed none of {update.looked_at} billing parameters", item="audit.billing_parameters"
        )
    for role in dict.fromkeys(one.event for one in update.altered):
        altered = [one for one in update.altered if one.event == role]
        about = f"an update of the firmware that changed {', '.join(map(str, altered))}"
        code, log, _ = event_of(trial, role)
        span = Change(
            parameter=altered[0], value=None, before=update.before, after=update.after, frame=update.frame
        ).span
        entries = update.after.since(update.before, log)
        tolerance_s = trial.declaration.clock.tolerance_s
        found = recorded(about, entries, codes={code}, at_most=len(altered), span=span, tolerance_s=tolerance_s)
        trial.judge(found, update.frame)
    every = f"an update of the firmware that changed {', '.join(map(str, update.altered))}"
    least = int(any(one.event == "parameters_changed" for one in update.altered))
    counts = range(least, len(update.altered) + 1)
    trial.judge(counted_with(every, update.before.count, update.after.count, allowed=counts), update.frame)
    trial.remarks.append(f"changed by the update: {', '.join(map(str, update.altered))}")
