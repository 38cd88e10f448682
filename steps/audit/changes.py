"""Changes of parameters, and the one entry that each of them leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import (
    datetime,
    timedelta,
)

from pytest_bdd import parsers, then, when

from harness.checks.audit import Noted, counted_with, dated_as, no_entry, one_entry
from harness.declaration import AuditedMethod, AuditedParameter, Event
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import (
    CHANGE_EVENTS,
    AuditState,
    audited_parameters,
    billing_methods,
    billing_parameters,
    codes_of,
    read_state,
    values_for,
)
from harness.headend.client import Client, item
from harness.headend.collection import COLLECTED, filter_data
from harness.headend.data import Data, decoded, encoded
from harness.headend.event_log import entries_since
from harness.headend.requests import attribute_of
from harness.headend.rights.write_paths import LOST, WritePath, attempt_write, is_open
from harness.run.trial import Trial
from steps.audit.waiting import step_on
from steps.security.attacks import proposing_all

_MINUTE_APART_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that was made, or tried, and what the device kept before and after it."""

    parameter: AuditedParameter | AuditedMethod
    value: Data | None
    before: AuditState
    after: AuditState
    frame: int

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The device's time around it.

        Where its entry leaves open in which zone its time is, and the change was one of the zone, both zones hold.
        """
        before, after = self.before.clock, self.after.clock
        first, last = self.before.at, self.after.at
        if before is None or after is None or first is None or last is None:
            raise Inconclusive("the clock shows no full time to hold an entry against", missing="device")
        if self.is_told_with_zone:
            return first, last
        moved = timedelta(minutes=abs((after.deviation_min or 0) - (before.deviation_min or 0)))
        return min(first, last) - moved, max(first, last) + moved

    @property
    def is_told_with_zone(self) -> bool:
        """Whether all that the logs have of it since says its deviation from UTC."""
        return all(
            entry.time.deviation_min is not None
            for log, entries in self.after.logs.items()
            for entry in entries_since(self.before.logs[log], entries)
        )


@dataclass(kw_only=True)
class Changes:
    """All changes of a step."""

    made: list[Change] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


Make = Callable[[Client, AuditedParameter, Data, Data], Data | None]
"""Makes one change from the first value to the second and tells what the device has then; None where it takes none."""


def parameters_of(trial: Trial, client: Client, kind: str) -> tuple[AuditedParameter, ...]:
    """Return the parameters of a kind whose change does no more than the scenario says of itself."""
    every = (audited_parameters if kind == "audited" else billing_parameters)(client, trial.declaration)
    allowed = trial.meta.effects | {"reads"}
    found = tuple(
        one
        for one in every
        if set(trial.catalogue.effect_of_write(one.class_id, one.attribute, same_value=False)) <= allowed
    )
    if not found:
        raise Inconclusive(
            f"to change what is declared of {kind} parameters would do more than this scenario may", missing="bench"
        )
    return found


def state_of(trial: Trial, client: Client, *events: str) -> AuditState:
    """Read what the device keeps about changes; what is wrong there is judged elsewhere."""
    with trial.basis():
        return read_state(client, trial.declaration, (*events, *CHANGE_EVENTS))


def by_set(trial: Trial) -> Make:
    """Change a parameter by a plain SET for the time of the scenario, and read it back.

    Another value than the one that was written may be the nearest possible one; the old one is no change.
    """

    def make(client: Client, parameter: AuditedParameter, there: Data, value: Data) -> Data | None:
        target = item(parameter.target, parameter.attribute)
        try:
            client.set(target, value)
        except Refused:
            return None
        found: Data = client.read(target)
        if found == there:
            trial.remarks.append(f"{parameter} written as {value.value!r} was acknowledged and stays as it is")
            return None
        return found

    return make


def by_path(path: WritePath) -> Make:
    """Change a parameter by one of the other ways to write."""

    def make(client: Client, parameter: AuditedParameter, there: Data, value: Data) -> Data | None:
        got = attempt_write(client, path, attribute_of(parameter.target, parameter.attribute), encoded(value))
        if got.name in LOST:
            raise Inconclusive(f"{path} of {parameter} gets {got.name}", missing="device")
        return value if client.read(item(parameter.target, parameter.attribute)) == value else None

    return make


def state_before(trial: Trial, client: Client, *events: str) -> AuditState:
    """Read the same before a change, once the clock has gone on.

    In a short log that is full of entries of one time, which may leave out its second, another one would not show.
    """
    if not trial.time_moves_by_hand:
        return state_of(trial, client, *events)
    step_on(trial)
    before = state_of(trial, client, *events)
    if any(entry.time.second is None for entries in before.logs.values() for entry in entries):
        trial.let_pass(_MINUTE_APART_S, client)
        before = state_of(trial, client, *events)
    return before


def changed(trial: Trial, client: Client, parameter: AuditedParameter, make: Make) -> Change | None:
    """Give a parameter another value and read what was kept before and after; None where it takes none."""
    there = trial.changes.keep(client, parameter.target, parameter.attribute)
    for value in values_for(trial.declaration, parameter, there):
        before = state_before(trial, client, parameter.event)
        found = make(client, parameter, there, value)
        if found is None:
            continue
        frame = client.conversation.frame
        after = state_of(trial, client, parameter.event)
        return Change(parameter=parameter, value=found, before=before, after=after, frame=frame)
    return None


def all_changed(trial: Trial, client: Client, parameters: Sequence[AuditedParameter], make: Make) -> Changes:
    """Change one parameter after the other."""
    found = Changes()
    for parameter in parameters:
        change = changed(trial, client, parameter, make)
        if change is None:
            found.left_out.append(str(parameter))
        else:
            found.made.append(change)
    if not found.made:
        raise Inconclusive(
            f"no other value is known that is taken: {', '.join(found.left_out)} (audit.parameters.values)",
            missing="declaration",
        )
    if found.left_out:
        trial.remarks.append(f"not tried, as no other value is known that is taken: {', '.join(found.left_out)}")
    return found


@when(parsers.parse("each {kind} parameter is changed by SET"), target_fixture="audit_changes")
def each_is_changed(trial: Trial, client: Client, kind: str) -> Changes:
    return all_changed(trial, client, parameters_of(trial, client, kind), by_set(trial))


@when(parsers.parse('each {kind} parameter is changed by "{path}"'), target_fixture="audit_changes")
def each_is_changed_by(trial: Trial, client: Client, kind: str, path: str) -> Changes:
    wanted = WritePath(path)
    declared = client.declared
    parameters = parameters_of(trial, client, kind)
    client.close()
    with proposing_all(trial, declared) as wide:
        if not is_open(wide, wanted):
            raise NotApplicable(f"the device does not grant {wanted}", item="associations.conformance")
        changes = all_changed(trial, wide, parameters, by_path(wanted))
    client.establish()
    return changes


@when("each declared method that changes a billing parameter is invoked", target_fixture="audit_changes")
def methods_are_invoked(trial: Trial, client: Client) -> Changes:
    found = Changes()
    allowed = trial.meta.effects | {"reads"}
    for one in billing_methods(client, trial.declaration):
        if not set(trial.catalogue.effect_of_invoke(one.class_id, one.method)) <= allowed:
            found.left_out.append(str(one))
            continue
        before = state_before(trial, client, one.event)
        undo = (one.undone_by, _decoded(one.undo_parameter))
        try:
            trial.changes.invoke(client, one.target, one.method, _decoded(one.parameter), undone_by=undo)
        except Refused as refused:
            if trial.declaration.audit.billing_methods:
                raise
            reason = f"{one} is refused with a day of our own choice: {refused.answer} (audit.billing_methods)"
            raise Inconclusive(reason, missing="declaration") from refused
        frame = client.conversation.frame
        after = state_of(trial, client, one.event)
        found.made.append(Change(parameter=one, value=None, before=before, after=after, frame=frame))
    if not found.made:
        raise Inconclusive("the declaration does not mention audit.billing_methods", missing="declaration")
    return found


def _decoded(octets: str | None) -> Data | None:
    return None if octets is None else decoded(bytes.fromhex(octets))


def event_of(trial: Trial, role: str) -> tuple[int, str, frozenset[int]]:
    """Code and log of an event, and the codes that may come along with it."""
    event = trial.declaration.require_event(role, clause=trial.clause)
    return event.code, event.log, frozenset(event.accompanied_by)


def judge_change(trial: Trial, change: Change) -> Noted:
    """One entry, with the time of the change, and the counter and the date go with it."""
    about, role = f"the change of {change.parameter}", change.parameter.event
    code, log, along = event_of(trial, role)
    entries = change.after.since(change.before, log)
    tolerance_s = trial.declaration.clock.tolerance_s
    span = change.span
    trial.judge(one_entry(about, entries, codes={code}, span=span, tolerance_s=tolerance_s), change.frame)
    for other in CHANGE_EVENTS:
        event = trial.declaration.event(other)
        codes = codes_of(trial.declaration, other) - along - {code}
        if codes and isinstance(event, Event):
            more = change.after.since(change.before, event.log)
            trial.judge(no_entry(f"a second kind for {about}", more, codes=codes), change.frame)
    counts = {1} if role == "parameters_changed" else {0, 1}
    trial.judge(counted_with(about, change.before.count, change.after.count, allowed=counts), change.frame)
    if change.after.date is not None and change.after.count != change.before.count:
        shown = str(change.after.changed_at() or change.after.date)
        trial.judge(
            dated_as(about, change.after.changed_at(), span=span, tolerance_s=tolerance_s, shown=shown), change.frame
        )
    return next(one for one in entries if one.code == code)


@then("each change left exactly one entry at its time, and was counted once")
def each_left_one(trial: Trial, audit_changes: Changes) -> None:
    for change in audit_changes.made:
        judge_change(trial, change)
    trial.remarks.append(f"changed: {', '.join(str(change.parameter) for change in audit_changes.made)}")


@when("the filter itself is changed", target_fixture="audit_changes")
def filter_is_changed(trial: Trial, client: Client) -> Changes:
    target = trial.object("collection_filter")
    parameter = AuditedParameter.model_validate({"class": target.class_id, "obis": target.obis, "attribute": 2})
    declared = trial.declaration.collection
    there = trial.changes.keep(client, target, 2)
    before = state_before(trial, client)
    wanted = filter_data(there, declared, COLLECTED)
    wanted = filter_data(there, declared, ()) if wanted == there else wanted
    client.set(item(target, 2), wanted)
    frame = client.conversation.frame
    after = state_of(trial, client)
    return Changes(made=[Change(parameter=parameter, value=wanted, before=before, after=after, frame=frame)])
