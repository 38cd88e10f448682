"""Sets stored at regular times: over a boundary, with readings of the registers on both sides of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import came_since, no_set, one_set_at, values_between
from harness.checks.energy import follows_load
from harness.checks.profile import ProfileRow, same_rows
from harness.declaration import CosemObject
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client
from harness.headend.data_sets import INTERVALS, Interval, Sets, Snapshot, next_boundary
from harness.headend.registers import read_scaler_unit
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of

_LEAD_S, _TAIL_S = 900.0, 600.0
"""Around a boundary; so much energy flows that a value of another instant shows."""
_SHORT_LEAD_S, _SHORT_TAIL_S = 120.0, 60.0
"""The same where it has to be waited for."""
_LATER_S = 3600.0
_CLEAR = timedelta(days=1)
"""What an earlier scenario did to the clock no longer bears on a boundary so far away."""
_MOST_YEARS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsSeen:
    """The sets that came over a boundary, and the readings around it."""

    interval: Interval
    sets: Sets
    nominal: datetime
    before: Snapshot
    after: Snapshot
    frame: int

    @property
    def rows(self) -> list[ProfileRow]:
        """The sets that came."""
        return came_since(self.before.rows, self.after.rows)


def sets_of(trial: Trial, client: Client, interval: Interval) -> Sets:
    """Return the sets of an interval, if the device is declared to store such."""
    role = INTERVALS[interval]
    return Sets(client, trial.object(role), trial.profile_declaration(role), trial.object("clock"))


def boundary_after(trial: Trial, client: Client, interval: Interval, after: datetime) -> datetime:
    """Return the next instant at which a set of the interval is due, by the device's calendar."""
    billing = trial.declaration.billing
    with trial.basis():
        zone = calendar_of(trial, client)
    return next_boundary(zone, after, interval, week_day=billing.week_day, month_day=billing.month_day)


def clear_boundary(trial: Trial, client: Client, interval: Interval) -> datetime:
    """Return a boundary that nothing of earlier scenarios bears on."""
    return boundary_after(trial, client, interval, trial.unvisited(client) + _CLEAR)


def lead_of(trial: Trial) -> timedelta:
    """Return how long before a boundary registers are read."""
    # Between the readings nobody may set the clock: so much real time has to be waited for at most.
    short_s = min(_SHORT_LEAD_S, trial.declaration.bench.longest_wait_s)
    return timedelta(seconds=_LEAD_S if trial.time_moves_by_hand else short_s)


def tail_of(trial: Trial) -> timedelta:
    """Return how long after a boundary they are read again."""
    return timedelta(seconds=_TAIL_S if trial.time_moves_by_hand else _SHORT_TAIL_S)


def travel(trial: Trial, client: Client, nominal: datetime) -> None:
    """Let time come to shortly before a boundary; nothing flows on the way, lest registers run over."""
    begin = nominal - lead_of(trial)
    power_w = trial.applied_w
    if trial.time_moves_by_hand and trial.may_vary_load and power_w:
        trial.apply_load(Decimal(0))
        trial.reach(begin - timedelta(seconds=_SHORT_LEAD_S), client)
        trial.apply_load(power_w)
    trial.reach(begin, client)


def approach(trial: Trial, client: Client, sets: Sets, nominal: datetime) -> Snapshot:
    """Let time come to shortly before a boundary and read what there is."""
    travel(trial, client, nominal)
    with trial.basis():
        return sets.snapshot()


def live_over(trial: Trial, client: Client, interval: Interval, nominal: datetime) -> SetsSeen:
    """Let time pass over a boundary and read on both sides of it."""
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    # The boundary itself is lived through: a clock that was set for an instant behind it would leap over it.
    trial.reach(nominal, client)
    trial.reach(nominal + tail_of(trial), client)
    return seen_since(client, sets, interval, nominal, before)


def seen_since(client: Client, sets: Sets, interval: Interval, nominal: datetime, before: Snapshot) -> SetsSeen:
    """Read what there is now."""
    after = sets.snapshot()
    frame = client.conversation.frame
    return SetsSeen(interval=interval, sets=sets, nominal=nominal, before=before, after=after, frame=frame)


def jitter_of(trial: Trial, seen: SetsSeen) -> float:
    """Return how far a set's time stamp may be off."""
    return trial.profile_declaration(INTERVALS[seen.interval]).jitter_s


@given(parsers.parse("the device stores sets for each {interval}"))
def device_stores_sets(trial: Trial, client: Client, interval: Interval) -> None:
    sets_of(trial, client, interval)


@when(parsers.parse("the end of a {interval} passes"), target_fixture="seen")
def end_passes(trial: Trial, client: Client, interval: Interval) -> SetsSeen:
    return live_over(trial, client, interval, clear_boundary(trial, client, interval))


@when(parsers.parse("the first end of a {interval} in {season} passes"), target_fixture="seen")
def end_in_season_passes(trial: Trial, client: Client, interval: Interval, season: str) -> SetsSeen:
    with trial.basis():
        zone = calendar_of(trial, client)
    after = trial.unvisited(client) + _CLEAR
    if (zone.offset(after) != zone.standard) != (season == "summer"):
        change = zone.next_dst_change(after, "forward" if season == "summer" else "back")
        if change is None:
            raise NotApplicable("the clock has no change of summer time", item="clock.dst")
        after = change + _CLEAR
    return live_over(trial, client, interval, boundary_after(trial, client, interval, after))


@when("the beginning of a 29th of February and the day after it pass", target_fixture="seen_sets")
def leap_day_passes(trial: Trial, client: Client) -> list[SetsSeen]:
    with trial.basis():
        zone = calendar_of(trial, client)
    leap = zone.next_leap_day(trial.unvisited(client) + _CLEAR)
    return [live_over(trial, client, "day", one) for one in (leap, zone.next_midnight(leap))]


@when("the ends of three months of unlike length pass", target_fixture="seen_sets")
def months_pass(trial: Trial, client: Client) -> list[SetsSeen]:
    with trial.basis():
        zone = calendar_of(trial, client)
    start = zone.next_year_start(trial.unvisited(client) + _CLEAR)
    found = []
    for _ in range(3):
        start = boundary_after(trial, client, "month", start)
        found.append(live_over(trial, client, "month", start))
    return found


@when(parsers.parse("all intervals end at once at the beginning of a {interval}"), target_fixture="seen_sets")
def all_end_at_once(trial: Trial, client: Client, interval: Interval) -> list[SetsSeen]:
    declared: list[Interval] = [
        one for one, role in INTERVALS.items() if isinstance(trial.declaration.object(role), CosemObject)
    ]
    if len(declared) < 2:
        raise NotApplicable("sets are stored for one interval at most", item="objects")
    nominal = common_boundary(trial, client, interval, declared)
    due = [one for one in declared if boundary_after(trial, client, one, nominal - timedelta(seconds=1)) == nominal]
    if len(due) < 2:
        raise NotApplicable("the intervals of this device do not end together", item="billing")
    sets = {one: sets_of(trial, client, one) for one in due}
    travel(trial, client, nominal)
    with trial.basis():
        before = {one: sets[one].snapshot() for one in due}
    trial.reach(nominal + tail_of(trial), client)
    return [seen_since(client, sets[one], one, nominal, before[one]) for one in due]


def common_boundary(trial: Trial, client: Client, interval: Interval, declared: list[Interval]) -> datetime:
    """Return the next end of an interval, in virtual time one at which a week ends too."""
    nominal = clear_boundary(trial, client, interval)
    if not trial.time_moves_by_hand or "week" not in declared or interval == "year":
        return nominal
    for _ in range(_MOST_YEARS * 12):
        if boundary_after(trial, client, "week", nominal - timedelta(seconds=1)) == nominal:
            break
        nominal = boundary_after(trial, client, interval, nominal)
    return nominal


@then("exactly one set of that instant is stored")
def one_set_is_stored(trial: Trial, seen: SetsSeen) -> None:
    trial.judge(one_set_at(seen.rows, seen.nominal, jitter_s=jitter_of(trial, seen)), seen.frame)


@then("each of them has exactly one set with the values of its instant")
def each_has_one_set(trial: Trial, client: Client, seen_sets: list[SetsSeen]) -> None:
    for seen in seen_sets:
        one_set_is_stored(trial, seen)
        set_holds_values(trial, client, seen)


@then("no set was stored before it was due")
def no_set_before(trial: Trial, seen: SetsSeen) -> None:
    trial.judge(no_set(seen.rows, f"before {seen.nominal:%Y-%m-%d %H:%M:%S} UTC"), seen.frame)


@then("the set holds the registers as they were at that instant")
def set_holds_values(trial: Trial, client: Client, seen: SetsSeen) -> None:
    (row,) = seen.rows
    trial.judge(values_between(seen.sets.stored(seen.before, row, seen.after)), seen.frame)
    groups = [[trial.object("energy_import_total")], []]
    declared_rates = trial.declaration.objects_of("energy_import_tariffs")
    if isinstance(declared_rates, tuple):
        groups[1] = list(declared_rates)
    judged = [energy_is_of_instant(trial, client, seen, row, group) for group in groups if group]
    if not any(judged):
        raise Inconclusive("the sets capture no register of imported energy", missing="device")


def energy_is_of_instant(
    trial: Trial, client: Client, seen: SetsSeen, row: ProfileRow, registers: list[CosemObject]
) -> bool:
    """Judge the sum of these registers in a set by the load; say whether the set holds all of them."""
    columns = {column.obis: index for index, column in seen.sets.registers().items()}
    if not all(register.obis in columns for register in registers):
        return False
    moved, resolution = Decimal(0), Decimal(0)
    for register in registers:
        index = columns[register.obis]
        with trial.basis():
            unit = read_scaler_unit(client, register, trial.clause)
        (stored,) = seen.sets.reader.numbers([row], index)
        moved += (stored - seen.before.numbers[index]).scaleb(unit.scaler)
        resolution += unit.resolution
    seconds = Decimal(str((seen.nominal - seen.before.at).total_seconds()))
    trial.judge(follows_load(moved, trial.expectation(seconds=seconds, resolution_wh=resolution)), seen.frame)
    return True


@then("the set has its full time, and a status where sets have one")
def set_has_time(trial: Trial, seen: SetsSeen) -> None:
    (row,) = seen.rows
    time = seen.sets.reader.time_of(row)
    if time.comparable() is None:
        raise trial.fail(expected="a full time stamp", observed=str(time), frame=seen.frame)
    if seen.sets.has_status() and seen.sets.status_cell(row) is None:
        raise trial.fail(expected="a status", observed="none in its column", frame=seen.frame)


@then("the set has its full time and a status")
def set_has_time_and_status(trial: Trial, seen: SetsSeen) -> None:
    if trial.declaration.billing.status and not seen.sets.has_status():
        raise trial.fail(expected="a column with the status of the set", observed="none", frame=seen.frame)
    set_has_time(trial, seen)


@then("read again an hour later the set is the same")
def set_is_the_same_later(trial: Trial, client: Client, seen: SetsSeen) -> None:
    trial.let_pass(_LATER_S if trial.time_moves_by_hand else _SHORT_LEAD_S, client)
    again = came_since(seen.before.rows, seen.sets.newest())
    trial.judge(same_rows(seen.rows, again[: len(seen.rows)]), client.conversation.frame)


@when(parsers.parse("time comes to the last seconds of a {interval}"), target_fixture="seen")
def last_seconds(trial: Trial, client: Client, interval: Interval) -> SetsSeen:
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    trial.reach(nominal - timedelta(seconds=max(5.0, trial.declaration.clock.tolerance_s)), client)
    return seen_since(client, sets, interval, nominal, before)
