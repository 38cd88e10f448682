"""Which events a meter notes, under which codes and in which logs, and what it makes of repeated failures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = ["USUAL_EVENTS", "Event", "EventRole", "EventSettings", "LockOut", "LogName"]

LogName = Literal["standard", "fraud", "disconnector", "communication"]

EventRole = Literal[
    "power_down",
    "power_up",
    "clock_adjusted_old",
    "clock_adjusted_new",
    "authentication_failure",
    "parameters_changed",
    "keys_changed",
    "decryption_failure",
    "replay",
    "firmware_verification_failed",
    "seal_opened",
    "seal_closed",
    "dst_changed",
    "clock_invalid",
    "tariff_activated",
    "passive_tariff_changed",
    "load_profile_cleared",
    "threshold_exceeded",
    "threshold_ok",
    "threshold_changed",
    "monitor_exceeded",
    "monitor_ok",
    "remote_disconnection",
    "remote_connection",
    "manual_disconnection",
    "manual_connection",
    "ready_for_manual_connection",
    "local_disconnection",
    "local_reconnection",
    "disconnector_failure",
    "readings_collected",
    "intervals_collected",
    "readings_collected_gas",
    "intervals_collected_gas",
    "child_alarm",
    "child_clock_adjusted",
    "child_installed",
    "child_removed",
    "child_key_changed",
    "child_undecipherable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One kind of event."""

    code: int
    log: LogName = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOut:
    """After so many failed attempts in a row a client is refused for so long, in seconds of line time."""

    failures: int
    seconds: float
    diagnostic: int = 13
    """Of the refusals meanwhile: 13 or 1."""


USUAL_EVENTS: Mapping[EventRole, Event] = MappingProxyType(
    {
        "power_down": Event(code=1),
        "power_up": Event(code=2),
        "clock_adjusted_old": Event(code=4),
        "clock_adjusted_new": Event(code=5),
        "authentication_failure": Event(code=46, log="fraud"),
        "parameters_changed": Event(code=47),
        "keys_changed": Event(code=48),
        "decryption_failure": Event(code=49, log="fraud"),
        "replay": Event(code=50, log="fraud"),
        "firmware_verification_failed": Event(code=51),
        "seal_opened": Event(code=44, log="fraud"),
        "seal_closed": Event(code=45, log="fraud"),
        "dst_changed": Event(code=3),
        "clock_invalid": Event(code=6),
        "tariff_activated": Event(code=9),
        "passive_tariff_changed": Event(code=19),
        "load_profile_cleared": Event(code=254),
        "threshold_exceeded": Event(code=65, log="disconnector"),
        "threshold_ok": Event(code=66, log="disconnector"),
        "threshold_changed": Event(code=67, log="disconnector"),
        "monitor_exceeded": Event(code=70),
        "monitor_ok": Event(code=71),
        "remote_disconnection": Event(code=62, log="disconnector"),
        "remote_connection": Event(code=63, log="disconnector"),
        "manual_disconnection": Event(code=60, log="disconnector"),
        "manual_connection": Event(code=61, log="disconnector"),
        "ready_for_manual_connection": Event(code=59, log="disconnector"),
        "local_disconnection": Event(code=64, log="disconnector"),
        "local_reconnection": Event(code=69, log="disconnector"),
        "disconnector_failure": Event(code=68, log="disconnector"),
        "readings_collected": Event(code=230, log="communication"),
        "intervals_collected": Event(code=231, log="communication"),
        "readings_collected_gas": Event(code=232, log="communication"),
        "intervals_collected_gas": Event(code=233, log="communication"),
        "child_alarm": Event(code=103),
        "child_clock_adjusted": Event(code=104),
        "child_installed": Event(code=105),
        "child_removed": Event(code=107),
        "child_key_changed": Event(code=108),
        "child_undecipherable": Event(code=100),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """The events of one meter."""

    events: Mapping[EventRole, Event] = field(default_factory=lambda: USUAL_EVENTS)
    """What has no entry is not logged."""
    logs: tuple[LogName, ...] = ("standard", "fraud", "disconnector", "communication")
    """The logs that there are."""
    collected: tuple[EventRole, ...] = ()
    """Of readings_collected and intervals_collected, those that the filter selects at first."""
    log_cleared: int = 255
    """Code of the first entry of a log that has just been cleared."""
    entries: int = 100
    """So many entries does each log hold."""
    newest_first: bool = False
    """The newest entry is the first of a buffer."""
    code_first: bool = False
    """The code stands before the time."""
    numbered: bool = False
    """A further column has the number of each entry."""
    tells_client: bool = False
    """A further column has the partners of the association in which a client made the change, zeros for none."""
    along: Mapping[EventRole, int] = field(default_factory=dict)
    """Code of a further entry that each event of a role leaves in its log."""
    same_value_noted: bool = False
    """A parameter that is written as it is leaves an entry too."""
    each_answer_noted: bool = False
    """Each value that is collected leaves an entry, also of one request."""
    authentication_failures: int = 1
    """Each so many failed attempts of one client make one event."""
    decryption_failures: int = 1
    replays: int = 1
    lock_out: LockOut | None = None
