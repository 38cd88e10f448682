"""Which changes a run may leave in a device: those of time and metering, and those that its scenarios declare."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["Change", "is_expected"]

_TIME_AND_METERING: Final[Mapping[int, frozenset[int]]] = {
    3: frozenset({2, 4, 5}),
    4: frozenset({2, 4, 5}),
    5: frozenset({2, 3, 5, 6, 7}),
    6: frozenset({4}),
    8: frozenset({2, 4}),
}
"""Class -> attributes that move by themselves."""

_AS_TIME_PASSES: Final = ((0, 1), (96, 10), (96, 14))
"""Third and fourth number of objects of class 1 with numbers and times of billing periods, states of rows and the
active tariff."""
_AS_EVENTS_HAPPEN: Final = ((96, 11), (96, 15), (97, 97), (97, 98))
_AS_PARAMETERS_CHANGE: Final = ((96, 2),)
_INVOCATION_COUNTERS: Final = (43, 1)
_ROWS_IN_USE: Final = (7, 7)
_BEGUN_IMAGE_TRANSFER: Final = (18, frozenset({4, 6}))
"""First block not transferred and status: a transfer that was begun or refused leaves them where they are."""
_CHANGED_PARAMETER: Final = (65, frozenset({2, 3}))
_CHANGING: Final = frozenset({"writes", "sets_clock", "clears", "changes_keys", "switches_supply", "irreversible"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One attribute that reads otherwise after a run."""

    class_id: int
    obis: str
    attribute: int
    before: object
    """None for what was not there."""
    after: object

    def __str__(self) -> str:
        """Return it as one line."""
        return (
            f"attribute {self.attribute} of {self.obis} (class {self.class_id}) was {self.before} and is {self.after}"
        )


def is_expected(change: Change, effects: Collection[str]) -> bool:
    """Whether time, load or scenarios with these effects account for a change."""
    if change.attribute in _TIME_AND_METERING.get(change.class_id, ()):
        return True
    if (change.class_id, change.attribute) == _ROWS_IN_USE:
        return _rows_account(change, effects)
    for class_id, attributes in (_CHANGED_PARAMETER, _BEGUN_IMAGE_TRANSFER):
        if change.class_id == class_id and change.attribute in attributes:
            return bool(_CHANGING & set(effects))
    if change.class_id != 1:
        return False
    group = tuple(int(number) for number in change.obis.split(".")[2:4])
    if group in _AS_TIME_PASSES or group == _INVOCATION_COUNTERS:
        return True
    if group in _AS_EVENTS_HAPPEN:
        return bool(effects)
    return group in _AS_PARAMETERS_CHANGE and bool(_CHANGING & set(effects))


def _rows_account(change: Change, effects: Collection[str]) -> bool:
    grown = isinstance(change.before, int) and isinstance(change.after, int) and change.after >= change.before
    return grown or "clears" in effects or "sets_clock" in effects
