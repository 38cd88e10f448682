"""The logs themselves: nobody writes them, and clearing one leaves an entry."""

from pytest_bdd import parsers, then, when

from harness.checks.judged import Breach
from harness.declaration import LOG_ROLES, AssociationRole, CosemObject
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.rights.object_list import Right, current_association, read_object_list
from harness.headend.rights.write_paths import WritePath, attempt_write
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem
from harness.protocol.axdr import Data, DataType
from harness.run.trial import Trial

_BUFFER, _IN_USE = 2, 7
_RESET = 1


def logs_of(trial: Trial) -> dict[str, CosemObject]:
    """Return the declared logs."""
    found = {role: trial.declaration.object(role) for role in LOG_ROLES if role != "parameter_monitor_log"}
    logs = {role: log for role, log in found.items() if isinstance(log, CosemObject)}
    if not logs:
        raise Inconclusive("the declaration does not mention any event log", missing="declaration")
    return logs


@when(parsers.parse("the {who} client writes buffer and number of entries of each log"), target_fixture="log_attempts")
def logs_written(trial: Trial, client: Client, who: AssociationRole) -> dict[str, tuple[str, int]]:
    answers = {}
    for role, log in logs_of(trial).items():
        for attribute, data in (
            (_BUFFER, Data(DataType.ARRAY, ())),
            (_IN_USE, Data(DataType.DOUBLE_LONG_UNSIGNED, 0)),
        ):
            descriptor = xdlms.AttributeDescriptor(log.class_id, cosem.obis(log.obis), attribute)
            got = attempt_write(client, WritePath.SET, descriptor, axdr.encode(data))
            answers[f"attribute {attribute} of {role}"] = (got.name, got.frame)
    return answers


@when(parsers.parse("the {who} client resets each log"), target_fixture="log_attempts")
def logs_reset(trial: Trial, client: Client, who: AssociationRole) -> dict[str, tuple[str, int]]:
    answers = {}
    for role, log in logs_of(trial).items():
        try:
            client.action(log, _RESET, Data(DataType.INTEGER, 0))
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
    accepted = {answer for one in conditions for answer in trial.accepted_answers(one)}
    accepted |= {f"dar:{answer.removeprefix('action:')}" for answer in trial.accepted_answers("no_method_right")}
    for what, (answer, frame) in log_attempts.items():
        if answer not in accepted:
            raise trial.fail(
                expected=f"{what} to be refused with {' or '.join(sorted(accepted))}", observed=answer, frame=frame
            )
    for role, before in log_entries.items():
        after = read_event_log(client, trial.declaration, role)
        kept = len(after) - len(entries_since(before, after))
        if kept < len(before) and len(after) < len(before):
            trial.judge(
                Breach(expected=f"the {len(before)} entries of {role} to stay", observed=f"{len(after)} entries"),
                client.conversation.frame,
            )


@then("each log that the management client may reset begins anew with the entry of clearing")
def cleared_with_entry(trial: Trial, client: Client) -> None:
    if not trial.declaration.audit.clear_logs:
        raise NotApplicable("no client may clear a log", item="audit.clear_logs")
    cleared = trial.declaration.require_event("log_cleared", clause=trial.clause)
    announced = read_object_list(client, current_association(trial.declaration))
    tried = 0
    for role, log in logs_of(trial).items():
        listed = announced.find(log.class_id, log.obis)
        if listed is None or listed.may_invoke(_RESET) is not Right.GRANTED:
            continue
        client.action(log, _RESET, Data(DataType.INTEGER, 0))
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
