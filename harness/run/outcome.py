"""From the exception that ended a scenario to its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.errors import (
    DeviceError,
    Inconclusive,
    LabError,
    NonConformity,
    NotApplicable,
    Refused,
    ReviewNeeded,
)
from harness.verdict import Finding, Verdict

__all__ = ["Judgement", "judgement_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason and findings."""

    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...] = ()

    def noted(self, note: str) -> "Judgement":
        """Return the same with ``note`` on each finding that has none."""
        findings = tuple(replace(finding, note=finding.note or note) for finding in self.findings)
        return replace(self, findings=findings)

    def remarked(self, remarks: Sequence[str]) -> "Judgement":
        """Return the same with ``remarks`` behind its reason."""
        return replace(self, reason="; ".join((self.reason, *remarks)))


def judgement_of(error: BaseException | None, *, clause: str, in_preamble: bool, frame: int | None) -> Judgement:
    """Judge how a scenario ended.

    ``in_preamble``: the failing step was a Given, so the device never came to what the scenario is about.
    ``frame`` is the last frame received, for findings that name none.
    """
    match error:
        case None:
            return Judgement(verdict=Verdict.PASS, reason="observed as required")
        case NonConformity():
            return Judgement(verdict=Verdict.FAIL, reason=str(error), findings=(_finding(error),))
        case Inconclusive():
            return Judgement(verdict=Verdict.INCONCLUSIVE, reason=str(error))
        case ReviewNeeded():
            return Judgement(verdict=Verdict.REVIEW, reason=str(error))
        case NotApplicable():
            return Judgement(verdict=Verdict.NOT_APPLICABLE, reason=str(error))
        case DeviceError() if in_preamble:
            return Judgement(verdict=Verdict.INCONCLUSIVE, reason=f"device: not reached what is judged: {error}")
        case DeviceError():
            expected = "success" if isinstance(error, Refused) else "a sound answer"
            finding = Finding(clause=clause, expected=expected, observed=str(error), frame=frame)
            reason = f"{clause}: expected {expected}; observed {error}"
            return Judgement(verdict=Verdict.FAIL, reason=reason, findings=(finding,))
        case LabError():
            return Judgement(verdict=Verdict.ERROR, reason=f"lab: {error}")
        case _:
            return Judgement(verdict=Verdict.ERROR, reason=f"harness: {type(error).__name__}: {error}")


def _finding(error: NonConformity) -> Finding:
    return Finding(
        clause=error.clause,
        expected=error.expected,
        observed=error.observed,
        frame=error.frame,
        note=error.note,
        further=error.further,
    )
