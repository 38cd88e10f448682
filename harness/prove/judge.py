"""Whether a deviation was caught and a variant held."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from harness.prove.faults import Deviation
from harness.prove.trial_run import TaskResult
from harness.run.items import SELF_DOOR
from harness.verdict import Verdict

__all__ = ["DeviationProof", "Proof", "VariantProof", "judge_default", "judge_deviation", "judge_variant"]

Result = Literal["caught", "missed", "not_fired", "error"]

_SCHEMA = 1
_WORST_FIRST: tuple[Result, ...] = ("error", "not_fired", "missed", "caught")
_EXCUSED = (Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationProof:
    """What came of a deviation over all draws of its parameters."""

    name: str
    clauses: tuple[str, ...]
    fired: int
    """Draws in which it has shown itself."""
    draws: int
    result: Result
    caught_by: tuple[str, ...]
    """Result keys that failed for a clause that it violates."""
    notes: tuple[str, ...]
    """Why a draw was not caught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantProof:
    """What came of a variant."""

    name: str
    ran: int
    false_alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All of it."""

    fingerprint: str
    default: VariantProof
    deviations: tuple[DeviationProof, ...]
    variants: tuple[VariantProof, ...]

    @property
    def holds(self) -> bool:
        """Whether everything was caught and nothing was a false alarm."""
        alarms = any(one.false_alarms for one in (self.default, *self.variants))
        return not alarms and all(one.result == "caught" for one in self.deviations)

    def to_json(self) -> dict[str, Any]:
        """Return the machine-readable proof; names are added, never changed."""
        return {
            "schema": _SCHEMA,
            "fingerprint": self.fingerprint,
            "default": asdict(self.default),
            "deviations": [asdict(one) for one in self.deviations],
            "variants": [asdict(one) for one in self.variants],
        }


def judge_deviation(deviation: Deviation, draws: Sequence[TaskResult]) -> DeviationProof:
    """Every draw must fire and be caught by a FAIL that names a violated clause."""
    caught_by: dict[str, None] = {}
    notes: list[str] = []
    verdicts: list[Result] = []
    for draw in draws:
        catching = [
            result["key"]
            for result in draw.results
            if result["verdict"] == Verdict.FAIL and set(result["clauses"]) & set(deviation.clauses)
        ]
        caught_by.update(dict.fromkeys(catching))
        verdict = _verdict(draw, bool(catching))
        verdicts.append(verdict)
        if verdict != "caught":
            notes += _notes(draw, verdict)
    return DeviationProof(
        name=deviation.name,
        clauses=deviation.clauses,
        fired=sum(draw.fired > 0 for draw in draws),
        draws=len(draws),
        result=min(verdicts, key=_WORST_FIRST.index),
        caught_by=tuple(caught_by),
        notes=tuple(notes),
    )


def _verdict(draw: TaskResult, caught: bool) -> Result:
    if draw.failure is not None:
        return "error"
    if not draw.fired:
        return "not_fired"
    if caught:
        return "caught"
    return "error" if any(result["verdict"] == Verdict.ERROR for result in draw.results) else "missed"


def _notes(draw: TaskResult, verdict: Result) -> list[str]:
    where = f"draw {draw.task.draw}: {verdict}"
    if draw.failure is not None:
        return [f"{where}: {draw.failure}"]
    open_ones = [result for result in draw.results if result["verdict"] not in (Verdict.PASS, Verdict.NOT_APPLICABLE)]
    return [f"{where}: {len(draw.results)} results"] + [
        f"{where}: {result['key']} {result['verdict']} {result['reason']}" for result in open_ones[:4]
    ]


def judge_default(
    name: str, observed: TaskResult, variants: Sequence[TaskResult] | None, exceptions: Mapping[str, str]
) -> VariantProof:
    """Every scenario passes on the default, or has nothing to judge there and passes on a variant.

    An exception excuses what passes nowhere. ``variants`` is None where not all of them were tried.
    """
    passed = {_apart_from_door(one["key"]) for each in variants or () for one in each.results if _passes(one)}
    alarms = [observed.failure] if observed.failure else []
    for result in observed.results:
        if _passes(result):
            continue
        place = _apart_from_door(result["key"])
        elsewhere = variants is None or place in passed or place in exceptions
        if result["verdict"] not in _EXCUSED or not elsewhere:
            alarms.append(f"{result['key']} {result['verdict']}: {result['reason']}")
    return VariantProof(name=name, ran=len(observed.results), false_alarms=tuple(alarms))


def judge_variant(name: str, observed: TaskResult, default: TaskResult, exceptions: Mapping[str, str]) -> VariantProof:
    """What passes on the default passes on the variant, at the doors that it has.

    An exception excuses what it is listed for, no FAIL ever.
    """
    found = {result["key"]: result for result in observed.results}
    doors = {SELF_DOOR, *(door.id for door in observed.task.declaration.doors)}
    alarms = [observed.failure] if observed.failure else []
    for key, due in ((one["key"], one) for one in default.results if _door(one["key"]) in doors):
        result = found.get(key)
        if result is None:
            alarms.append(f"{key} did not run")
        elif not _passes(result):
            excused = not _passes(due) or result["id"] in exceptions
            if not (excused and result["verdict"] in _EXCUSED):
                alarms.append(f"{key} {result['verdict']}: {result['reason']}")
    return VariantProof(name=name, ran=len(observed.results), false_alarms=tuple(alarms))


def _passes(result: Mapping[str, Any]) -> bool:
    return bool(result["verdict"] == Verdict.PASS)


def _door(key: str) -> str:
    return key.rpartition("@")[2]


def _apart_from_door(key: str) -> str:
    return key.rpartition("@")[0]
