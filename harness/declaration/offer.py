"""The answers to whether a device has what a scenario needs."""

from collections.abc import Callable
from dataclasses import dataclass

from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.role import Demand
from harness.errors import MissingClass

__all__ = ["Availability", "Available", "Denied", "DeniedBySource", "Missing", "NotOffered", "Rule", "unmentioned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """The scenario can run; ``by_default`` when the declaration is silent and a default is judged."""

    by_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something is missing that another bench or a fuller declaration would bring: INCONCLUSIVE."""

    reason: str
    missing: MissingClass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedBySource:
    """The declaration denies what the source demands: FAIL, ``declared absent``."""

    clause: str
    """The clause that is broken by it."""
    item: str
    """The key of the declaration that denies it."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """The declaration denies what the source leaves open: NOT_APPLICABLE."""

    item: str
    reason: str


Availability = Available | Missing | DeniedBySource | NotOffered


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The declaration denies what some clauses may demand."""

    item: str
    reason: str
    demand: Demand


Rule = Callable[[Declaration, Door], Availability | Denied]
"""Says whether an item is there on a door."""


def unmentioned(key: str) -> Missing:
    """What is missing where the declaration says nothing about ``key``."""
    return Missing(reason=f"the declaration does not mention {key}", missing="declaration")
