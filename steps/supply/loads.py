"""Values that cross a threshold because the load changes, and durations looked at just before their end."""

from dataclasses import replace
from decimal import Decimal

from pytest_bdd import parsers, then, when

from harness.checks.switch import lasted
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client, item
from harness.headend.event_log import log_columns
from harness.headend.limiter import ACTIVE
from harness.run.trial import Trial
from steps.supply.events import expect_entries
from steps.supply.limiting import CLOCK_RESOLUTION_S, Limiting, early_s, late_s

_SMALL_SHARE = Decimal(3)
_LIMITER_CLASS = 71


@when("the load falls to a third", target_fixture="limiting")
def load_falls(trial: Trial, client: Client, limiting: Limiting) -> Limiting:
    """The watched value, as it was read, stays what thresholds are set around."""
    return _load_changes(trial, client, limiting, trial.applied_w / _SMALL_SHARE)


@when("the load comes back", target_fixture="limiting")
def load_comes_back(trial: Trial, client: Client, limiting: Limiting) -> Limiting:
    return _load_changes(trial, client, limiting, trial.applied_w * _SMALL_SHARE)


@when("the load falls to a third before the duration has passed", target_fixture="limiting")
def load_falls_soon(trial: Trial, client: Client, limiting: Limiting) -> Limiting:
    if limiting.limits.settles_s:
        raise Inconclusive("an average that is watched follows the load too slowly for that", missing="device")
    trial.let_pass(limiting.limits.over_s / 2, client)
    return load_falls(trial, client, limiting)


def _load_changes(trial: Trial, client: Client, limiting: Limiting, watts: Decimal) -> Limiting:
    limits = limiting.limits
    if not trial.may_vary_load:
        raise Inconclusive("the load is constant (bench.constant_load)", missing="bench")
    if limits.accumulates:
        raise Inconclusive("the limiter watches energy, which does not follow the load", missing="device")
    before = trial.metering_now(client)
    trial.apply_load(watts)
    trial.let_pass(limits.settles_s, client)
    return replace(limiting, set_between=(before, trial.metering_now(client)))


@then(parsers.parse('"{role}" is not noted yet'))
def not_noted_yet(trial: Trial, client: Client, limiting: Limiting, role: str) -> None:
    """Only what was read before the duration can have passed says so."""
    found = limiting.logs.since(trial, client, role)
    if limiting.set_between is None or not found:
        return
    due_s = limiting.limits.over_s - (trial.metering_now(client) - limiting.set_between[0]).total_seconds()
    if due_s <= 0:
        raise Inconclusive("reading the log took longer than the duration went on", missing="line")
    expect_entries(trial, client, limiting.logs, role, 0, f"a value that has still {due_s:.0f} s to stay there")


@when("the rest of the duration has passed")
def rest_passes(trial: Trial, client: Client) -> None:
    trial.let_pass(early_s(trial) + late_s(trial) + 1, client)


@then("the entry shows the threshold in force")
def entry_shows_threshold(trial: Trial, client: Client, limiting: Limiting) -> None:
    """Where the log has a column for it, as the device announces."""
    event = trial.declaration.require_event("threshold_changed", clause=trial.clause)
    with trial.basis():
        columns = log_columns(client, trial.declaration, event.log)
        active = client.read(item(limiting.limiter, ACTIVE))
    places = [
        number
        for number, column in enumerate(columns)
        if (column.class_id, column.obis, column.attribute) == (_LIMITER_CLASS, limiting.limiter.obis, ACTIVE)
    ]
    if not places:
        raise NotApplicable(f"{event.log} has no column for the active threshold", item=f"objects.{event.log}")
    (entry,) = expect_entries(trial, client, limiting.logs, "threshold_changed", 1, "the threshold that was set")
    if entry.cells[places[0]] != active.value:
        raise trial.fail(
            expected=f"the new threshold {active.value} beside the entry",
            observed=f"{entry.cells[places[0]]}",
            frame=client.conversation.frame,
        )


@then("it shows the time at which it was set")
def entry_in_time(trial: Trial, client: Client, limiting: Limiting) -> None:
    (entry,) = expect_entries(trial, client, limiting.logs, "threshold_changed", 1, "the threshold that was set")
    at = None if limiting.set_between is None else entry.time.nearest(limiting.set_between[0])
    if at is None or limiting.set_between is None:
        raise trial.fail(expected="an entry with the time", observed=str(entry.time))
    resolution_s = CLOCK_RESOLUTION_S
    late_by_s = trial.declaration.limiter.timing_tolerance_s + resolution_s
    trial.judge(
        lasted(
            at,
            began=limiting.set_between,
            duration_s=0,
            early_s=resolution_s,
            late_s=late_by_s,
            what="threshold_changed",
        ),
        client.conversation.frame,
    )
