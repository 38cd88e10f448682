"""Periodic captures of one profile, and the states since the last one that bear on its next row."""

from datetime import datetime, timedelta

from reference_meter.model.billing_settings import StatusType
from reference_meter.model.clock import Clock
from reference_meter.model.data import Pair, bit_string, double_long_unsigned, unsigned
from reference_meter.model.profile import LoadProfile
from reference_meter.model.schedule import next_boundary
from reference_meter.model.timed import NEVER, Timed

__all__ = ["PeriodicCapture", "ProfileStatus", "status_data"]

_BITS, _FIRST_BIT = 8, 0x80


class ProfileStatus:
    """The bits of the profile status octet that this meter raises."""

    CRITICAL_ERROR = 0x01
    CLOCK_INVALID = 0x02
    DATA_NOT_VALID = 0x04
    DST = 0x08
    CLOCK_ADJUSTED = 0x20
    POWER_DOWN = 0x80


def status_data(status: int, kind: StatusType) -> Pair:
    """A status octet as data of this kind."""
    if kind == "bit-string":
        return bit_string(_BITS, bytes([sum(_FIRST_BIT >> bit for bit in range(_BITS) if status >> bit & 1)]))
    return double_long_unsigned(status) if kind == "double-long-unsigned" else unsigned(status)


class PeriodicCapture(Timed):
    """Stores a row of a profile at the end of each of its periods; a period of 0 captures only on demand."""

    def __init__(self, clock: Clock, profile: LoadProfile) -> None:
        self.profile = profile
        self.clock_adjusted = False
        """Since the last periodic capture, as the following."""
        self.power_failed = False
        self.critical_error = False
        """Whether the meter has a fault that makes its values doubtful."""
        self._clock = clock
        self.plan()

    def happen(self) -> None:
        """Store the row of the period that ends at this instant."""
        self.capture_row()
        self.clock_adjusted = self.power_failed = False
        self.plan()

    def capture_row(self) -> None:
        """Store a row of this instant."""
        self.profile.capture(self._clock.now)

    def plan(self) -> None:
        """The next period boundary, if there are periods."""
        self.due = self._boundary_after(self._clock.now)

    def skip_to(self, target: datetime) -> None:
        """Rows that will have left the ring by then are not captured."""
        remembered = timedelta(seconds=self.profile.period_s) * (self.profile.entries + 1)
        if self.due < target - remembered:
            self.due = self._boundary_after(target - remembered)

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """The next row is marked."""
        self.clock_adjusted = self.clock_adjusted or noted

    def power_lost(self) -> None:
        """The next row is marked."""
        self.power_failed = True

    def status(self) -> int:
        """The profile status octet of this instant."""
        status = ProfileStatus.DST if self._clock.rules.is_dst(self._clock.now) else 0
        if self._clock.invalid:
            status |= ProfileStatus.CLOCK_INVALID | ProfileStatus.DATA_NOT_VALID
        if self.critical_error:
            status |= ProfileStatus.CRITICAL_ERROR
        if self.clock_adjusted:
            status |= ProfileStatus.CLOCK_ADJUSTED
        if self.power_failed:
            status |= ProfileStatus.POWER_DOWN
        return status

    def _boundary_after(self, instant: datetime) -> datetime:
        period_s = self.profile.period_s
        return next_boundary(instant, period_s, self._clock.rules) if period_s else NEVER
