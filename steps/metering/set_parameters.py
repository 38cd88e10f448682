"""How many sets are kept and when they are stored: what can be changed, and what is refused and leaves no trace."""

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.checks.data_sets import came_since
from harness.checks.profile import ProfileRow, same_rows
from harness.checks.refusals import told
from harness.checks.unchanged import unchanged
from harness.declaration import AssociationRole
from harness.errors import Inconclusive, NonConformity, NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.data_sets import INTERVALS, Interval, Sets, time_data
from harness.headend.set_parameters import (
    ONE_TIME,
    OPEN_DATES,
    TIMES_ALIKE,
    Written,
    entries_data,
    kind_data,
    no_number_data,
    times_data,
)
from harness.run.trial import Trial
from steps.metering.data_sets import boundary_after, clear_boundary, live_over, sets_of

_ENTRIES_IN_USE, _ENTRIES = 7, 8
_KIND, _TIMES = 3, 4
_MOST_NUMBER = 0xFFFF_FFFF


def configurable(trial: Trial, interval: Interval) -> None:
    """End the scenario where the number of sets cannot be changed, which the source demands that it can."""
    role = INTERVALS[interval]
    if "profile_entries" not in trial.profile_declaration(role).writable:
        raise NonConformity(
            clause="TR-Conf.07c",
            expected="a number of sets that can be configured",
            observed=f"declared without it (profiles.{role}.writable)",
            note="declared absent",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The sets that came under another number of sets, and what is there of them."""

    number: int
    ends: int
    """Intervals that ended."""
    came: list[ProfileRow]
    rows: list[ProfileRow]
    in_use: int
    frame: int


@when(
    parsers.parse("the number of sets is set to {number:d} and {more:d} ends of a {interval} pass"),
    target_fixture="kept",
)
def number_is_set(trial: Trial, client: Client, number: int, more: int, interval: Interval) -> Kept:
    configurable(trial, interval)
    sets = sets_of(trial, client, interval)
    try:
        trial.changes.set(client, sets.target, _ENTRIES, entries_data(number))
    except Refused as refused:
        raise trial.fail(expected=f"{number} sets to be accepted", observed=str(refused)) from refused
    read_back = client.read(item(sets.target, _ENTRIES)).value
    if read_back != number:
        raise trial.fail(expected=f"{number} sets as written", observed=f"{read_back}")
    came: list[ProfileRow] = []
    nominal = clear_boundary(trial, client, interval)
    for _ in range(more):
        with trial.basis():
            came += live_over(trial, client, interval, nominal).rows[-1:]
        nominal = boundary_after(trial, client, interval, nominal)
    rows = sets.reader.whole()
    in_use = sets.reader.entries_in_use()
    return Kept(number=number, ends=more, came=came, rows=rows, in_use=in_use, frame=client.conversation.frame)


@then("exactly so many sets are there, the newest ones")
def newest_are_there(trial: Trial, kept: Kept) -> None:
    if len(kept.came) < kept.ends:
        raise trial.fail(
            expected=f"a set at each of {kept.ends} ends, of which the newest {kept.number} are kept",
            observed=f"{len(kept.came)} sets",
            frame=kept.frame,
        )
    trial.judge(same_rows(kept.came[-kept.number :], kept.rows), kept.frame)
    if kept.in_use != kept.number:
        raise trial.fail(expected=f"{kept.number} entries in use", observed=f"{kept.in_use}", frame=kept.frame)


# Refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedWrite:
    """A write that must not be taken, and what it was written to before and after."""

    answer: str | None
    conditions: tuple[str, ...]
    before: Mapping[str, object]
    after: Mapping[str, object]
    rows: tuple[list[ProfileRow], list[ProfileRow]]
    clipped_to: int | None
    frame: int


def number_to_write(trial: Trial, interval: Interval, what: str) -> tuple[Written, tuple[str, ...], int | None]:
    """Return a wrong number of sets, the conditions of its refusal, and what it may become instead."""
    declared = trial.profile_declaration(INTERVALS[interval])
    if what == "no sets":
        return entries_data(0), ("value_out_of_range",), None
    if what == "more sets than fit":
        if declared.most_entries is None:
            raise Inconclusive(
                f"the declaration does not mention profiles.{INTERVALS[interval]}.most_entries", missing="declaration"
            )
        clipped = None if declared.depth_beyond == "refused" else declared.most_entries
        return entries_data(min(declared.most_entries + 1, _MOST_NUMBER)), ("value_out_of_range",), clipped
    return no_number_data(), ("wrong_type",), None


@when(
    parsers.parse('the {client_id} client writes "{what}" as the number of sets for each {interval}'),
    target_fixture="refused_write",
)
def wrong_number_is_written(
    trial: Trial, client: Client, client_id: AssociationRole, what: str, interval: Interval
) -> RefusedWrite:
    configurable(trial, interval)
    sets = sets_of(trial, client, interval)
    data: Written
    conditions: tuple[str, ...]
    if what == "another number":
        current = client.read(item(sets.target, _ENTRIES)).value
        data, conditions, clipped = entries_data(int(str(current)) - 1), ("no_write_right",), None
    else:
        data, conditions, clipped = number_to_write(trial, interval, what)
    return tried(trial, client, sets, data, conditions, clipped)


def tried(
    trial: Trial, client: Client, sets: Sets, data: Written, conditions: tuple[str, ...], clipped: int | None
) -> RefusedWrite:
    """Write the number of sets and read everything before and after."""
    with trial.basis():
        before, rows = client.read(item(sets.target, _ENTRIES)).value, sets.newest()
    if client.declared.role != "management":
        # What is not refused is put back by a client that may.
        managing = trial.head_end.associate("management")
        trial.changes.keep(managing, sets.target, _ENTRIES)
        managing.close()
    answer = None
    try:
        if client.declared.role == "management":
            trial.changes.set(client, sets.target, _ENTRIES, data)
        else:
            client.set(item(sets.target, _ENTRIES), data)
    except Refused as refused:
        answer = refused.answer
    frame = client.conversation.frame
    after = client.read(item(sets.target, _ENTRIES)).value
    return RefusedWrite(
        answer=answer,
        conditions=conditions,
        before={"number of sets": before},
        after={"number of sets": after},
        rows=(rows, sets.newest()),
        clipped_to=clipped,
        frame=frame,
    )


_AT_NIGHT = (0, 0)
_WRONG_TIMES: Mapping[str, tuple[Written, ...]] = {
    "month 13": (time_data(*_AT_NIGHT, month=13, day=1),),
    "day 0": (time_data(*_AT_NIGHT, day=0),),
    "the 30th of February": (time_data(*_AT_NIGHT, month=2, day=30),),
    "hour 24": (time_data(24, 0),),
    "minute 60": (time_data(0, 60),),
    "two times although its type is one time": (time_data(*_AT_NIGHT, day=1), time_data(1, 0, day=1)),
}


@when(parsers.parse('the management client writes "{what}" to the billing schedule'), target_fixture="refused_write")
def wrong_schedule_is_written(trial: Trial, client: Client, what: str) -> RefusedWrite:
    if not trial.declaration.billing.configurable_schedule:
        raise NotApplicable("the schedule cannot be changed", item="billing.configurable_schedule")
    schedule = trial.object("billing_schedule")
    with trial.basis():
        if client.read(item(schedule, _KIND)).value not in (TIMES_ALIKE if "two times" in what else OPEN_DATES):
            trial.changes.set(client, schedule, _KIND, kind_data(ONE_TIME))
        before = {"type": client.read(item(schedule, _KIND)).value, "times": client.read(item(schedule, _TIMES)).value}
        rows = sets_of(trial, client, "month").newest()
    answer = None
    try:
        trial.changes.set(client, schedule, _TIMES, times_data(*_WRONG_TIMES[what]))
    except Refused as refused:
        answer = refused.answer
    frame = client.conversation.frame
    after = {"type": client.read(item(schedule, _KIND)).value, "times": client.read(item(schedule, _TIMES)).value}
    return RefusedWrite(
        answer=answer,
        conditions=("value_out_of_range", "wrong_type"),
        before=before,
        after=after,
        rows=(rows, sets_of(trial, client, "month").newest()),
        clipped_to=None,
        frame=frame,
    )


@then("that is refused and the sets and their number are as before")
@then("that is refused and the schedule is as before")
def refused_without_trace(trial: Trial, refused_write: RefusedWrite) -> None:
    came = came_since(*refused_write.rows)
    if came:
        raise Inconclusive("a set came in between", missing="device")
    if refused_write.answer is None:
        if refused_write.clipped_to is not None and refused_write.after == {"number of sets": refused_write.clipped_to}:
            return
        raise trial.fail(expected="an error", observed="success", frame=refused_write.frame)
    trial.judge(unchanged(refused_write.before, refused_write.after), refused_write.frame)
    trial.judge(same_rows(*refused_write.rows), refused_write.frame)
    accepted = trial.refusals(*refused_write.conditions)
    if refused_write.answer not in accepted:
        raise trial.fail(expected=told(accepted), observed=refused_write.answer, frame=refused_write.frame)
