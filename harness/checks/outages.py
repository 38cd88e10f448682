"""The entries of a cut of the supply: one for its loss, then one for its return."""

from collections.abc import Sequence

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.cosem import DateTime

__all__ = ["entries_of_outage"]


def entries_of_outage(
    entries: Sequence[tuple[object, DateTime]],
    *,
    codes: tuple[int, int],
    between: tuple[DateTime, DateTime],
    tolerance_s: float,
) -> Verdictless:
    """A cut leaves the code of the loss and then that of the return, both between these readings of the clock."""
    listed = ", ".join(f"{code} at {time}" for code, time in entries) or "no new entry of either"
    if tuple(code for code, _ in entries) != codes:
        return Breach(expected=f"the events {codes[0]} and {codes[1]}, in this order, of one cut", observed=listed)
    began, ended = (time.comparable() for time in between)
    if began is None or ended is None:
        return Undecided(reason=f"the clock says {between[0]} and {between[1]}", missing="device")
    for time in (shown.nearest(began) for _, shown in entries):
        if time is None or not -tolerance_s <= (time - began).total_seconds() <= (
            (ended - began).total_seconds() + 2 * tolerance_s
        ):
            return Breach(expected=f"times from {between[0]} to {between[1]}", observed=listed)
    return None
