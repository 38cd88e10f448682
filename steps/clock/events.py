"""What a clock tells in the log: that it was set, that summer time changed, that it lost its time."""

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.headend.client import Client
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.run.trial import Trial
from steps.clock.daylight import Coming
from steps.clock.setting import Moved, look, set_to, shift, signed

_EVENT_TOLERANCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """The logs that hold the events of the clock, as they were."""

    entries: dict[str, tuple[LogEntry, ...]]
    """By the role of the log."""

    def since(self, trial: Trial, client: Client, *events: str) -> list[LogEntry]:
        """Read the logs again and return the new entries of these events, in order."""
        found = []
        for log in dict.fromkeys(event_of(trial, event)[1] for event in events):
            codes = {event_of(trial, event)[0] for event in events if event_of(trial, event)[1] == log}
            new = entries_since(self.entries[log], read_event_log(client, trial.declaration, log))
            found += [entry for entry in new if entry.code in codes]
        return found


def event_of(trial: Trial, role: str) -> tuple[int, str]:
    """Return code and log of an event."""
    event = trial.declaration.require_event(role, clause=trial.clause)
    return event.code, event.log


@given(parsers.parse("the log of {events} is known"), target_fixture="clock_logs")
@when(parsers.parse("the log of {events} is known"), target_fixture="clock_logs")
def log_is_known(trial: Trial, client: Client, events: str) -> Logs:
    logs = {event_of(trial, role)[1] for role in events.split(" and ")}
    return Logs(entries={log: read_event_log(client, trial.declaration, log) for log in logs})


@when(parsers.parse("the clock is {way} by {amount}, {direction}"))
def moved_by_amount(trial: Trial, client: Client, way: str, amount: str, direction: str) -> None:
    limit_s = trial.declaration.clock.sync_limit_s
    seconds = signed(direction, {"the limit of synchronising": limit_s, "2 seconds": min(2, limit_s)}[amount])
    if way == "shifted":
        shift(trial, client, seconds)
    else:
        set_to(trial, client, look(trial, client).time.later(seconds), f"by {seconds:+d} s")


@when(
    parsers.parse("a step beyond the limit of synchronising is made by {way}, {direction}"),
    target_fixture="moved_clock",
)
def moved_beyond_limit(trial: Trial, client: Client, way: str, direction: str) -> Moved:
    seconds = signed(direction, trial.declaration.clock.sync_limit_s + (1 if way == "shift" else 5))
    if way == "shift":
        return shift(trial, client, seconds)
    return set_to(trial, client, look(trial, client).time.later(seconds), f"by {seconds:+d} s")


@then("the log has the old time and then the new one, once each")
def has_pair(trial: Trial, client: Client, clock_logs: Logs, moved_clock: Moved) -> None:
    old, new = (event_of(trial, role) for role in ("clock_adjusted_old", "clock_adjusted_new"))
    entries = clock_logs.since(trial, client, "clock_adjusted_old", "clock_adjusted_new")
    frame = client.conversation.frame
    if [entry.code for entry in entries] != [old[0], new[0]]:
        raise trial.fail(
            expected=f"after {moved_clock.about} the events {old[0]} and {new[0]}, in this order",
            observed=_listed(entries),
            frame=frame,
        )
    dues = (moved_clock.before.moment, moved_clock.setting.due)
    for entry, due, name in zip(entries, dues, ("old", "new"), strict=True):
        shown = entry.time.nearest(due)
        if shown is None or abs((shown - due).total_seconds()) > _EVENT_TOLERANCE_S:
            raise trial.fail(
                expected=f"event {entry.code} with the {name} time {due:%Y-%m-%d %H:%M:%S} UTC "
                f"within {_EVENT_TOLERANCE_S:g} s",
                observed=f"{entry.time}",
                frame=frame,
            )


def _listed(entries: Sequence[LogEntry]) -> str:
    return ", ".join(f"{entry.code} at {entry.time}" for entry in entries) or "no new entry of either"


@then("the log has neither the old time nor the new one")
def has_no_pair(trial: Trial, client: Client, clock_logs: Logs) -> None:
    entries = clock_logs.since(trial, client, "clock_adjusted_old", "clock_adjusted_new")
    if entries:
        raise trial.fail(
            expected="no event of setting for a change up to the declared limit "
            f"({trial.declaration.clock.sync_limit_s:g} s)",
            observed=_listed(entries),
            frame=client.conversation.frame,
        )


@when("6 seconds pass")
def six_seconds_pass(trial: Trial, client: Client) -> None:
    trial.let_pass(6, client)


@then("the log has one event of the change, at its time")
def has_change(trial: Trial, client: Client, clock_logs: Logs, coming: Coming) -> None:
    entries = clock_logs.since(trial, client, "dst_changed")
    frame = client.conversation.frame
    if len(entries) != 1:
        raise trial.fail(
            expected=f"one event {event_of(trial, 'dst_changed')[0]} of the change {coming.change}",
            observed=_listed(entries),
            frame=frame,
        )
    shown = entries[0].time
    moment = shown.nearest(coming.instant)
    # A local time alone may be that of before the change or that of after it.
    shift_s = 60 * abs(coming.deviation_min(after=True) - coming.deviation_min(after=False))
    offs = (0,) if shown.deviation_min is not None else (0, shift_s, -shift_s)
    off_s = min(abs((moment - coming.instant).total_seconds() + off) for off in offs) if moment else None
    if off_s is None or off_s > _EVENT_TOLERANCE_S:
        raise trial.fail(
            expected=f"the event of the change at {coming.instant:%Y-%m-%d %H:%M:%S} UTC",
            observed=f"{shown}",
            frame=frame,
        )


@then("the log has no event of a change")
def has_no_change(trial: Trial, client: Client, clock_logs: Logs) -> None:
    entries = clock_logs.since(trial, client, "dst_changed")
    if entries:
        raise trial.fail(expected="no event of a change", observed=_listed(entries), frame=client.conversation.frame)
