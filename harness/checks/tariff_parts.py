"""Parts of an activity calendar: all that they refer to exists."""

from dataclasses import dataclass

from harness.checks.judged import Breach

__all__ = ["References", "refers_to_what_exists"]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What the seasons, weeks and days of a part are called, and which of them they name."""

    named_weeks: frozenset[bytes]
    """By seasons."""
    weeks: frozenset[bytes]
    named_days: frozenset[int]
    """By weeks."""
    days: frozenset[int]


def refers_to_what_exists(found: References) -> Breach | None:
    """Each season's week is there, and each day of each week."""
    weeks, days = found.named_weeks - found.weeks, found.named_days - found.days
    if weeks:
        names = ", ".join(name.decode("latin-1") for name in sorted(weeks))
        return Breach(expected="a week profile for each season", observed=f"none for {names}")
    if days:
        return Breach(
            expected="a day profile for each day of each week", observed=f"none for {', '.join(map(str, sorted(days)))}"
        )
    return None
