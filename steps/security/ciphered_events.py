"""What an event log says of wrongly ciphered requests and of replays."""

from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.declaration import AssociationRole
from harness.errors import DeviceError, Inconclusive, NotApplicable
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.registers import DateTime, read_clock
from harness.headend.stimuli.ciphering_recipes import RECIPES
from harness.headend.stimuli.discard import Target
from harness.run.trial import Trial
from steps.security.ciphering import ciphered_client, target_of

_KINDS = {"decryption failure": "decryption_failure", "replay": "replay"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """New entries of a log with the code looked for, between two readings of the clock."""

    entries: tuple[LogEntry, ...]
    code: int
    before: DateTime
    after: DateTime
    strikes: int


@when(parsers.parse("as many requests in a row as make an event are each a {kind}"), target_fixture="logged")
def as_many_as_make_an_event(trial: Trial, kind: str) -> Logged:
    return logged(trial, kind, before_event(trial, kind))


@when(parsers.parse("one request fewer than make an event is a {kind}"), target_fixture="logged")
def one_fewer_than_make_an_event(trial: Trial, kind: str) -> Logged:
    most = before_event(trial, kind)
    if most == 1:
        item = f"security.{_KINDS[kind]}s_before_event"
        raise NotApplicable("the event comes with the first one", item=item)
    event = trial.declaration.require_event(_KINDS[kind], clause=trial.clause)
    target = target_of(trial, ciphered_client(trial))
    # Nobody knows how many the device has counted already: it has counted none right after an event.
    # Good requests of the client that fails may begin the row anew: another one looks at the log where there is one.
    reader = other_reader(trial, target)
    for _ in range(most):
        old, before = read_log(trial, event.log, reader)
        fail_in_a_row(trial, target, kind, 1)
        new, _ = read_log(trial, event.log, reader)
        if any(entry.code == event.code for entry in entries_since(old, new)):
            break
    else:
        raise Inconclusive(f"no event {event.code} came after {most} in a row", missing="device")
    fail_in_a_row(trial, target, kind, most - 1)
    latest, after = read_log(trial, event.log, reader)
    entries = tuple(entry for entry in entries_since(new, latest) if entry.code == event.code)
    return Logged(entries=entries, code=event.code, before=before, after=after, strikes=most - 1)


def before_event(trial: Trial, kind: str) -> int:
    """Return with which failure in a row the event comes."""
    security = trial.declaration.security
    if kind == "replay":
        return security.replays_before_event
    return security.decryption_failures_before_event


def logged(trial: Trial, kind: str, strikes: int) -> Logged:
    """Make the failures between two readings of the log."""
    event = trial.declaration.require_event(_KINDS[kind], clause=trial.clause)
    old, before = read_log(trial, event.log)
    target = target_of(trial, ciphered_client(trial))
    fail_in_a_row(trial, target, kind, strikes)
    target.client.close()
    new, after = read_log(trial, event.log)
    entries = tuple(entry for entry in entries_since(old, new) if entry.code == event.code)
    return Logged(entries=entries, code=event.code, before=before, after=after, strikes=strikes)


def fail_in_a_row(trial: Trial, target: Target, kind: str, strikes: int) -> None:
    """Send wrong requests with no good one between them."""
    sent = target.intruder.sent[-1]
    for _ in range(strikes):
        trial.spend_failures(target.client.declared.id, failure="deciphering")
        if kind == "replay":
            target.repeat(sent)
        else:
            target.strike(target.intruder.wrongly(RECIPES["tag-last-bit"]))


def other_reader(trial: Trial, target: Target) -> AssociationRole:
    """Return who may look at the log between the failures: the management client, unless it is the one that fails."""
    declared = trial.declaration.associations
    fails = any(one.role == "management" and one.id == target.client.declared.id for one in declared)
    return "reading" if fails and any(one.role == "reading" for one in declared) else "management"


def read_log(trial: Trial, log: str, reader: AssociationRole = "management") -> tuple[tuple[LogEntry, ...], DateTime]:
    """Read a log and the clock over a connection of its own."""
    client = trial.head_end.associate(reader)
    try:
        entries = read_event_log(client, trial.declaration, log)
        return entries, read_clock(client, trial.object("clock"))
    except DeviceError as error:
        raise Inconclusive(f"the log {log} cannot be read: {error}", missing="device") from error
    finally:
        client.close()


@then("the log has an entry of it with its time")
def log_has_entry(trial: Trial, logged: Logged) -> None:
    if not 1 <= len(logged.entries) <= logged.strikes:
        raise trial.fail(
            expected=f"an event {logged.code} for {logged.strikes} in a row",
            observed=f"{len(logged.entries)} new entries with code {logged.code}",
        )
    tolerance_s = trial.declaration.clock.tolerance_s
    first, last = logged.before.comparable(), logged.after.comparable()
    for entry in logged.entries:
        at = None if first is None else entry.time.nearest(first)
        if first is None or last is None or at is None:
            raise Inconclusive(f"the time {entry.time} of an entry is not fully specified", missing="device")
        late_s = max((first - at).total_seconds(), (at - last).total_seconds())
        if late_s > tolerance_s:
            raise trial.fail(expected=f"a time between {logged.before} and {logged.after}", observed=f"{entry.time}")


@then("the log has no entry of it yet")
def log_has_no_entry(trial: Trial, logged: Logged) -> None:
    if logged.entries:
        raise trial.fail(
            expected=f"no event {logged.code} before {logged.strikes + 1} in a row",
            observed=f"{len(logged.entries)} new entries with code {logged.code}",
        )
