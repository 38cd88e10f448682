"""Stored sets and billing data, which readings must leave alone."""

from dataclasses import dataclass
from datetime import timedelta

from pytest_bdd import then, when

from harness.checks.profile import ProfileRow, same_rows
from harness.checks.unchanged import unchanged
from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.run.trial import Trial
from steps.metering.billing import Approached
from steps.metering.data_sets import SetsSeen, boundary_after, seen_since, sets_of, tail_of

_VALUE = 2
_TIMES = 20
_ROLES = ("energy_import_total", "energy_export_total", "max_demand_import", "billing_counter", "billing_time", "clock")
_KEPT = {"billing counter": "billing_counter", "billing time": "billing_time"}
_BEFORE = timedelta(seconds=3)
_READINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingAround:
    """Billing data and the newest sets before and after many readings."""

    before: dict[str, object]
    after: dict[str, object]
    rows: tuple[list[ProfileRow], list[ProfileRow]]
    frame: int


def readable(trial: Trial) -> list[CosemObject]:
    """Return the declared objects with plain values."""
    found = [trial.declaration.object(role) for role in _ROLES]
    return [one for one in found if isinstance(one, CosemObject)]


@when("registers, stored sets and billing data are read 20 times within one billing period", target_fixture="billing")
def billing_read_often(trial: Trial, client: Client) -> BillingAround:
    sets = sets_of(trial, client, "month")
    kept = {name: item(trial.object(role), _VALUE) for name, role in _KEPT.items()}
    with trial.basis():
        end = boundary_after(trial, client, "month", trial.metering_now(client))
        before = {name: client.read(one).value for name, one in kept.items()}
        rows = sets.newest()
        for _ in range(_TIMES):
            for one in readable(trial):
                client.read(item(one, _VALUE))
            sets.newest(1)
        again = sets.newest()
        after = {name: client.read(one).value for name, one in kept.items()}
    around = BillingAround(before=before, after=after, rows=(rows, again), frame=client.conversation.frame)
    if (before, rows) != (after, again) and trial.metering_now(client) >= end:
        raise Inconclusive("the billing period ended in between", missing="device")
    return around


@then("billing counter, billing time and stored sets are unchanged")
def billing_unchanged(trial: Trial, billing: BillingAround) -> None:
    trial.judge(unchanged(billing.before, billing.after), billing.frame)
    trial.judge(same_rows(*billing.rows), billing.frame)


@when("that end passes with readings from the seconds before until the seconds after it", target_fixture="seen")
def end_passes_with_readings(trial: Trial, client: Client, approached: Approached) -> SetsSeen:
    trial.reach(approached.nominal - _BEFORE, client)
    objects = readable(trial)
    for _ in range(_READINGS):
        for one in objects:
            client.read(item(one, _VALUE))
        trial.time.advance(1)
    trial.reach(approached.nominal + tail_of(trial), client)
    return seen_since(client, sets_of(trial, client, "month"), "month", approached.nominal, approached.before)
