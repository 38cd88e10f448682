"""What metering time drives: each part says when it is due next, and happens then."""

from collections.abc import Iterable
from datetime import UTC, datetime

__all__ = ["NEVER", "Timed", "first_due"]

NEVER = datetime.max.replace(tzinfo=UTC)


class Timed:
    """One part of the meter that metering time drives; what a part does not need it leaves as it is here."""

    due: datetime = NEVER
    """When it happens next, as an instant of metering time."""

    def happen(self) -> None:
        """Do what is due at this instant, and find out when it is due next."""

    def plan(self) -> None:
        """Find out anew when it is due next: the clock, local time or a parameter has changed."""

    def skip_to(self, target: datetime) -> None:
        """Leave out what nothing will show of at ``target``, up to which time is about to run."""

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """The clock was set from one instant to another; ``noted`` where that counts as setting, not synchronising.

        ``plan`` is called after this.
        """

    def power_lost(self) -> None:
        """The supply has gone; until it comes back nothing happens."""

    def power_returned(self, lost_at: datetime) -> None:
        """The supply is back, after an outage that began at an instant; ``plan`` is called after this."""


def first_due(parts: Iterable[Timed]) -> datetime:
    """When the first of the parts is due."""
    return min((part.due for part in parts), default=NEVER)
