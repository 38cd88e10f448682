"""The device's clock: right time, moving on, and an honest status."""

from datetime import datetime

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.cosem import DateTime

__all__ = ["DOUBTFUL", "INVALID", "clock_agrees", "moved_on", "runs_between", "says_valid", "status_agrees"]

INVALID = 0x01
"""Bit of the clock status: the time is not to be relied on."""
DOUBTFUL = 0x02
"""Bit of the clock status: the time could be wrong."""

_NOT_SPECIFIED = 0xFF


def clock_agrees(
    shown: DateTime, due: datetime, *, tolerance_s: float, uncertainty_s: float, limit_s: float
) -> Verdictless:
    """The clock shows the time that it ought to, compared in UTC; in the grey zone nothing is decided.

    ``tolerance_s`` holds for a time just set. A clock that nobody has set may be up to ``limit_s`` off before that is
    a breach: how well it is kept is not what is judged here.
    """
    utc = shown.utc()
    if utc is None:
        return Undecided(
            reason=f"the device's time {shown} says no deviation from UTC, so it cannot be compared", missing="device"
        )
    off_s = abs((utc - due).total_seconds())
    if off_s <= tolerance_s - uncertainty_s:
        return None
    if off_s <= limit_s + uncertainty_s and (uncertainty_s or limit_s > tolerance_s):
        return Undecided(
            reason=f"the clock is {off_s:.2f} s off, tolerance {tolerance_s:g} s, uncertainty {uncertainty_s:.2f} s; "
            f"a breach only beyond {limit_s:g} s, because nobody has set it",
            missing="bench",
        )
    return Breach(
        expected=f"{due:%Y-%m-%d %H:%M:%S} UTC within {limit_s:g} s (uncertainty {uncertainty_s:.2f} s)",
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


def runs_between(before: DateTime, time: DateTime, after: DateTime, *, resolution_s: float = 1.0) -> Verdictless:
    """A time taken between two readings of the same clock lies between theirs."""
    first, at, last = before.comparable(), time.comparable(), after.comparable()
    if first is None or last is None:
        return Undecided(reason=f"the times {before} and {after} are not fully specified", missing="device")
    if at is None:
        return Breach(expected="a fully specified time", observed=f"{time}")
    if (at - first).total_seconds() >= -resolution_s and (last - at).total_seconds() >= -resolution_s:
        return None
    return Breach(expected=f"a time from {before} to {after}", observed=f"{time}")


def says_valid(time: DateTime, status: int) -> Verdictless:
    """A clock that is right does not call its time invalid, neither in the time's octet nor in its attribute."""
    in_time = time.clock_status != _NOT_SPECIFIED and time.clock_status & INVALID
    if not in_time and not status & INVALID:
        return None
    return Breach(
        expected="a time that is right to be called valid",
        observed=f"time status {time.clock_status:02X}, attribute status {status:02X}",
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
