"""Parameters of the load profile that are refused, and leave no trace."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.judged import Breach
from harness.checks.profile import ProfileRow
from harness.checks.refusals import told
from harness.declaration import Event
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.profile_setup import Footprint, footprint_of, no_trace
from harness.headend.profiles import Column
from harness.headend.refused_setups import ATTEMPTS, MOST_NUMBER, Attempt, denied_attempt
from harness.run.trial import Trial
from steps.metering.profile_setup import reader_of, refill_at_the_end
from steps.rights.access import associated

_ROWS_COMPARED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What came of an attempt: the error, or None where it was taken."""

    attempt: Attempt
    answer: str | None
    before: Footprint
    known: list[ProfileRow]
    frame: int


def _columns(trial: Trial, client: Client) -> tuple[Column, ...]:
    with trial.basis():
        return reader_of(trial, client, trial.profile_declaration("load_profile")).columns()


@given("rows and change records of the load profile are known", target_fixture="known")
def rows_and_records_known(trial: Trial, client: Client) -> list[ProfileRow]:
    reader = reader_of(trial, client, trial.profile_declaration("load_profile"))
    if not reader.entries_in_use() and trial.time_moves_by_hand:
        trial.let_pass((_ROWS_COMPARED + 1) * reader.period_s, client)
    with trial.basis():
        return reader.newest(_ROWS_COMPARED)


@when(parsers.parse('the management client writes "{name}"'), target_fixture="refusal")
def writes_wrong_value(trial: Trial, client: Client, known: list[ProfileRow], name: str) -> Refusal:
    attempt = ATTEMPTS[name](trial.profile_declaration("load_profile"), _columns(trial, client))
    before = _footprint(trial, client, known)
    refill_at_the_end(trial)
    answer = None
    try:
        trial.changes.set(client, trial.object("load_profile"), attempt.attribute, attempt.data)
    except Refused as refused:
        answer = refused.answer
    return Refusal(attempt=attempt, answer=answer, before=before, known=known, frame=client.conversation.frame)


def _footprint(trial: Trial, client: Client, known: list[ProfileRow]) -> Footprint:
    reader = reader_of(trial, client, trial.profile_declaration("load_profile"))
    with trial.basis():
        return footprint_of(client, trial.declaration, trial.object("load_profile"), reader, known)


@when(parsers.parse('the reading client tries to write "{name}" of the load profile'), target_fixture="refusal")
def reading_client_writes(trial: Trial, client: Client, known: list[ProfileRow], name: str) -> Refusal:
    profile = trial.object("load_profile")
    before = _footprint(trial, client, known)
    attempt = denied_attempt(name, _columns(trial, client), before.parameters)
    refill_at_the_end(trial)
    trial.changes.keep(client, profile, attempt.attribute)
    client.close()
    answer = None
    with associated(trial, trial.head_end.association("reading")) as reading:
        try:
            reading.set(item(profile, attempt.attribute), attempt.data)
        except Refused as refused:
            answer = refused.answer
        frame = reading.conversation.frame
    client.establish()
    return Refusal(attempt=attempt, answer=answer, before=before, known=known, frame=frame)


@then("it is refused and leaves no trace")
def refused_without_trace(trial: Trial, client: Client, refusal: Refusal) -> None:
    attempt = refusal.attempt
    if refusal.answer is None:
        taken_instead(trial, client, refusal)
        return
    answers = trial.refusals(*attempt.conditions)
    if refusal.answer not in answers:
        raise trial.fail(expected=told(answers), observed=refusal.answer, frame=refusal.frame)
    after = _footprint(trial, client, refusal.known)
    event = trial.declaration.event("parameters_changed")
    code = event.code if isinstance(event, Event) else None
    trial.judge(no_trace(refusal.before, after, code), client.conversation.frame)


def taken_instead(trial: Trial, client: Client, refusal: Refusal) -> None:
    """Judge a value that was not refused: some may be taken as they are, or as the nearest one that is possible."""
    attempt = refusal.attempt
    found = client.read(item(trial.object("load_profile"), attempt.attribute))
    if attempt.may_be_taken and found == attempt.data:
        raise Inconclusive(
            f"{attempt.data.value} is taken as it is, and the declaration does not say that it must not be",
            missing="declaration",
        )
    if attempt.clipped_to is not None and found.type is attempt.data.type and isinstance(found.value, int):
        if found.value == attempt.clipped_to or (not attempt.clipped_to and 0 < found.value <= MOST_NUMBER):
            return
        trial.judge(
            Breach(expected=f"{attempt.clipped_to}, the largest possible, in its place", observed=f"{found.value}"),
            refusal.frame,
        )
    raise trial.fail(
        expected="a refusal of a value that cannot be set",
        observed=f"carried out, and then {found.value}",
        frame=refusal.frame,
    )
