"""What a cut of the supply leaves in the log: that it went, and that it came back."""

from dataclasses import dataclass

from pytest_bdd import then, when

from harness.checks.outages import entries_of_outage
from harness.headend.client import Client
from harness.headend.registers import DateTime, read_clock
from harness.run.trial import Trial
from steps.clock.events import Logs, event_of
from steps.metering.captures import cut_for

_OFF_S = 120
_LATE_S = 60
"""A device may note the cut after it has answered again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A cut of the supply between two readings of the clock."""

    before: DateTime
    after: DateTime


@when("the supply is cut for two minutes", target_fixture="outage")
def supply_is_cut(trial: Trial, client: Client) -> Outage:
    clock = trial.object("clock")
    before = read_clock(client, clock)
    cut_for(trial, client, _OFF_S)
    return Outage(before=before, after=read_clock(client, clock))


@then("the log has the loss of the supply and its return, once each and of their time")
def log_has_both(trial: Trial, client: Client, clock_logs: Logs, outage: Outage) -> None:
    lost, back = (event_of(trial, role)[0] for role in ("power_down", "power_up"))
    entries = clock_logs.since(trial, client, "power_down", "power_up")
    if {lost, back} != {entry.code for entry in entries}:
        trial.let_pass(_LATE_S, client)
        entries = clock_logs.since(trial, client, "power_down", "power_up")
    broken = entries_of_outage(
        [(entry.code, entry.time) for entry in entries],
        codes=(lost, back),
        between=(outage.before, outage.after),
        tolerance_s=trial.declaration.clock.tolerance_s + _LATE_S,
    )
    trial.judge(broken, client.conversation.frame)
