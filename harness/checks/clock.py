"""The device's clock: right time, moving on, and an honest status."""

from datetime import datetime

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.cosem import DateTime

__all__ = ["INVALID", "clock_agrees", "moved_on", "status_agrees"]

INVALID = 0x01
"""Bit of the clock status: the time is not to be relied on."""

_NOT_SPECIFIED = 0xFF


def clock_agrees(shown: DateTime, due: datetime, *, tolerance_s: float, uncertainty_s: float) -> Verdictless:
    """The clock shows the time that it ought to, compared in UTC; in the grey zone nothing is decided."""
    utc = shown.utc()
    if utc is None:
        return Undecided(
            reason=f"the device's time {shown} says no deviation from UTC, so it cannot be compared", missing="device"
        )
    off_s = abs((utc - due).total_seconds())
    if off_s <= tolerance_s - uncertainty_s:
        return None
    if off_s <= tolerance_s + uncertainty_s and uncertainty_s:
        return Undecided(
            reason=f"the clock is {off_s:.2f} s off, limit {tolerance_s:g} s, uncertainty {uncertainty_s:g} s",
            missing="bench",
        )
    return Breach(
        expected=f"{due:%Y-%m-%d %H:%M:%S} UTC within {tolerance_s:g} s (uncertainty {uncertainty_s:g} s)",
        observed=f"{utc:%Y-%m-%d %H:%M:%S} UTC ({shown})",
    )


def moved_on(before: DateTime, after: DateTime, seconds: float, *, tolerance_s: float) -> Verdictless:
    """Between two readings the clock has gone on as the time did."""
    first, second = before.comparable(), after.comparable()
    if first is None or second is None:
        return Undecided(reason=f"the times {before} and {after} are not fully specified", missing="device")
    moved_s = (second - first).total_seconds()
    if abs(moved_s - seconds) <= tolerance_s:
        return None
    return Breach(
        expected=f"the clock {seconds:.1f} s further within {tolerance_s:g} s", observed=f"{moved_s:.1f} s further"
    )


def status_agrees(time: DateTime, status: int) -> Verdictless:
    """The status octet inside the time and the clock's status attribute say the same about validity."""
    if time.clock_status == _NOT_SPECIFIED:
        return None
    if (time.clock_status ^ status) & INVALID:
        return Breach(
            expected="the same validity in the time's status octet and in attribute status",
            observed=f"time status {time.clock_status:02X}, attribute status {status:02X}",
        )
    return None
