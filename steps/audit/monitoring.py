"""What the parameter monitor and its log say of a change, and what the log says of a key transfer."""

from dataclasses import dataclass

from pytest_bdd import then, when

from harness.checks.audit import dated_as, names_change
from harness.checks.captures import rows_since
from harness.checks.profile import ProfileRow
from harness.declaration import AuditedMethod, CosemObject, Profile
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.headend.profiles import ProfileReader
from harness.headend.registers import (
    stored_time,
)
from harness.headend.requests import octets_of
from harness.headend.restoring.key_transfer import KEY_TRANSFER
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, by_set, changed, parameters_of, state_of
from steps.security.keys import Keyed

_CHANGED_PARAMETER, _CAPTURE_TIME, _PARAMETERS = 2, 3, 4
_WHOLE = 0

Name = tuple[int, bytes, int]
"""Class, OBIS code and attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorLog:
    """The log of the parameter monitor as it was."""

    reader: ProfileReader
    rows: list[ProfileRow]


def log_of(trial: Trial, client: Client) -> MonitorLog | None:
    """Read the log of the parameter monitor; None where the device has none."""
    role = "parameter_monitor_log"
    log = trial.declaration.object(role)
    if not isinstance(log, CosemObject):
        return None
    declared = trial.declaration.profiles.get(role) or Profile(period_s=0, entries=1, selective_access=())
    reader = ProfileReader(client, log, declared, trial.object("clock"))
    return MonitorLog(reader=reader, rows=reader.whole())


def name_of(element: Data) -> tuple[object, ...]:
    """Class, OBIS code and attribute of a structure that begins with them."""
    return tuple(one.value for one in element.value[:3]) if isinstance(element.value, tuple) else ()


@then("each of them that the parameter monitor watches stands in it and in its log")
def monitor_names_changes(trial: Trial, client: Client) -> None:
    monitor = trial.object("parameter_monitor")
    watched = client.read(item(monitor, _PARAMETERS)).value
    names = [name_of(one) for one in watched] if isinstance(watched, tuple) else []
    tried = 0
    for parameter in parameters_of(trial, client, "audited"):
        name = (parameter.class_id, octets_of(parameter.obis), parameter.attribute)
        if name not in names or parameter.target.obis == monitor.obis:
            continue
        before = log_of(trial, client)
        change = changed(trial, client, parameter, by_set(trial))
        if change is None:
            continue
        tried += 1
        judge_monitor(trial, client, monitor, change, name)
        if before is not None:
            judge_log(trial, client, before, change, name)
    if not tried:
        raise Inconclusive("the parameter monitor watches none of the audited parameters", missing="declaration")


def judge_monitor(trial: Trial, client: Client, monitor: CosemObject, change: Change, name: Name) -> None:
    """Judge what the monitor itself shows: which attribute, its new value, and when."""
    shown = client.read(item(monitor, _CHANGED_PARAMETER))
    frame = client.conversation.frame
    trial.judge(names_change(f"the monitor after {change.parameter}", shown, name, change.value), frame)
    captured = client.read(item(monitor, _CAPTURE_TIME))
    time = stored_time(client, trial.object("clock"), captured)
    judged = dated_as(
        f"{change.parameter} in the parameter monitor",
        time.comparable(),
        span=change.span,
        tolerance_s=trial.declaration.clock.tolerance_s,
        shown=str(time),
    )
    trial.judge(judged, client.conversation.frame)


def judge_log(trial: Trial, client: Client, before: MonitorLog, change: Change, name: Name) -> None:
    """Judge that the change is one further row of the log, with what the monitor shows and its time."""
    rows = rows_since(before.rows, before.reader.whole())
    frame = client.conversation.frame
    if len(rows) != 1:
        raise trial.fail(
            expected=f"one row of {change.parameter} in the log of the parameter monitor",
            observed=f"{len(rows)} new rows",
            frame=frame,
        )
    about, (row,) = f"{change.parameter} in the log of the parameter monitor", rows
    span, tolerance_s = change.span, trial.declaration.clock.tolerance_s
    trial.judge(dated_as(about, row.time, span=span, tolerance_s=tolerance_s, shown=str(row)), frame)
    monitor = trial.object("parameter_monitor")
    for number, column in enumerate(before.reader.columns()):
        if (column.class_id, column.obis, column.attribute) != (monitor.class_id, monitor.obis, _CHANGED_PARAMETER):
            continue
        cell = row.values[number]
        if column.index == _WHOLE:
            trial.judge(names_change(about, cell, name, change.value), frame)
        elif column.index <= len(name) and cell != name[column.index - 1]:
            raise trial.fail(expected=f"{name[column.index - 1]!r} of {about}", observed=f"{cell!r}", frame=frame)


@when("a new encryption key is given between two readings of the log", target_fixture="audit_changes")
def key_given(trial: Trial, keyed: Keyed) -> Changes:
    before = state_of(trial, keyed.client, "keys_changed")
    setup = keyed.transfer.setup
    new = keyed.transfer.new_keys(["encryption_key"])
    try:
        trial.changes.give_keys(keyed.transfer, keyed.client, new)
    except Refused as refused:
        raise trial.fail(expected="a new encryption key to be taken", observed=str(refused)) from refused
    frame = trial.trace.last_received
    client = trial.head_end.associate_declared(keyed.transfer.declared)
    transfer = AuditedMethod.model_validate(
        {
            "class": setup.class_id,
            "obis": setup.obis,
            "method": KEY_TRANSFER,
            "undone_by": KEY_TRANSFER,
            "event": "keys_changed",
        }
    )
    after = state_of(trial, client, "keys_changed")
    return Changes(made=[Change(parameter=transfer, value=None, before=before, after=after, frame=frame or 0)])
