"""Verdicts and what carries them: findings, results of scenarios and the roll-up per clause."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Finding", "ScenarioResult", "Verdict", "worst"]


class Verdict(StrEnum):
    """One meaning each; the order of definition is from worst to best as clauses roll up."""

    FAIL = "FAIL"
    ERROR = "ERROR"
    INCONCLUSIVE = "INCONCLUSIVE"
    REVIEW = "REVIEW"
    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_TESTED = "NOT_TESTED"


_ORDER = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that a clause takes from its results; nothing run is NOT_TESTED."""
    return min(verdicts, key=_ORDER.__getitem__, default=Verdict.NOT_TESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach of one clause, with the frame that shows it."""

    clause: str
    expected: str
    observed: str
    frame: int | None = None
    """Number of the frame in ``trace.jsonl`` (field ``n``), or None where no frame is to blame."""
    note: str | None = None
    """``declared absent``, ``by default`` and the like."""
    further: tuple[int, ...] = ()
    """Numbers of further frames without which the first one shows nothing, such as that of another door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What one scenario gave on one door; the entry ``scenarios`` of ``verdicts.json``."""

    key: str
    """``<scenario id>[.<row>]@<door id>``"""
    id: str
    row: str | None
    door: str
    title: str
    requirements: tuple[str, ...]
    """Ids of clauses and use case steps, in the order of the tags."""
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...] = ()
    time: str = "real"
    """``virtual``, ``accelerated`` or ``real``."""
    duration_s: float = 0.0
    steps: tuple[str, ...] = field(default=())
    """The Gherkin steps that ran, keyword included."""
    decided: str | None = None
    """What a person has decided of a REVIEW: ``conforms`` or ``breaks``; None where nobody has yet."""
