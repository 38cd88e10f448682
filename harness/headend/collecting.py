"""Scheduled readings: sets collected since the last poll, and polls for what is missing alone (BI.02 step 4)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.checks.profile import ProfileRow

__all__ = ["Collector", "Gap", "PollSets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Sets that were due one after the other and are not there."""

    first: datetime
    last: datetime


PollSets = Callable[[datetime, datetime], Sequence[ProfileRow]]
"""Asks a meter for the sets from one instant to another, both included."""


class Collector:
    """Keeps the sets of one meter's profile, each once, and knows which ones are missing."""

    def __init__(self, poll: PollSets) -> None:
        self._poll = poll
        self._sets: dict[tuple[datetime, tuple[object, ...]], ProfileRow] = {}

    @property
    def sets(self) -> list[ProfileRow]:
        """What was collected, in order of time."""
        return sorted(self._sets.values(), key=lambda row: row.time)

    def collect(self, since: datetime, until: datetime) -> None:
        """Ask for all sets of a span of time."""
        self.keep(self._poll(since, until))

    def keep(self, rows: Iterable[ProfileRow]) -> None:
        """Take sets in; one that is there already is not taken twice."""
        for row in rows:
            self._sets[row.time, row.values] = row

    def gaps(self, due: Sequence[datetime]) -> list[Gap]:
        """What is missing of the sets due at these instants, which are in order."""
        there = {row.time for row in self.sets}
        found: list[Gap] = []
        follows = False
        for instant in due:
            if instant in there:
                follows = False
            elif follows:
                found[-1] = Gap(first=found[-1].first, last=instant)
            else:
                found.append(Gap(first=instant, last=instant))
                follows = True
        return found

    def fill(self, due: Sequence[datetime]) -> list[Gap]:
        """Ask for what is missing alone, each gap once, and return what is missing all the same."""
        for gap in self.gaps(due):
            self.keep(self._poll(gap.first, gap.last))
        return self.gaps(due)
