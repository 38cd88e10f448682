"""The gateway's records from before something happens to after it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.checks.device_records import Booked, booked_as_due
from harness.declaration import CONDITIONS, INTERACTIONS, REGISTRATIONS, DeviceBehind, Event
from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.headend.event_log import LogEntry, read_event_log
from harness.headend.gateway import Behind, DeviceRecords
from harness.run.trial import Trial

_MOST_OF_ONE = 10
"""What one act may leave where several kinds of interaction are recorded alike."""

__all__ = ["Happened", "declared_kinds", "good_again", "judge_booked", "watched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was done with devices, and the logs before it."""

    behind: Behind
    devices: tuple[DeviceBehind, ...]
    """In the order of what happened."""
    before: dict[str, tuple[LogEntry, ...]]
    began: datetime
    """By the gateway's clock, as ``ended``."""
    ended: datetime

    @property
    def names(self) -> list[str]:
        """Names of the devices, in that order."""
        return [device.name for device in self.devices]


def declared_kinds(trial: Trial, roles: Sequence[str]) -> list[str]:
    """The kinds of records among ``roles`` that the gateway makes."""
    return [role for role in roles if isinstance(trial.declaration.event(role), Event)]


def watched(trial: Trial, client: Client, devices: Sequence[DeviceBehind], act: Callable[[Behind], None]) -> Happened:
    """Do something with devices between two looks at the gateway's clock, with its logs read before."""
    behind = Behind(trial.head_end)
    events = [trial.declaration.event(role) for role in (*INTERACTIONS, *REGISTRATIONS, *CONDITIONS)]
    logs = dict.fromkeys(event.log for event in events if isinstance(event, Event))
    before = {log: read_event_log(client, trial.declaration, log) for log in logs}
    began = trial.metering_now(client)
    act(behind)
    return Happened(behind=behind, devices=tuple(devices), before=before, began=began, ended=trial.metering_now(client))


def good_again(trial: Trial, device: DeviceBehind) -> None:
    """Have a device behave again when the scenario is over, and let the gateway find that out."""
    behind = Behind(trial.head_end)

    def restore() -> None:
        trial.devices.let_device(device.name, "good")
        behind.fails(lambda: behind.read(device))

    trial.at_the_end(restore)


def booked(trial: Trial, client: Client, happened: Happened, role: str) -> list[Booked]:
    """Read the records of one kind that have come since."""
    records = DeviceRecords(client, trial.declaration, role, clause=trial.clause)
    found = records.since(happened.before[records.event.log])
    return [Booked(device=one.device, at=one.at, text=one.text) for one in found]


def _shares_code(trial: Trial, role: str) -> bool:
    """Whether another kind of interaction is recorded under the same code, so that both come about together."""
    kinds = declared_kinds(trial, (*INTERACTIONS, *REGISTRATIONS))
    codes = [trial.declaration.require_event(one, clause=trial.clause).code for one in kinds]
    event = trial.declaration.event(role)
    return isinstance(event, Event) and codes.count(event.code) > 1


def judge_booked(
    trial: Trial,
    client: Client,
    happened: Happened,
    role: str,
    names: Sequence[str] | None = None,
    *,
    more: int = 0,
) -> list[Booked]:
    """As many records of one kind as are due are new, under each name; by default one for each thing that happened.

    Where another kind has the same code, both are meant. ``Inconclusive`` where the gateway asks devices by itself, and
    the records of that cannot be told from those of ours.
    """
    if role in INTERACTIONS and trial.declaration.gateway.own_polls:
        raise Inconclusive(
            "records of the gateway's own polls are like those of ours (gateway.own_polls)", missing="device"
        )
    if _shares_code(trial, role):
        more += _MOST_OF_ONE
    counts = Counter(happened.names if names is None else names)
    found = booked(trial, client, happened, role)
    due = {device.name: counts[device.name] for device in trial.declaration.gateway.devices}
    trial.judge(booked_as_due(role, found, due, more=more), client.conversation.frame)
    return found
