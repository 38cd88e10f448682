"""What a check gives: nothing, a breach, or the reason why it cannot decide."""

from dataclasses import dataclass

from harness.errors import MissingClass

__all__ = ["Breach", "Undecided", "Verdictless"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """The device does not do what was required; the step names the clause."""

    expected: str
    observed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What was observed is compatible with both; ``missing`` says whose shortage that is."""

    reason: str
    missing: MissingClass


Verdictless = Breach | Undecided | None
"""None: as required."""
