"""The logs themselves: nobody writes them, and clearing one leaves an entry."""

from pytest_bdd import parsers, then, when

from harness.checks.judged import Breach
from harness.checks.refusals import told
from harness.declaration import LOG_ROLES, AssociationRole, CosemObject, Event
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import announced_to
from harness.headend.client import Client
from harness.headend.data import NOTHING, double_long_unsigned, empty_array, encoded
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.requests import attribute_of
from harness.headend.rights.object_list import Right
from harness.headend.rights.write_paths import WritePath, attempt_write
from harness.run.trial import Trial

_BUFFER, _IN_USE = 2, 7
_RESET = 1


def logs_of(trial: Trial) -> dict[str, CosemObject]:
    """Return the declared logs."""
    found = {role: trial.declaration.object(role) for role in LOG_ROLES}
    logs = {role: log for role, log in found.items() if isinstance(log, CosemObject)}
    if not logs:
        raise Inconclusive("the declaration does not mention any event log", missing="declaration")
    return logs


@when(parsers.parse("the {who} client writes buffer and number of entries of each log"), target_fixture="log_attempts")
def logs_written(trial: Trial, client: Client, who: AssociationRole) -> dict[str, tuple[str, int]]:
    answers = {}
    for role, log in logs_of(trial).items():
        for attribute, data in (
            (_BUFFER, empty_array()),
            (_IN_USE, double_long_unsigned(0)),
        ):
            got = attempt_write(client, WritePath.SET, attribute_of(log, attribute), encoded(data))
            answers[f"attribute {attribute} of {role}"] = (got.name, got.frame)
    return answers


@when(parsers.parse("the {who} client resets each log"), target_fixture="log_attempts")
def logs_reset(trial: Trial, client: Client, who: AssociationRole) -> dict[str, tuple[str, int]]:
    answers = {}
    for role, log in logs_of(trial).items():
        try:
            client.action(log, _RESET, NOTHING)
        except Refused as refused:
            answers[f"reset of {role}"] = (refused.answer.replace("action:", "dar:"), client.conversation.frame)
        else:
            answers[f"reset of {role}"] = ("carried out", client.conversation.frame)
    return answers


@when("the entries of all logs are known", target_fixture="log_entries")
def entries_known(trial: Trial, client: Client) -> dict[str, tuple[LogEntry, ...]]:
    return {role: read_event_log(client, trial.declaration, role) for role in logs_of(trial)}


@then("each of these attempts is refused and the entries stay")
def logs_untouched(
    trial: Trial,
    client: Client,
    log_entries: dict[str, tuple[LogEntry, ...]],
    log_attempts: dict[str, tuple[str, int]],
) -> None:
    conditions = ("no_write_right", "unknown_object", "wrong_type")
    accepted = trial.refusals(*conditions)
    for what, (answer, frame) in log_attempts.items():
        if answer not in accepted:
            raise trial.fail(expected=f"{what} to be refused with {told(accepted)}", observed=answer, frame=frame)
    event = trial.declaration.event("log_cleared")
    cleared = event.code if isinstance(event, Event) else None
    for role, before in log_entries.items():
        after = read_event_log(client, trial.declaration, role)
        new = entries_since(before, after)
        # A full log loses its oldest entry to each new one.
        lost = len(after) - len(new) < len(before) and len(after) < len(before)
        if lost or any(entry.code == cleared for entry in new):
            trial.judge(
                Breach(
                    expected=f"the {len(before)} entries of {role} to stay",
                    observed=f"{len(after)} entries, of which {len(new)} are new",
                ),
                client.conversation.frame,
            )


@then("each log that the management client may reset begins anew with the entry of clearing")
def cleared_with_entry(trial: Trial, client: Client) -> None:
    if not trial.declaration.audit.clear_logs:
        raise NotApplicable("no client may clear a log", item="audit.clear_logs")
    cleared = trial.declaration.require_event("log_cleared", clause=trial.clause)
    announced = announced_to(client, trial.declaration)
    tried = 0
    for role, log in logs_of(trial).items():
        listed = announced.find(log.class_id, log.obis) if announced is not None else None
        if announced is not None and (listed is None or listed.may_invoke(_RESET) is not Right.GRANTED):
            continue
        try:
            client.action(log, _RESET, NOTHING)
        except Refused:
            if announced is not None:
                raise
            continue
        entries = read_event_log(client, trial.declaration, role)
        tried += 1
        if not entries or entries[0].code != cleared.code:
            raise trial.fail(
                expected=f"{role} to begin with the entry {cleared.code} after it was cleared",
                observed=f"{entries[0].code if entries else 'no entry'}",
                frame=client.conversation.frame,
            )
    if not tried:
        raise NotApplicable("no client may clear a log", item="audit.clear_logs")
