"""Wrong secrets: what the device says, what it logs, and whom it locks out for how long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.declaration import AssociationDeclaration
from harness.errors import DeviceError, Inconclusive, NotApplicable, Refused
from harness.headend.client import Client
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.stimuli.association_life import associate_read_release
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.stimulus import answered, clients_at
from harness.headend.stimuli.wrong_authentication import (
    clients_with_challenge,
    clients_with_password,
    fail_to_authenticate,
    wrong_answer,
)
from harness.run.trial import Trial
from steps.audit.waiting import step_on
from steps.security.diagnostics import judged_by

_EVENT = "authentication_failure"
_ADDED_PATIENCE = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed authentication."""

    client: AssociationDeclaration
    provoked: Provoked
    asked_after: Provoked | None = None


def _spending(trial: Trial, able: Sequence[AssociationDeclaration], count: int = 1) -> AssociationDeclaration:
    """Return the first client that may still fail so often, and take it from its budget."""
    if not able:
        raise NotApplicable("no client of this door authenticates itself so", item="associations.mechanism")
    last: Inconclusive | None = None
    for declared in able:
        try:
            trial.spend_failures(declared.id, count)
        except Inconclusive as spent:
            last = spent
            continue
        return declared
    raise last or Inconclusive("no client may fail any more", missing="declaration")


def _failing(trial: Trial, condition: str, able: Sequence[AssociationDeclaration]) -> tuple[Failure, Provoked]:
    tries: list[Failure] = []

    def attempt() -> Provoked:
        client = _spending(trial, able)
        if condition == "hls_reply_wrong":
            provoked, after = wrong_answer(trial.head_end, client)
        else:
            provoked, after = fail_to_authenticate(trial.head_end, client), None
        tries.append(Failure(client=client, provoked=provoked, asked_after=after))
        return provoked

    accepted = trial.accepted_answers(condition)
    provoked = answered(trial.head_end, "a wrong secret", attempt, accepted)
    return tries[-1], provoked


@when("a client presents a wrong password", target_fixture="failure")
def presents_wrong_password(trial: Trial) -> Failure:
    failure, provoked = _failing(trial, "aarq_secret_wrong", clients_with_password(trial.head_end))
    judged_by(trial, "aarq_secret_wrong", "aarq/secret-wrong", provoked)
    return failure


@when("a client answers the challenge of the device wrongly", target_fixture="failure")
def answers_wrongly(trial: Trial) -> Failure:
    failure, provoked = _failing(trial, "hls_reply_wrong", clients_with_challenge(trial.head_end))
    judged_by(trial, "hls_reply_wrong", "hls/reply-wrong", provoked)
    return failure


@then(parsers.parse('it is refused with one of the answers for "{condition}"'))
def is_refused_with(trial: Trial, failure: Failure, condition: str) -> None:
    accepted = trial.accepted_answers(condition)
    if failure.provoked.name not in accepted:
        raise trial.fail(
            expected=f"{condition}: {' or '.join(accepted)}",
            observed=f"{failure.provoked.name}: {failure.provoked.description}",
            frame=failure.provoked.frame,
        )


@then("it gets no data")
def gets_no_data(trial: Trial, failure: Failure) -> None:
    after = failure.asked_after
    if after is not None and after.name == "data":
        raise trial.fail(
            expected="no data for a client that has not proved itself", observed=after.description, frame=after.frame
        )


@then("the same client with the right secret is let in and answered")
def right_secret_is_taken(trial: Trial, failure: Failure) -> None:
    _let_in(trial, failure.client)


def _let_in(trial: Trial, declared: AssociationDeclaration) -> None:
    head_end = trial.head_end

    def attempt() -> None:
        associate_read_release(head_end, declared)

    try:
        head_end.judge.judged(
            f"the association of client {declared.id}", attempt, attempt, lambda: head_end.last_record
        )
    except Refused as refused:
        raise trial.fail(
            expected=f"client {declared.id} to be let in with the right secret", observed=str(refused)
        ) from refused


@given("what the device has logged about failed authentications is known", target_fixture="log_before")
def log_is_known(trial: Trial) -> tuple[LogEntry, ...]:
    step_on(trial)
    return _with_log_reader(trial, lambda client, log: read_event_log(client, trial.declaration, log))


def _with_log_reader(trial: Trial, read: Callable[[Client, str], tuple[LogEntry, ...]]) -> tuple[LogEntry, ...]:
    """Read the log of the event as the first client that may."""
    event = trial.declaration.require_event(_EVENT, clause=trial.clause)
    if event.log is None:
        raise Inconclusive(f"the declaration does not say which log event {_EVENT} goes to", missing="declaration")
    refused: Refused | None = None
    for declared in clients_at(trial.head_end, ("management", "reading", "other")):
        client = trial.head_end.associate_declared(declared)
        try:
            return read(client, event.log)
        except Refused as no:
            refused = no
        finally:
            client.close()
    raise Inconclusive(f"basis: no client may read the log: {refused}", missing="device")


@when("a client fails to authenticate as often as the event takes")
def fails_as_often(trial: Trial) -> None:
    count = trial.declaration.security.authentication_failures_before_event
    able = (*clients_with_password(trial.head_end), *clients_with_challenge(trial.head_end))
    client = _spending(trial, able, count)
    for _ in range(count):
        fail_to_authenticate(trial.head_end, client)


@then("the device has logged a failed authentication")
def has_logged(trial: Trial, log_before: tuple[LogEntry, ...]) -> None:
    event = trial.declaration.require_event(_EVENT, clause=trial.clause)
    after = _with_log_reader(trial, lambda client, log: read_event_log(client, trial.declaration, log))
    new = entries_since(log_before, after)
    if not any(entry.code == event.code for entry in new):
        codes = ", ".join(str(entry.code) for entry in new) or "nothing"
        raise trial.fail(expected=f"a new entry with code {event.code} ({_EVENT})", observed=f"{codes} new in the log")


@when("a client fails to authenticate as often as the device takes", target_fixture="locked_out")
def fails_to_lock_out(trial: Trial) -> AssociationDeclaration:
    lock_out = trial.declaration.security.lock_out
    if lock_out is None:
        raise NotApplicable("the device locks nobody out", item="security.lock_out")
    able = (*clients_with_password(trial.head_end), *clients_with_challenge(trial.head_end))
    if not able:
        raise NotApplicable("no client of this door authenticates itself", item="associations.mechanism")
    for _ in range(lock_out.failures):
        fail_to_authenticate(trial.head_end, able[0])
    return able[0]


@then("it is locked out with the right secret too")
def is_locked_out(trial: Trial, locked_out: AssociationDeclaration) -> None:
    try:
        associate_read_release(trial.head_end, locked_out)
    except DeviceError:
        return
    raise trial.fail(expected=f"client {locked_out.id} to be locked out", observed="an association")


@then("it is let in when the lock-out has ended")
def is_let_in_later(trial: Trial, locked_out: AssociationDeclaration) -> None:
    lock_out = trial.declaration.security.lock_out
    trial.head_end.let_pass((lock_out.seconds if lock_out else 0.0) * _ADDED_PATIENCE)
    _let_in(trial, locked_out)
