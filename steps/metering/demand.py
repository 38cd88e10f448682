"""Demand registers, which on demand readings must leave alone."""

from dataclasses import dataclass
from datetime import datetime

from pytest_bdd import parsers, then, when

from harness.checks.demand import next_period_end
from harness.checks.unchanged import unchanged
from harness.errors import Inconclusive
from harness.headend.client import Client, Item, item
from harness.headend.profiles import moment_of
from harness.headend.registers import (
    number_in,
    read_clock,
    stored_time,
)
from harness.run.trial import Trial
from steps.metering.demand_period import demand_interval_s

_VALUE = 2
_LAST_AVERAGE, _CAPTURE_TIME, _START_TIME, _PERIOD = 3, 6, 7, 8
_MAXIMUM_CAPTURE_TIME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The same attributes before and after many readings."""

    before: dict[str, object]
    after: dict[str, object]
    frame: int


@when(parsers.parse("the demand registers are read {times:d} times within one demand period"), target_fixture="demand")
def demand_read_often(trial: Trial, client: Client, times: int) -> Around:
    average = trial.object("average_demand_import")
    kept = {
        "last average": item(average, _LAST_AVERAGE),
        "capture time": item(average, _CAPTURE_TIME),
        "start time": item(average, _START_TIME),
    }
    for _ in range(2):
        with trial.basis():
            started = moment_of(stored_time(client, trial.object("clock"), client.read(item(average, _START_TIME))))
            period_s = int(number_in(client.read(item(average, _PERIOD))))
        end = period_end(trial, client, period_s, started)
        around = read_often(trial, client, kept, [item(average, _VALUE), *kept.values()], times)
        if around.before == around.after or not is_over(trial, client, end):
            return around
    raise Inconclusive("a demand period ended in between, twice", missing="device")


@when(parsers.parse("the maximum demand is read {times:d} times within one demand period"), target_fixture="demand")
def maximum_read_often(trial: Trial, client: Client, times: int) -> Around:
    maximum = trial.object("max_demand_import")
    with trial.basis():
        period_s = demand_interval_s(trial, client)
    kept = {"maximum": item(maximum, _VALUE), "maximum's capture time": item(maximum, _MAXIMUM_CAPTURE_TIME)}
    for waited in (False, True):
        if waited:
            trial.let_pass(2 * period_s, client)
        end = period_end(trial, client, period_s, None)
        around = read_often(trial, client, kept, list(kept.values()), times)
        if around.before != around.after and is_over(trial, client, end):
            raise Inconclusive("a demand period ended in between", missing="device")
        if around.before["maximum"] or around.before != around.after:
            return around
        if trial.bench.time is None:
            break
    raise Inconclusive("the maximum is zero, so that a reset would not be seen", missing="device")


def read_often(trial: Trial, client: Client, kept: dict[str, Item], wanted: list[Item], times: int) -> Around:
    """Read what must not change, then everything that is wanted so many times, then the former again."""
    with trial.basis():
        before = {name: client.read(one).value for name, one in kept.items()}
        for _ in range(times):
            for one in wanted:
                client.read(one)
        after = {name: client.read(one).value for name, one in kept.items()}
    return Around(before=before, after=after, frame=client.conversation.frame)


def period_end(trial: Trial, client: Client, period_s: int, started: datetime | None) -> datetime | None:
    """Return the earliest end of the demand period under way; None where time moves by hand only."""
    if trial.time_moves_by_hand:
        return None
    with trial.basis():
        now = moment_of(read_clock(client, trial.object("clock")))
    return next_period_end(now, period_s=period_s, started=started)


def is_over(trial: Trial, client: Client, end: datetime | None) -> bool:
    """Whether the device's clock has reached ``end``."""
    if end is None:
        return False
    with trial.basis():
        return moment_of(read_clock(client, trial.object("clock"))) >= end


@then("last average, capture time and start time are unchanged")
@then("the maximum and its capture time are unchanged")
def demand_unchanged(trial: Trial, demand: Around) -> None:
    trial.judge(unchanged(demand.before, demand.after), demand.frame)
