"""What outlives a cut of the supply, or the clearing of the load profile: rows, stored sets, settings, energies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import Column, values_between
from harness.checks.energy import between
from harness.checks.profile import ProfileRow, rows_kept
from harness.checks.unchanged import unchanged
from harness.declaration import CosemObject
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client, item
from harness.headend.data_sets import INTERVALS, Interval, Sets, Snapshot
from harness.headend.profile_setup import TRIGGER
from harness.run.trial import Trial
from steps.metering.captures import Watch, cut_for, new_rows, recent
from steps.metering.data_sets import boundary_after, sets_of, tail_of
from steps.metering.energy import read_energy
from steps.metering.profile_setup import Configured, reader_of
from steps.metering.registration import apply
from steps.metering.row_status import into_period

_VALUE = 2
_CAPTURE = 2
_CUT_S = 5.0
_SHARE_DARK = 0.1
_RUN_S = 1800.0
_DARK_S = 600.0
_MARGIN = Decimal("1.1")
_ROWS_OF_CUT = 2
"""A device may have rows of its own for the loss and the return of the supply."""
_COUNTED_BY = ("billing_counter", "billing_time")
_ENERGIES = ("energy_import_total", "energy_import_tariffs", "energy_export_total", "energy_export_tariffs")


# Rows


@when("the supply is cut for a few seconds", target_fixture="watched")
def cut_for_seconds(trial: Trial, client: Client) -> Watch:
    watched = into_period(trial, client)
    if not watched.before:
        raise Inconclusive("there are no rows that a cut could take away", missing="device")
    cut_for(trial, client, _CUT_S)
    return watched


@then("the rows from before the cut are all there")
def rows_are_there(trial: Trial, client: Client, watched: Watch) -> None:
    rows = recent(reader_of(trial, client, watched.declared))
    frame = client.conversation.frame
    with trial.basis():
        due = watched.due(watched.began, trial.metering_now(client))
    trial.judge(rows_kept(watched.before, rows, most_new=len(due) + _ROWS_OF_CUT), frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsBetween:
    """Rows with independent readings of their registers before and after them."""

    sets: Sets
    rows: list[ProfileRow]
    before: Snapshot
    after: Snapshot
    frame: int


def between_readings(trial: Trial, client: Client, watched: Watch) -> RowsBetween:
    """Let one capture happen between two readings of the registers."""
    sets = Sets(client, trial.object("load_profile"), watched.declared, trial.object("clock"))
    with trial.basis():
        before = sets.snapshot()
    trial.let_pass(watched.declared.period_s, client)
    buffer = new_rows(trial, client, watched)
    with trial.basis():
        after = sets.snapshot()
    rows = [row for row in buffer.rows if before.at < row.time <= after.at]
    return RowsBetween(sets=sets, rows=rows, before=before, after=after, frame=buffer.frame)


@given(parsers.parse("{import_w:d} W flow in and {export_w:d} W flow out from now on"))
def flow_from_now_on(trial: Trial, import_w: int, export_w: int) -> None:
    apply(trial, import_w, export_w)


@when("a capture comes between two readings of its registers", target_fixture="framed")
def capture_between(trial: Trial, client: Client) -> list[RowsBetween]:
    watched = into_period(trial, client)
    first = between_readings(trial, client, watched)
    return [first, between_readings(trial, client, into_period(trial, client))]


@when("a capture comes between two readings of its registers after a cut of the supply", target_fixture="framed")
def capture_after_cut(trial: Trial, client: Client) -> list[RowsBetween]:
    watched = into_period(trial, client)
    cut_for(trial, client, _SHARE_DARK * watched.declared.period_s)
    return [between_readings(trial, client, watched)]


@then("the row has of each register a value between the two")
def values_lie_between(trial: Trial, framed: list[RowsBetween]) -> None:
    for one in framed:
        if not one.rows:
            raise trial.fail(expected="a row of the capture between the readings", observed="none", frame=one.frame)
        for row in one.rows:
            trial.judge(values_between(one.sets.stored(one.before, row, one.after)), one.frame)


@when("a row is captured on demand in the middle of a period", target_fixture="watched")
def captured_on_demand(trial: Trial, client: Client) -> Watch:
    watched = into_period(trial, client)
    if not watched.declared.on_demand:
        raise NotApplicable("rows are not captured on demand", item="profiles.load_profile.on_demand")
    with trial.basis():
        client.action(trial.object("load_profile"), _CAPTURE, TRIGGER)
    trial.let_pass(2 * watched.declared.period_s, client)
    return watched


@then("the captures that were due have their rows all the same")
def due_have_rows(trial: Trial, client: Client, watched: Watch) -> None:
    buffer, jitter = new_rows(trial, client, watched), timedelta(seconds=watched.declared.jitter_s)
    for instant in watched.due(watched.began, buffer.sure_until):
        near = [row for row in buffer.rows if abs(row.time - instant) <= jitter]
        if len(near) != 1:
            raise trial.fail(
                expected=f"one row for the capture due at {instant:%Y-%m-%d %H:%M:%S} UTC",
                observed=f"{len(near)} of {len(buffer.rows)} rows",
                frame=buffer.frame,
            )


# Stored sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """All stored sets, with what counts the billing periods."""

    rows: Mapping[Interval, list[ProfileRow]]
    counted: Mapping[str, object]


def stored_of(trial: Trial, client: Client) -> Stored:
    """Read the sets of each interval, counter and time of the billing period."""
    declared = trial.declaration
    found: list[Interval] = [one for one, role in INTERVALS.items() if isinstance(declared.object(role), CosemObject)]
    rows = {one: sets_of(trial, client, one).reader.whole() for one in found}
    objects = {role: declared.object(role) for role in _COUNTED_BY}
    counted = {
        role: client.read(item(one, _VALUE)).value for role, one in objects.items() if isinstance(one, CosemObject)
    }
    return Stored(rows=rows, counted=counted)


@given("the stored sets are known", target_fixture="stored")
def stored_sets_known(trial: Trial, client: Client) -> Stored:
    with trial.basis():
        stored = stored_of(trial, client)
        shortest = next(iter(stored.rows), None)
        if shortest is not None and not stored.rows[shortest] and trial.time_moves_by_hand:
            nominal = boundary_after(trial, client, shortest, trial.metering_now(client))
            trial.reach(nominal + tail_of(trial), client)
            stored = stored_of(trial, client)
    if not any(stored.rows.values()):
        raise Inconclusive("no set is stored yet", missing="device")
    return stored


@then("the stored sets and what counts them are as before")
def stored_as_before(trial: Trial, client: Client, stored: Stored) -> None:
    now = stored_of(trial, client)
    frame = client.conversation.frame
    for interval, rows in stored.rows.items():
        came = _due_since(trial, client, interval, rows)
        trial.judge(rows_kept(rows, now.rows[interval], most_new=came), frame)
    if not _due_since(trial, client, "month", stored.rows.get("month", [])):
        trial.judge(unchanged(stored.counted, now.counted), frame)


def _due_since(trial: Trial, client: Client, interval: Interval, rows: list[ProfileRow]) -> int:
    """Return 1 where a set has been due since the newest of these, else 0."""
    if not rows:
        return 1
    return int(boundary_after(trial, client, interval, rows[-1].time) <= trial.metering_now(client))


# Settings


@then("what was set is in force still")
def setting_in_force(trial: Trial, client: Client, configured: Configured) -> None:
    found = client.read(item(configured.profile, configured.attribute))
    if found != configured.data:
        raise trial.fail(
            expected=f"attribute {configured.attribute} to be {configured.data.value}, as written before the cut",
            observed=f"{found.value}",
            frame=client.conversation.frame,
        )


# Energies


@when(parsers.parse("the supply is cut while {power_w:d} W flow in"), target_fixture="energies")
def cut_under_load(trial: Trial, client: Client, power_w: int) -> list[Column]:
    apply(trial, power_w, 0)
    trial.let_pass(trial.span_s(_RUN_S), client)
    declared = [trial.declaration.objects_of(role) for role in _ENERGIES]
    registers = [one for found in declared if isinstance(found, tuple) for one in found]
    began = trial.time.now()
    before = [read_energy(trial, client, one) for one in registers]
    dark_s = trial.span_s(_DARK_S)
    cut_for(trial, client, dark_s)
    after = [read_energy(trial, client, one) for one in registers]
    lit_s = (trial.time.now() - began).total_seconds() - dark_s + 2 * trial.time.uncertainty_s
    # The first reading may be as old as the declared freshness.
    lit_s += trial.declaration.metering.freshness_s
    hours = Decimal(str(max(0.0, lit_s))) / 3600
    return [
        Column(
            name=one.target.obis,
            before=one.value,
            stored=two.value,
            after=one.value + power_w * hours * _MARGIN + two.scaler_unit.resolution,
        )
        for one, two in zip(before, after, strict=True)
    ]


@then("no register has fallen back, and none has run ahead of what flowed")
def energies_kept(trial: Trial, client: Client, energies: list[Column]) -> None:
    for one in energies:
        trial.judge(between(f"{one.name} after the cut", one.before, one.stored, one.after), client.conversation.frame)
