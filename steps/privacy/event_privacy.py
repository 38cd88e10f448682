"""What logs capture: times and codes, and nobody's consumption."""

from contextlib import suppress
from dataclasses import dataclass

from pytest_bdd import given, then, when

from harness.checks.privacy import no_consumption
from harness.declaration import LOG_ROLES, AssociationRole, CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.event_log import log_columns, read_event_log
from harness.headend.rights.privacy_requests import with_column
from harness.run.trial import Trial

_CAPTURE_OBJECTS = 3
_READERS: tuple[AssociationRole, ...] = ("reading", "management")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogColumns:
    """What one log captures."""

    role: str
    log: CosemObject
    columns: tuple[tuple[int, str, int], ...]
    frame: int


@given("a client that may read the logs is associated", target_fixture="client")
def client_of_logs(trial: Trial) -> Client:
    """Who may is left to the device: the reading client, else the management client."""
    for role in _READERS:
        if trial.declaration.association_of(role, trial.door.id) is None:
            continue
        client = trial.head_end.associate(role)
        if _readable(trial, client):
            return client
        client.close()
    raise Inconclusive("no declared client may read what the logs capture", missing="device")


def _readable(trial: Trial, client: Client) -> list[LogColumns]:
    """Return the declared logs whose columns the client may read."""
    found = []
    for role, log in declared_logs(trial).items():
        with suppress(Refused):
            columns = _columns(trial, client, role)
            found.append(LogColumns(role=role, log=log, columns=columns, frame=client.conversation.frame))
    return found


def declared_logs(trial: Trial) -> dict[str, CosemObject]:
    """Return the event logs that the declaration names; ``Inconclusive`` where there is none."""
    objects = {role: trial.declaration.object(role) for role in LOG_ROLES}
    logs = {role: log for role, log in objects.items() if isinstance(log, CosemObject)}
    if not logs:
        raise Inconclusive("the declaration does not mention any event log", missing="declaration")
    return logs


@when("the head end reads what every declared log captures", target_fixture="logs")
def reads_columns_of_logs(trial: Trial, client: Client) -> tuple[LogColumns, ...]:
    found = _readable(trial, client)
    if not found:
        raise Inconclusive("the client may not read what the logs capture", missing="device")
    return tuple(found)


def _columns(trial: Trial, client: Client, role: str) -> tuple[tuple[int, str, int], ...]:
    columns = log_columns(client, trial.declaration, role)
    return tuple((column.class_id, column.obis, column.attribute) for column in columns)


@then("none of it is consumption")
def none_is_consumption(trial: Trial, logs: tuple[LogColumns, ...]) -> None:
    for one in logs:
        trial.judge(no_consumption(one.role, one.columns), one.frame)


@when("the head end reads the entries of every declared log", target_fixture="widths")
def reads_entries(trial: Trial, client: Client, logs: tuple[LogColumns, ...]) -> dict[str, set[int]]:
    widths = {}
    for one in logs:
        with suppress(Refused):
            entries = read_event_log(client, trial.declaration, one.role)
            widths[one.role] = {len(entry.cells) for entry in entries}
    if not widths:
        raise Inconclusive("the client may not read the entries of any log", missing="device")
    return widths


@then("each of them has as many cells as the log has columns")
def entries_fit_columns(trial: Trial, logs: tuple[LogColumns, ...], widths: dict[str, set[int]]) -> None:
    for one in logs:
        cells = widths.get(one.role, set())
        if not cells <= {len(one.columns)}:
            raise trial.fail(
                expected=f"entries of {one.role} with {len(one.columns)} cells", observed=f"{sorted(cells)}"
            )


@when("the client adds the import energy to what each declared log captures", target_fixture="taken")
def adds_energy_to_logs(trial: Trial, client: Client, logs: tuple[LogColumns, ...]) -> list[str]:
    """Return the logs whose capture objects could be written."""
    energy = trial.object("energy_import_total")
    taken = []
    for one in logs:
        before = trial.changes.keep(client, one.log, _CAPTURE_OBJECTS)
        try:
            client.set(item(one.log, _CAPTURE_OBJECTS), with_column(before, energy))
        except Refused:
            continue
        taken.append(one.role)
    return taken


@then("that is refused and the logs capture what they did")
def logs_are_as_before(trial: Trial, client: Client, logs: tuple[LogColumns, ...], taken: list[str]) -> None:
    if taken:
        raise trial.fail(
            expected="a client that only reads to be refused", observed=f"it wrote the columns of {', '.join(taken)}"
        )
    for one in logs:
        now = _columns(trial, client, one.role)
        if now != one.columns:
            raise trial.fail(
                expected=f"{one.role} to capture what it did, since the change was refused",
                observed=", ".join(obis_code for _, obis_code, _ in now),
                frame=client.conversation.frame,
            )
