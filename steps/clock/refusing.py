"""Times and shifts that a clock refuses, and which leave no trace."""

from collections.abc import Callable
from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.checks.clock_setting import Reading
from harness.checks.refusals import told
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.clock_setting import WRONG_TYPES, adjust, spoilt
from harness.headend.registers import shift_data
from harness.run.trial import Trial
from steps.clock.setting import clock_of_trial, judge_clock, look, signed, unmoved

_TIME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried, the clock before it, and the refusal, if any."""

    about: str
    before: Reading
    answer: str | None
    conditions: tuple[str, ...]
    frame: int


def attempt(trial: Trial, client: Client, about: str, conditions: tuple[str, ...], act: Callable[[], None]) -> Attempt:
    """Try something that has to be refused."""
    before = look(trial, client)
    answer = None
    try:
        act()
    except Refused as refused:
        answer = refused.answer
    return Attempt(about=about, before=before, answer=answer, conditions=conditions, frame=client.conversation.frame)


@when(parsers.parse("the clock is set to a time with {name}"), target_fixture="clock_attempt")
def set_to_impossible(trial: Trial, client: Client, name: str) -> Attempt:
    data = spoilt(look(trial, client).time, name)
    return attempt(
        trial,
        client,
        f"a time with {name}",
        ("value_out_of_range", "wrong_type"),
        lambda: client.set(item(clock_of_trial(trial), _TIME), data),
    )


@when(
    parsers.parse("shift_time is tried with {more:d} s beyond the declared limit, {direction}"),
    target_fixture="clock_attempt",
)
def shifted_beyond(trial: Trial, client: Client, more: int, direction: str) -> Attempt:
    seconds = signed(direction, trial.declaration.clock.shift_limit_s + more)
    return attempt(
        trial,
        client,
        f"shift_time by {seconds:+d} s",
        ("parameter_out_of_range",),
        lambda: adjust(client, clock_of_trial(trial), "shift_time", shift_data(seconds)),
    )


@when(parsers.parse("the {what} of the clock is written with another type"), target_fixture="clock_attempt")
def written_with_wrong_type(trial: Trial, client: Client, what: str) -> Attempt:
    attribute, data = WRONG_TYPES[what]
    clock = clock_of_trial(trial)
    if attribute != _TIME:
        trial.changes.keep(client, clock, attribute)
    return attempt(
        trial,
        client,
        f"a {what} of type {data.type.name.lower()}",
        ("wrong_type", "value_out_of_range"),
        lambda: client.set(item(clock, attribute), data),
    )


@then("that is refused")
def is_refused(trial: Trial, clock_attempt: Attempt) -> None:
    accepted = trial.refusals(*clock_attempt.conditions)
    if clock_attempt.answer not in accepted:
        raise trial.fail(
            expected=f"{clock_attempt.about} to be refused with {told(accepted)}",
            observed=clock_attempt.answer or "carried out",
            frame=clock_attempt.frame,
        )


@then("the clock goes on as before")
def goes_on_as_before(trial: Trial, client: Client, clock_attempt: Attempt) -> None:
    judge_clock(trial, client, unmoved(clock_attempt.before), f"{clock_attempt.about}, which was refused,")
