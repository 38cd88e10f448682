"""Parameters of the load profile that are refused, and leave no trace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pytest_bdd import given, parsers, then, when

from harness.checks.judged import Breach
from harness.checks.profile import ProfileRow
from harness.declaration import Event
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.profile_setup import (
    CAPTURE_OBJECTS,
    CAPTURE_PERIOD,
    PROFILE_ENTRIES,
    Footprint,
    columns_data,
    footprint_of,
    no_trace,
    number_data,
)
from harness.headend.profiles import Column
from harness.protocol.axdr import Data, DataType
from harness.run.trial import Trial
from steps.metering.profile_setup import reader_of, refill_at_the_end
from steps.rights.access import associated

_ROWS_COMPARED = 5
_UNKNOWN_OBJECT = Column(class_id=3, obis="1.0.99.7.250.255", attribute=2, index=0)
_MOST_NUMBER = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A value that must not be taken."""

    attribute: int
    data: Data
    conditions: tuple[str, ...] = ("value_out_of_range",)
    may_be_taken: bool = False
    """Whether a device may take it as well, if it then has it."""
    clipped_to: int | None = None
    """What may be found in its place where the declaration leaves it open or says so; 0 for anything smaller."""


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


def _unknown_object(trial: Trial, client: Client) -> Attempt:
    columns = (*_columns(trial, client), _UNKNOWN_OBJECT)
    conditions = ("unknown_object", "value_out_of_range")
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data(columns), conditions=conditions)


def _unknown_attribute(trial: Trial, client: Client) -> Attempt:
    columns = _columns(trial, client)
    wrong = replace(columns[-1], attribute=99)
    conditions = ("unknown_attribute", "unknown_object", "value_out_of_range")
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data((*columns[:-1], wrong)), conditions=conditions)


def _too_many_objects(trial: Trial, client: Client) -> Attempt:
    most = trial.profile_declaration("load_profile").most_columns
    if most is None:
        raise Inconclusive(
            "the declaration does not say how many objects can be captured (profiles.load_profile.most_columns)",
            missing="declaration",
        )
    columns = _columns(trial, client)
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data((*columns, *[columns[-1]] * (most + 1 - len(columns)))))


def _odd_period(trial: Trial, client: Client) -> Attempt:
    """A period that neither divides the hour nor is declared."""
    allowed = trial.profile_declaration("load_profile").allowed_periods_s
    odd = next(one for one in (59, 7, 61) if one not in (allowed or ()))
    return Attempt(attribute=CAPTURE_PERIOD, data=number_data(odd), may_be_taken=allowed is None)


def _too_many_entries(trial: Trial, client: Client) -> Attempt:
    declared = trial.profile_declaration("load_profile")
    clipped = None if declared.depth_beyond == "refused" else declared.most_entries or 0
    beyond = _MOST_NUMBER if declared.most_entries is None else min(declared.most_entries + 1, _MOST_NUMBER)
    return Attempt(attribute=PROFILE_ENTRIES, data=number_data(beyond), clipped_to=clipped)


def _fixed(attempt: Attempt) -> Callable[[Trial, Client], Attempt]:
    return lambda trial, client: attempt


def _wrong_type(attribute: int, data: Data) -> Callable[[Trial, Client], Attempt]:
    return _fixed(Attempt(attribute=attribute, data=data, conditions=("wrong_type",)))


_ATTEMPTS: Mapping[str, Callable[[Trial, Client], Attempt]] = {
    "an unknown capture object": _unknown_object,
    "an unknown attribute to capture": _unknown_attribute,
    "more capture objects than fit": _too_many_objects,
    "no capture objects": _fixed(Attempt(attribute=CAPTURE_OBJECTS, data=columns_data(()), may_be_taken=True)),
    "capture objects of a wrong type": _wrong_type(CAPTURE_OBJECTS, Data(DataType.OCTET_STRING, b"\x01\x02")),
    "an odd capture period": _odd_period,
    "a capture period of a wrong type": _wrong_type(CAPTURE_PERIOD, Data(DataType.LONG_UNSIGNED, 60)),
    "no entries": _fixed(Attempt(attribute=PROFILE_ENTRIES, data=number_data(0))),
    "more entries than fit": _too_many_entries,
    "a number of entries of a wrong type": _wrong_type(PROFILE_ENTRIES, Data(DataType.LONG_UNSIGNED, 10)),
}


@given("rows and change records of the load profile are known", target_fixture="known")
def rows_and_records_known(trial: Trial, client: Client) -> list[ProfileRow]:
    reader = reader_of(trial, client, trial.profile_declaration("load_profile"))
    if not reader.entries_in_use() and trial.time_moves_by_hand:
        trial.let_pass((_ROWS_COMPARED + 1) * reader.period_s, client)
    with trial.basis():
        return reader.newest(_ROWS_COMPARED)


@when(parsers.parse('the management client writes "{name}"'), target_fixture="refusal")
def writes_wrong_value(trial: Trial, client: Client, known: list[ProfileRow], name: str) -> Refusal:
    attempt = _ATTEMPTS[name](trial, client)
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
    """Another value than the one there is, so that a change would show."""
    profile = trial.object("load_profile")
    attribute = {"period": CAPTURE_PERIOD, "entries": PROFILE_ENTRIES, "objects": CAPTURE_OBJECTS}[name]
    before = _footprint(trial, client, known)
    data = columns_data(_columns(trial, client)[:-1]) if name == "objects" else _other_number(before, attribute)
    refill_at_the_end(trial)
    trial.changes.keep(client, profile, attribute)
    client.close()
    answer = None
    with associated(trial, trial.head_end.association("reading")) as reading:
        try:
            reading.set(item(profile, attribute), data)
        except Refused as refused:
            answer = refused.answer
        frame = reading.conversation.frame
    client.establish()
    attempt = Attempt(attribute=attribute, data=data, conditions=("no_write_right",))
    return Refusal(attempt=attempt, answer=answer, before=before, known=known, frame=frame)


def _other_number(before: Footprint, attribute: int) -> Data:
    value = before.parameters[attribute].value
    if not isinstance(value, int):
        raise Inconclusive(f"attribute {attribute} of the load profile is no number", missing="device")
    return number_data(value * 2 if attribute == CAPTURE_PERIOD and value else max(1, value - 1))


@then("it is refused and leaves no trace")
def refused_without_trace(trial: Trial, client: Client, refusal: Refusal) -> None:
    attempt = refusal.attempt
    if refusal.answer is None:
        taken_instead(trial, client, refusal)
        return
    answers = [answer for one in attempt.conditions for answer in trial.accepted_answers(one)]
    if refusal.answer not in answers:
        raise trial.fail(expected=" or ".join(answers), observed=refusal.answer, frame=refusal.frame)
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
        if found.value == attempt.clipped_to or (not attempt.clipped_to and 0 < found.value <= _MOST_NUMBER):
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
