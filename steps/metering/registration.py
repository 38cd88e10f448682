"""Consumption and generation: each in its own register, and every channel within its period."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.cadence import keeps_cadence
from harness.checks.data_sets import came_since
from harness.checks.energy import follows_load, stands_still
from harness.checks.profile import grid_is_certain
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client, item
from harness.headend.data_sets import Interval, Sets
from harness.headend.registers import RegisterValue
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of
from steps.metering.captures import OCCASIONS
from steps.metering.data_sets import boundary_after, lead_of, sets_of, tail_of
from steps.metering.energy import read_energy

_RUN_S = 1800.0
_DAY_S = 86_400.0
_PERIODS_S: Mapping[Interval, float] = {"day": _DAY_S, "week": 7 * _DAY_S, "month": 31 * _DAY_S}
_READINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Both registers before and after a time under one load."""

    before: tuple[RegisterValue, RegisterValue]
    """Import and export."""
    after: tuple[RegisterValue, RegisterValue]
    seconds: Decimal
    watts: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """What came through a channel in a span of time."""

    channel: str
    times: list[datetime]
    begin: datetime
    end: datetime
    period_s: float
    frame: int


def apply(trial: Trial, import_w: int, export_w: int) -> None:
    """Apply a power of both directions."""
    if not trial.may_vary_load:
        raise Inconclusive("no bench applies different loads of both directions", missing="bench")
    trial.load.apply(float(import_w), float(export_w))
    trial.applied_w = Decimal(import_w)
    # Registers may be as old as the declared freshness and have to catch up with the change.
    trial.time.advance(trial.declaration.metering.freshness_s)


def both(trial: Trial, client: Client) -> tuple[RegisterValue, RegisterValue]:
    """Read import and export."""
    imported, exported = (trial.object(role) for role in ("energy_import_total", "energy_export_total"))
    return read_energy(trial, client, imported), read_energy(trial, client, exported)


@when(parsers.parse("{import_w:d} W flow in and {export_w:d} W flow out for half an hour"), target_fixture="flows")
def power_flows(trial: Trial, client: Client, import_w: int, export_w: int) -> list[Flow]:
    apply(trial, import_w, export_w)
    before, began = both(trial, client), trial.time.now()
    trial.let_pass(trial.span_s(_RUN_S), client)
    after = both(trial, client)
    seconds = Decimal(str((trial.time.now() - began).total_seconds()))
    return [Flow(before=before, after=after, seconds=seconds, watts=(Decimal(import_w), Decimal(export_w)))]


@when(parsers.parse("{power_w:d} W flow in around {occasion}"), target_fixture="flows")
def flows_around(trial: Trial, client: Client, power_w: int, occasion: str) -> list[Flow]:
    with trial.basis():
        instant = OCCASIONS[occasion](calendar_of(trial, client), trial.metering_now(client))
    if instant is None:
        raise NotApplicable("the clock has no change of summer time", item="clock.dst")
    trial.reach(instant - timedelta(seconds=trial.span_s(_RUN_S) / 3), client)
    return power_flows(trial, client, power_w, 0)


@when("import, export and nothing take turns", target_fixture="flows")
def turns_are_taken(trial: Trial, client: Client) -> list[Flow]:
    turns = ((3000, 0), (0, 3000), (0, 0), (2000, 0), (0, 1000))
    return [flow for import_w, export_w in turns for flow in power_flows(trial, client, import_w, export_w)]


@then("each register has counted what flowed in its direction and nothing else")
def registers_have_counted(trial: Trial, flows: list[Flow]) -> None:
    for flow in flows:
        for before, after, watts in zip(flow.before, flow.after, flow.watts, strict=True):
            resolution = after.scaler_unit.resolution
            if watts:
                expectation = trial.expectation(seconds=flow.seconds, resolution_wh=resolution)
                judged = follows_load(after.value - before.value, replace(expectation, power_w=watts))
            else:
                judged = stands_still(before.value, after.value, resolution)
            trial.judge(judged, after.frame)


# Channels


@given(parsers.parse("the channel of {interval} sets"))
def channel_of(trial: Trial, client: Client, interval: Interval) -> None:
    sets_of(trial, client, interval)


@when(parsers.parse("{count:d} updates of the {interval} sets are due"), target_fixture="updates")
def updates_are_due(trial: Trial, client: Client, count: int, interval: Interval) -> Updates:
    sets = sets_of(trial, client, interval)
    begin = boundary_after(trial, client, interval, trial.unvisited(client) + timedelta(days=1))
    trial.reach(begin - lead_of(trial), client)
    trial.reach(begin + tail_of(trial), client)
    with trial.basis():
        known = sets.newest()
    until, times = begin, list[datetime]()
    for _ in range(count):
        until = boundary_after(trial, client, interval, until)
        # A bench that steps the clock does not leap over what is due.
        trial.reach(until - lead_of(trial), client)
        trial.reach(until + tail_of(trial), client)
        # Read after each of them: a device may keep few.
        newest = sets.newest()
        times += [row.time for row in came_since(known, newest)]
        known = newest
    return Updates(
        channel=f"{interval} sets",
        times=times,
        begin=begin,
        end=trial.metering_now(client),
        period_s=_PERIODS_S[interval],
        frame=client.conversation.frame,
    )


@when(parsers.parse("{count:d} updates of the load profile are due while the line is busy"), target_fixture="updates")
def profile_updates_are_due(trial: Trial, client: Client, count: int) -> Updates:
    declared = trial.profile_declaration("load_profile")
    if declared.period_s == 0:
        raise Inconclusive("the load profile is declared to have no period", missing="declaration")
    trial.judge(grid_is_certain(declared.period_s))
    sets = Sets(client, trial.object("load_profile"), declared, trial.object("clock"))
    trial.let_pass(declared.period_s, client)
    begin = trial.metering_now(client)
    with trial.basis():
        known = sets.newest()
    register = trial.object("energy_import_total")
    for _ in range(count * _READINGS):
        client.read(item(register, 2))
        trial.let_pass(declared.period_s / _READINGS, client)
    times = [row.time for row in came_since(known, sets.newest())]
    return Updates(
        channel="the load profile",
        times=times,
        begin=begin,
        end=trial.metering_now(client),
        period_s=float(declared.period_s),
        frame=client.conversation.frame,
    )


@then("every update has come within its period and a fifth of it")
def updates_have_come(trial: Trial, updates: Updates) -> None:
    uncertainty_s = 2 * trial.time.uncertainty_s + trial.declaration.metering.freshness_s
    judged = keeps_cadence(
        updates.channel,
        updates.times,
        begin=updates.begin,
        end=updates.end,
        period_s=updates.period_s,
        uncertainty_s=uncertainty_s,
    )
    trial.judge(judged, updates.frame)


@when("the registers of both directions are read one right after the other", target_fixture="ages")
def registers_are_read(trial: Trial, client: Client) -> list[RegisterValue]:
    return [value for _ in range(3) for value in both(trial, client)]


@then("each value came within the finest period that is demanded of any channel or the declared response time")
def values_came_in_time(trial: Trial, ages: list[RegisterValue]) -> None:
    limit_s = max(3.0, trial.response_time_s)
    for value in ages:
        if value.took_s > limit_s + trial.line_uncertainty_s:
            raise trial.fail(
                expected=f"{value.target.obis} within {limit_s:g} s",
                observed=f"{value.took_s:.3f} s (uncertainty {trial.line_uncertainty_s:.3f} s)",
                frame=value.frame,
            )
