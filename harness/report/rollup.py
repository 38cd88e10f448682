"""From results of scenarios to verdicts of clauses.

A clause takes the worst of its results. A failed scenario speaks only about the clauses that its findings name: to
its other clauses it contributes nothing, neither good nor bad.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from harness.catalogue import Catalogue, Clause
from harness.verdict import ScenarioResult, Verdict, worst

__all__ = [
    "SELF_CHECK_DOOR",
    "ClauseOutcome",
    "ProofTable",
    "Qualifier",
    "Untested",
    "contribution",
    "is_self_check",
    "roll_up",
]

Qualifier = Literal["good only", "unproven"]

SELF_CHECK_DOOR = "head-end"
"""The door of scenarios that look at the harness itself; they say nothing about the device."""

_NEGATIVE = "N"
_INVARIANT = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTable:
    """How many deviations of the reference meter the scenarios of each clause caught."""

    figures: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Clause id -> (caught, tried)."""
    fresh: bool = False
    """Whether the proof was made with the same features, steps and checks."""

    def of(self, clause: str) -> tuple[int, int]:
        """Return caught and tried of one clause."""
        return self.figures.get(clause, (0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """Why a clause has no verdict."""

    reason_class: str
    """``inspection``, ``other actor``, ``unclear source`` (lasting, from the catalogue), ``declaration``,
    ``not applicable``, ``no scenario yet``, ``not run``, ``failed elsewhere``, ``self-check only`` or ``links``."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseOutcome:
    """What a run says about one clause."""

    id: str
    verdict: Verdict
    qualifier: Qualifier | None = None
    scenarios: tuple[str, ...] = ()
    """Ids of the scenarios that ran for it."""
    results: tuple[str, ...] = ()
    """Their result keys."""
    caught: int = 0
    tried: int = 0
    untested: Untested | None = None
    self_check: bool = False
    """The device has no part in the clause: the verdict is about the harness."""
    linked: tuple[str, ...] = ()
    """Clauses that answer for this one."""


def is_self_check(result: ScenarioResult) -> bool:
    """Whether the result is about the harness and not about the device."""
    return result.door == SELF_CHECK_DOOR


def is_invariant(result: ScenarioResult) -> bool:
    """Whether the result is that of an invariant, which only ever adds a breach to a clause."""
    return result.id.rpartition("-")[2].startswith(_INVARIANT)


def roll_up(
    catalogue: Catalogue,
    results: Sequence[ScenarioResult],
    *,
    proof: ProofTable,
    scenarios: Mapping[str, Sequence[str]] | None = None,
    why_not_run: str = "none of its scenarios ran",
    identity: Mapping[str, object] | None = None,
) -> tuple[ClauseOutcome, ...]:
    """Return the outcome of every clause, in the order of the catalogue.

    ``scenarios`` (clause id -> all scenario ids of the suite, run or not) tells a clause without a scenario from one
    whose scenarios did not run; without it both are ``not run`` for ``why_not_run``. ``identity`` holds the
    declaration's items of that section, by which a clause may say that it does not apply.
    """
    by_clause = _by_clause(results)
    outcomes: dict[str, ClauseOutcome] = {}
    for clause in catalogue.clauses.values():
        if clause.verification != "links":
            existing = None if scenarios is None else scenarios.get(clause.id, ())
            unmet = _other_actor(catalogue, clause, identity or {}) or _unmet_condition(clause, identity or {})
            why = Untested(reason_class="not applicable", reason=unmet) if unmet else _no_run(existing, why_not_run)
            outcomes[clause.id] = _outcome(clause, by_clause.get(clause.id, []), proof, why)
    for clause in catalogue.clauses.values():
        if clause.verification == "links":
            outcomes[clause.id] = _linked_outcome(clause, catalogue.linked_clauses(clause.id), outcomes)
    return tuple(outcomes[clause] for clause in catalogue.clauses)


def _by_clause(results: Iterable[ScenarioResult]) -> dict[str, list[ScenarioResult]]:
    table: dict[str, list[ScenarioResult]] = {}
    for result in results:
        named = [*result.requirements, *(finding.clause for finding in result.findings)]
        for clause in dict.fromkeys(named):
            table.setdefault(clause, []).append(result)
    return table


def contribution(clause: str, result: ScenarioResult) -> Verdict | None:
    """Return what one result says about one clause, None for nothing."""
    if result.verdict is Verdict.FAIL:
        if not result.findings:
            return Verdict.ERROR  # a FAIL that names no clause is a fault of the harness, not of the device
        return Verdict.FAIL if any(finding.clause == clause for finding in result.findings) else None
    return result.verdict if clause in result.requirements else None


def _outcome(
    clause: Clause,
    results: Sequence[ScenarioResult],
    proof: ProofTable,
    nothing_ran: Untested,
) -> ClauseOutcome:
    counted = [result for result in results if is_self_check(result) == clause.self_check]
    said = [(result, contribution(clause.id, result)) for result in counted]
    verdict = worst(verdict for _, verdict in said if verdict is not None)
    caught, tried = proof.of(clause.id)
    untested = None
    if verdict is Verdict.NOT_TESTED:
        untested = _untested(clause, bool(counted), bool(results), nothing_ran)
    elif verdict is Verdict.PASS and all(is_invariant(result) for result in counted):
        # An invariant watches the traffic of other scenarios; nobody has tried yet what the clause is about.
        verdict = Verdict.NOT_TESTED
        untested = replace(nothing_ran, reason=f"{nothing_ran.reason}; {len(counted)} invariants hold")
    passed = [result for result, verdict_of in said if verdict_of is Verdict.PASS]
    return ClauseOutcome(
        id=clause.id,
        verdict=verdict,
        qualifier=_qualifier(verdict, passed, caught, proof.fresh),
        scenarios=tuple(dict.fromkeys(result.id for result in counted)),
        results=tuple(result.key for result in counted),
        caught=caught,
        tried=tried,
        untested=untested,
        self_check=clause.self_check,
    )


def _qualifier(verdict: Verdict, passed: Sequence[ScenarioResult], caught: int, fresh: bool) -> Qualifier | None:
    if verdict is not Verdict.PASS:
        return None
    if not fresh:
        return "unproven"
    if not any(result.id.rpartition("-")[2].startswith(_NEGATIVE) for result in passed):
        return "good only"
    return None if caught else "unproven"


def _untested(clause: Clause, failed_elsewhere: bool, self_checked: bool, nothing_ran: Untested) -> Untested:
    if clause.not_tested is not None:
        return Untested(reason_class=clause.not_tested.reason_class, reason=clause.not_tested.reason)
    if failed_elsewhere:
        return Untested(reason_class="failed elsewhere", reason="its scenario failed on another clause")
    if self_checked:
        return Untested(reason_class="self-check only", reason="only the harness's own part of it was looked at")
    if clause.verification == "declaration":
        return Untested(reason_class="declaration", reason="verified from the declaration, by no scenario")
    return nothing_ran


def _no_run(existing: Sequence[str] | None, why_not_run: str) -> Untested:
    if existing is not None and not existing:
        return Untested(reason_class="no scenario yet", reason="no scenario covers it yet")
    return Untested(reason_class="not run", reason=why_not_run)


def _other_actor(catalogue: Catalogue, clause: Clause, identity: Mapping[str, object]) -> str | None:
    """Return why nothing of the clause is asked of a device with these roles."""
    roles = identity.get("roles")
    return catalogue.unmet_role(clause.id, roles) if isinstance(roles, list | tuple) and roles else None


def _unmet_condition(clause: Clause, identity: Mapping[str, object]) -> str | None:
    """Return why the clause does not apply, as far as the device's identity tells."""
    condition = clause.condition
    if condition is None:
        return None
    section, _, name = condition.item.rpartition(".")
    value = identity.get(name)
    if section != "identity" or value is None:
        return None
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or set(values) & set(condition.any_of):
        return None
    return f"it applies where {condition.text} ({condition.item} is {', '.join(map(str, values))})"


def _linked_outcome(clause: Clause, linked: Sequence[str], outcomes: Mapping[str, ClauseOutcome]) -> ClauseOutcome:
    """A threat is answered by other clauses: good only when every one of them was judged."""
    parts = [outcomes[each] for each in linked if each in outcomes]
    verdict = worst(part.verdict for part in parts)
    untested = None
    missing = [part.id for part in parts if part.verdict is Verdict.NOT_TESTED]
    if verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_TESTED) and missing:
        verdict = Verdict.NOT_TESTED
        untested = Untested(
            reason_class="links", reason=f"clauses that answer it have no verdict: {', '.join(missing)}"
        )
    elif not parts:
        untested = Untested(reason_class="links", reason="no clause answers it")
    qualifiers = [part.qualifier for part in parts if part.qualifier]
    return ClauseOutcome(
        id=clause.id,
        verdict=verdict,
        qualifier=qualifiers[0] if qualifiers and verdict is Verdict.PASS else None,
        caught=sum(part.caught for part in parts),
        tried=sum(part.tried for part in parts),
        untested=untested,
        linked=tuple(linked),
    )
