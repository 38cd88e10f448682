"""The audit trail: one entry for each change, at its time, counted, and none for what was no change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.checks.judged import Breach, Verdictless
from harness.protocol.axdr import Data

__all__ = ["Noted", "counted_with", "dated_as", "entries_listed", "names_change", "no_entry", "one_entry", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An entry of a log: its code, and its time as an instant where it is one."""

    code: int
    time: datetime | None
    text: str = ""
    """Its time as the device wrote it."""
    open_s: float = 0.0
    """How much later it may be, where the device writes no seconds."""


def entries_listed(entries: Sequence[Noted]) -> str:
    """Name the entries for people."""
    return ", ".join(f"{one.code} at {one.text or one.time}" for one in entries) or "no new entry"


def one_entry(
    about: str, entries: Sequence[Noted], *, codes: Collection[int], span: tuple[datetime, datetime], tolerance_s: float
) -> Verdictless:
    """Among the new entries is exactly one of these codes, with a time of the change."""
    found = [one for one in entries if one.code in codes]
    named = " or ".join(str(code) for code in sorted(codes))
    if len(found) != 1:
        return Breach(expected=f"exactly one entry {named} of {about}", observed=entries_listed(entries))
    time = found[0].time
    early, late = ((bound - time).total_seconds() if time else None for bound in span)
    if early is None or late is None or early > tolerance_s + found[0].open_s or late < -tolerance_s:
        return Breach(
            expected=f"the entry of {about} with a time from {span[0].isoformat()} to {span[1].isoformat()}"
            f" within {tolerance_s:g} s",
            observed=entries_listed(found),
        )
    return None


def recorded(
    about: str,
    entries: Sequence[Noted],
    *,
    codes: Collection[int],
    at_most: int,
    span: tuple[datetime, datetime],
    tolerance_s: float,
) -> Verdictless:
    """Among the new entries is one of these codes, at most so many, each with a time of the change.

    One act may change several parameters: whether it is one change or several nobody says.
    """
    found = [one for one in entries if one.code in codes]
    if 1 <= len(found) <= at_most:
        judged = (one_entry(about, [one], codes=codes, span=span, tolerance_s=tolerance_s) for one in found)
        return next((one for one in judged if one is not None), None)
    named = " or ".join(str(code) for code in sorted(codes))
    return Breach(expected=f"1 to {at_most} entries {named} of {about}", observed=entries_listed(entries))


def no_entry(about: str, entries: Sequence[Noted], *, codes: Collection[int]) -> Verdictless:
    """Among the new entries is none of these codes."""
    found = [one for one in entries if one.code in codes]
    if found:
        return Breach(expected=f"no entry of {about}", observed=entries_listed(found))
    return None


def counted_with(about: str, before: int | None, after: int | None, *, allowed: Collection[int]) -> Verdictless:
    """The counter of changes has gone on by one of these numbers; None where there is no counter."""
    if before is None or after is None or after - before in allowed:
        return None
    by = " or ".join(str(number) for number in sorted(allowed))
    return Breach(
        expected=f"the counter of changes to go on by {by} with {about}", observed=f"from {before} to {after}"
    )


def dated_as(
    about: str, date: datetime | None, *, span: tuple[datetime, datetime], tolerance_s: float, shown: str
) -> Verdictless:
    """The date of the last change is that of this one."""
    if date is not None:
        early, late = ((bound - date).total_seconds() for bound in span)
        if early <= tolerance_s and late >= -tolerance_s:
            return None
    return Breach(
        expected=f"the date of {about} from {span[0].isoformat()} to {span[1].isoformat()} within {tolerance_s:g} s",
        observed=shown,
    )


def names_change(about: str, shown: object, name: tuple[int, bytes, int], value: Data | None) -> Verdictless:
    """A changed parameter is class, OBIS code and attribute of what was changed, and its new value if it is known."""
    cells = shown.value if isinstance(shown, Data) and isinstance(shown.value, tuple) else ()
    found = tuple(cell.value for cell in cells[:3])
    if len(cells) != len(name) + 1 or found != name:
        return Breach(expected=f"{about}: {_named(name)}, and its new value", observed=_named(found) or str(shown))
    if value is not None and cells[3] != value:
        return Breach(expected=f"{about}: the new value {value.value!r}", observed=f"{cells[3].value!r}")
    return None


def _named(name: tuple[object, ...]) -> str:
    return " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in name)
