"""Nominal instants that are each served once, whatever the clock and the supply do in between."""

from collections.abc import Callable
from datetime import datetime, timedelta

__all__ = ["OnceEach"]

_SET_BACK_LIMIT = timedelta(days=1)


class OnceEach:
    """Keeps which instants were served; those leapt over or slept through are made up for by one late service."""

    def __init__(
        self, next_after: Callable[[datetime], datetime], serve: Callable[[], None], *, catches_up: bool
    ) -> None:
        """``next_after`` gives the first nominal instant after another one; ``serve`` does what is due.

        Without ``catches_up`` missed instants are left out.
        """
        self.catches_up = catches_up
        self.done: datetime | None = None
        """The last nominal instant that was served, while it may come again."""
        self.next_after = next_after
        """The first nominal instant after another one."""
        self._serve = serve

    def due_after(self, now: datetime) -> datetime:
        """The next nominal instant that was not served yet."""
        return self.next_after(now if self.done is None else max(now, self.done))

    def happen(self, nominal: datetime) -> None:
        """Serve an instant that has come."""
        self.done = nominal
        self._serve()

    def clock_set(self, before: datetime, after: datetime) -> None:
        """What was leapt over comes now; what was served is not served again, but after a step back of days."""
        if before - after > _SET_BACK_LIMIT:
            self.done = None
        elif after > before:
            self.missed(before, after)

    def missed(self, begin: datetime, end: datetime) -> None:
        """Make up for what came after ``begin`` and not after ``end``, by one service."""
        nominal = self.due_after(begin)
        if nominal > end:
            return
        while (later := self.next_after(nominal)) <= end:
            nominal = later
        self.done = nominal
        if self.catches_up:
            self._serve()
