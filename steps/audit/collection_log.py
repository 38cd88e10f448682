"""The log of data collection itself: what its entries tell apart, how it is read by time, and when it is full."""

from collections.abc import Sequence

from pytest_bdd import parsers, then, when

from harness.checks.audit import one_entry
from harness.declaration import Event, Profile
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import noted
from harness.headend.blocks import selects_rows
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.profiles import ProfileReader
from harness.run.trial import Trial
from steps.audit.collecting import Collected, client_collects, collects, logs_of_collection, reading_of

_ENTRIES = 8
_MOST_READS = 400
_FURTHER_READS = 2
_TIME_OCTETS = 12
_KINDS = {"a register": "readings_collected", "the load profile": "intervals_collected"}


@when(parsers.parse("first {first} and then {second} is collected"), target_fixture="collected_kinds")
def collects_both(trial: Trial, client: Client, first: str, second: str) -> tuple[Collected, list[Event]]:
    events = [trial.declaration.require_event(_KINDS[what], clause=trial.clause) for what in (first, second)]
    acts = [reading_of(trial, client, what) for what in (first, second)]

    def act() -> None:
        for one in acts:
            one()

    return collects(trial, client, act, f"{first} and then {second}", len(acts)), events


@then("the entries tell which was which, in this order")
def tells_apart(trial: Trial, client: Client, collected_kinds: tuple[Collected, list[Event]]) -> None:
    collected, events = collected_kinds
    if not trial.declaration.collection.tells_apart:
        raise NotApplicable("entries need not tell kinds of collection apart", item="collection.tells_apart")
    after = logs_of_collection(trial, client)
    codes = {event.code for event in events}
    for log, before in collected.before.items():
        entries = [one for one in entries_since(before, after[log]) if one.code in codes]
        due = [event.code for event in events if event.log == log]
        if [one.code for one in entries] != due or not _differ(entries):
            raise trial.fail(
                expected=f"entries of {collected.about} in {log}, told apart: {due}",
                observed=", ".join(f"{one.code} at {one.time}" for one in entries) or "no new entry",
                frame=collected.frame,
            )


def _differ(entries: Sequence[LogEntry]) -> bool:
    """Whether no two entries are alike but for their times."""
    told = [
        [cell for cell in one.cells if not (isinstance(cell, bytes) and len(cell) == _TIME_OCTETS)] for one in entries
    ]
    return all(one not in told[number + 1 :] for number, one in enumerate(told))


@when("one register is read once more often than the log has entries", target_fixture="collected")
def floods_log(trial: Trial, client: Client) -> Collected:
    register = trial.object("energy_import_total")
    event = trial.declaration.require_event("readings_collected", clause=trial.clause)
    depth = client.read(item(trial.object(event.log), _ENTRIES)).value
    if not isinstance(depth, int) or depth > _MOST_READS:
        raise Inconclusive(f"the log has {depth} entries; more than {_MOST_READS} are not filled", missing="bench")

    def act() -> None:
        for _ in range(depth + 1):
            client.read(item(register, register.attribute))

    return collects(trial, client, act, "more readings than the log has entries", depth + 1)


@then("the log holds as many entries as fit, in order, and further readings are the newest")
def holds_newest(trial: Trial, client: Client, collected: Collected) -> None:
    event = trial.declaration.require_event("readings_collected", clause=trial.clause)
    full = read_event_log(client, trial.declaration, event.log)
    times = [one.time for one in noted(full) if one.time is not None]
    if len(full) != collected.values - 1 or times != sorted(times):
        raise trial.fail(
            expected=f"{collected.values - 1} entries in order",
            observed=f"{len(full)} entries, {'in' if times == sorted(times) else 'not in'} order",
            frame=client.conversation.frame,
        )
    tolerance_s = trial.declaration.clock.tolerance_s
    # Entries of further readings have to be told from those of before, and from each other, by their times.
    further = []
    for _ in range(_FURTHER_READS):
        trial.wait(3 * tolerance_s + 1, client)
        further.append(client_collects(trial, client, "a register"))
    after = noted(read_event_log(client, trial.declaration, event.log))
    newest = [one for one in reversed(after) if one.code == event.code]
    for entry, again in zip(newest, reversed(further), strict=False):
        if again.began is None or again.ended is None:
            raise Inconclusive("the clock shows no full time", missing="device")
        span = (again.began, again.ended)
        about = "a reading with the log full, among the newest"
        trial.judge(one_entry(about, [entry], codes={event.code}, span=span, tolerance_s=tolerance_s), again.frame)
    if len(after) > len(full):
        raise trial.fail(
            expected=f"{len(full)} entries at most", observed=f"{len(after)}", frame=client.conversation.frame
        )


@then("the newest entries can be read by a range of time")
def by_range(trial: Trial, client: Client, collected: Collected) -> None:
    event = trial.declaration.require_event("readings_collected", clause=trial.clause)
    judge_last_minute(trial, client, event.log)


def judge_last_minute(trial: Trial, client: Client, log_role: str) -> None:
    """Read the last minute of a log by a range of time; it is what the whole log has of it."""
    declared = trial.declaration.profiles.get(log_role) or Profile(period_s=0, entries=1)
    reader = ProfileReader(client, trial.object(log_role), declared, trial.object("clock"))
    if not reader.has_ranges or not selects_rows(client):
        raise NotApplicable("no selective access", item=f"profiles.{log_role}.selective_access")
    now = reader.now()
    with trial.basis():
        whole = reader.whole()
    start = (now.later(-60)).comparable()
    try:
        rows = reader.range(now.later(-60), now.later(1))
    except Refused as refused:
        raise trial.fail(expected="a range of the log", observed=str(refused)) from refused
    due = [row for row in whole if start is not None and row.time >= start]
    if [row.values for row in rows] != [row.values for row in due]:
        raise trial.fail(
            expected=f"{len(due)} entries of the last minute",
            observed=f"{len(rows)} entries",
            frame=client.conversation.frame,
        )
