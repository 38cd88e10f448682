"""What holds of pushes: they tell what is read, are no finer than the floor, and are counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from harness.checks.judged import Breach, Verdictless

__all__ = ["counters_rise", "no_finer_pushes", "tells_what_is_read"]


def tells_what_is_read(pushed: object, before: object, after: object, about: str) -> Verdictless:
    """A pushed value lies between two readings of it; what is no number equals one of them."""
    if pushed in (before, after):
        return None
    numbers = (pushed, before, after)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        value, low, high = (float(str(one)) for one in numbers)
        if min(low, high) <= value <= max(low, high):
            return None
    return Breach(expected=f"{about}: {_shown(before)} to {_shown(after)}, as read", observed=f"{_shown(pushed)}")


def _shown(value: object) -> str:
    return value.hex(" ") if isinstance(value, bytes) else str(value)


def no_finer_pushes(due: Sequence[datetime], floor_s: int) -> Verdictless:
    """Times at which consumption is pushed are as far apart as the floor at least."""
    for earlier, later in pairwise(sorted(due)):
        if later - earlier < timedelta(seconds=floor_s):
            return Breach(
                expected=f"consumption pushed every {floor_s} s or more rarely", observed=f"at {earlier} and {later}"
            )
    return None


def counters_rise(counters: Sequence[int]) -> Verdictless:
    """Each invocation counter is above the one before."""
    for before, after in pairwise(counters):
        if after <= before:
            return Breach(expected=f"a counter above {before}", observed=f"{after}")
    return None
