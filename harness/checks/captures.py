"""When rows are due by a capture period, and whether they are there: once each, in time, and no others."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from harness.checks.judged import Breach, Verdictless
from harness.checks.profile import ProfileRow

__all__ = [
    "capture_instants",
    "due_by_now",
    "none_between",
    "rising",
    "rows_at",
    "rows_cleared",
    "rows_since",
    "stamps_apart",
    "weekday_right",
]

_HOUR_S = 3600


def capture_instants(
    after: datetime,
    until: datetime,
    *,
    period_s: int,
    local: Callable[[datetime], datetime],
    instant: Callable[[datetime], datetime],
) -> list[datetime]:
    """Return the period boundaries behind ``after``, up to ``until``; periods up to an hour divide it, others the day.

    ``local`` gives the device's local time without zone of an instant, ``instant`` the reverse.
    """
    return [one for one in _boundaries(after, until, period_s, local, instant) if after < one <= until]


def _boundaries(
    after: datetime,
    until: datetime,
    period_s: int,
    local: Callable[[datetime], datetime],
    instant: Callable[[datetime], datetime],
) -> Iterator[datetime]:
    period = timedelta(seconds=period_s)
    here = local(after)
    if period_s <= _HOUR_S:
        # Local time and UTC differ by what is a multiple of such periods, so they run on through summer time.
        into_hour = here - here.replace(minute=0, second=0, microsecond=0)
        one = after - into_hour
        while one <= until:
            yield one
            one += period
        return
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    while instant(midnight) <= until:
        at, tomorrow = midnight, midnight + timedelta(days=1)
        while at < tomorrow:
            yield instant(at)
            at += period
        midnight = tomorrow


def due_by_now(
    due: Sequence[datetime], rows: Sequence[ProfileRow], *, sure_until: datetime, jitter_s: float
) -> list[datetime]:
    """Leave out the newest captures whose rows need not be there yet, and are not."""
    found = list(due)
    newest = rows[-1].time + timedelta(seconds=jitter_s) if rows else datetime.min.replace(tzinfo=sure_until.tzinfo)
    while found and found[-1] > max(sure_until, newest):
        found.pop()
    return found


def rows_at(due: Sequence[datetime], rows: Sequence[ProfileRow], *, jitter_s: float) -> Verdictless:
    """Each instant has one row within the jitter, in this order, and there are no others."""
    jitter = timedelta(seconds=jitter_s)
    for number, instant in enumerate(due):
        if number >= len(rows):
            return Breach(
                expected=f"a row for the capture due at {instant:%Y-%m-%d %H:%M:%S} UTC, number {number + 1} of "
                f"{len(due)}",
                observed=f"{len(rows)} rows" + (f", the last of {rows[-1]}" if rows else ""),
            )
        if abs(rows[number].time - instant) > jitter:
            return Breach(
                expected=f"a row of {instant:%Y-%m-%d %H:%M:%S} UTC, {jitter_s:g} s off at most",
                observed=f"a row of {rows[number]}",
            )
    if len(rows) > len(due):
        return Breach(expected=f"{len(due)} rows", observed=f"{len(rows)} rows, one more of {rows[len(due)]}")
    return None


def rows_cleared(rows: Sequence[ProfileRow], changed_at: datetime, *, jitter_s: float) -> Verdictless:
    """No row is older than the change that clears the buffer."""
    old = [row for row in rows if row.time < changed_at - timedelta(seconds=jitter_s)]
    if not old:
        return None
    return Breach(
        expected=f"no rows from before the change at {changed_at:%Y-%m-%d %H:%M:%S} UTC",
        observed=f"{len(old)} such rows, the first of {old[0]}",
    )


def rising(rows: Sequence[ProfileRow]) -> Verdictless:
    """Time stamps rise strictly from row to row."""
    for earlier, later in pairwise(rows):
        if later.time <= earlier.time:
            return Breach(expected=f"a row later than {earlier}", observed=f"a row of {later}")
    return None


def rows_since(before: Sequence[ProfileRow], after: Sequence[ProfileRow]) -> list[ProfileRow]:
    """Return the rows of ``after`` that were not there ``before``, also when the oldest have rolled out.

    Both are in the order of capture; what they share is taken to be as long as it can be.
    """
    for gone in range(len(before)):
        kept = len(before) - gone
        if kept <= len(after) and all(old == new for old, new in zip(before[gone:], after[:kept], strict=True)):
            return list(after[kept:])
    return list(after)


def none_between(rows: Sequence[ProfileRow], first: datetime, last: datetime, *, jitter_s: float) -> Verdictless:
    """No row has a time stamp inside a stretch of time; at its very ends there may be one."""
    jitter = timedelta(seconds=jitter_s)
    inside = [row for row in rows if first + jitter < row.time < last - jitter]
    if not inside:
        return None
    return Breach(
        expected=f"no row between {first:%Y-%m-%d %H:%M:%S} and {last:%Y-%m-%d %H:%M:%S} UTC",
        observed=f"{len(inside)} rows, the first of {inside[0]}",
    )


def stamps_apart(stamps: Sequence[tuple[datetime, object]]) -> Verdictless:
    """Each local time with what tells summer time stands once."""
    seen = set()
    for local, mark in stamps:
        if (local, mark) in seen:
            return Breach(
                expected=f"rows of the doubled hour to be told apart, {local:%H:%M} by deviation, clock status or "
                "profile status",
                observed=f"two rows of {local:%Y-%m-%d %H:%M:%S} alike",
            )
        seen.add((local, mark))
    return None


def weekday_right(local: datetime | None, weekday: int | None) -> Verdictless:
    """A day of the week, where a time stamp has one, is that of its date; 1 is Monday."""
    if local is None or weekday in (None, local.isoweekday()):
        return None
    return Breach(expected=f"day {local.isoweekday()} of the week for {local:%Y-%m-%d}", observed=f"day {weekday}")
