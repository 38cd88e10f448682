"""Cadence of a channel: every update comes within its period and a tolerance."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["keeps_cadence"]

_TOLERANCE = 1.2
"""An update may be a fifth of its period late."""


def keeps_cadence(
    name: str, times: Sequence[datetime], *, begin: datetime, end: datetime, period_s: float, uncertainty_s: float
) -> Verdictless:
    """From ``begin`` to ``end`` no time without an update was longer than the period and a fifth of it.

    ``begin`` is an instant at which an update came or was due. What the uncertainty cannot tell apart is undecided.
    """
    limit_s = _TOLERANCE * period_s
    marks = [begin, *sorted(times), end]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(marks)]
    longest_s = max(gaps)
    if longest_s <= limit_s:
        return None
    at = marks[gaps.index(longest_s)]
    observed = f"{timedelta(seconds=longest_s)} without one after {at:%Y-%m-%d %H:%M:%S} UTC"
    if longest_s <= limit_s + uncertainty_s:
        return Undecided(
            reason=f"{name}: {observed}, limit {limit_s:g} s, uncertainty {uncertainty_s:g} s", missing="bench"
        )
    return Breach(
        expected=f"an update of {name} each {period_s:g} s, {limit_s:g} s at most (uncertainty {uncertainty_s:g} s)",
        observed=observed,
    )
