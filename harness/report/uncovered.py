"""Clauses without a scenario in Allure: untested ones, and what a person has seen; it shows only what has a result."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.catalogue import Catalogue
from harness.report.allure_labels import labels_of
from harness.report.rollup import ClauseOutcome
from harness.verdict import ScenarioResult, Verdict

__all__ = ["write_inspected", "write_uncovered"]

_PREFIX = "uncovered-"
_NO_DOOR = ("door", "thread")


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoScenario:
    """Stands where reports expect a scenario."""

    key: str
    id: str
    title: str
    requirements: tuple[str, ...]
    row: str | None = None
    door: str = ""


def write_uncovered(results: Path, catalogue: Catalogue, clauses: Iterable[ClauseOutcome]) -> int:
    """Write a result for every untested clause and return how many; those of an earlier call are replaced."""
    for earlier in results.glob(f"{_PREFIX}*-result.json"):
        earlier.unlink()
    count = 0
    for clause in clauses:
        if clause.untested is None or clause.results or not catalogue.is_known(clause.id):
            continue
        _write(results / f"{_PREFIX}{clause.id}-result.json", _result(catalogue, clause))
        count += 1
    return count


def write_inspected(results: Path, catalogue: Catalogue, inspected: Iterable[ScenarioResult]) -> None:
    """Write a result for each clause that a person has decided by looking."""
    for one in inspected:
        if one.decided is None or not catalogue.is_known(one.id):
            continue
        document = _document(
            catalogue,
            one.id,
            name=f"{one.id} seen by a person",
            status="skipped",
            message=one.reason,
            labels=(("tag", "inspection"), ("verdict", Verdict.REVIEW.lower())),
        )
        _write(results / f"inspected-{one.id}-result.json", document)


def _result(catalogue: Catalogue, clause: ClauseOutcome) -> dict[str, object]:
    untested = clause.untested
    return _document(
        catalogue,
        clause.id,
        name=f"{clause.id} not tested" + (f" ({untested.reason_class})" if untested else ""),
        status="unknown",
        message=f"{untested.reason_class}: {untested.reason}" if untested else "",
        labels=(("tag", "uncovered"), ("verdict", "not tested")),
    )


def _write(path: Path, document: dict[str, object]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _document(
    catalogue: Catalogue, clause: str, *, name: str, status: str, message: str, labels: Iterable[tuple[str, str]]
) -> dict[str, object]:
    digest = hashlib.sha256(f"uncovered {clause}".encode()).hexdigest()[:32]
    item = _NoScenario(key=clause, id=clause, title=clause, requirements=(clause,))
    named = [(label, value) for label, value in labels_of(catalogue, item) if label not in _NO_DOOR]
    return {
        "uuid": digest,
        "historyId": digest,
        "testCaseId": digest,
        "fullName": clause,
        "name": name,
        "status": status,
        "statusDetails": {"message": message},
        "description": catalogue.clauses[clause].statement,
        "labels": [{"name": label, "value": value} for label, value in (*named, *labels)],
        "links": [{"type": "requirement", "url": f"../index.html#clause-{clause}", "name": clause}],
    }
