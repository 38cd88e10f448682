"""Shifts between tariffs, found by looking: each look says which tariff was shown between two readings of the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["DueShift", "Look", "Plan", "follows"]

_NEAR = timedelta(seconds=60)
"""A shift without a look that tells something so near on both sides is not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueShift:
    """From some instant between ``earliest`` and ``latest`` on, a tariff is in force."""

    earliest: datetime
    latest: datetime
    rate: int
    """Position of the tariff."""

    @classmethod
    def at(cls, instant: datetime, rate: int) -> "DueShift":
        """One of which the instant is known."""
        return cls(earliest=instant, latest=instant, rate=rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The tariff at first, and the shifts in their order."""

    first: int
    shifts: tuple[DueShift, ...]

    def allowed(self, began: datetime, ended: datetime) -> set[int]:
        """The tariffs that may be in force at some instant from ``began`` to before ``ended``."""
        past = [shift for shift in self.shifts if shift.latest <= began]
        rates = {past[-1].rate if past else self.first}
        return rates | {shift.rate for shift in self.shifts if shift.earliest < ended and shift.latest > began}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The tariff that was shown, and the device's time before and after it was read."""

    began: datetime
    ended: datetime
    rate: int


def follows(plan: Plan, looks: Sequence[Look], *, tolerance_s: float, resolution_s: float) -> Verdictless:
    """Each look shows a tariff that is due within the tolerance of some instant of the look.

    The clock may be behind what it shows by its resolution, so an instant of the look lies between ``began`` and
    ``ended`` plus that. A shift may be off by the tolerance and by what the looks cannot tell: only a tariff that is
    due at no such instant is a breach, and a shift that no look tells from one far off is undecided.
    """
    tolerance, resolution = timedelta(seconds=tolerance_s), timedelta(seconds=resolution_s)
    telling = []
    for look in looks:
        allowed = plan.allowed(look.began - tolerance, look.ended + resolution + tolerance)
        uncertainty_s = (look.ended - look.began).total_seconds() + resolution_s
        if look.rate not in allowed:
            return Breach(
                expected=f"tariff {' or '.join(str(rate + 1) for rate in sorted(allowed))} shown at "
                f"{look.began:%Y-%m-%d %H:%M:%S} UTC (tolerance {tolerance_s:g} s, uncertainty {uncertainty_s:g} s; "
                "judged where both are exceeded)",
                observed=f"tariff {look.rate + 1}",
            )
        if len(allowed) == 1:
            telling.append(look)
    for shift in plan.shifts:
        before = any(timedelta() < shift.earliest - look.ended <= _NEAR for look in telling)
        after = any(timedelta() <= look.began - shift.latest <= _NEAR for look in telling)
        if not before or not after:
            return Undecided(
                reason=f"no look at the tariff tells on which side of {shift.earliest:%Y-%m-%d %H:%M:%S} UTC it was",
                missing="bench",
            )
    return None
