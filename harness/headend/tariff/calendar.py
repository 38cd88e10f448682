"""The device's activity calendar: reading both parts, sending a new one, and putting the old one back."""

from dataclasses import dataclass

from harness.declaration import CosemObject
from harness.headend.client import Client, item
from harness.headend.restoring.changes import Changes
from harness.headend.tariff.shift_times import Shift, renamed, with_days
from harness.protocol.axdr import Data, DataType

__all__ = ["ACTIVATION_TIME", "PASSIVE_DAYS", "ActivityCalendar", "Part"]

_ACTIVE, _PASSIVE = 2, 6
PASSIVE_DAYS, ACTIVATION_TIME = 9, 10
_ACTIVATE = 1
_ZERO = Data(DataType.INTEGER, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The active or the passive part of a calendar."""

    name: Data
    seasons: Data
    weeks: Data
    days: Data

    def values(self) -> tuple[Data, Data, Data, Data]:
        """In the order of the attributes."""
        return self.name, self.seasons, self.weeks, self.days

    def following(self, *shifts: Shift) -> "Part":
        """Another name and other shifts, the same on every day."""
        return Part(name=renamed(self.name), seasons=self.seasons, weeks=self.weeks, days=with_days(self.days, shifts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCalendar:
    """One calendar through one client."""

    client: Client
    target: CosemObject

    def active(self) -> Part:
        """What is in force."""
        return self._part(_ACTIVE)

    def passive(self) -> Part:
        """What takes its place."""
        return self._part(_PASSIVE)

    def designated(self) -> Data:
        """The designated time."""
        return self.client.read(item(self.target, ACTIVATION_TIME))

    def send(self, part: Part) -> None:
        """Write the passive part: what is referred to first."""
        for offset in reversed(range(4)):
            self.client.set(item(self.target, _PASSIVE + offset), part.values()[offset])

    def designate(self, time: Data) -> None:
        """Write the designated time."""
        self.client.set(item(self.target, ACTIVATION_TIME), time)

    def activate(self) -> None:
        """Put the passive part into force now."""
        self.client.action(self.target, _ACTIVATE, _ZERO)

    def keep(self, changes: Changes) -> None:
        """Have both parts and the designated time as they are at the end."""
        changes.calendar(self.client, self.target)

    def _part(self, first: int) -> Part:
        name, seasons, weeks, days = (self.client.read(item(self.target, first + offset)) for offset in range(4))
        return Part(name=name, seasons=seasons, weeks=weeks, days=days)
