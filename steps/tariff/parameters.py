"""Billing parameters as the head end reads, sends and reads back: shift times, their designated time, special days."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pytest_bdd import parsers, then, when

from harness.checks.tariff_parts import refers_to_what_exists
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.data import Data, boolean
from harness.headend.residue import plain
from harness.headend.tariff.calendar import ACTIVATION_TIME, ActivityCalendar, Part
from harness.headend.tariff.composed import special_day_data
from harness.headend.tariff.references import references_of
from harness.headend.tariff.shift_times import designated, instant_designated
from harness.run.trial import Trial
from steps.tariff.calendar import Tariffs, deviation_of, judge_part, other_all_day
from steps.tariff.days import of_day
from steps.tariff.refusing import judge_refusal, refusal

_ENTRIES = 2
_AHEAD = timedelta(hours=1)
_SECOND = 37
_PASSIVE = {"name": 6, "seasons": 7, "weeks": 8, "days": 9, "time": ACTIVATION_TIME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Designated:
    """Shift times that were sent for an instant."""

    part: Part
    at: datetime


@then("they are shift times of which everything exists that they refer to")
def everything_exists(trial: Trial, client: Client, tariffs: Tariffs) -> None:
    found = references_of(tariffs.calendar.active())
    trial.judge(refers_to_what_exists(found), client.conversation.frame)


@then("the shift times in force are the ones of before")
def in_force_as_before(trial: Trial, tariffs: Tariffs) -> None:
    judge_part(trial, tariffs.calendar.active(), tariffs.before, "the shift times in force")


def new_part(tariffs: Tariffs) -> Part:
    """Shift times with both tariffs."""
    shifts = [(time(), tariffs.other_rate), (time(6), tariffs.now_rate), (time(20, 30), tariffs.other_rate)]
    return tariffs.before.following(*of_day(tariffs, shifts))


@when("new shift times are sent for the next hour", target_fixture="designated_part")
def sent_for_next_hour(trial: Trial, client: Client, tariffs: Tariffs) -> Designated:
    part = new_part(tariffs)
    # A minute that is not full shows whether the seconds are kept.
    at = (trial.metering_now(client) + _AHEAD).replace(second=_SECOND, microsecond=0)
    try:
        tariffs.calendar.send(part)
        tariffs.calendar.designate(designated(at, deviation_of(tariffs.zone, at)))
    except Refused as refused:
        raise trial.fail(expected="new shift times and their designated time taken", observed=str(refused)) from refused
    return Designated(part=part, at=at)


@then("the device has taken them and their time")
def has_taken(trial: Trial, tariffs: Tariffs, designated_part: Designated) -> None:
    judge_passive(trial, tariffs.calendar, tariffs, designated_part)


@then("the reading client gets them as they were sent")
def reader_gets(trial: Trial, tariffs: Tariffs, designated_part: Designated) -> None:
    reader = trial.head_end.associate("reading")
    judge_passive(trial, ActivityCalendar(client=reader, target=tariffs.calendar.target), tariffs, designated_part)


def judge_passive(trial: Trial, calendar: ActivityCalendar, tariffs: Tariffs, due: Designated) -> None:
    """The passive part and the designated time are as they were sent."""
    judge_part(trial, calendar.passive(), due.part, "the passive shift times as they were sent")
    found = instant_designated(calendar.designated())
    local = tariffs.zone.local(due.at)
    # A device may keep the local time alone.
    if found not in (due.at, local):
        raise trial.fail(expected=f"the designated time {local} (local)", observed=f"{found}")


@when("a special day is sent", target_fixture="special_day_table")
def special_day_sent(trial: Trial, client: Client, tariffs: Tariffs) -> Data:
    day = tariffs.zone.local(tariffs.zone.next_midnight(trial.metering_now(client))).date()
    number = next(iter(references_of(tariffs.before).days))
    table = special_day_data(day, number)
    try:
        trial.changes.set(client, trial.object("special_days"), _ENTRIES, table)
    except Refused as refused:
        raise trial.fail(expected="a special day taken", observed=str(refused)) from refused
    return table


@then("read back the special days are the ones that were sent")
def special_days_as_sent(trial: Trial, client: Client, special_day_table: Data) -> None:
    found = client.read(item(trial.object("special_days"), _ENTRIES))
    if found != special_day_table:
        raise trial.fail(expected=f"special days {plain(special_day_table)}", observed=f"{plain(found)}")


@when(parsers.parse("the reading client sends the {attribute} of new shift times"), target_fixture="answer")
def reader_sends(trial: Trial, tariffs: Tariffs, attribute: str) -> str | None:
    part = other_all_day(tariffs)
    reader = trial.head_end.associate("reading")
    value = part.name if attribute == "name" else part.days
    return refusal(lambda: reader.set(item(tariffs.calendar.target, _PASSIVE[attribute]), value))


@when(parsers.parse("a value of another type is sent as {attribute} of new shift times"), target_fixture="answer")
def another_type(client: Client, tariffs: Tariffs, attribute: str) -> str | None:
    return refusal(lambda: client.set(item(tariffs.calendar.target, _PASSIVE[attribute]), boolean(value=True)))


@then("it is refused as a wrong type")
def refused_as_type(trial: Trial, answer: str | None) -> None:
    judge_refusal(trial, answer, "wrong_type")


@then("nothing of the calendar has changed")
def nothing_changed(trial: Trial, tariffs: Tariffs) -> None:
    judge_part(trial, tariffs.calendar.passive(), tariffs.passive, "the passive shift times of before")
    judge_part(trial, tariffs.calendar.active(), tariffs.before, "the shift times in force")
