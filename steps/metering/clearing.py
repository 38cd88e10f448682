"""A load profile that is cleared, and one whose rows are to stand in another order."""

from dataclasses import dataclass, replace
from itertools import pairwise

from pytest_bdd import then, when

from harness.checks.profile import ProfileRow, same_rows
from harness.checks.refusals import told
from harness.declaration import Profile
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import announced_to
from harness.headend.client import Client, item
from harness.headend.data import NOTHING
from harness.headend.profile_setup import Data, order_data
from harness.headend.rights.object_list import Right
from harness.run.trial import Trial
from steps.clock.events import Logs
from steps.metering.captures import Watch, recent
from steps.metering.profile_setup import reader_of, refill_at_the_end
from steps.metering.row_status import into_period

_RESET = 1
_SORT_METHOD = 5
_FIRST_IN_FIRST_OUT, _LAST_IN_FIRST_OUT = 1, 2
_ROWS_IN_ORDER = 3
_MOST_CAPTURES = 3
"""More rows do not come while a write is refused."""


@when("the load profile is cleared", target_fixture="watched")
def profile_cleared(trial: Trial, client: Client) -> Watch:
    profile = trial.object("load_profile")
    announced = announced_to(client, trial.declaration)
    listed = announced.find(profile.class_id, profile.obis) if announced is not None else None
    refill_at_the_end(trial)
    watched = into_period(trial, client)
    try:
        client.action(profile, _RESET, NOTHING)
    except Refused as refused:
        if listed is not None and listed.may_invoke(_RESET) is Right.GRANTED:
            raise trial.fail(expected="the announced reset of the load profile", observed=refused.answer) from refused
        raise NotApplicable("the load profile cannot be cleared", item="objects.load_profile") from refused
    with trial.basis():
        return replace(watched, began=trial.metering_now(client), before=[])


@then("the log has one entry of the clearing")
def clearing_logged(trial: Trial, client: Client, clock_logs: Logs) -> None:
    entries = clock_logs.since(trial, client, "load_profile_cleared")
    if len(entries) != 1:
        raise trial.fail(
            expected="one entry of a load profile that was cleared",
            observed=", ".join(f"{one.code} at {one.time}" for one in entries) or "no new entry of it",
            frame=client.conversation.frame,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordered:
    """Another order of the rows, as it was asked for."""

    there: Data
    wanted: Data
    answer: str | None
    """None where it was acknowledged."""
    known: list[ProfileRow]
    frame: int


@when("the rows of the load profile are to stand in the other order", target_fixture="reordered")
def other_order(trial: Trial, client: Client) -> Reordered:
    profile = trial.object("load_profile")
    with trial.basis():
        there = client.read(item(profile, _SORT_METHOD))
        if there.value not in (_FIRST_IN_FIRST_OUT, _LAST_IN_FIRST_OUT):
            raise NotApplicable("the rows are sorted by values", item="objects.load_profile")
        known = recent(reader_of(trial, client, trial.profile_declaration("load_profile")))
    other = _LAST_IN_FIRST_OUT if there.value == _FIRST_IN_FIRST_OUT else _FIRST_IN_FIRST_OUT
    wanted = order_data(other)
    refill_at_the_end(trial)
    answer = None
    try:
        trial.changes.set(client, profile, _SORT_METHOD, wanted)
    except Refused as refused:
        answer = refused.answer
    return Reordered(there=there, wanted=wanted, answer=answer, known=known, frame=client.conversation.frame)


@then("they do, or it is refused and nothing is changed")
def order_followed(trial: Trial, client: Client, reordered: Reordered) -> None:
    declared = trial.profile_declaration("load_profile")
    found = client.read(item(trial.object("load_profile"), _SORT_METHOD))
    frame = client.conversation.frame
    due = reordered.wanted if reordered.answer is None else reordered.there
    if found != due:
        raise trial.fail(expected=f"sort method {due.value}", observed=f"{found.value}", frame=frame)
    if reordered.answer is None:
        judge_order(trial, client, declared, newest_first=due.value == _LAST_IN_FIRST_OUT)
        return
    conditions = ("no_write_right", "value_out_of_range")
    accepted = trial.refusals(*conditions)
    if reordered.answer not in accepted:
        raise trial.fail(expected=told(accepted), observed=reordered.answer, frame=reordered.frame)
    now = recent(reader_of(trial, client, declared))
    known = [row.values for row in reordered.known]
    kept = [row.values for row in now]
    if not any(kept[: len(known) - gone] == known[gone:] for gone in range(_MOST_CAPTURES + 1)):
        trial.judge(same_rows(reordered.known, now), client.conversation.frame)


def judge_order(trial: Trial, client: Client, declared: Profile, *, newest_first: bool) -> None:
    """Judge in which order the device gives rows: their times rise, or they fall."""
    as_they_come = reader_of(trial, client, declared.model_copy(update={"order": "fifo"}))
    rows = as_they_come.whole()
    if len(rows) < _ROWS_IN_ORDER:
        trial.let_pass((_ROWS_IN_ORDER + 1) * declared.period_s, client)
        rows = as_they_come.whole()
    newest = rows[:_ROWS_IN_ORDER] if newest_first else rows[-_ROWS_IN_ORDER:]
    if len(newest) < _ROWS_IN_ORDER:
        raise Inconclusive(f"{len(newest)} rows show no order", missing="device")
    if not all((a.time > b.time) if newest_first else (a.time < b.time) for a, b in pairwise(newest)):
        raise trial.fail(
            expected=f"rows with the {'newest' if newest_first else 'oldest'} first, as the sort method says",
            observed=", ".join(str(row) for row in newest),
            frame=client.conversation.frame,
        )
