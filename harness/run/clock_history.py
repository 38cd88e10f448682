"""What the device's clock has shown in a run."""

from datetime import datetime

__all__ = ["ClockHistory"]


class ClockHistory:
    """The latest time that the device's clock has shown in the run."""

    def __init__(self) -> None:
        self._latest: datetime | None = None

    def shown(self, instant: datetime) -> None:
        """Hear of a reading."""
        self._latest = self.latest(instant)

    def latest(self, instant: datetime) -> datetime:
        """Return the latest reading, ``instant`` included."""
        return instant if self._latest is None else max(self._latest, instant)
