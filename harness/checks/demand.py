"""Demand registers: when a maximum was captured."""

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.cosem import DateTime

__all__ = ["capture_time_within"]


def capture_time_within(captured: DateTime, began: DateTime, ended: DateTime, *, tolerance_s: float) -> Verdictless:
    """A maximum that arose between two moments carries a capture time between them."""
    at, start, stop = (time.comparable() for time in (captured, began, ended))
    if at is None or start is None or stop is None:
        return Undecided(reason=f"the times {captured}, {began}, {ended} are not fully specified", missing="device")
    if (captured.deviation_min is None) != (began.deviation_min is None):
        return Undecided(reason=f"{captured} and {began} do not both say their deviation", missing="device")
    if (at - start).total_seconds() >= -tolerance_s and (stop - at).total_seconds() >= -tolerance_s:
        return None
    return Breach(expected=f"a capture time from {began} to {ended}", observed=f"{captured}")
