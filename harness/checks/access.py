"""Rights as announced against rights as found, and the count of what was tried."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.refusals import REFUSALS, told

__all__ = [
    "CARRIED_OUT",
    "TYPE_UNMATCHED",
    "UNTOLD",
    "Announced",
    "Tally",
    "access_as_announced",
    "attempt_refused",
    "same_state",
]

CARRIED_OUT: Final = "data"
"""Name of the answer to a request that was carried out."""
TYPE_UNMATCHED: Final = frozenset({"dar:12", "action:12"})
"""Answers of a device that looks at the value before it looks at the right."""
UNTOLD: Final = "not told whether it is allowed"
"""Why an access was not tried where the object list does not say."""

Announced = Literal["granted", "denied", "unsure"]

_DENIALS: Final = frozenset({3, 4, 9, 13})
"""read-write-denied, object-undefined, object-class-inconsistent, scope-of-access-violated."""


def access_as_announced(what: str, announced: Announced, answer: str, refusals: Collection[str]) -> Verdictless:
    """Judge the answer to one access by what the object list says of it.

    Granted: carried out, or impossible just now, which is not judged. Denied: one of ``refusals``, the accepted
    answers. Type-unmatched says nothing about a right.
    """
    if announced == "unsure":
        return Undecided(reason="the object list does not say whether it is allowed", missing="device")
    if answer in TYPE_UNMATCHED:
        return Undecided(reason="type-unmatched: the right was not reached", missing="device")
    if announced == "denied":
        return attempt_refused(f"{what}, which is not announced", answer, refusals)
    if answer == CARRIED_OUT:
        return None
    if _is_denial(answer):
        return Breach(expected=f"{what} to be allowed, as announced in the object list", observed=answer)
    return Undecided(reason="announced, and impossible just now", missing="device")


def _is_denial(answer: str) -> bool:
    kind, _, code = answer.partition(":")
    if kind in ("dar", "action"):
        return int(code) in _DENIALS
    return kind in ("exception", "confirmed")


def attempt_refused(what: str, answer: str, refusals: Collection[str]) -> Verdictless:
    """The attempt got an error or one of ``refusals``; type-unmatched does not say whether it would have got one."""
    if answer in refusals:
        return None
    if answer in TYPE_UNMATCHED:
        return Undecided(reason="type-unmatched: the right was not reached", missing="device")
    if answer in REFUSALS:
        return None
    observed = "carried out" if answer == CARRIED_OUT else answer
    return Breach(expected=f"{what}, to be refused with {told({*refusals, *REFUSALS})}", observed=observed)


def same_state(
    what: str, before: bytes | float | None, after: bytes | float | None, *, counting: bool
) -> Breach | None:
    """The attempt has left the value alone; one that is ``counting`` may have gone on."""
    if counting and isinstance(before, int | float) and isinstance(after, int | float):
        if after >= before:
            return None
        return Breach(expected=f"{what}: {before} or more", observed=f"{after}")
    if before == after:
        return None
    return Breach(expected=f"{what} unchanged: {_text(before)}", observed=_text(after))


def _text(value: bytes | float | None) -> str:
    if value is None:
        return "no value"
    return value.hex() if isinstance(value, bytes) else str(value)


@dataclass(kw_only=True)
class Tally:
    """How many paths were tried, which were not judged, and which were not tried, with the reasons."""

    what: str
    """Name of one path in the plural: "reads", "writes"."""
    tried: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    untried: Counter[str] = field(default_factory=Counter)
    breaches: list[tuple[Breach, int]] = field(default_factory=list)
    """With the frame that shows each."""

    def take(self, judged: Verdictless, frame: int) -> None:
        """Count one path that was tried."""
        self.tried += 1
        if isinstance(judged, Breach):
            self.breaches.append((judged, frame))
        elif isinstance(judged, Undecided):
            self.unjudged[judged.reason] += 1

    def skip(self, reason: str, count: int = 1) -> None:
        """Count paths that were not tried."""
        self.untried[reason] += count

    @property
    def judged(self) -> int:
        """How many of those tried say something."""
        return self.tried - sum(self.unjudged.values())

    @property
    def text(self) -> str:
        """What was tried and what not, for the reason of the verdict."""
        parts = [f"{self.tried} {self.what} tried"]
        if self.unjudged:
            parts.append(f"{sum(self.unjudged.values())} of them not judged ({_reasons(self.unjudged)})")
        if self.untried:
            parts.append(f"{sum(self.untried.values())} not tried ({_reasons(self.untried)})")
        return ", ".join(parts)


def _reasons(counted: Counter[str]) -> str:
    return "; ".join(f"{count} {reason}" for reason, count in sorted(counted.items()))
