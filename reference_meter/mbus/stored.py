"""Values that a slave stores at its due date, the begin of each month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from reference_meter.model.clock import Clock
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.once import OnceEach
from reference_meter.model.timed import Timed

__all__ = ["StoredSet", "StoredSets"]

_DUE = ExecutionTime(at=time(0), day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """The registers by tariff at one due date."""

    local: datetime
    registers: Mapping[int, int]


class StoredSets(Timed):
    """The newest sets, newest first; one that came without power is stored late."""

    def __init__(self, clock: Clock, registers: Callable[[], Mapping[int, int]], most: int) -> None:
        self.sets: list[StoredSet] = []
        self._clock = clock
        self._registers = registers
        self._most = most
        self._once = OnceEach(lambda now: _DUE.next_after(now, clock.rules), lambda: self.store(), catches_up=True)

    def store(self) -> None:
        """Store a set of this instant."""
        one = StoredSet(local=self._clock.rules.local(self._clock.now), registers=self._registers())
        self.sets = [one, *self.sets][: self._most]

    def happen(self) -> None:
        """Store the set that is due."""
        self._once.happen(self.due)
        self.plan()

    def plan(self) -> None:
        """The next due date that was not served yet."""
        self.due = self._once.due_after(self._clock.now)

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """A due date that was leapt over is served now."""
        self._once.clock_set(before, after)

    def power_returned(self, lost_at: datetime) -> None:
        """A due date that came without power is served now."""
        self._once.missed(lost_at, self._clock.now)
