"""Readings over M-Bus: current values, tariffs, stored sets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.energy import follows_load, snapshots_are_consistent
from harness.checks.mbus import registers_kept, set_is_stored
from harness.errors import Inconclusive, NotApplicable
from harness.headend.mbus import MBusMaster, Reading
from harness.headend.mbus.provoking import answer_again
from harness.headend.mbus.reading import amount_of
from harness.run.trial import Trial
from steps.audit.collecting import Collected, collects

_STEPS_TO_BE_SEEN = 40
_SHORTEST_RUN_S = 600
_SNAPSHOTS = 3
_BEFORE_DUE_S = 180
"""A clock to the minute may be a minute late, and the bench needs some time too."""
_WITHIN_PERIOD_S = 12 * 3600
"""So long before a due date the one before it has passed, and its set is stored."""
_MINUTE_S = 60
_LAST_HOURS_S = 7200
_CLOCK_STEPS = timedelta(days=2)
"""By no more than this other scenarios set clocks forward and back."""
_MOST_APPROACHES = 6
_MOST_FLOW_M3_H = Decimal(100)
_SLACK_S = Decimal(5)
_HOUR_S = Decimal(3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Readings with the metering time in seconds between the first and the last."""

    readings: tuple[Reading, ...]
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDue:
    """A due date with readings around it."""

    day: date
    before: Reading
    after: Reading


def master_of(trial: Trial) -> MBusMaster:
    """Return the master at the scenario's door."""
    return trial.side(MBusMaster)


def most_flow(trial: Trial, reading: Reading, seconds: Decimal) -> Decimal:
    """Return what at most can have been counted in that time, at least as much as a declared load makes."""
    constant = trial.declaration.bench.constant_load_w or (0.0, 0.0)
    power_w = max(trial.declaration.metering.most_w, 2 * Decimal(str(max(constant))))
    an_hour = power_w if reading.settings.counts == "energy" else _MOST_FLOW_M3_H
    return an_hour * (seconds + _SLACK_S) / _HOUR_S + reading.resolution


def unmoved(trial: Trial, before: Reading, act: Callable[[], object], about: str) -> None:
    """Act, read again and judge that no register has moved by it."""
    began = trial.elapsed_s()
    act()
    master = master_of(trial)
    after = master.judged_read()
    passed = Decimal(str(trial.elapsed_s() - began))
    most = most_flow(trial, after, passed)
    trial.judge(registers_kept(before.registers(), after.registers(), most, about), after.frame)


@given("the slave has been read", target_fixture="reading")
def slave_has_been_read(trial: Trial) -> Reading:
    reading = slave_is_read(trial)
    with trial.basis():
        assert reading.total >= 0
    return reading


@when("the slave is read", target_fixture="reading")
def slave_is_read(trial: Trial) -> Reading:
    return master_of(trial).judged_read()


@then("the reading has a register of what the slave counts")
def reading_has_register(trial: Trial, reading: Reading) -> None:
    if not reading.registers():
        raise trial.fail(
            expected=f"a present {reading.settings.counts} that is no part of another",
            observed="; ".join(map(str, reading.records)) or "no records",
            frame=reading.frame,
        )
    totals = [record for record in reading.register_records if record.tariff == 0]
    if totals and not any(amount_of(record) for record in totals):
        raise trial.fail(
            expected=f"a number as {totals[0].quantity.name} over all tariffs",
            observed=f"{totals[0].raw.hex(' ')} as {totals[0].header.hex(' ')}",
            frame=reading.frame,
        )


@when("the slave is read while the load runs long enough to be seen", target_fixture="between")
def read_under_load(trial: Trial, reading: Reading) -> Between:
    if reading.settings.counts != "energy":
        raise NotApplicable("the bench's load makes no volume", item="doors.mbus.counts")
    steps_s = int(_STEPS_TO_BE_SEEN * reading.resolution * 3600 / trial.applied_w)
    seconds = max(_SHORTEST_RUN_S, steps_s)
    began = trial.time.now()
    readings = [master_of(trial).judged_read()]
    for _ in range(_SNAPSHOTS):
        trial.wait(seconds / _SNAPSHOTS)
        readings.append(master_of(trial).judged_read())
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    return Between(readings=tuple(readings), seconds=passed)


@then("the register has risen by the energy of the load")
def register_follows(trial: Trial, between: Between) -> None:
    first, last = between.readings[0], between.readings[-1]
    expectation = trial.expectation(seconds=between.seconds, resolution_wh=last.resolution)
    trial.judge(follows_load(last.total - first.total, expectation), last.frame)


@then("the total has moved with the sum of the tariffs")
def tariffs_add_up(trial: Trial, between: Between) -> None:
    rows = [tuple(one.registers()[rate] for rate in sorted(one.registers())) for one in between.readings]
    if len(rows[0]) < 2 or 0 not in between.readings[0].registers():
        raise NotApplicable("the slave has no registers of tariffs", item="doors.mbus")
    last = between.readings[-1]
    tolerance = last.resolution * len(rows[0])
    trial.judge(snapshots_are_consistent(rows, tolerance, load_varied=True), last.frame)


@when("the same request comes twice with the same frame count bit and time passes between", target_fixture="answers")
def same_bit_twice(trial: Trial) -> tuple[bytes, bytes]:
    master = master_of(trial)
    master.judged_read()
    master.reset_link()
    return answer_again(master, lambda: trial.wait(_MINUTE_S) if trial.time_moves_by_hand else None)


@then("both answers are the same telegram")
def same_telegram(trial: Trial, answers: tuple[bytes, bytes]) -> None:
    first, second = answers
    if first != second:
        raise trial.fail(
            expected=f"the same telegram again: {first.hex(' ')}", observed=second.hex(" "), frame=trial.trace.last
        )


@then("a request with the other frame count bit is a new reading")
def other_bit_reads_anew(trial: Trial, answers: tuple[bytes, bytes]) -> None:
    master = master_of(trial)
    if trial.time_moves_by_hand:
        trial.wait(_MINUTE_S)
    found = master.answer(master.next_request(), "REQ_UD2 with the other frame count bit").to_bytes()
    if found == answers[1]:
        if not trial.time_moves_by_hand:
            raise Inconclusive("the telegram is the same, and nothing may have changed meanwhile", missing="bench")
        raise trial.fail(expected="another telegram, or at least another access number", observed="the same telegram")


# Stored sets


def _coming_due(trial: Trial, reading: Reading) -> datetime:
    """Return the next due date, or a later one where the clock may have been beyond the next one already."""
    local, every = _local_time(reading), _due_of(trial)
    if trial.time_moves_by_hand:
        # A slave may store the set of a day once only. Its local time is less than a day from what clocks have shown.
        shown = trial.latest_shown(local.replace(tzinfo=UTC)).replace(tzinfo=None)
        local = shown + timedelta(days=1) if shown > local else local
    due = _next_due(every, local)
    if trial.time_moves_by_hand and due - local <= _CLOCK_STEPS:
        due = _next_due(every, due + _CLOCK_STEPS) if every == "day" else _next_due(every, due)
    return due


def _next_due(due: str, local: datetime) -> datetime:
    day = local.replace(hour=0, minute=0, second=0)
    if due == "day":
        return day + timedelta(days=1)
    if due == "year":
        return day.replace(year=day.year + 1, month=1, day=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _local_time(reading: Reading) -> datetime:
    clock = reading.clock
    if clock is None or not isinstance(clock.moment, datetime) or clock.invalid:
        raise Inconclusive("the slave does not tell a valid date and time", missing="device")
    return clock.moment


def _due_of(trial: Trial) -> str:
    due = master_of(trial).settings.due
    if due is None:
        raise Inconclusive(
            "doors.mbus.due does not tell how often the slave stores its registers", missing="declaration"
        )
    return due


def _pass_to(trial: Trial, due: datetime, before_s: int) -> Reading:
    """Let metering time come to ``before_s`` seconds before a local time, by the slave's clock."""
    for _ in range(_MOST_APPROACHES):
        reading = master_of(trial).judged_read()
        left_s = (due - _local_time(reading)).total_seconds() - before_s
        if left_s <= 0:
            break
        if left_s > trial.declaration.bench.longest_wait_s and not trial.time_moves_by_hand:
            raise Inconclusive(f"the due date {due} is {left_s:.0f} s away ([bench] longest_wait_s)", missing="bench")
        # Summer time may begin or end on the way: the last hours are measured anew.
        trial.let_pass(left_s - _LAST_HOURS_S if left_s > 2 * _LAST_HOURS_S else left_s)
    return reading


@when("the next due date comes", target_fixture="at_due")
def due_date_comes(trial: Trial, reading: Reading) -> AtDue:
    due = _coming_due(trial, reading)
    before = _pass_to(trial, due, _BEFORE_DUE_S)
    after = _pass_to(trial, due, -_MINUTE_S)
    return AtDue(day=due.date(), before=before, after=after)


@when("the next due date comes closer but does not come", target_fixture="at_due")
def due_date_does_not_come(trial: Trial, reading: Reading) -> AtDue:
    due = _coming_due(trial, reading)
    before = _pass_to(trial, due, _WITHIN_PERIOD_S)
    return AtDue(day=due.date(), before=before, after=_pass_to(trial, due, _BEFORE_DUE_S))


@then("a set of the due date is stored with the register of that instant")
def set_of_due_date(trial: Trial, at_due: AtDue) -> None:
    ended = master_of(trial).settings.dated == "ended"
    day = at_due.day - timedelta(days=1) if ended else at_due.day
    # A clock that was set back leaves sets of days that are still to come, or come again.
    found = [(one.day, one.value) for one in at_due.after.stored if one not in at_due.before.stored]
    trial.judge(set_is_stored(found, day, at_due.before.total, at_due.after.total), at_due.after.frame)


@then("no set has been stored")
def no_set_stored(trial: Trial, at_due: AtDue) -> None:
    if at_due.after.stored != at_due.before.stored:
        raise trial.fail(
            expected=f"the stored sets as before: {at_due.before.stored}",
            observed=str(at_due.after.stored),
            frame=at_due.after.frame,
        )


@then("the stored set stays as it is while the register runs on")
def set_stays(trial: Trial, at_due: AtDue) -> None:
    trial.let_pass(_SHORTEST_RUN_S)
    later = master_of(trial).judged_read()
    if later.stored != at_due.after.stored:
        raise trial.fail(
            expected=f"the stored sets as right after the due date: {at_due.after.stored}",
            observed=str(later.stored),
            frame=later.frame,
        )


@when(parsers.parse("the slave is read {times:d} times"), target_fixture="at_due")
def read_often(trial: Trial, reading: Reading, times: int) -> AtDue:
    found = reading
    for _ in range(times):
        if trial.time_moves_by_hand:
            trial.wait(_MINUTE_S)
        found = master_of(trial).judged_read()
    return AtDue(day=date.min, before=reading, after=found)


# The log of data collection, which the head end reads at another door


@when("the slave is read by a master", target_fixture="collected")
def collected_by_master(trial: Trial) -> Collected:
    client = trial.head_end.associate("management")
    master_of(trial).judged_read()
    return collects(trial, client, master_of(trial).judged_read, "a reading over M-Bus")
