"""New tariff shift times: sent in advance, in force at the designated time, and what is shown and booked then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.tariff import shows
from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.calendar import Zone
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.residue import plain
from harness.headend.tariff.calendar import ActivityCalendar, Part
from harness.headend.tariff.rates import rates_by_selector
from harness.headend.tariff.shift_times import Shift, designated, shifts_of
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of

_VALUE = 2
_CLOCK_RESOLUTION_S = 1.0
_BOOKED_S = 300.0
_DAY, _UNDISTURBED = timedelta(days=1), timedelta(minutes=10)
READING = timedelta(seconds=10)
"""Where time is real, so long before a designated time reading begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariffs:
    """The device's tariffs as they were at the beginning."""

    calendar: ActivityCalendar
    before: Part
    passive: Part
    zone: Zone
    now_rate: int
    """Position of the register in force."""
    other_rate: int
    shift_to: dict[int, Shift]
    """Position of a register -> a shift that leads there, at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """New shift times and the designated instant."""

    at: datetime
    part: Part
    log: tuple[LogEntry, ...]


def shown_values(trial: Trial) -> tuple[int | str, ...]:
    """The indications of the declared tariffs, in order."""
    declared = trial.declaration.tariff.indication
    registers = trial.objects("energy_import_tariffs")
    return declared or tuple(int(register.obis.split(".")[4]) for register in registers)


def shown_rate(trial: Trial, client: Client) -> int:
    """Position of the tariff that the indication names now."""
    data = client.read(item(trial.object("active_tariff"), _VALUE))
    for position, value in enumerate(shown_values(trial)):
        if shows(data, value) is None:
            return position
    raise trial.fail(expected=f"one of the tariffs {shown_values(trial)} shown", observed=f"{data}")


def deviation_of(zone: Zone, instant: datetime) -> int | None:
    """Minutes from local time to UTC; None where the device's times do not say them."""
    return -round(zone.offset(instant).total_seconds() / 60) if zone.told else None


def margin(trial: Trial) -> timedelta:
    """How far from a designated time nothing can be said."""
    return timedelta(seconds=trial.declaration.tariff.tolerance_s + _CLOCK_RESOLUTION_S)


def standard_log(trial: Trial, client: Client, event: str) -> tuple[LogEntry, ...]:
    """Read the log of an event."""
    return read_event_log(client, trial.declaration, trial.declaration.require_event(event, clause=trial.clause).log)


@given("the calendar is put back at the end", target_fixture="tariffs")
def calendar_is_put_back(trial: Trial, client: Client) -> Tariffs:
    calendar = ActivityCalendar(client=client, target=trial.object("activity_calendar"))
    with trial.basis():
        active = calendar.active()
        registers = trial.objects("energy_import_tariffs")
        leads = leads_of(trial, client, registers)
        zone = calendar_of(trial, client)
        past_next_shift(trial, client, zone, shifts_of(active.days))
        now_rate = shown_rate(trial, client)
    shift_to = {position: shift_by(trial, active, selector) for selector, position in leads.items()}
    shift_to |= {leads[shift.selector]: shift for shift in shifts_of(active.days) if shift.selector in leads}
    if now_rate not in shift_to:
        raise Inconclusive(f"no script is known that puts tariff {now_rate + 1} in force", missing="declaration")
    calendar.keep(trial.changes)
    other = next(rate for rate in shift_to if rate != now_rate)
    return Tariffs(
        calendar=calendar,
        before=active,
        passive=calendar.passive(),
        zone=zone,
        now_rate=now_rate,
        other_rate=other,
        shift_to=shift_to,
    )


def leads_of(trial: Trial, client: Client, registers: tuple[CosemObject, ...]) -> Mapping[int, int]:
    """Script selector -> position of the tariff: as declared, as the device's objects say, else in order."""
    declared = trial.declaration.tariff.scripts
    if declared is not None:
        return {selector: position for position, selector in enumerate(declared[: len(registers)])}
    scripts, activation = (trial.declaration.object(role) for role in ("tariff_script", "register_activation"))
    if isinstance(scripts, CosemObject) and isinstance(activation, CosemObject):
        found = rates_by_selector(client, scripts, activation, registers)
        if len(set(found.values())) > 1:
            return found
    trial.remarks.append("by default script 1 puts the first tariff in force, and so on (tariff.scripts)")
    return {position + 1: position for position in range(len(registers))}


def shift_by(trial: Trial, active: Part, selector: int) -> Shift:
    """A shift that executes a script of the tariff script table, or of the table that the calendar uses."""
    table = trial.declaration.object("tariff_script")
    if isinstance(table, CosemObject):
        return Shift(start=bytes(4), table=bytes(map(int, table.obis.split("."))), selector=selector)
    used = shifts_of(active.days)
    if not used:
        raise Inconclusive("neither declaration nor calendar name a table of tariff scripts", missing="declaration")
    return Shift(start=bytes(4), table=used[0].table, selector=selector)


def past_next_shift(trial: Trial, client: Client, zone: Zone, shifts: Sequence[Shift]) -> None:
    """Let a shift of the calendar in force pass that would come in the middle of the scenario."""
    starts = {timedelta(hours=one.start[0], minutes=one.start[1], seconds=one.start[2]) for one in shifts}
    for _ in starts:
        now = trial.metering_now(client)
        local = zone.local(now)
        passed = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
        left = min(((start - passed + margin(trial)) % _DAY for start in starts), default=_DAY)
        if left > _UNDISTURBED:
            return
        trial.reach(now + left + margin(trial), client)


def other_all_day(tariffs: Tariffs) -> Part:
    """A calendar with the other tariff at all times."""
    return tariffs.before.following(tariffs.shift_to[tariffs.other_rate].at(time()))


@when("shift times with another tariff at all times are sent", target_fixture="part")
def sent_without_time(tariffs: Tariffs) -> Part:
    part = other_all_day(tariffs)
    tariffs.calendar.send(part)
    return part


@when(
    parsers.parse("shift times with another tariff at all times are sent for {seconds:d} seconds ahead"),
    target_fixture="sent",
)
def sent_ahead(trial: Trial, client: Client, tariffs: Tariffs, seconds: int) -> Sent:
    log = standard_log(trial, client, "tariff_activated")
    part = other_all_day(tariffs)
    tariffs.calendar.send(part)
    now = trial.metering_now(client).replace(microsecond=0)
    at = now + timedelta(seconds=seconds)
    tariffs.calendar.designate(designated(at, deviation_of(tariffs.zone, at)))
    return Sent(at=at, part=part, log=log)


@when(parsers.parse("the designated time is moved to {seconds:d} seconds later"), target_fixture="sent")
def moved_later(tariffs: Tariffs, sent: Sent, seconds: int) -> Sent:
    at = sent.at + timedelta(seconds=seconds)
    tariffs.calendar.designate(designated(at, deviation_of(tariffs.zone, at)))
    return Sent(at=at, part=sent.part, log=sent.log)


def judge_part(trial: Trial, found: Part, due: Part, which: str) -> None:
    """All attributes of the active part are as they are due."""
    names = ("name", "seasons", "weeks", "days")
    for name, one, other in zip(names, found.values(), due.values(), strict=True):
        if one != other:
            raise trial.fail(expected=f"{which}: {name} {plain(other)}", observed=f"{plain(one)}")


def in_force(trial: Trial, client: Client, tariffs: Tariffs) -> tuple[Part, Data]:
    """What is in force, and the tariff shown."""
    return tariffs.calendar.active(), client.read(item(trial.object("active_tariff"), _VALUE))


def judge_found(trial: Trial, tariffs: Tariffs, found: tuple[Part, Data], *, new: Part | None) -> None:
    """The new part, or the old one, was in force and its tariff shown."""
    which = "the old shift times in force" if new is None else "the new shift times in force"
    judge_part(trial, found[0], new or tariffs.before, which)
    rate = tariffs.now_rate if new is None else tariffs.other_rate
    trial.judge(shows(found[1], shown_values(trial)[rate]))


def judge_in_force(trial: Trial, client: Client, tariffs: Tariffs, *, new: Part | None) -> None:
    """The new part, or the old one, is in force and its tariff shown."""
    judge_found(trial, tariffs, in_force(trial, client, tariffs), new=new)


@then("until then the old shift times stay in force")
def old_until_then(trial: Trial, client: Client, tariffs: Tariffs, sent: Sent) -> None:
    lead = timedelta() if trial.time_moves_by_hand else READING
    trial.reach(sent.at - margin(trial) - lead, client)
    found = in_force(trial, client, tariffs)
    if trial.metering_now(client) > sent.at - margin(trial):
        raise Inconclusive("reading took longer than the time left", missing="bench")
    judge_found(trial, tariffs, found, new=None)


@then("from then on the new ones are in force")
def new_from_then_on(trial: Trial, client: Client, tariffs: Tariffs, sent: Sent) -> None:
    trial.reach(sent.at + margin(trial), client)
    judge_in_force(trial, client, tariffs, new=sent.part)


@then("the new ones are in force at once")
def new_at_once(trial: Trial, client: Client, tariffs: Tariffs, part: Part) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_in_force(trial, client, tariffs, new=part)


@then("the old shift times are still in force")
def old_still(trial: Trial, client: Client, tariffs: Tariffs) -> None:
    judge_in_force(trial, client, tariffs, new=None)


@then("the activation stands in the log once, with that time")
def activation_is_logged(trial: Trial, client: Client, tariffs: Tariffs, sent: Sent) -> None:
    event = trial.declaration.require_event("tariff_activated", clause=trial.clause)
    entries = entries_since(sent.log, standard_log(trial, client, "tariff_activated"))
    found = [entry for entry in entries if entry.code == event.code]
    if len(found) != 1:
        raise trial.fail(expected="one entry of the activation", observed=f"{len(found)}")
    shown = found[0].time
    moment = shown.nearest(sent.at)
    if shown.deviation_min is None and (local := shown.local()) is not None:
        moment = tariffs.zone.instant(local)
    if moment is None or abs(moment - sent.at) > margin(trial):
        raise trial.fail(expected=f"an entry of {sent.at:%Y-%m-%d %H:%M:%S} UTC", observed=f"{found[0].time}")
