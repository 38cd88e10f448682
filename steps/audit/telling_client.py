"""Who made a change, as the log tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pytest_bdd import then, when

from harness.checks.audit import one_entry
from harness.declaration import AssociationDeclaration
from harness.errors import NotApplicable
from harness.headend.client import Client
from harness.headend.event_log import LogEntry, entries_since
from harness.headend.told_client import client_cell, client_column, names_client
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, all_changed, by_set, event_of, parameters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBy:
    """The changes that one client made."""

    association: AssociationDeclaration
    changes: Changes


@when("each managing client changes each billing parameter", target_fixture="made_by_clients")
def each_client_changes(trial: Trial, client: Client) -> list[MadeBy]:
    """One after the other: the client of the scenario first, then all others of its role that this door lets in."""
    found = []
    others = [
        one
        for one in trial.declaration.associations
        if one.role == client.declared.role and not one.pre_established and one.fits(trial.door.id)
    ]
    for association in sorted(others, key=lambda one: one.id != client.declared.id):
        with _associated(trial, client, association) as sender:
            changes = all_changed(trial, sender, parameters_of(trial, sender, "billing"), by_set(trial))
        found.append(MadeBy(association=association, changes=changes))
    return found


@contextmanager
def _associated(trial: Trial, client: Client, association: AssociationDeclaration) -> Iterator[Client]:
    if association.id == client.declared.id:
        yield client
        return
    with trial.basis():
        other = trial.head_end.associate_declared(association)
    try:
        yield other
    finally:
        other.close()


@then("each entry tells the client that made the change")
def each_entry_tells(trial: Trial, made_by_clients: list[MadeBy]) -> None:
    judged = 0
    for made in made_by_clients:
        for change in made.changes.made:
            judged += _judge_told(trial, made.association, change)
    if not judged:
        raise NotApplicable("the logs of these changes do not tell the client", item="logs.client_column")
    names = ", ".join(f"{made.association.id} as {made.association.recorded!r}" for made in made_by_clients)
    trial.remarks.append(f"{judged} entries tell their client: {names}")


def _judge_told(trial: Trial, association: AssociationDeclaration, change: Change) -> bool:
    """Judge the entry of one change; tells whether its log has a column for the client."""
    code, log, _ = event_of(trial, change.parameter.event)
    about = f"the change of {change.parameter} by client {association.id}"
    tolerance_s = trial.declaration.clock.tolerance_s
    entries = change.after.since(change.before, log)
    trial.judge(one_entry(about, entries, codes={code}, span=change.span, tolerance_s=tolerance_s), change.frame)
    column = client_column(trial.declaration, log)
    if column is None:
        return False
    cell = client_cell(_entry_of(change, log, code), log, column)
    if not names_client(cell, association):
        raise trial.fail(
            expected=f"{association.recorded!r} beside the entry of {about} (associations.recorded_as)",
            observed=_shown(cell),
            frame=change.frame,
        )
    return True


def _entry_of(change: Change, log: str, code: int) -> LogEntry:
    new = entries_since(change.before.logs[log], change.after.logs[log])
    return next(entry for entry in new if entry.code == code)


def _shown(cell: object) -> str:
    return cell.hex().upper() if isinstance(cell, bytes) else str(cell)
