"""What people did at the bench in a run: asked what, answered what, who and when, from the trace."""

import json
from collections.abc import Iterator
from pathlib import Path

__all__ = ["by_hand"]

_MARK = '"person":"'
"""Stands in records of answers that somebody gave, and keeps us from decoding all others."""


def by_hand(trace: Path) -> dict[str, tuple[str, ...]]:
    """Return, by result key, a line for each thing that a person was asked to do."""
    found: dict[str, list[str]] = {}
    for key, line in _lines(trace):
        found.setdefault(key, []).append(line)
    return {key: tuple(lines) for key, lines in found.items()}


def _lines(trace: Path) -> Iterator[tuple[str, str]]:
    if not trace.exists():
        return
    with trace.open(encoding="utf-8") as records:
        for text in records:
            if _MARK not in text or not text.endswith("\n"):
                continue
            record = json.loads(text)
            value = record.get("value")
            if record.get("kind") == "value" and isinstance(value, dict) and {"asked", "answer", "at"} <= value.keys():
                at = str(value["at"]).partition(".")[0].replace("T", " ")
                answer = str(value["answer"]) or "done"
                yield record["key"], f"{at} UTC, {value['person']}: {value['asked']} Answer: {answer}"
