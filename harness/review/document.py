"""The review as a document, for other programs."""

from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.report.atomic import write_json
from harness.review.check import Review

__all__ = ["to_json", "write"]


def to_json(found: Review) -> dict[str, Any]:
    """Return the document of ``check --json``; names are added, never changed."""
    return {
        "schema": 1,
        "device": found.declaration.identity.name,
        "exit_code": int(found.exit_code),
        "trace": str(found.folder / "trace.jsonl") if found.folder else None,
        "incomplete": found.incomplete,
        "rows": [row.to_json() for row in found.rows],
        "funnel": [
            {
                "key": one.meta.key,
                "requirement": found.catalogue.requirement_of(one.meta.clause).id,
                "fate": one.fate,
                "by": one.by,
                "reason": one.reason,
                "effects": sorted(one.meta.effects),
            }
            for one in found.items
        ],
        "duration_s": {
            door: {"least": span.least_s, "likely": span.likely_s, "most": span.most_s}
            for door, span in found.spans.items()
        },
        "unmeasured": found.unmeasured,
        "waits": [
            {"for": one.moment, "scenarios": one.items, "times": one.times, "likely_s": one.likely_s}
            for one in found.waits
        ],
    }


def write(found: Review, path: Path) -> None:
    """Write the document of ``check --json``; ``UsageError`` where it cannot be."""
    try:
        write_json(path, to_json(found))
    except OSError as error:
        raise UsageError(f"--json {path}: cannot be written: {error.strerror}") from error
