"""The register monitor: thresholds of a value that it watches, set and crossed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.headend.limiter import threshold_array, thresholds_of, watched_by
from harness.run.trial import Trial
from steps.supply.events import Logs, expect_entries, read_logs

_THRESHOLDS, _MONITORED = 2, 3
_PRESENT_CLASSES = (3, 4)
_FACTORS = {"half": Decimal("0.5"), "twice": Decimal(2), "four times": Decimal(4)}
_SHARE = Decimal(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """The register monitor under test; its first threshold is the one that is moved."""

    monitor: CosemObject
    others: tuple[Data, ...]
    like: Data
    """A number of the type of thresholds."""
    value: int
    logs: Logs


@given("the register monitor watches that load", target_fixture="monitoring")
def monitor_watches(trial: Trial, client: Client) -> Monitoring:
    monitor = trial.object("register_monitor")
    disconnector = trial.declaration.object("disconnector")
    if isinstance(disconnector, CosemObject):
        # What a crossing makes the device do is its own affair.
        trial.changes.supply(client, disconnector)
    with trial.basis():
        watched, attribute = watched_by(client.read(item(monitor, _MONITORED)))
        value = client.read(item(watched, attribute))
    if watched.class_id not in _PRESENT_CLASSES or attribute != 2 or type(value.value) is not int:
        raise Inconclusive(f"the register monitor watches class {watched.class_id}, no present value", missing="device")
    present = thresholds_of(trial.changes.keep(client, monitor, _THRESHOLDS))
    if value.value <= 1:
        raise Inconclusive(f"the monitored value is {value.value}, so nothing crosses it", missing="bench")
    found = Monitoring(
        monitor=monitor,
        others=tuple(present[1:]),
        like=present[0] if present else value,
        value=value.value,
        logs=Logs(entries={}),
    )
    _set(trial, client, found, "four times")
    trial.let_pass(trial.declaration.metering.freshness_s, client)
    return Monitoring(
        monitor=monitor, others=found.others, like=found.like, value=found.value, logs=read_logs(trial, client)
    )


def _set(trial: Trial, client: Client, monitoring: Monitoring, factor: str) -> None:
    first = Data(monitoring.like.type, int(monitoring.value * _FACTORS[factor]))
    wanted: Sequence[Data] = (first, *monitoring.others)
    try:
        client.set(item(monitoring.monitor, _THRESHOLDS), threshold_array(wanted))
    except Refused as refused:
        raise Inconclusive(f"basis: the threshold {first} is not taken: {refused}", missing="device") from refused


@when(parsers.parse("a threshold of the monitor is set to {factor} the value"))
def monitor_threshold_set(trial: Trial, client: Client, monitoring: Monitoring, factor: str) -> None:
    _set(trial, client, monitoring, factor)


@when("the threshold of the monitor is removed")
def monitor_threshold_removed(trial: Trial, client: Client, monitoring: Monitoring) -> None:
    try:
        client.set(item(monitoring.monitor, _THRESHOLDS), threshold_array(monitoring.others))
    except Refused as refused:
        raise Inconclusive(f"basis: no threshold can be removed: {refused}", missing="device") from refused


@when("the monitored load falls to a third")
def monitored_load_falls(trial: Trial, client: Client, monitoring: Monitoring) -> None:
    _apply(trial, client, trial.applied_w / _SHARE)


@when("the monitored load comes back")
def monitored_load_back(trial: Trial, client: Client, monitoring: Monitoring) -> None:
    _apply(trial, client, trial.applied_w * _SHARE)


def _apply(trial: Trial, client: Client, watts: Decimal) -> None:
    if not trial.may_vary_load:
        raise Inconclusive("the load is constant (bench.constant_load)", missing="bench")
    trial.apply_load(watts)
    trial.let_pass(trial.declaration.limiter.timing_tolerance_s, client)


@then(parsers.parse('"{role}" of the monitor is noted {count:d} times'))
def monitor_noted(trial: Trial, client: Client, monitoring: Monitoring, role: str, count: int) -> None:
    expect_entries(trial, client, monitoring.logs, role, count, "what was set and what the load did")


@then(parsers.parse("the monitor has the threshold of {factor} the value"))
def monitor_has_threshold(trial: Trial, client: Client, monitoring: Monitoring, factor: str) -> None:
    due = int(monitoring.value * _FACTORS[factor])
    found = [one.value for one in thresholds_of(client.read(item(monitoring.monitor, _THRESHOLDS)))]
    if due not in found:
        raise trial.fail(
            expected=f"{due}, which was set without an error, among the thresholds of the monitor",
            observed=", ".join(map(str, found)) or "none",
            frame=client.conversation.frame,
        )
