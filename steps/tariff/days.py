"""Calendars followed over whole days: shifts within a day, special days, seasons, changes of summer time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pytest_bdd import parsers, then, when

from harness.checks.tariff_shifts import DueShift, Look, Plan, follows
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.calendar import Change
from harness.headend.client import Client
from harness.headend.tariff.calendar import Part
from harness.headend.tariff.composed import Season, composed, special_day_data, starting
from harness.headend.tariff.shift_times import Shift
from harness.run.trial import Trial
from steps.tariff.booking import energies, judge_energy
from steps.tariff.calendar import Tariffs, margin, shown_rate, shown_values

_CLOCK_RESOLUTION_S = 1.0
_ENTRIES = 2
_FEW = 4
"""So many shifts a day are tried without a word of the declaration."""
_TIMES = (time(), time(6, 15), time(6, 30), time(22, 45))
_QUARTERS, _QUARTER_MIN = 96, 15
_LEAD = timedelta(seconds=10)
_REAL_S = 60.0
"""Where time is real, energy is measured so long after each shift."""
_SOON = timedelta(minutes=5)
_DAY = timedelta(days=1)
_LEAP_DAY = (2, 29)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is due, and until when it is looked at."""

    plan: Plan
    until: datetime


def look(trial: Trial, client: Client) -> Look:
    """Read which tariff is shown, between two readings of the device's clock."""
    began = trial.metering_now(client)
    rate = shown_rate(trial, client)
    return Look(began=began, ended=trial.metering_now(client), rate=rate)


def put_in_force(trial: Trial, tariffs: Tariffs, part: Part, *, switches: int = 1) -> None:
    """Send a calendar and activate it; one that is refused is a finding only if it is no larger than declared."""
    try:
        tariffs.calendar.send(part)
        tariffs.calendar.activate()
    except Refused as refused:
        declared = trial.declaration.tariff.switches
        if declared is not None and switches <= declared:
            raise trial.fail(
                expected=f"{switches} shifts a day taken ({declared} declared)", observed=str(refused)
            ) from refused
        raise Inconclusive(f"basis: {refused} (tariff.switches)", missing="declaration") from refused


def quiet_midnight(trial: Trial, client: Client, tariffs: Tariffs) -> datetime:
    """The next midnight after which a day follows that has 24 hours and comes every year."""
    midnight = trial.metering_now(client) + _SOON
    for _ in range(3):
        midnight = tariffs.zone.next_midnight(midnight)
        # Where times say no deviation the calendar has already looked for changes nearby.
        directions: tuple[Change, ...] = ("forward", "back") if tariffs.zone.told else ()
        changes = (tariffs.zone.next_dst_change(midnight - _HOUR, change) for change in directions)
        local = tariffs.zone.local(midnight)
        if (local.month, local.day) != _LEAP_DAY and all(one is None or one > midnight + _DAY for one in changes):
            break
    return midnight


def day_plan(tariffs: Tariffs, midnight: datetime, shifts: Sequence[tuple[time, int]]) -> Plan:
    """What is due on the day that begins at a midnight, if the day before has the same shifts."""
    day = tariffs.zone.local(midnight).date()
    due = [DueShift.at(tariffs.zone.instant(datetime.combine(day, at)), rate) for at, rate in shifts]
    return Plan(first=shifts[-1][1], shifts=tuple(due))


def of_day(tariffs: Tariffs, shifts: Sequence[tuple[time, int]]) -> list[Shift]:
    """Shifts to the tariffs at these positions."""
    return [tariffs.shift_to[rate].at(at) for at, rate in shifts]


@when(parsers.parse("shift times with {many} shifts a day are put into force"), target_fixture="watched_shifts")
def many_shifts(trial: Trial, client: Client, tariffs: Tariffs, many: str) -> Watched:
    midnight = quiet_midnight(trial, client, tariffs)
    rates = (tariffs.now_rate, tariffs.other_rate)
    if many == "as many as declared":
        count = trial.declaration.tariff.switches
        if count is None:
            raise Inconclusive(
                "how many shifts a day profile holds is not declared (tariff.switches)", missing="declaration"
            )
        quarters = [number * _QUARTERS // count for number in range(min(count, _QUARTERS))]
        times = [time(*divmod(quarter * _QUARTER_MIN, 60)) for quarter in quarters]
    else:
        times = list(_TIMES[: min(_FEW, trial.declaration.tariff.switches or _FEW)])
    shifts = [(at, rates[number % 2]) for number, at in enumerate(times)]
    part, _ = composed(tariffs.before, [of_day(tariffs, shifts)])
    put_in_force(trial, tariffs, part, switches=len(shifts))
    return Watched(plan=day_plan(tariffs, midnight, shifts), until=midnight + _DAY - _HOUR)


@when("the next day is made a special day with another tariff", target_fixture="watched_shifts")
def special_day(trial: Trial, client: Client, tariffs: Tariffs) -> Watched:
    midnight = quiet_midnight(trial, client, tariffs)
    days = [of_day(tariffs, [(time(), rate)]) for rate in (tariffs.now_rate, tariffs.other_rate)]
    part, numbers = composed(tariffs.before, days)
    put_in_force(trial, tariffs, part)
    table = special_day_data(tariffs.zone.local(midnight).date(), numbers[1])
    try:
        trial.changes.set(client, trial.object("special_days"), _ENTRIES, table)
    except Refused as refused:
        raise trial.fail(expected="a special day taken", observed=str(refused)) from refused
    after = tariffs.zone.next_midnight(midnight)
    due = (DueShift.at(midnight, tariffs.other_rate), DueShift.at(after, tariffs.now_rate))
    return Watched(plan=Plan(first=tariffs.now_rate, shifts=due), until=after + _HOUR)


@when("the day of the week that comes next gets another tariff", target_fixture="watched_shifts")
def weekday_of_its_own(trial: Trial, client: Client, tariffs: Tariffs) -> Watched:
    midnight = quiet_midnight(trial, client, tariffs)
    days = [of_day(tariffs, [(time(), rate)]) for rate in (tariffs.now_rate, tariffs.other_rate)]
    own = {tariffs.zone.local(midnight).isoweekday(): 1}
    part, _ = composed(tariffs.before, days, (Season(own=own),))
    put_in_force(trial, tariffs, part)
    after = tariffs.zone.next_midnight(midnight)
    due = (DueShift.at(midnight, tariffs.other_rate), DueShift.at(after, tariffs.now_rate))
    return Watched(plan=Plan(first=tariffs.now_rate, shifts=due), until=after + _HOUR)


@when("a season with another tariff is made to begin with the next day", target_fixture="watched_shifts")
def season_begins(trial: Trial, client: Client, tariffs: Tariffs) -> Watched:
    midnight = quiet_midnight(trial, client, tariffs)
    days = [of_day(tariffs, [(time(), rate)]) for rate in (tariffs.now_rate, tariffs.other_rate)]
    begins = tariffs.zone.local(midnight).date()
    half_a_year_off = begins.replace(day=1, month=(begins.month + 5) % 12 + 1)
    seasons = sorted((starting(begins, 1), starting(half_a_year_off, 0)), key=lambda one: (one.month, one.day))
    part, _ = composed(tariffs.before, days, seasons)
    put_in_force(trial, tariffs, part)
    plan = Plan(first=tariffs.now_rate, shifts=(DueShift.at(midnight, tariffs.other_rate),))
    return Watched(plan=plan, until=tariffs.zone.next_midnight(midnight) + _HOUR)


@when(
    parsers.parse("shift times with a shift in the hour in which clocks go {change} are put into force"),
    target_fixture="watched_shifts",
)
def shift_in_changing_hour(trial: Trial, client: Client, tariffs: Tariffs, change: Change) -> Watched:
    zone = tariffs.zone
    instant = zone.next_dst_change(trial.metering_now(client) + _DAY, change)
    if instant is None or zone.summer is None:
        raise NotApplicable("the clock has no change of summer time", item="clock.dst")
    # Left out or there twice is the time from the earlier to the later of both local times of the change.
    both = zone.local(instant), zone.local(instant - timedelta(seconds=1)) + timedelta(seconds=1)
    half, later = zone.summer.shift / 2, max(both) + 2 * _HOUR
    day = later.date()
    if (min(both) + half).date() != day or min(both).hour == 0:
        raise Inconclusive("the change of summer time lies at the end of a day", missing="device")
    within = (min(both) + half).time()
    shifts = [(time(), tariffs.now_rate), (within, tariffs.other_rate), (later.time(), tariffs.now_rate)]
    part, _ = composed(tariffs.before, [of_day(tariffs, shifts)])
    put_in_force(trial, tariffs, part, switches=len(shifts))
    # A time that is left out has come with the change, or half an hour later; of two the first or the second counts.
    earliest = instant if change == "forward" else instant - half
    due = (
        DueShift(earliest=earliest, latest=instant + half, rate=tariffs.other_rate),
        DueShift.at(zone.instant(later), tariffs.now_rate),
    )
    return Watched(plan=Plan(first=tariffs.now_rate, shifts=due), until=zone.instant(later) + _HOUR)


@then("each shift comes at its time")
def each_comes(trial: Trial, client: Client, watched_shifts: Watched) -> None:
    plan = watched_shifts.plan
    looks: list[Look] = []
    for shift in plan.shifts:
        before, after = shift.earliest - margin(trial), shift.latest + margin(trial)
        for instant in (before - _LEAD, before, after):
            trial.reach(instant, client)
            looks.append(look(trial, client))
    trial.reach(watched_shifts.until, client)
    looks.append(look(trial, client))
    judge_looks(trial, client, plan, looks)


@then("between the shifts energy goes to the register of the tariff that is due, and to no other")
def energy_between(trial: Trial, client: Client, watched_shifts: Watched) -> None:
    shifts = watched_shifts.plan.shifts
    ends = [shift.earliest - margin(trial) - _LEAD for shift in shifts[1:]] + [watched_shifts.until]
    for shift, end in zip(shifts, ends, strict=True):
        trial.reach(shift.latest + margin(trial), client)
        before = energies(trial, client)
        if trial.time_moves_by_hand:
            trial.reach(end, client)
        else:
            trial.let_pass(trial.span_s(_REAL_S), client)
        after = energies(trial, client)
        if trial.metering_now(client) > end + _LEAD:
            raise Inconclusive("reading took longer than the time left", missing="bench")
        judge_energy(trial, before, after, shift.rate)


def judge_looks(trial: Trial, client: Client, plan: Plan, looks: Sequence[Look]) -> None:
    """Draw and judge what was seen."""
    trial.plot("tariff timeline", timeline(plan, looks, [str(value) for value in shown_values(trial)]))
    tolerance_s = trial.declaration.tariff.tolerance_s
    trial.judge(
        follows(plan, looks, tolerance_s=tolerance_s, resolution_s=_CLOCK_RESOLUTION_S), client.conversation.frame
    )


def timeline(plan: Plan, looks: Sequence[Look], names: Sequence[str]) -> dict[str, object]:
    """The data of the plot."""
    return {
        "tariffs": list(names),
        "first": plan.first,
        "shifts": [[one.earliest.isoformat(), one.latest.isoformat(), one.rate] for one in plan.shifts],
        "looks": [[one.began.isoformat(), one.ended.isoformat(), one.rate] for one in looks],
    }
