"""What a calendar refuses, what is designated otherwise, and outages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

from pytest_bdd import parsers, then, when

from harness.checks.refusals import told
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.tariff.calendar import Part
from harness.headend.tariff.shift_times import NO_TIME, Shift, designated, with_days, with_unknown_day
from harness.run.trial import Trial
from steps.tariff.calendar import (
    Sent,
    Tariffs,
    deviation_of,
    judge_in_force,
    margin,
    other_all_day,
)

_ATTRIBUTES = {"name": 2, "days": 5}
_HOUR = timedelta(hours=1)
_OUT_OF_ORDER = ("falling times", "one time twice")


@when("the head end activates them")
def head_end_activates(trial: Trial, tariffs: Tariffs) -> None:
    try:
        tariffs.calendar.activate()
    except Refused as refused:
        raise trial.fail(expected="new shift times put into force", observed=str(refused)) from refused


@when("no time is designated any more")
def no_time_designated(tariffs: Tariffs) -> None:
    tariffs.calendar.designate(NO_TIME)


@when(parsers.parse("{seconds:d} seconds pass"))
def seconds_pass(trial: Trial, client: Client, seconds: int) -> None:
    trial.let_pass(seconds, client)


@when("a time an hour ago is designated", target_fixture="answer")
def an_hour_ago(trial: Trial, client: Client, tariffs: Tariffs) -> str | None:
    at = (trial.metering_now(client) - _HOUR).replace(microsecond=0)
    return refusal(lambda: tariffs.calendar.designate(designated(at, deviation_of(tariffs.zone, at))))


@then("they are in force at once or refused, as declared")
def as_declared(trial: Trial, client: Client, tariffs: Tariffs, part: Part, answer: str | None) -> None:
    immediate = trial.declaration.tariff.past_activation == "immediate"
    if immediate and answer is not None:
        raise trial.fail(expected="a designated time in the past to be taken (tariff.past_activation)", observed=answer)
    if not immediate:
        judge_refusal(trial, answer, "activation_time_past", "value_out_of_range")
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_in_force(trial, client, tariffs, new=part if immediate else None)


@when(parsers.parse("shift times with {fault} are sent and activated"), target_fixture="answer")
def faulty_are_sent(trial: Trial, tariffs: Tariffs, fault: str) -> str | None:
    faulty = spoilt(trial, tariffs, fault)

    def act() -> None:
        tariffs.calendar.send(faulty)
        tariffs.calendar.activate()

    return refusal(act)


@when(parsers.parse("the {client_id} client writes the {attribute} in force"), target_fixture="answer")
def writes_active(trial: Trial, tariffs: Tariffs, client_id: str, attribute: str) -> str | None:
    part = other_all_day(tariffs)
    value = part.name if attribute == "name" else part.days
    writer = tariffs.calendar.client if client_id == "management" else trial.head_end.associate("reading")
    target = tariffs.calendar.target
    return refusal(lambda: writer.set(item(target, _ATTRIBUTES[attribute]), value))


@then("they are refused")
def are_refused(trial: Trial, answer: str | None) -> None:
    judge_refusal(trial, answer, "value_out_of_range", "wrong_type", "parameter_out_of_range")


@then("the write is refused")
def write_is_refused(trial: Trial, answer: str | None) -> None:
    judge_refusal(trial, answer, "no_write_right")


def judge_refusal(trial: Trial, answer: str | None, *conditions: str) -> None:
    """The answer is one of those that are accepted under these conditions."""
    accepted = trial.refusals(*conditions)
    if answer not in accepted:
        raise trial.fail(expected=told(accepted), observed=answer or "success")


@when("the power is off until 60 seconds after that time")
def power_is_off(trial: Trial, client: Client, sent: Sent) -> None:
    left_s = (sent.at - trial.metering_now(client)).total_seconds()
    trial.head_end.close_all()
    trial.power.cut()
    trial.at_the_end(trial.power.restore)
    trial.time.advance(left_s + 60)
    trial.power.restore()
    client.establish()


def spoilt(trial: Trial, tariffs: Tariffs, fault: str) -> Part:
    """New shift times with one fault."""
    part = other_all_day(tariffs)
    shift, old = tariffs.shift_to[tariffs.other_rate], tariffs.shift_to[tariffs.now_rate]
    if fault in _OUT_OF_ORDER and trial.declaration.tariff.unordered_shifts == "taken":
        raise NotApplicable("shift times may come in any order", item="tariff.unordered_shifts")
    match fault:
        case "a week of unknown days":
            return replace(part, weeks=with_unknown_day(part.weeks, part.days))
        case "24:00 in them":
            shifts: list[Shift] = [shift.at(time()), replace(shift, start=bytes((24, 0, 0, 0)))]
        case "falling times":
            shifts = [shift.at(time(12)), old.at(time(6))]
        case "one time twice":
            shifts = [old.at(time()), shift.at(time(12)), old.at(time(12))]
        case "one more than a day holds":
            most = trial.declaration.tariff.switches
            if most is None:
                raise Inconclusive(
                    "how many shifts a day holds is not declared (tariff.switches)", missing="declaration"
                )
            shifts = [(shift, old)[number % 2].at(time(*divmod(number, 60))) for number in range(most + 1)]
        case "an unknown script":
            shifts = [replace(shift.at(time()), selector=0xFFF0)]
        case _:
            raise ValueError(f"no fault of shift times: {fault}")
    return replace(part, days=with_days(part.days, shifts))


def refusal(act: Callable[[], None]) -> str | None:
    """Do something and tell with what answer it is refused, None where it is not."""
    try:
        act()
    except Refused as refused:
        return refused.answer
    return None
