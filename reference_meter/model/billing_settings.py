"""Which sets of data a meter stores at regular times, under which codes, and how many of each."""

from dataclasses import dataclass, field
from typing import Literal

from reference_meter.model.data import obis

__all__ = ["INTERVALS", "BillingSettings", "Captured", "Interval", "SetSettings", "StatusType"]

Interval = Literal["day", "week", "month", "year"]
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "year")
StatusType = Literal["unsigned", "double-long-unsigned", "bit-string"]
"""What the status of a row is; the first bit of a bit-string is the lowest of the number."""
Captured = Literal["clock", "status", "import", "export", "import rates", "export rates", "maximum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSettings:
    """One profile of stored sets."""

    profile: bytes
    status: bytes
    """What shows its status octet."""
    entries: int
    schedule: bytes | None = None
    """The schedule that captures it; without, it has a capture period of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingSettings:
    """The stored sets of one meter."""

    day: SetSettings = SetSettings(profile=obis("1.0.99.2.0.255"), status=obis("0.0.96.10.2.255"), entries=40)
    week: SetSettings = SetSettings(
        profile=obis("0.0.98.2.0.255"), status=obis("0.0.96.10.4.255"), entries=10, schedule=obis("0.1.15.0.0.255")
    )
    month: SetSettings = SetSettings(
        profile=obis("0.0.98.1.0.255"), status=obis("0.0.96.10.3.255"), entries=13, schedule=obis("0.0.15.0.0.255")
    )
    year: SetSettings = SetSettings(
        profile=obis("0.0.98.3.0.255"), status=obis("0.0.96.10.5.255"), entries=4, schedule=obis("0.2.15.0.0.255")
    )
    intervals: tuple[Interval, ...] = INTERVALS
    script: bytes = obis("0.0.10.0.1.255")
    counter: bytes = obis("0.0.0.1.0.255")
    time: bytes = obis("0.0.0.1.2.255")
    columns: tuple[Captured, ...] = field(
        default=("clock", "status", "import", "export", "import rates", "export rates", "maximum")
    )
    """The first one is the clock."""
    status_type: StatusType = "unsigned"
    catches_up: bool = True
    """A set whose time came without power, or was leapt over by the clock, is stored late, once."""
    lock_out_s: float = 300.0
    """So long after a closing no client can have another one."""
    most_entries: int = 60
    newest_first: bool = False
    """The newest set is the first of a buffer."""
    clips_entries: bool = False
    """A larger number becomes the largest one instead of being refused."""

    def of(self, interval: Interval) -> SetSettings:
        """The profile of an interval."""
        settings: SetSettings = getattr(self, interval)
        return settings
