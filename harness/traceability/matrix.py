"""The traceability matrix and its gaps, computed from catalogue, scenarios, invariants and deviations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from harness.catalogue import Catalogue, Clause, Requirement
from harness.features import ScenarioSource

__all__ = [
    "NO_SCENARIO_YET",
    "ClauseTrace",
    "DeviationLike",
    "Gap",
    "InvariantLike",
    "RequirementTrace",
    "Traceability",
    "trace",
]

NO_SCENARIO_YET = "no scenario yet"
"""The class of reasons that is computed and never written in the catalogue."""


class InvariantLike(Protocol):
    """A judgement over all the traffic of a run."""

    @property
    def id(self) -> str:
        """``<clause id>-I01``."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that it judges."""


class DeviationLike(Protocol):
    """A named wrong behaviour that proves that scenarios can fail."""

    @property
    def name(self) -> str:
        """By behaviour, in kebab-case."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that it breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that is missing."""

    id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseTrace:
    """One clause with all that hangs on it; ids and names in the order of files."""

    clause: Clause
    scenarios: tuple[str, ...]
    """For a clause judged by its links these are the scenarios of the linked clauses as well."""
    invariants: tuple[str, ...]
    deviations: tuple[str, ...]
    not_tested: Mapping[str, str] | None
    """``class`` and ``reason`` where neither a scenario nor an invariant looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementTrace:
    """One requirement with its clauses."""

    requirement: Requirement
    clauses: tuple[ClauseTrace, ...]
    suspect: bool
    """Its text, or that of a requirement it is linked with, has changed since the review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traceability:
    """The matrix and what is missing in it."""

    requirements: tuple[RequirementTrace, ...]
    gaps: tuple[Gap, ...]

    def totals(self, origin: str) -> dict[str, Any]:
        """Count requirements and clauses of one origin, ``source`` or ``derived``."""
        rows = [row for row in self.requirements if row.requirement.origin == origin]
        clauses = [clause for row in rows for clause in row.clauses]
        reasons = Counter(clause.not_tested["class"] for clause in clauses if clause.not_tested)
        return {
            "requirements": len(rows),
            "clauses": len(clauses),
            "with_scenarios": sum(bool(clause.scenarios) for clause in clauses),
            "not_tested": dict(sorted(reasons.items())),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the answer of ``conformeter trace --json``."""
        return {
            "schema": 1,
            "totals": {origin: self.totals(origin) for origin in ("source", "derived")},
            "requirements": [_requirement_json(row) for row in self.requirements],
            "gaps": [{"id": gap.id, "what": gap.what} for gap in self.gaps],
        }


def _requirement_json(row: RequirementTrace) -> dict[str, Any]:
    return {
        "id": row.requirement.id,
        "title": row.requirement.title,
        "origin": row.requirement.origin,
        "suspect": row.suspect,
        "clauses": [
            {
                "id": each.clause.id,
                "statement": each.clause.statement,
                "verification": each.clause.verification,
                "self_check": each.clause.self_check,
                "scenarios": list(each.scenarios),
                "invariants": list(each.invariants),
                "deviations": list(each.deviations),
                "not_tested": None if each.not_tested is None else dict(each.not_tested),
            }
            for each in row.clauses
        ],
    }


def trace(
    catalogue: Catalogue,
    scenarios: Sequence[ScenarioSource],
    invariants: Sequence[InvariantLike],
    deviations: Sequence[DeviationLike],
) -> Traceability:
    """Put the matrix together and find its gaps."""
    by_clause = _Hanging(
        scenarios=_group((source.id, source.clauses) for source in scenarios),
        invariants=_group((each.id, each.clauses) for each in invariants),
        deviations=_group((each.name, each.clauses) for each in deviations),
    )
    suspects = {end for link in catalogue.suspects() for end in (link.source, link.target)}
    suspects = {catalogue.requirement_of(end).id for end in suspects} | set(catalogue.changed())
    rows = tuple(
        RequirementTrace(
            requirement=requirement,
            clauses=tuple(_clause_trace(catalogue, clause, by_clause) for clause in requirement.clauses),
            suspect=requirement.id in suspects,
        )
        for requirement in catalogue.requirements
    )
    kinds = {source.id: source.positive for source in scenarios}
    gaps = [gap for row in rows for clause in row.clauses for gap in _clause_gaps(clause, kinds)]
    gaps += _unknown_clauses(catalogue, invariants, deviations)
    gaps += _suspect_gaps(catalogue)
    return Traceability(requirements=rows, gaps=tuple(gaps))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hanging:
    """What hangs on clauses, by clause id."""

    scenarios: Mapping[str, tuple[str, ...]]
    invariants: Mapping[str, tuple[str, ...]]
    deviations: Mapping[str, tuple[str, ...]]


def _group(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for name, clauses in pairs:
        for clause in clauses:
            groups.setdefault(clause, []).append(name)
    return {clause: tuple(names) for clause, names in groups.items()}


def _clause_trace(catalogue: Catalogue, clause: Clause, hanging: _Hanging) -> ClauseTrace:
    places = (clause.id, *catalogue.linked_clauses(clause.id))

    def of(groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for place in places for name in groups.get(place, ())))

    scenarios = of(hanging.scenarios)
    # Not those of linked clauses: an invariant about a clause need not say anything about the threat.
    invariants = hanging.invariants.get(clause.id, ())
    return ClauseTrace(
        clause=clause,
        scenarios=scenarios,
        invariants=invariants,
        deviations=of(hanging.deviations),
        not_tested=None if scenarios or invariants else _reason(catalogue, clause),
    )


def _reason(catalogue: Catalogue, clause: Clause) -> dict[str, str]:
    if clause.not_tested:
        return {"class": clause.not_tested.reason_class, "reason": clause.not_tested.reason}
    if clause.verification == "declaration":
        return {"class": "declaration", "reason": "verified by reading the device's declaration"}
    linked = catalogue.linked_clauses(clause.id)
    if linked:
        return {"class": NO_SCENARIO_YET, "reason": f"no scenario is tagged with it or with {', '.join(linked)}"}
    return {"class": NO_SCENARIO_YET, "reason": "no scenario is tagged with it"}


def _clause_gaps(row: ClauseTrace, positive: Mapping[str, bool]) -> Iterator[Gap]:
    clause = row.clause
    if row.not_tested is not None:
        if row.not_tested["class"] == NO_SCENARIO_YET:
            yield Gap(id=clause.id, what="no scenario, and no reason why not")
        return
    if clause.not_tested is not None:
        yield Gap(id=clause.id, what="scenarios test it although the catalogue says why they cannot")
    if clause.verification == "links":
        return
    kinds = {positive[name] for name in row.scenarios}
    if not kinds:
        yield Gap(id=clause.id, what="no valid and no invalid scenario")
    elif len(kinds) == 1:
        yield Gap(id=clause.id, what="no invalid scenario" if True in kinds else "no valid scenario")
    if not row.deviations:
        yield Gap(id=clause.id, what="no deviation")


def _unknown_clauses(
    catalogue: Catalogue, invariants: Sequence[InvariantLike], deviations: Sequence[DeviationLike]
) -> Iterator[Gap]:
    named = [(f"invariant {each.id}", each.clauses) for each in invariants]
    named += [(f"deviation {each.name}", each.clauses) for each in deviations]
    for name, clauses in named:
        for clause in clauses:
            if clause not in catalogue.clauses:
                yield Gap(id=clause, what=f"{name} names it, but the catalogue has no such clause")


def _suspect_gaps(catalogue: Catalogue) -> Iterator[Gap]:
    for changed in catalogue.changed():
        ends = [f"{link.source} {link.kind} {link.target}" for link in catalogue.suspects() if changed in link.changed]
        links = f"; suspect links: {', '.join(ends)}" if ends else ""
        yield Gap(id=changed, what=f"the text has changed since its review{links}")
