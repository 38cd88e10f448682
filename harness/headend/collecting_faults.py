"""Faults planted in the collecting of scheduled readings: they prove that the self-checks of BI.02 can fail."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from harness.checks.profile import ProfileRow
from harness.headend.collecting import Collector, Gap

__all__ = ["faulty_collectors"]


def faulty_collectors(fire: Callable[[], None]) -> dict[str, type[Collector]]:
    """Name -> a collector that does one thing wrong, and calls ``fire`` whenever it shows."""

    class OverlooksLastGap(Collector):
        """Does not see that the newest sets are missing."""

        def gaps(self, due: Sequence[datetime]) -> list[Gap]:
            found = super().gaps(due)
            if found and found[-1].last == due[-1]:
                fire()
                return found[:-1]
            return found

    class PollsEverythingAgain(Collector):
        """Asks for all sets again when some are missing."""

        def fill(self, due: Sequence[datetime]) -> list[Gap]:
            if self.gaps(due):
                fire()
                self.collect(due[0], due[-1])
            return self.gaps(due)

    class KeepsDoubles(Collector):
        """Keeps a set that comes again beside the one that it has."""

        def keep(self, rows: Iterable[ProfileRow]) -> None:
            for row in rows:
                again = (row.time, row.values) in self._sets
                if again:
                    fire()
                self._sets[row.time, (*row.values, len(self._sets)) if again else row.values] = row

    class InventsSets(Collector):
        """Puts the set before a gap into the gap where the meter has none."""

        def fill(self, due: Sequence[datetime]) -> list[Gap]:
            for gap in super().fill(due):
                before = [row for row in self.sets if row.time < gap.first]
                if before:
                    fire()
                    self.keep(replace(before[-1], time=one) for one in due if gap.first <= one <= gap.last)
            return self.gaps(due)

    return {
        "collector-overlooks-last-gap": OverlooksLastGap,
        "collector-polls-everything-again": PollsEverythingAgain,
        "collector-keeps-doubles": KeepsDoubles,
        "collector-invents-sets": InventsSets,
    }
