"""Sets stored at regular times: which ones came, when, with which values, and what counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.profile import ProfileRow

__all__ = [
    "Column",
    "MarkedSets",
    "came_since",
    "counter_stepped",
    "late_set",
    "no_set",
    "one_set_at",
    "values_between",
]

_NEAR = timedelta(seconds=60)


def came_since(before: Sequence[ProfileRow], after: Sequence[ProfileRow]) -> list[ProfileRow]:
    """The rows at the end of ``after`` that ``before`` did not end with; both are the newest rows of a ring."""
    known = [row.values for row in before]
    for new in range(len(after) + 1):
        kept = [row.values for row in after[: len(after) - new]]
        overlap = min(len(kept), len(known))
        if overlap and kept[-overlap:] == known[-overlap:]:
            return list(after[len(after) - new :])
    return list(after)


def _listed(rows: Sequence[ProfileRow]) -> str:
    return ", ".join(map(str, rows)) if rows else "no set"


def one_set_at(rows: Sequence[ProfileRow], nominal: datetime, *, jitter_s: float) -> Verdictless:
    """Exactly one set came, stamped with its nominal instant."""
    expected = f"one set of {nominal:%Y-%m-%d %H:%M:%S} UTC, {jitter_s:g} s off at most"
    if len(rows) == 1 and abs((rows[0].time - nominal).total_seconds()) <= jitter_s:
        return None
    return Breach(expected=expected, observed=_listed(rows))


def no_set(rows: Sequence[ProfileRow], why: str) -> Verdictless:
    """No set came."""
    return Breach(expected=f"no set {why}", observed=_listed(rows)) if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSets:
    """Sets with what their status says."""

    rows: tuple[ProfileRow, ...]
    marked: tuple[bool | None, ...]
    """Whether the status of each set marks it; None where nobody can tell."""


def late_set(sets: MarkedSets, nominal: datetime, *, earliest: datetime, latest: datetime) -> Verdictless:
    """Exactly one set came, and it can be told from a timely one: by its time stamp or by its status."""
    expected = f"one set that says it was stored between {earliest:%Y-%m-%d %H:%M:%S} and {latest:%H:%M:%S} UTC"
    if len(sets.rows) != 1:
        return Breach(expected=expected, observed=_listed(sets.rows))
    (row,), (marked,) = sets.rows, sets.marked
    if earliest <= row.time <= latest:
        return None
    if abs(row.time - nominal) > _NEAR:
        return Breach(expected=expected, observed=f"a set of {row}")
    if marked is None:
        return Undecided(reason=f"the set of {row} has no status that could mark it", missing="declaration")
    return None if marked else Breach(expected=expected, observed=f"a set of {row} whose status says nothing of it")


def once_or_marked(sets: MarkedSets, *, policy: str | None) -> Verdictless:
    """Of an instant that comes again no other set is stored, or one that its status marks."""
    if not sets.rows and policy != "marked":
        return None
    if len(sets.rows) == 1 and sets.marked[0] and policy != "once":
        return None
    allowed = {"once": "no second set", "marked": "a second set that its status marks"}
    expected = allowed.get(policy or "", "no second set, or one that its status marks")
    if len(sets.rows) == 1 and sets.marked[0] is None and policy != "once":
        return Undecided(reason="the second set has no status that could mark it", missing="declaration")
    return Breach(expected=expected, observed=_listed(sets.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One register of a set with independent readings of it before and after the set was stored."""

    name: str
    before: Decimal
    stored: Decimal
    after: Decimal
    begins_anew: bool = False
    """Whether storing the set may put the register back, as it does a maximum: then only ``before`` bounds it."""


def values_between(columns: Sequence[Column]) -> Verdictless:
    """Each stored value lies between the readings of its register; both ends belong to it."""
    for column in columns:
        if column.begins_anew and column.stored < column.before:
            return Breach(
                expected=f"a value of {column.name} of {column.before} at least, as read before",
                observed=f"{column.stored}",
            )
        if not column.begins_anew and not column.before <= column.stored <= column.after:
            return Breach(
                expected=f"a value of {column.name} from {column.before} to {column.after}, as read before and after",
                observed=f"{column.stored}",
            )
    return None


def counter_stepped(before: int, after: int, *, step: int, modulus: int) -> Verdictless:
    """The counter has moved by one step; at its end it begins anew."""
    expected = (before + step) % modulus
    if after == expected:
        return None
    return Breach(expected=f"{expected} after {before}", observed=f"{after}")
