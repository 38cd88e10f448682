"""The event of each change to summer time and back."""

from collections.abc import Callable

from reference_meter.model.clock import Clock
from reference_meter.model.timed import NEVER, Timed

__all__ = ["DstWatch"]


class DstWatch(Timed):
    """Tells when summer time has begun or ended while the clock ran; setting the clock is no such change."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed

    def happen(self) -> None:
        """Note the change of this instant."""
        self._changed()
        self.plan()

    def plan(self) -> None:
        """The next change that the rules know."""
        self.due = self._clock.rules.next_change(self._clock.now) or NEVER
