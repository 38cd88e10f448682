"""The end of a billing period: what counts it, what ends it on demand, and how its sets are read back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import came_since, counter_stepped, no_set, values_between
from harness.checks.profile import ProfileRow, same_rows
from harness.checks.unchanged import unchanged
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.data_sets import INTERVALS, Interval, Snapshot, counter_of, time_of
from harness.headend.set_parameters import script_data
from harness.run.trial import Trial
from steps.metering.data_sets import (
    SetsSeen,
    approach,
    boundary_after,
    clear_boundary,
    jitter_of,
    live_over,
    seen_since,
    sets_of,
    tail_of,
)

_VALUE = 2
_EXECUTE = 1
_FEWEST = 3
_UNDISTURBED_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The billing counter and where it begins anew."""

    number: int
    modulus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approached:
    """What was read shortly before the end of a month."""

    nominal: datetime
    before: Snapshot
    counted: Counted


def read_counter(trial: Trial, client: Client) -> Counted:
    """Read the billing counter."""
    number, modulus = counter_of(client.read(item(trial.object("billing_counter"), _VALUE)))
    return Counted(number=number, modulus=modulus)


@given("the billing counter has been read", target_fixture="counted")
def counter_has_been_read(trial: Trial, client: Client) -> Counted:
    with trial.basis():
        return read_counter(trial, client)


@given("the billing counter has been read just before the end of a month", target_fixture="approached")
def counter_read_before_end(trial: Trial, client: Client) -> Approached:
    nominal = clear_boundary(trial, client, "month")
    before = approach(trial, client, sets_of(trial, client, "month"), nominal)
    return Approached(nominal=nominal, before=before, counted=counter_has_been_read(trial, client))


@pytest.fixture
def counted(approached: Approached) -> Counted:
    """The counter as it was before the end that passes."""
    return approached.counted


@when("that end passes", target_fixture="seen")
def that_end_passes(trial: Trial, client: Client, approached: Approached) -> SetsSeen:
    trial.reach(approached.nominal + tail_of(trial), client)
    return seen_since(client, sets_of(trial, client, "month"), "month", approached.nominal, approached.before)


@then("the billing counter has moved by one step")
def counter_has_moved(trial: Trial, client: Client, counted: Counted) -> None:
    after = read_counter(trial, client).number
    step = trial.declaration.billing.counter_step
    judged = counter_stepped(counted.number, after, step=step, modulus=counted.modulus)
    trial.judge(judged, client.conversation.frame)


@then("the billing time is the time of that set")
def billing_time_is_of_set(trial: Trial, client: Client, seen: SetsSeen) -> None:
    with trial.basis():
        (row,) = seen.rows
    stamp = time_of(client, trial.object("clock"), trial.object("billing_time"))
    if abs((stamp - row.time).total_seconds()) > jitter_of(trial, seen):
        raise trial.fail(
            expected=f"{row.time.isoformat()} as in the set",
            observed=stamp.isoformat(),
            frame=client.conversation.frame,
        )


# On demand


def closing_script(trial: Trial) -> int:
    """Return the number of the script by which a client ends the billing period."""
    declared = trial.declaration.billing.closing_script
    if declared is None:
        raise Inconclusive("the declaration does not mention billing.closing_script", missing="declaration")
    if declared == "absent":
        raise NotApplicable("no client can end the billing period", item="billing.closing_script")
    return declared


def close(trial: Trial, client: Client) -> None:
    """Execute the script that ends the billing period."""
    client.action(trial.object("billing_script"), _EXECUTE, script_data(closing_script(trial)))


@given("the last end of a billing period is long past", target_fixture="before_closing")
def last_end_is_past(trial: Trial, client: Client) -> Snapshot:
    closing_script(trial)
    past = timedelta(seconds=(trial.declaration.billing.lock_out_s or 0.0) + _UNDISTURBED_S)
    trial.let_pass(past.total_seconds(), client)
    with trial.basis():
        sets = sets_of(trial, client, "month")
        found = sets.snapshot()
        # A clock that was set back in between comes by the times of earlier sets once more.
        for _ in found.rows:
            close_by = [row.time for row in found.rows if abs(row.time - found.at) < past]
            if not close_by:
                break
            trial.reach(max(close_by) + past, client)
            found = sets.snapshot()
        return found


@when("the management client executes the script that ends the billing period", target_fixture="seen")
def script_is_executed(trial: Trial, client: Client, before_closing: Snapshot) -> SetsSeen:
    sets = sets_of(trial, client, "month")
    nominal = trial.metering_now(client)
    try:
        close(trial, client)
    except Refused as refused:
        raise trial.fail(expected="the billing period to end", observed=str(refused)) from refused
    trial.let_pass(trial.declaration.metering.freshness_s, client)
    return seen_since(client, sets, "month", nominal, before_closing)


@then("exactly one set of the time of the execution is stored")
def one_set_of_execution(trial: Trial, seen: SetsSeen) -> None:
    times = [row.time for row in seen.rows]
    tolerance = timedelta(seconds=trial.declaration.metering.freshness_s)
    if len(times) != 1 or not seen.nominal - tolerance <= times[0] <= seen.after.at:
        raise trial.fail(
            expected=f"one set of {seen.nominal.isoformat()}",
            observed=f"{[str(one) for one in times]}",
            frame=seen.frame,
        )
    trial.judge(values_between(seen.sets.stored(seen.before, seen.rows[0], seen.after)), seen.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """What a second execution within the lock-out gave."""

    answer: str | None
    frame: int


@when("the management client executes that script again at once", target_fixture="second")
def script_is_executed_again(trial: Trial, client: Client) -> Second:
    lock_out_s = trial.declaration.billing.lock_out_s
    if lock_out_s is None:
        raise Inconclusive("the declaration does not mention billing.lock_out_s", missing="declaration")
    if lock_out_s == 0:
        raise NotApplicable("billing periods can be ended one right after the other", item="billing.lock_out_s")
    answer = None
    try:
        close(trial, client)
    except Refused as refused:
        answer = refused.answer
    return Second(answer=answer, frame=client.conversation.frame)


@then("that is refused and no second set is stored")
def second_is_refused(trial: Trial, client: Client, seen: SetsSeen, second: Second) -> None:
    trial.judge(no_set(came_since(seen.after.rows, seen.sets.newest()), "of the refused execution"), second.frame)
    if second.answer is None:
        raise trial.fail(expected="an error within the lock-out", observed="success", frame=second.frame)


@when("a client without the right executes the script that ends the billing period", target_fixture="second")
def reading_client_executes(trial: Trial, client: Client) -> Second:
    answer = None
    try:
        close(trial, client)
    except Refused as refused:
        answer = refused.answer
    return Second(answer=answer, frame=client.conversation.frame)


@then("that is refused and nothing was closed")
def nothing_was_closed(
    trial: Trial, client: Client, before_closing: Snapshot, counted: Counted, second: Second
) -> None:
    sets = sets_of(trial, client, "month")
    trial.judge(no_set(came_since(before_closing.rows, sets.newest()), "by a client without the right"), second.frame)
    trial.judge(
        unchanged({"billing counter": counted.number}, {"billing counter": read_counter(trial, client).number}),
        second.frame,
    )
    if second.answer is None:
        raise trial.fail(expected="an error", observed="success", frame=second.frame)


# Reading back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """Sets that came one by one, and the same sets as parts of one reading."""

    came: list[ProfileRow]
    by_entry: list[ProfileRow] | None
    by_range: list[ProfileRow] | None
    inner: list[ProfileRow] | None
    """Of a range that leaves out the first and the last one."""
    frame: int


@given(parsers.parse("sets of {count:d} {interval}s have come one by one"), target_fixture="came")
def sets_have_come(trial: Trial, client: Client, count: int, interval: Interval) -> list[ProfileRow]:
    found: list[ProfileRow] = []
    nominal = clear_boundary(trial, client, interval)
    for _ in range(count):
        with trial.basis():
            seen = live_over(trial, client, interval, nominal)
            found += seen.rows
        nominal = boundary_after(trial, client, interval, nominal)
    if len(found) < _FEWEST:
        raise Inconclusive(f"{len(found)} sets came, {_FEWEST} are needed to tell parts apart", missing="device")
    return found


@when(parsers.parse("the sets of {interval}s are read back by number and by range"), target_fixture="read_back")
def sets_are_read_back(trial: Trial, client: Client, interval: Interval, came: list[ProfileRow]) -> ReadBack:
    declared = trial.profile_declaration(INTERVALS[interval])
    reader = sets_of(trial, client, interval).reader
    if not declared.selective_access:
        raise NotApplicable("sets cannot be read in part", item=f"profiles.{INTERVALS[interval]}.selective_access")
    by_entry = by_range = inner = None
    if "entry" in declared.selective_access:
        by_entry = reader.newest_by_entry(len(came))
    if "range" in declared.selective_access:
        by_range = reader.range(reader.time_of(came[0]), reader.time_of(came[-1]).later(1))
        inner = reader.range(reader.time_of(came[1]), reader.time_of(came[-2]).later(1))
    return ReadBack(came=came, by_entry=by_entry, by_range=by_range, inner=inner, frame=client.conversation.frame)


@then("each reading has exactly the sets that it asked for")
def readings_have_sets(trial: Trial, read_back: ReadBack) -> None:
    if read_back.by_entry is not None:
        trial.judge(same_rows(read_back.came, read_back.by_entry), read_back.frame)
    if read_back.by_range is not None and read_back.inner is not None:
        trial.judge(same_rows(read_back.came, read_back.by_range), read_back.frame)
        trial.judge(same_rows(read_back.came[1:-1], read_back.inner), read_back.frame)
