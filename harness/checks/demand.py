"""Demand registers: when a maximum was captured, and when a period ends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import gcd
from typing import Literal

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.cosem import DateTime

__all__ = ["capture_time_within", "makes_new_maximum", "next_period_end", "peak_interval", "same_capture_time"]

_DEVIATIONS_S = 900
"""Local time is off UTC by multiples of this."""


def capture_time_within(captured: DateTime, began: DateTime, ended: DateTime, *, tolerance_s: float) -> Verdictless:
    """A maximum that arose between two moments carries a capture time between them."""
    at, start, stop = (time.comparable() for time in (captured, began, ended))
    if at is None or start is None or stop is None:
        return Undecided(reason=f"the times {captured}, {began}, {ended} are not fully specified", missing="device")
    if captured.beside_min is None and (captured.deviation_min is None) != (began.deviation_min is None):
        return Undecided(reason=f"{captured} and {began} do not both say their deviation", missing="device")
    if (at - start).total_seconds() >= -tolerance_s and (stop - at).total_seconds() >= -tolerance_s:
        return None
    return Breach(expected=f"a capture time from {began} to {ended}", observed=f"{captured}")


def same_capture_time(stored: DateTime, shown: DateTime) -> Verdictless:
    """A set keeps the time that the register showed with the same maximum."""
    kept, read = stored.comparable(), shown.comparable()
    if kept is None or read is None or (stored.deviation_min is None) != (shown.deviation_min is None):
        reason = f"the times {stored} in the set and {shown} at the register cannot be compared"
        return None if stored == shown else Undecided(reason=reason, missing="device")
    if kept == read:
        return None
    return Breach(expected=f"the time of the maximum in the set to be {shown}, as read before", observed=f"{stored}")


def peak_interval(
    began: DateTime, ended: DateTime, *, period_s: float, told: Literal["end", "start"]
) -> tuple[DateTime, DateTime]:
    """Return the moments between which lies the time of a maximum made by a load of this duration.

    Whichever way the averages overlap, one of the full load begins with the load or later, and ends a period behind.
    """
    return (began.later(period_s), ended) if told == "end" else (began, ended.later(-period_s))


def makes_new_maximum(load_w: Decimal, maximum_w: Decimal, *, accuracy_percent: float) -> Verdictless:
    """A load makes a new maximum where its demand, measured ever so low, is above the one of before."""
    if load_w * (1 - Decimal(str(accuracy_percent)) / 100) > maximum_w:
        return None
    return Undecided(
        reason=f"needs a demand above the maximum so far, {_watts(maximum_w)}; the load is {_watts(load_w)}",
        missing="bench",
    )


def _watts(power: Decimal) -> str:
    return f"{power.normalize():f} W"


def next_period_end(now: datetime, *, period_s: int, started: datetime | None) -> datetime:
    """Return the earliest instant after ``now`` at which a demand period may end.

    A period ends so long after it started, unless the device was started or its clock set in between: then it may end
    where the local time is a multiple of the period.
    """
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    grid = timedelta(seconds=gcd(period_s, _DEVIATIONS_S))
    ends = [midnight + ((now - midnight) // grid + 1) * grid]
    if started is not None:
        period = timedelta(seconds=period_s)
        ends.append(started + ((now - started) // period + 1) * period)
    return min(ends)
