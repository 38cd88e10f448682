"""Rows of a profile: selections and the capture schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from harness.checks.energy import EnergyExpectation, follows_load
from harness.checks.judged import Breach, Verdictless

__all__ = ["ProfileRow", "energies_follow_load", "on_schedule", "same_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One row: when it was captured and everything that it holds."""

    time: datetime
    """Aware; a time without deviation is taken as if it were UTC."""
    values: tuple[object, ...]

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S}"


def same_rows(expected: Sequence[ProfileRow], observed: Sequence[ProfileRow]) -> Verdictless:
    """The same rows in the same order, every cell alike."""
    if len(expected) == len(observed) and all(a.values == b.values for a, b in zip(expected, observed, strict=True)):
        return None
    for number, (a, b) in enumerate(zip(expected, observed, strict=False), start=1):
        if a.values != b.values:
            return Breach(
                expected=f"{_listed(expected)}; row {number} with cells {_cells(a)}",
                observed=f"{_listed(observed)}; row {number} with cells {_cells(b)}",
            )
    return Breach(expected=_listed(expected), observed=_listed(observed))


def _cells(row: ProfileRow) -> str:
    return ", ".join(cell.hex() if isinstance(cell, bytes) else str(cell) for cell in row.values)


def _listed(rows: Sequence[ProfileRow]) -> str:
    if not rows:
        return "no rows"
    if len(rows) == 1:
        return f"1 row of {rows[0]}"
    return f"{len(rows)} rows from {rows[0]} to {rows[-1]}"


def on_schedule(
    rows: Sequence[ProfileRow], *, last_before: datetime, now: datetime, period_s: float, jitter_s: float
) -> Verdictless:
    """Each capture due after ``last_before`` and up to ``now`` has one row within ``jitter_s``, and no other is there.

    A capture due within ``jitter_s`` of ``now`` may or may not have its row yet. ``rows`` are in order of time.
    """
    period = timedelta(seconds=period_s)
    jitter = timedelta(seconds=jitter_s)
    due = []
    nominal = last_before + period
    while nominal <= now + jitter:
        due.append(nominal)
        nominal += period
    left = list(rows)
    for nominal in due:
        if left and abs(left[0].time - nominal) <= jitter:
            left.pop(0)
        elif nominal <= now - jitter:
            found = f"{left[0]}" if left else "no row"
            return Breach(
                expected=f"one row for the capture due at {nominal:%Y-%m-%d %H:%M:%S}, {jitter_s:g} s off at most",
                observed=f"{found} ({_listed(rows)} since {last_before:%H:%M:%S})",
            )
    if left:
        return Breach(expected="no row besides those of the schedule", observed=f"a row of {left[0]}")
    return None


def energies_follow_load(
    rows: Sequence[ProfileRow], energies_wh: Sequence[Decimal], expectation: EnergyExpectation
) -> Verdictless:
    """From row to row the energy grows by what flowed in the period; ``expectation.seconds`` is the period."""
    for (earlier, before), (later, after) in zip(
        zip(rows, energies_wh, strict=True), zip(rows[1:], energies_wh[1:], strict=True), strict=False
    ):
        judged = follows_load(after - before, expectation)
        if isinstance(judged, Breach):
            return Breach(expected=f"{judged.expected} from {earlier} to {later}", observed=judged.observed)
        if judged is not None:
            return judged
    return None
