"""Sets whose time comes without supply, is leapt over, comes again, or falls into a change of summer time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import came_since, late_set, no_set, once_or_marked, one_set_at, values_between
from harness.checks.profile import ProfileRow
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.calendar import Change, Zone, device_calendar
from harness.headend.client import Client, item
from harness.headend.data_sets import Interval, time_data
from harness.headend.registers import clock_data, read_clock
from harness.headend.set_parameters import ONE_TIME, OPEN_DATES, kind_data, times_data, zone_data
from harness.run.trial import Trial
from steps.metering.data_sets import (
    SetsSeen,
    approach,
    clear_boundary,
    jitter_of,
    lead_of,
    seen_since,
    sets_of,
    tail_of,
)

_TIME, _ZONE = 2, 3
_KIND, _TIMES = 3, 4
_HALF_HOUR = timedelta(minutes=30)
_HOUR_MIN = 60
_SECOND = timedelta(seconds=2)
"""A set stored late is stored at least so late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """A step of the clock over a boundary, and what came of it at once and afterwards."""

    seen: SetsSeen
    stepped_at: datetime
    """The device's time right after the step."""
    later: list[ProfileRow]
    """Sets that came after those of ``seen``."""


# Supply


@when(parsers.parse("the supply is off at the end of a {interval}"), target_fixture="seen")
def supply_off_at_end(trial: Trial, client: Client, interval: Interval) -> SetsSeen:
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    power = trial.power
    trial.at_the_end(power.restore)
    power.cut()
    trial.time.advance((nominal - before.at + tail_of(trial)).total_seconds())
    power.restore()
    trial.head_end.associate_again(client)
    trial.let_pass(trial.declaration.metering.freshness_s, client)
    return seen_since(client, sets, interval, nominal, before)


@then("one set is stored that says when it was, or none where the device stores none late")
def late_set_or_none(trial: Trial, seen: SetsSeen) -> None:
    if trial.declaration.billing.late_closing == "none":
        trial.judge(no_set(seen.rows, "late, as declared (billing.late_closing)"), seen.frame)
        return
    sets = seen.sets.marked(seen.rows, "pdn", "dnv")
    trial.judge(late_set(sets, seen.nominal, earliest=seen.nominal + _SECOND, latest=seen.after.at), seen.frame)
    trial.judge(values_between(seen.sets.stored(seen.before, seen.rows[0], seen.after)), seen.frame)


@then(parsers.parse("the next {interval} ends with one set again"))
def next_ends_with_one_set(trial: Trial, client: Client, interval: Interval) -> None:
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    trial.reach(nominal + tail_of(trial), client)
    seen = seen_since(client, sets, interval, nominal, before)
    trial.judge(one_set_at(seen.rows, nominal, jitter_s=jitter_of(trial, seen)), seen.frame)


# The clock


def step_clock(trial: Trial, client: Client, seconds: float) -> datetime:
    """Set the clock on or back and return what time it is then."""
    clock = trial.object("clock")
    with trial.basis():
        client.set(item(clock, _TIME), clock_data(read_clock(client, clock).later(seconds)))
    return trial.metering_now(client)


@when(parsers.parse("the clock is set forward over the end of a {interval}"), target_fixture="clock_step")
def clock_forward_over_end(trial: Trial, client: Client, interval: Interval) -> ClockStep:
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    lead_s = lead_of(trial).total_seconds()
    trial.changes.clock(client.declared.id, trial.object("clock"))
    stepped_at = step_clock(trial, client, 1.5 * lead_s)
    trial.let_pass(trial.declaration.metering.freshness_s, client)
    seen = seen_since(client, sets, interval, nominal, before)
    # At the end the clock is set back to the bench's time, which must then be past the boundary as well.
    trial.let_pass(1.5 * lead_s, client)
    return ClockStep(seen=seen, stepped_at=stepped_at, later=came_since(seen.after.rows, sets.newest()))


@then("one set is stored that says when it was, or none where the device stores none of a time leapt over")
def set_of_leapt_time(trial: Trial, clock_step: ClockStep) -> None:
    seen = clock_step.seen
    if trial.declaration.billing.clock_forward == "none":
        why = "of a time leapt over, as declared (billing.clock_forward)"
        trial.judge(no_set([*seen.rows, *clock_step.later], why), seen.frame)
        return
    sets = seen.sets.marked([*seen.rows, *clock_step.later], "cad", "pdn", "dnv")
    earliest = min(clock_step.stepped_at, seen.nominal + _SECOND)
    trial.judge(late_set(sets, seen.nominal, earliest=earliest, latest=seen.after.at), seen.frame)


@when(parsers.parse("the clock is set back over the end of a {interval} that has passed"), target_fixture="clock_step")
def clock_back_over_end(trial: Trial, client: Client, interval: Interval) -> ClockStep:
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    tail = tail_of(trial)
    trial.reach(nominal + tail / 2, client)
    seen = seen_since(client, sets, interval, nominal, before)
    trial.changes.clock(client.declared.id, trial.object("clock"))
    stepped_at = step_clock(trial, client, -tail.total_seconds())
    trial.let_pass(1.5 * tail.total_seconds(), client)
    return ClockStep(seen=seen, stepped_at=stepped_at, later=came_since(seen.after.rows, sets.newest()))


@then("the first pass has its set, and the second none or a marked one")
def second_pass_has_none(trial: Trial, clock_step: ClockStep) -> None:
    seen = clock_step.seen
    with trial.basis():
        trial.judge(one_set_at(seen.rows, seen.nominal, jitter_s=jitter_of(trial, seen)), seen.frame)
    sets = seen.sets.marked(clock_step.later, "cad")
    trial.judge(once_or_marked(sets, policy=trial.declaration.billing.clock_back), seen.frame)


# Summer time and zone


def write_schedule(trial: Trial, client: Client, hour: int, minute: int) -> None:
    """Have the billing set stored at this time of each day for the length of the scenario."""
    schedule = trial.object("billing_schedule")
    if not trial.declaration.billing.configurable_schedule:
        raise NotApplicable("the schedule cannot be changed", item="billing.configurable_schedule")
    with trial.basis():
        if client.read(item(schedule, _KIND)).value not in OPEN_DATES:
            trial.changes.set(client, schedule, _KIND, kind_data(ONE_TIME))
        trial.changes.set(client, schedule, _TIMES, times_data(time_data(hour, minute)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundChange:
    """The sets that came around a change of summer time."""

    rows: list[ProfileRow]
    change: datetime
    frame: int


@given(parsers.parse("the billing set is stored daily half an hour into the hour that is {what}"))
def stored_in_changing_hour(trial: Trial, client: Client, what: str) -> None:
    zone, change = change_of(trial, client, "forward" if what == "left out" else "back")
    begin = zone.local(change - timedelta(seconds=1)) + timedelta(seconds=1)
    if what == "doubled":
        begin = zone.local(change)
    at = begin + _HALF_HOUR
    write_schedule(trial, client, at.hour, at.minute)


def change_of(trial: Trial, client: Client, direction: Change) -> tuple[Zone, datetime]:
    """Return the device's calendar and the next change of summer time in that direction."""
    with trial.basis():
        zone = device_calendar(client, trial.object("clock"))
    change = zone.next_dst_change(trial.unvisited(client) + timedelta(days=2), direction)
    if change is None:
        raise NotApplicable("the clock knows no summer time", item="clock.dst")
    return zone, change


@when(parsers.parse("the clock goes {direction} by its own rule"), target_fixture="around")
def clock_goes(trial: Trial, client: Client, direction: Change) -> AroundChange:
    _, change = change_of(trial, client, direction)
    sets = sets_of(trial, client, "month")
    begin = change - _HALF_HOUR
    trial.reach(begin - lead_of(trial), client)
    with trial.basis():
        before = sets.newest()
    # A bench that steps the clock does not leap over the instants at which a set may come.
    for instant in (begin, change, change + _HALF_HOUR):
        trial.reach(instant - lead_of(trial), client)
        trial.reach(instant + tail_of(trial), client)
    return AroundChange(rows=came_since(before, sets.newest()), change=change, frame=client.conversation.frame)


@then("one set is stored in that night, or none where the device stores none of an hour left out")
def one_set_in_gap(trial: Trial, around: AroundChange) -> None:
    if trial.declaration.billing.dst_gap == "none":
        trial.judge(no_set(around.rows, "in the hour that is left out (billing.dst_gap)"), around.frame)
        return
    one_set_in_night(trial, around)


@then("one set is stored in that night and not two")
def one_set_in_night(trial: Trial, around: AroundChange) -> None:
    if len(around.rows) != 1:
        raise trial.fail(
            expected=f"one set around {around.change:%Y-%m-%d %H:%M} UTC",
            observed=f"{len(around.rows)}: {', '.join(map(str, around.rows))}",
            frame=around.frame,
        )


@when(parsers.parse("the zone is moved by an hour and the end of a {interval} passes"), target_fixture="seen")
def zone_is_moved(trial: Trial, client: Client, interval: Interval) -> SetsSeen:
    clock = trial.object("clock")
    with trial.basis():
        now = client.read(item(clock, _ZONE)).value
        if not isinstance(now, int):
            raise Inconclusive("the zone of the clock is no number", missing="device")
        try:
            trial.changes.set(client, clock, _ZONE, zone_data(now + (_HOUR_MIN if now < 0 else -_HOUR_MIN)))
        except Refused as refused:
            raise NotApplicable(f"the zone cannot be changed: {refused}", item="objects.clock") from refused
    nominal = clear_boundary(trial, client, interval)
    sets = sets_of(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    trial.reach(nominal + tail_of(trial), client)
    return seen_since(client, sets, interval, nominal, before)
