"""Setting the load profile to other objects, another period and another number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_bdd import then, when

from harness.checks.captures import capture_instants, due_by_now, rows_at, rows_cleared
from harness.checks.profile import ProfileRow, energies_follow_load, grid_is_certain
from harness.declaration import CosemObject, Profile
from harness.errors import Inconclusive
from harness.headend.calendar import Zone
from harness.headend.client import Client, item
from harness.headend.profile_setup import Data
from harness.headend.profiles import Column, ProfileReader
from harness.headend.registers import read_scaler_unit
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of

_DATA_CLASS = 1
_PERIODS_WATCHED = 3
_ROWS_REFILLED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """The load profile after a change."""

    profile: CosemObject
    declared: Profile
    """As it would be declared with the change."""
    zone: Zone
    changed_at: datetime
    """Device's time just before the change."""
    settled_at: datetime
    """Device's time just after it."""
    attribute: int
    data: Data
    """What was written to it."""
    columns: tuple[Column, ...] | None = None
    """The same as columns; None where it was something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """All rows of the load profile, once the last captures have had time to be stored."""

    rows: list[ProfileRow]
    """The oldest first."""
    sure_until: datetime
    """Rows of captures up to then must be there, later ones may be."""
    now: datetime
    """Device's time after reading."""
    frame: int


def reader_of(trial: Trial, client: Client, declared: Profile) -> ProfileReader:
    """Return a reader of the load profile as it is set now."""
    return ProfileReader(client, trial.object("load_profile"), declared, trial.object("clock"))


def refill_at_the_end(trial: Trial) -> None:
    """Give later scenarios rows to work with, where that costs no waiting; to be called before the first change."""
    period_s = trial.profile_declaration("load_profile").period_s
    if trial.time_moves_by_hand and period_s:
        trial.at_the_end(lambda: trial.time.advance(_ROWS_REFILLED * period_s))


def storing_s(trial: Trial, declared: Profile) -> float:
    """How long a row may take to appear."""
    return max(declared.jitter_s, trial.declaration.metering.freshness_s)


def is_status(column: Column) -> bool:
    """Whether a column is a profile status by its code."""
    return column.class_id == _DATA_CLASS and column.obis.split(".")[2:4] == ["96", "10"]


def changed(
    trial: Trial, client: Client, attribute: int, data: Data, declared: Profile, columns: Sequence[Column] | None = None
) -> Configured:
    """Write a parameter for the time of the scenario and read it back."""
    profile = trial.object("load_profile")
    with trial.basis():
        zone = calendar_of(trial, client)
        changed_at = trial.metering_now(client)
    refill_at_the_end(trial)
    trial.changes.set(client, profile, attribute, data)
    with trial.basis():
        settled_at = trial.metering_now(client)
    found = client.read(item(profile, attribute))
    if found != data:
        raise trial.fail(expected=f"attribute {attribute} to be {data.value}, as written", observed=f"{found.value}")
    return Configured(
        profile=profile,
        declared=declared,
        zone=zone,
        changed_at=changed_at,
        settled_at=settled_at,
        attribute=attribute,
        data=data,
        columns=None if columns is None else tuple(columns),
    )


@when("a few capture periods pass", target_fixture="buffer")
def few_periods_pass(trial: Trial, client: Client, configured: Configured) -> Buffer:
    declared = configured.declared
    trial.judge(grid_is_certain(declared.period_s))
    trial.let_pass(_PERIODS_WATCHED * declared.period_s, client)
    return settled_rows(trial, client, configured)


def settled_rows(trial: Trial, client: Client, configured: Configured) -> Buffer:
    """Read the whole buffer once the last capture has had time to be stored."""
    return read_settled(trial, client, configured.declared)


def read_settled(trial: Trial, client: Client, declared: Profile) -> Buffer:
    """Read the whole buffer of the profile as it is set, likewise."""
    trial.let_pass(storing_s(trial, declared), client)
    with trial.basis():
        asked = trial.metering_now(client)
    rows = reader_of(trial, client, declared).whole()
    frame = client.conversation.frame
    with trial.basis():
        now = trial.metering_now(client)
    return Buffer(rows=rows, sure_until=asked - timedelta(seconds=storing_s(trial, declared)), now=now, frame=frame)


@then("the buffer has only rows from after the change, one for each capture that was due")
def rows_since_change(trial: Trial, configured: Configured, buffer: Buffer) -> None:
    declared = configured.declared
    if declared.reset_on_change:
        trial.judge(rows_cleared(buffer.rows, configured.changed_at, jitter_s=declared.jitter_s), buffer.frame)
    new = [row for row in buffer.rows if row.time > configured.settled_at]
    trial.judge(rows_at(due_since(configured, buffer), new, jitter_s=declared.jitter_s), buffer.frame)


def due_since(configured: Configured, buffer: Buffer) -> list[datetime]:
    """Return the captures that were due since the change and have, or must have, a row by now."""
    declared, zone = configured.declared, configured.zone
    if not declared.aligned:
        raise Inconclusive("rows are declared not to come at full periods", missing="declaration")
    due = capture_instants(
        configured.settled_at, buffer.now, period_s=declared.period_s, local=zone.local, instant=zone.instant
    )
    return due_by_now(due, buffer.rows, sure_until=buffer.sure_until, jitter_s=declared.jitter_s)


@then("each of them has a value for each of the objects")
def rows_of_new_shape(trial: Trial, client: Client, configured: Configured, buffer: Buffer) -> None:
    columns = configured.columns or ()
    found = reader_of(trial, client, configured.declared).columns()
    if found != columns:
        raise trial.fail(expected=f"{len(columns)} columns, as written", observed=f"{len(found)} columns")
    for number, column in enumerate(columns):
        target = CosemObject.model_validate({"class": column.class_id, "obis": column.obis})
        with trial.basis():
            now = client.read(item(target, column.attribute))
        for row in buffer.rows:
            if type(row.values[number]) is not type(now.value):
                raise trial.fail(
                    expected=f"a value like that of {column.obis} in column {number + 1}",
                    observed=f"{row.values[number]!r} in the row of {row}",
                )


@then("their energy follows the load")
def energy_follows_load(trial: Trial, client: Client, configured: Configured, buffer: Buffer) -> None:
    register = trial.object("energy_import_total")
    reader = reader_of(trial, client, configured.declared)
    with trial.basis():
        unit = read_scaler_unit(client, register, trial.clause)
        numbers = reader.numbers(buffer.rows, reader.column_of(register))
    period_s = Decimal(configured.declared.period_s)
    expectation = trial.expectation(seconds=period_s, resolution_wh=unit.resolution)
    energies = [number.scaleb(unit.scaler) for number in numbers]
    trial.judge(energies_follow_load(buffer.rows, energies, expectation), client.conversation.frame)


@then("the number of entries in use is that of the rows")
def entries_in_use_right(trial: Trial, client: Client, configured: Configured) -> None:
    reader = reader_of(trial, client, configured.declared)
    for _ in range(2):
        before, rows, after = reader.entries_in_use(), reader.whole(), reader.entries_in_use()
        if before == after:
            break
    if after != len(rows):
        raise trial.fail(expected=f"{len(rows)} entries in use, as there are rows", observed=f"{after}")
