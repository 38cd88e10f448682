"""Untested clauses in Allure: one result of status ``unknown`` each, since Allure shows only what has a result."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.catalogue import Catalogue
from harness.report.allure_labels import labels_of
from harness.report.rollup import ClauseOutcome

__all__ = ["write_uncovered"]

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
        path = results / f"{_PREFIX}{clause.id}-result.json"
        path.write_text(json.dumps(_result(catalogue, clause), ensure_ascii=False), encoding="utf-8")
        count += 1
    return count


def _result(catalogue: Catalogue, clause: ClauseOutcome) -> dict[str, object]:
    untested = clause.untested
    reason = f"{untested.reason_class}: {untested.reason}" if untested else ""
    digest = hashlib.sha256(f"uncovered {clause.id}".encode()).hexdigest()[:32]
    item = _NoScenario(key=clause.id, id=clause.id, title=clause.id, requirements=(clause.id,))
    labels = [(name, value) for name, value in labels_of(catalogue, item) if name not in _NO_DOOR]
    labels += [("tag", "uncovered"), ("verdict", "not tested")]
    return {
        "uuid": digest,
        "historyId": digest,
        "testCaseId": digest,
        "fullName": clause.id,
        "name": f"{clause.id} not tested" + (f" ({untested.reason_class})" if untested else ""),
        "status": "unknown",
        "statusDetails": {"message": reason},
        "description": catalogue.clauses[clause.id].statement,
        "labels": [{"name": name, "value": value} for name, value in labels],
        "links": [{"type": "requirement", "url": f"../index.html#clause-{clause.id}", "name": clause.id}],
    }
