"""Rows of a profile: selections and the capture schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from harness.checks.energy import EnergyExpectation, follows_load
from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = [
    "CaptureSchedule",
    "ProfileRow",
    "energies_follow_load",
    "grid_is_certain",
    "on_schedule",
    "regular_row",
    "rows_kept",
    "same_rows",
]

_HOUR_S = 3600
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One row: when it was captured and everything that it holds."""

    time: datetime
    """Aware; a time without deviation is in the zone that the clock shows, else taken as if it were UTC."""
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


def rows_kept(before: Sequence[ProfileRow], after: Sequence[ProfileRow], *, most_new: int) -> Verdictless:
    """All rows of before are there yet, but for the oldest of a full ring: one for each of at most so many new ones."""
    known, now = [row.values for row in before], [row.values for row in after]
    for new in range(min(most_new, len(now)) + 1):
        kept = now[: len(now) - new]
        if any(kept == known[gone:] for gone in range(new + 1)):
            return None
    return Breach(
        expected=f"{_listed(before)}, as before, and {most_new} new ones at most behind them", observed=_listed(after)
    )


def _cells(row: ProfileRow) -> str:
    return ", ".join(cell.hex() if isinstance(cell, bytes) else str(cell) for cell in row.values)


def _listed(rows: Sequence[ProfileRow]) -> str:
    if not rows:
        return "no rows"
    if len(rows) == 1:
        return f"1 row of {rows[0]}"
    return f"{len(rows)} rows from {rows[0]} to {rows[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSchedule:
    """When rows are due, as known before anything was done that could disturb the captures."""

    anchor: datetime
    """One instant at which a capture was due."""
    newest: ProfileRow
    """The newest row then; one that was captured for another reason need not be on the grid."""
    known_at: datetime
    """The device's time then; what was not captured earlier was missed for another reason."""
    period_s: float
    jitter_s: float
    """How far a time stamp may be off."""
    storing_s: float
    """How long after the capture its row may take to appear."""
    entries: int
    """Rows that the device keeps."""
    ahead: tuple[ProfileRow, ...] = ()
    """Rows of later times that were there already, from before the clock was set back."""

    def come(self, rows: Sequence[ProfileRow]) -> list[ProfileRow]:
        """Return the rows among ``rows`` that were not ahead of the clock already."""
        left, found = list(self.ahead), []
        for row in rows:
            if row in left:
                left.remove(row)
            else:
                found.append(row)
        return found

    def due(self, until: datetime) -> list[datetime]:
        """Return the instants after the newest row, up to ``until``, at which captures were due."""
        period = timedelta(seconds=self.period_s)
        start = max(self.newest.time, self.known_at - timedelta(seconds=self.storing_s) - period)
        nominal = self.anchor + ((start - self.anchor) // period) * period
        found = []
        while nominal <= until:
            if nominal > self.newest.time:
                found.append(nominal)
            nominal += period
        return found


def regular_row(rows: Sequence[ProfileRow], *, period_s: float, jitter_s: float) -> ProfileRow | None:
    """Return the newest row of the grid that most rows share; None where no grid has two rows and more than others."""

    def is_near(a: ProfileRow, b: ProfileRow) -> bool:
        off_s = (a.time - b.time).total_seconds() % period_s
        return min(off_s, period_s - off_s) <= jitter_s

    def sharing(row: ProfileRow) -> int:
        near = [one for one in rows if is_near(one, row)]
        return len({round((one.time - row.time).total_seconds() / period_s) for one in near})

    if not rows:
        return None
    best = max(rows, key=lambda row: (sharing(row), row.time))
    rivals = [sharing(row) for row in rows if not is_near(row, best)]
    return best if sharing(best) > max(1, *rivals, 0) else None


def grid_is_certain(period_s: int) -> Verdictless:
    """The grid of captures follows from one row only where the hour or the day is a multiple of the period.

    Other periods begin anew at the full hour or at midnight in some devices and go on in others.
    """
    divides_day = period_s % _HOUR_S == 0 and _DAY_S % period_s == 0
    if _HOUR_S % period_s == 0 or divides_day or period_s % _DAY_S == 0:
        return None
    return Undecided(
        reason=f"a capture period of {period_s} s does not say whether it begins anew at the full hour",
        missing="declaration",
    )


def on_schedule(
    schedule: CaptureSchedule, rows: Sequence[ProfileRow], *, asked: datetime, answered: datetime
) -> Verdictless:
    """Each capture due has one row within the jitter, and no other row is there.

    ``rows`` are those after the newest known one, in order of time; ``asked`` and ``answered`` are the device's time
    before and after they were read. A row must be there if it could be stored before ``asked``; it may be there if it
    was due before ``answered``. Rows older than what the device keeps need not be there.
    """
    jitter = timedelta(seconds=schedule.jitter_s)
    storing = timedelta(seconds=max(schedule.jitter_s, schedule.storing_s))
    due = schedule.due(answered + jitter)
    left = list(rows)
    for to_come, nominal in zip(range(len(due), 0, -1), due, strict=True):
        is_new = nominal > schedule.known_at and nominal > schedule.newest.time + jitter
        if left and abs(left[0].time - nominal) <= jitter:
            left.pop(0)
        elif is_new and to_come <= schedule.entries and nominal <= asked - storing:
            found = f"{left[0]}" if left else "no row"
            return Breach(
                expected=f"one row for the capture due at {nominal:%Y-%m-%d %H:%M:%S}, "
                f"{schedule.jitter_s:g} s off at most",
                observed=f"{found} ({_listed(rows)} since {schedule.newest.time:%H:%M:%S})",
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
