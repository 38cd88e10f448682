"""Events of limiter and switch: what the logs hold before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.declaration import Event
from harness.headend.client import Client
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.run.trial import Trial

_WATCHED = (
    "threshold_exceeded",
    "threshold_ok",
    "threshold_changed",
    "remote_disconnection",
    "remote_connection",
    "manual_disconnection",
    "manual_connection",
    "ready_for_manual_connection",
    "local_disconnection",
    "local_reconnection",
    "monitor_exceeded",
    "monitor_ok",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """The logs of limiter and switch at one moment."""

    entries: dict[str, tuple[LogEntry, ...]]
    """By the role of the log."""

    def since(self, trial: Trial, client: Client, role: str) -> list[LogEntry]:
        """Read the log of an event again and return its new entries."""
        event = trial.declaration.require_event(role, clause=trial.clause)
        now = read_event_log(client, trial.declaration, event.log)
        return [entry for entry in entries_since(self.entries[event.log], now) if entry.code == event.code]


def read_logs(trial: Trial, client: Client) -> Logs:
    """Read every log in which an event of limiter or switch stands."""
    found = (trial.declaration.event(role) for role in _WATCHED)
    logs = sorted({event.log for event in found if isinstance(event, Event)})
    with trial.basis():
        return Logs(entries={log: read_event_log(client, trial.declaration, log) for log in logs})


def expect_entries(trial: Trial, client: Client, logs: Logs, role: str, count: int, after: str) -> list[LogEntry]:
    """See that an event was noted so many times since; returns its entries."""
    found = logs.since(trial, client, role)
    if len(found) != count:
        raise trial.fail(
            expected=f"{count} new {'entry' if count == 1 else 'entries'} {role} after {after}",
            observed=f"{len(found)}: {_listed(found)}" if found else "none",
            frame=client.conversation.frame,
        )
    return found


def _listed(entries: Sequence[LogEntry]) -> str:
    return ", ".join(f"{entry.code} at {entry.time}" for entry in entries)
