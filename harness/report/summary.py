"""The summary of a run: what ``verdicts.json`` holds, as frozen objects, written and read side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.errors import UsageError
from harness.report.rollup import ClauseOutcome, Untested, is_self_check
from harness.verdict import Finding, ScenarioResult, Verdict

__all__ = ["SCHEMA", "Headline", "RunFacts", "Summary", "result_from_json", "result_to_json"]

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run is about and how far it went."""

    suite: Mapping[str, Any] = field(default_factory=dict)
    """``version`` and ``fingerprint``."""
    device: Mapping[str, Any] = field(default_factory=dict)
    """``name``, ``manufacturer``, ``type``, ``serial``, ``firmware``, ``medium``, ``roles``, ``doors`` (list of ids)
    and ``declaration`` (the file as it was named, never an absolute path)."""
    started: str = ""
    """ISO 8601 with offset."""
    finished: str | None = None
    partial: str | None = None
    """Why this is not the whole suite on the whole device."""
    interrupted: str | None = None
    """Why the run ended before its last scenario."""
    shuffle: int | None = None
    """The seed by which the scenarios were put in random order; None for their own order."""
    resumed: tuple[str, ...] = ()
    """When the run went on after it had broken off, ISO 8601 each."""
    residue: Mapping[str, Any] | None = None
    """What the run has left in the device: ``client``, ``read``, ``expected``, ``unexpected`` and ``left_out``."""
    known: Mapping[str, Any] | None = None
    """The findings that were known before: ``file`` and ``entries`` with ``key``, ``verdict``, ``reason``, ``link``."""
    line_use: tuple[Mapping[str, Any], ...] = ()
    """How busy each serial line was: ``door``, ``per_cent``, ``octets`` and times in s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Two numbers, never one fraction: how the judged clauses stand, and how many have no verdict."""

    passed: int
    judged: int
    inconclusive: int
    not_tested: Mapping[str, int]
    """Class of the reason -> number of clauses."""

    def __str__(self) -> str:
        """Return e.g. ``41 of 41 passed; 9 clauses not tested (6 inspection, 3 no scenario yet)``."""
        parts = [f"{self.passed} of {self.judged} passed"]
        if self.inconclusive:
            parts.append(f"{self.inconclusive} inconclusive")
        total = sum(self.not_tested.values())
        if total:
            classes = ", ".join(f"{count} {name}" for name, count in self.not_tested.items())
            parts.append(f"{total} {'clause' if total == 1 else 'clauses'} not tested ({classes})")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All that a run says, clause by clause."""

    facts: RunFacts
    results: tuple[ScenarioResult, ...]
    clauses: tuple[ClauseOutcome, ...]
    proof_fresh: bool = False

    @property
    def device_results(self) -> tuple[ScenarioResult, ...]:
        """The results that are about the device."""
        return tuple(result for result in self.results if not is_self_check(result))

    @property
    def self_checks(self) -> tuple[ScenarioResult, ...]:
        """The results that are about the harness."""
        return tuple(result for result in self.results if is_self_check(result))

    def headline(self) -> Headline:
        """Count the clauses that are about the device and not answered by other clauses."""
        clauses = [clause for clause in self.clauses if not clause.self_check and not clause.linked]
        verdicts = Counter(clause.verdict for clause in clauses)
        classes = Counter(clause.untested.reason_class for clause in clauses if clause.untested is not None)
        judged = (Verdict.PASS, Verdict.FAIL, Verdict.ERROR, Verdict.REVIEW)
        return Headline(
            passed=verdicts[Verdict.PASS],
            judged=sum(verdicts[verdict] for verdict in judged),
            inconclusive=verdicts[Verdict.INCONCLUSIVE],
            not_tested=dict(classes.most_common()),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the document ``verdicts.json``; names are added, never changed."""
        facts = self.facts
        return {
            "schema": SCHEMA,
            "suite": dict(facts.suite),
            "device": dict(facts.device),
            "started": facts.started,
            "finished": facts.finished,
            "partial": facts.partial is not None,
            "partial_because": facts.partial,
            "interrupted": facts.interrupted is not None,
            "interrupted_because": facts.interrupted,
            "shuffle": facts.shuffle,
            "resumed": list(facts.resumed),
            "residue": None if facts.residue is None else dict(facts.residue),
            "known": None if facts.known is None else dict(facts.known),
            "line_use": [dict(use) for use in facts.line_use],
            "headline": str(self.headline()),
            "proof_fresh": self.proof_fresh,
            "totals": _totals(self.device_results),
            "self_check": {"totals": _totals(self.self_checks)},
            "scenarios": [result_to_json(result) for result in self.results],
            "clauses": [_clause_to_json(clause) for clause in self.clauses],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Summary":
        """Read the document back; raises ``UsageError`` for one of another schema or shape."""
        if document.get("schema") != SCHEMA:
            raise UsageError(f"verdicts.json: schema {document.get('schema')!r}; expected {SCHEMA}")
        try:
            return cls(
                facts=RunFacts(
                    suite=document["suite"],
                    device=document["device"],
                    started=document["started"],
                    finished=document["finished"],
                    partial=document["partial_because"],
                    interrupted=document["interrupted_because"],
                    # A document of an older version has none of these.
                    shuffle=document.get("shuffle"),
                    resumed=tuple(document.get("resumed", ())),
                    residue=document.get("residue"),
                    known=document.get("known"),
                    line_use=tuple(document.get("line_use", ())),
                ),
                results=tuple(result_from_json(entry) for entry in document["scenarios"]),
                clauses=tuple(_clause_from_json(entry) for entry in document["clauses"]),
                proof_fresh=document["proof_fresh"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"verdicts.json: not as Conformeter writes it: {error!r}") from error


def result_to_json(result: ScenarioResult) -> dict[str, Any]:
    """Return one entry of ``scenarios``, which is also one line of ``verdicts.jsonl``."""
    return asdict(result)


def result_from_json(entry: Mapping[str, Any]) -> ScenarioResult:
    """Read one entry back."""
    known = dict(entry)
    known["verdict"] = Verdict(known["verdict"])
    known["requirements"] = tuple(known["requirements"])
    known["findings"] = tuple(
        Finding(**{**finding, "further": tuple(finding.get("further", ()))}) for finding in known["findings"]
    )
    known["steps"] = tuple(known["steps"])
    return ScenarioResult(**known)


def _totals(results: Sequence[ScenarioResult]) -> dict[str, int]:
    counts = Counter(result.verdict for result in results)
    return {verdict.value: counts[verdict] for verdict in Verdict if verdict is not Verdict.NOT_TESTED}


def _clause_to_json(clause: ClauseOutcome) -> dict[str, Any]:
    untested = clause.untested
    return {
        "id": clause.id,
        "verdict": clause.verdict.value,
        "qualifier": clause.qualifier,
        "scenarios": list(clause.scenarios),
        "results": list(clause.results),
        "proof": {"caught": clause.caught, "tried": clause.tried},
        "not_tested": untested and {"class": untested.reason_class, "reason": untested.reason},
        "self_check": clause.self_check,
        "linked": list(clause.linked),
    }


def _clause_from_json(entry: Mapping[str, Any]) -> ClauseOutcome:
    untested = entry["not_tested"]
    return ClauseOutcome(
        id=entry["id"],
        verdict=Verdict(entry["verdict"]),
        qualifier=entry["qualifier"],
        scenarios=tuple(entry["scenarios"]),
        results=tuple(entry["results"]),
        caught=entry["proof"]["caught"],
        tried=entry["proof"]["tried"],
        untested=untested and Untested(reason_class=untested["class"], reason=untested["reason"]),
        self_check=entry["self_check"],
        linked=tuple(entry["linked"]),
    )
