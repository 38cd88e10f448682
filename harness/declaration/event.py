"""The events that the device logs: role -> code and log."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from harness.declaration.identity import GATEWAYS, METERS
from harness.declaration.objects import Absent
from harness.declaration.problem import Problem, Problems, listed, suggestion
from harness.declaration.role import LOG_ROLES, MONITOR_LOG, NO_DEMAND, Demand
from harness.declaration.section import Section, problems_of

__all__ = [
    "CONDITIONS",
    "EVENT_ROLES",
    "INTERACTIONS",
    "REGISTRATIONS",
    "Event",
    "Events",
    "Log",
    "parse_events",
    "parse_logs",
]

_PARAMETER = Demand(by=("TR-Conf.02", "TR-Conf.11"), clause="TR-Conf.02a", of=METERS | GATEWAYS)
_UNREACHABLE = Demand(by=("TR-Conf.03b",), clause="TR-Conf.03b", of=GATEWAYS)
_TABLE = 'a table such as { code = 47, log = "standard_log" }'

EVENT_ROLES: Mapping[str, Demand] = {
    "power_down": NO_DEMAND,
    "power_up": NO_DEMAND,
    "clock_adjusted_old": NO_DEMAND,
    "clock_adjusted_new": NO_DEMAND,
    "authentication_failure": NO_DEMAND,
    "decryption_failure": NO_DEMAND,
    "replay": NO_DEMAND,
    "parameters_changed": _PARAMETER,
    "keys_changed": NO_DEMAND,
    "firmware_verification_failed": NO_DEMAND,
    "seal_opened": NO_DEMAND,
    "seal_closed": NO_DEMAND,
    "dst_changed": NO_DEMAND,
    "clock_invalid": NO_DEMAND,
    "tariff_activated": NO_DEMAND,
    "passive_tariff_changed": Demand(by=("TR-Conf.11",), clause="TR-Conf.11a"),
    "load_profile_cleared": NO_DEMAND,
    "threshold_exceeded": Demand(by=("TR-Conf.10b",), clause="TR-Conf.10b"),
    "threshold_ok": Demand(by=("TR-Conf.10b",), clause="TR-Conf.10b"),
    "threshold_changed": Demand(by=("TR-Conf.10a",), clause="TR-Conf.10a"),
    "monitor_exceeded": NO_DEMAND,
    "monitor_ok": NO_DEMAND,
    "remote_disconnection": NO_DEMAND,
    "remote_connection": NO_DEMAND,
    "manual_disconnection": NO_DEMAND,
    "manual_connection": NO_DEMAND,
    "ready_for_manual_connection": NO_DEMAND,
    "local_disconnection": NO_DEMAND,
    "local_reconnection": NO_DEMAND,
    "disconnector_failure": NO_DEMAND,
    "readings_collected": Demand(by=("TR-Conf.09",), clause="TR-Conf.09a"),
    "intervals_collected": NO_DEMAND,
    "readings_collected_gas": NO_DEMAND,
    "intervals_collected_gas": NO_DEMAND,
    # Of the devices behind a gateway: what a head end and a device have done together, and what is wrong with a device.
    "device_session": NO_DEMAND,
    "device_read": NO_DEMAND,
    "device_written": NO_DEMAND,
    "device_commanded": NO_DEMAND,
    "device_unreachable": _UNREACHABLE,
    "device_returned": NO_DEMAND,
    "device_late": NO_DEMAND,
    "device_damaged": NO_DEMAND,
    "device_foreign": NO_DEMAND,
    "device_undecipherable": NO_DEMAND,
    "device_replayed": NO_DEMAND,
    "device_unauthorised": NO_DEMAND,
    "device_tampered": NO_DEMAND,
    "device_power_lost": NO_DEMAND,
    "device_installed": NO_DEMAND,
    "device_removed": NO_DEMAND,
    # Of meters that hand their data over to the device.
    "child_alarm": NO_DEMAND,
    "child_clock_adjusted": NO_DEMAND,
    "child_installed": NO_DEMAND,
    "child_removed": NO_DEMAND,
    "child_key_changed": NO_DEMAND,
    "child_undecipherable": NO_DEMAND,
    "log_cleared": NO_DEMAND,
}
"""Role of an event -> which requirements demand it; a new role is one more row."""

INTERACTIONS = ("device_session", "device_read", "device_written", "device_commanded")
"""What a head end and a device behind a gateway do together."""
REGISTRATIONS = ("device_installed", "device_removed")
"""That a device came to be one of the gateway's, or is it no more."""
CONDITIONS = tuple(
    role for role in EVENT_ROLES if role.startswith("device_") and role not in (*INTERACTIONS, *REGISTRATIONS)
)
"""What is wrong with a device behind a gateway, and that it is well again."""

Code = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]


class Event(Section):
    """What stands in a log when something has happened."""

    code: Code
    log: str = ""
    """Role of the log; empty only for ``log_cleared``, which stands in the log that was cleared.

    Where ``parameters_changed`` stands in ``parameter_monitor_log``, each row there is one, whatever the code.
    """
    pushed: bool = False
    """Whether the device tells it at once to where its pushes go."""
    accompanied_by: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    """Codes of entries that may come along with it."""


class Events(Section):
    """All events by role."""

    declared: dict[str, Event | Absent] = Field(default_factory=dict)


class Log(Section):
    """What is special about a log."""

    code_column: Annotated[int, Field(ge=1, le=64)] | None = None
    """Number of the column with the event code, 1 upwards; None where only one column can be it."""
    client_column: Annotated[int, Field(ge=1, le=64)] | None = None
    """Number of the column that tells which client made a change; None for a log that does not tell."""
    device_column: Annotated[int, Field(ge=1, le=64)] | None = None
    """Number of the column with what stands for the device, in the records of a gateway; None for any that fits."""


def parse_events(value: Any) -> Events:
    """Read the section ``[events]``; ``Problems`` tells everything that is wrong in it."""
    if isinstance(value, Events):
        return value
    if not isinstance(value, dict):
        raise Problems.one("is not a table", "a table of events")
    declared: dict[str, Event | Absent] = {}
    problems: list[Problem] = []
    for role, entry in value.items():
        try:
            declared[role] = _event(role, entry)
        except Problems as found:
            problems += [problem.below((role,)) for problem in found.problems]
    if problems:
        raise Problems(problems)
    return Events(declared=declared)


def parse_logs(value: dict[str, Log]) -> dict[str, Log]:
    """Refuse what is no role of a log."""
    wrong = [
        Problem(path=(role,), wrong=f"is unknown{suggestion(role, LOG_ROLES)}", allowed=listed(LOG_ROLES))
        for role in value
        if role not in LOG_ROLES
    ]
    if wrong:
        raise Problems(wrong)
    return value


def _event(role: str, entry: Any) -> Event | Absent:
    if role not in EVENT_ROLES:
        raise Problems.one(f"is unknown{suggestion(role, EVENT_ROLES)}", listed(EVENT_ROLES))
    if entry == Absent.ABSENT.value:
        return Absent.ABSENT
    if not isinstance(entry, dict):
        raise Problems.one("is not an event", f'{_TABLE}, or "absent"')
    try:
        event = Event.model_validate(entry)
    except ValidationError as error:
        problems = problems_of(error, Event)
    else:
        logs = (*LOG_ROLES, MONITOR_LOG) if role == "parameters_changed" else LOG_ROLES
        if event.log in logs or (role == "log_cleared" and "log" not in event.model_fields_set):
            return event
        wrong = f'is "{event.log}"' if "log" in event.model_fields_set else "is missing"
        problems = [Problem(path=("log",), wrong=wrong, allowed=listed(logs))]
    raise Problems(problems)
