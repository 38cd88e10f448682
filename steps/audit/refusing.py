"""What must leave no entry: refused changes, the same value again, reads; and logs that nobody writes."""

from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.checks.audit import counted_with, no_entry, one_entry
from harness.checks.refusals import told
from harness.checks.unchanged import unchanged
from harness.declaration import AssociationRole, AuditedParameter
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import CHANGE_EVENTS, AuditState, announced_to, codes_of, values_for
from harness.headend.blocks import sends_blocks
from harness.headend.client import Client, item
from harness.headend.data import Data, decoded, double_long_unsigned, encoded
from harness.headend.requests import first_block_of_set, set_list_request
from harness.headend.rights.write_paths import wrong_type
from harness.headend.stimuli.provoke import provoke
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, changed, parameters_of, state_of
from steps.rights.access import associated

_BUFFER, _IN_USE, _ENTRIES = 2, 7, 8
_RESET = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An attempt that must change nothing."""

    about: str
    answer: str | None
    conditions: tuple[str, ...]
    value: tuple[Data, Data]
    """Before and after it."""
    before: AuditState
    after: AuditState
    frame: int


def first_parameters(trial: Trial, client: Client, kind: str) -> list[tuple[AuditedParameter, Data, Data]]:
    """Return parameters with their present and another value."""
    found = []
    for parameter in parameters_of(trial, client, kind):
        there = client.read(item(parameter.target, parameter.attribute))
        values = values_for(trial.declaration, parameter, there)
        if values:
            found.append((parameter, there, values[0]))
    if not found:
        raise Inconclusive("no other value of a parameter is known (audit.parameters.values)", missing="declaration")
    return found


def tried_write(
    trial: Trial,
    client: Client,
    parameter: AuditedParameter,
    data: Data,
    conditions: tuple[str, ...],
    *,
    who: AssociationRole | None = None,
) -> Tried:
    """Write what has to be refused, as another client if one is named."""
    there = trial.changes.keep(client, parameter.target, parameter.attribute)
    before = state_of(trial, client, parameter.event)
    answer, frame = None, 0
    if who is None:
        try:
            client.set(item(parameter.target, parameter.attribute), data)
        except Refused as refused:
            answer = refused.answer
        frame = client.conversation.frame
    else:
        client.close()
        with associated(trial, trial.head_end.association(who)) as other:
            try:
                other.set(item(parameter.target, parameter.attribute), data)
            except Refused as refused:
                answer = refused.answer
            frame = other.conversation.frame
        client.establish()
    after_value = client.read(item(parameter.target, parameter.attribute))
    return Tried(
        about=f"{parameter} written as {data}",
        answer=answer,
        conditions=conditions,
        value=(there, after_value),
        before=before,
        after=state_of(trial, client, parameter.event),
        frame=frame,
    )


@when(parsers.parse("the {who} client tries to change each {kind} parameter"), target_fixture="audit_tried")
def other_client_tries(trial: Trial, client: Client, who: AssociationRole, kind: str) -> list[Tried]:
    return [
        tried_write(trial, client, parameter, value, ("no_write_right", "unknown_object"), who=who)
        for parameter, _, value in first_parameters(trial, client, kind)
    ]


@when(parsers.parse("each {kind} parameter is written with a value of another type"), target_fixture="audit_tried")
def wrong_type_written(trial: Trial, client: Client, kind: str) -> list[Tried]:
    conditions: tuple[str, ...] = ("wrong_type", "value_out_of_range")
    if announced_to(client, trial.declaration) is None:
        # Nobody has said that these parameters can be written at all.
        conditions += ("no_write_right",)
    return [
        tried_write(
            trial,
            client,
            parameter,
            decoded(wrong_type(encoded(there))),
            conditions,
        )
        for parameter, there, _ in first_parameters(trial, client, kind)
    ]


@when("the load profile is given no entries", target_fixture="audit_tried")
def out_of_range_written(trial: Trial, client: Client) -> list[Tried]:
    profile = trial.object("load_profile")
    parameter = AuditedParameter.model_validate(
        {"class": profile.class_id, "obis": profile.obis, "attribute": _ENTRIES}
    )
    none = double_long_unsigned(0)
    return [tried_write(trial, client, parameter, none, ("value_out_of_range",))]


@when(
    parsers.parse("only the first block of a new value of each {kind} parameter is sent"), target_fixture="audit_tried"
)
def first_block_only(trial: Trial, client: Client, kind: str) -> list[Tried]:
    if not sends_blocks(client):
        raise NotApplicable("no values in blocks", item="associations.conformance")
    found = []
    for parameter, there, value in first_parameters(trial, client, kind):
        trial.changes.keep(client, parameter.target, parameter.attribute)
        before = state_of(trial, client, parameter.event)
        octets = encoded(value)
        invoke = client.services.next_invoke()
        begun = octets[: max(1, len(octets) - 1)]
        first = first_block_of_set(parameter.target, parameter.attribute, begun, invoke)
        provoke(client.conversation, first, invoke)
        frame = client.conversation.frame
        client.drop()
        trial.head_end.associate_again(client)
        after = client.read(item(parameter.target, parameter.attribute))
        found.append(
            Tried(
                about=f"{parameter} of which one block was sent",
                answer="aborted",
                conditions=(),
                value=(there, after),
                before=before,
                after=state_of(trial, client, parameter.event),
                frame=frame,
            )
        )
    return found


@when(parsers.parse("each {kind} parameter is read"), target_fixture="audit_tried")
def only_read(trial: Trial, client: Client, kind: str) -> list[Tried]:
    found = []
    for parameter, there, _ in first_parameters(trial, client, kind):
        before = state_of(trial, client, parameter.event)
        after = client.read(item(parameter.target, parameter.attribute))
        found.append(
            Tried(
                about=f"{parameter} read",
                answer="read",
                conditions=(),
                value=(there, after),
                before=before,
                after=state_of(trial, client, parameter.event),
                frame=client.conversation.frame,
            )
        )
    return found


@then("each attempt is refused and leaves no entry of a change")
@then("nothing is changed and no entry of a change is left")
def nothing_left(trial: Trial, audit_tried: list[Tried]) -> None:
    for one in audit_tried:
        accepted = trial.refusals(*one.conditions)
        if one.conditions and one.answer not in accepted:
            raise trial.fail(
                expected=f"{one.about} to be refused with {told(accepted)}",
                observed=one.answer or "carried out",
                frame=one.frame,
            )
        judge_no_trace(trial, one)


def judge_no_trace(trial: Trial, one: Tried) -> None:
    """Value, counter and logs are as before."""
    trial.judge(unchanged({one.about: str(one.value[0])}, {one.about: str(one.value[1])}), one.frame)
    for log in one.after.logs:
        entries = one.after.since(one.before, log)
        codes = codes_in(trial, log)
        trial.judge(no_entry(f"{one.about}, which changed nothing", entries, codes=codes), one.frame)
    trial.judge(counted_with(one.about, one.before.count, one.after.count, allowed={0}), one.frame)


def codes_in(trial: Trial, log: str) -> frozenset[int]:
    """The codes of changes that stand in one log."""
    return frozenset(
        code
        for role in CHANGE_EVENTS
        for code in codes_of(trial.declaration, role)
        if getattr(trial.declaration.event(role), "log", None) == log
    )


@when(parsers.parse("each {kind} parameter is written as it is"), target_fixture="audit_same")
def written_as_it_is(trial: Trial, client: Client, kind: str) -> Changes:
    found = Changes()
    for parameter, there, _ in first_parameters(trial, client, kind):
        before = state_of(trial, client, parameter.event)
        try:
            trial.changes.set(client, parameter.target, parameter.attribute, there)
        except Refused:
            found.left_out.append(str(parameter))
            continue
        frame = client.conversation.frame
        after = state_of(trial, client, parameter.event)
        found.made.append(Change(parameter=parameter, value=there, before=before, after=after, frame=frame))
    if not found.made:
        raise Inconclusive(f"the device takes none as it is: {', '.join(found.left_out)}", missing="device")
    return found


@then("there is an entry or none as declared, and the counter goes with it")
def same_as_declared(trial: Trial, audit_same: Changes) -> None:
    policy = trial.declaration.audit.same_value_logged
    for one in audit_same.made:
        event = trial.declaration.require_event(one.parameter.event, clause=trial.clause)
        entries = one.after.since(one.before, event.log)
        number = sum(entry.code == event.code for entry in entries)
        allowed = {"either": (0, 1), "yes": (1,), "no": (0,)}[policy]
        if number not in allowed:
            raise trial.fail(
                expected=f"{' or '.join(map(str, allowed))} entries of {one.parameter} written as it is",
                observed=f"{number}",
                frame=one.frame,
            )
        trial.judge(
            counted_with(
                f"{one.parameter} written as it is, which left {number} entries",
                one.before.count,
                one.after.count,
                allowed={number} if one.parameter.event == "parameters_changed" else {0, number},
            ),
            one.frame,
        )


# A list with one good and one bad value


@when("a list with one right value and one of a wrong type is written", target_fixture="audit_change")
def half_right_list(trial: Trial, client: Client) -> Change:
    if not client.may_list:
        raise NotApplicable("no lists of attributes", item="associations.conformance")
    parameter, there, _ = first_parameters(trial, client, "audited")[0]
    bad = wrong_type(encoded(there))

    def make(client: Client, parameter: AuditedParameter, there: Data, value: Data) -> Data | None:
        invoke = client.services.next_invoke()
        listed = set_list_request(parameter.target, parameter.attribute, (encoded(value), bad), invoke)
        provoke(client.conversation, listed, invoke)
        return value if client.read(item(parameter.target, parameter.attribute)) == value else None

    change = changed(trial, client, parameter, make)
    if change is None:
        raise trial.fail(expected=f"the right value for {parameter} to be taken", observed="it is not")
    return change


@then("exactly one entry tells of the right value")
def one_of_two(trial: Trial, audit_change: Change) -> None:
    event = trial.declaration.require_event(audit_change.parameter.event, clause=trial.clause)
    entries = audit_change.after.since(audit_change.before, event.log)
    judged = one_entry(
        f"a list with one right value for {audit_change.parameter}",
        entries,
        codes={event.code},
        span=audit_change.span,
        tolerance_s=trial.declaration.clock.tolerance_s,
    )
    trial.judge(judged, audit_change.frame)
    before, after = audit_change.before.count, audit_change.after.count
    allowed = {1} if audit_change.parameter.event == "parameters_changed" else {0, 1}
    trial.judge(counted_with("one right value of a list", before, after, allowed=allowed), audit_change.frame)
