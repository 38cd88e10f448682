"""Whether the records of a run agree: the plan, the verdicts as they came, and the summary made of them."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.report.run_folder import fold
from harness.report.summary import Summary, result_to_json

__all__ = ["Reader", "folder_reader", "problems_of"]

Reader = Callable[[str], bytes | None]
"""Gives the octets of a file of the run folder by its name there, None where it is missing."""

PLAN, LOG, VERDICTS = "plan.json", "verdicts.jsonl", "verdicts.json"

_MOST_NAMES = 5
_COUNTED = ("headline", "totals", "self_check", "partial", "interrupted")


def folder_reader(folder: Path) -> Reader:
    """Return how the files of a run folder on disk are read."""

    def read(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return read


def problems_of(read: Reader) -> list[str]:
    """Return what keeps the run from being whole, a sentence each; none for a run whose records agree."""
    octets = {name: read(name) for name in (PLAN, LOG, VERDICTS)}
    missing = [f"{name}: missing{_WHY_NEEDED[name]}" for name, content in octets.items() if content is None]
    log = octets[LOG]
    if log is None:
        return missing
    problems = [*missing]
    if log and not log.endswith(b"\n"):
        problems.append(f"{LOG}: its last line is cut off")
    try:
        results = {result.key: result_to_json(result) for result in fold(log, LOG)}
        plan, verdicts = octets[PLAN], octets[VERDICTS]
        problems += _against_plan(plan, results) if plan is not None else []
        problems += _against_summary(verdicts, list(results.values())) if verdicts is not None else []
    except UsageError as error:
        problems.append(str(error))
    return problems


_WHY_NEEDED = {
    PLAN: ", so nobody can tell which scenarios were due",
    LOG: ", so there are no verdicts to compare with",
    VERDICTS: ": the run did not come to its end",
}


def _against_plan(octets: bytes, results: Iterable[str]) -> list[str]:
    planned = _document(octets, PLAN).get("keys")
    if not isinstance(planned, list) or not all(isinstance(key, str) for key in planned):
        raise UsageError(f"{PLAN}: keys: expected a list of result keys")
    done = set(results)
    unfinished = [key for key in dict.fromkeys(planned) if key not in done]
    unplanned = sorted(done - set(planned))
    problems = [] if planned else [f"{PLAN}: it lists no scenario"]
    if unfinished:
        problems.append(f"{len(unfinished)} of {len(planned)} planned scenarios have no verdict: {_named(unfinished)}")
    if unplanned:
        problems.append(f"{len(unplanned)} verdicts belong to no planned scenario: {_named(unplanned)}")
    return problems


def _against_summary(octets: bytes, results: Sequence[dict[str, Any]]) -> list[str]:
    document = _document(octets, VERDICTS)
    summary = Summary.from_json(document)
    again = json.loads(json.dumps(summary.to_json()))
    problems = []
    shown = {entry["key"]: entry for entry in again["scenarios"]}
    logged = {entry["key"]: json.loads(json.dumps(entry)) for entry in results}
    different = sorted(key for key in shown.keys() | logged.keys() if shown.get(key) != logged.get(key))
    if different:
        problems.append(f"{VERDICTS} is not what {LOG} adds up to: {_named(different)}")
    elif len(document["scenarios"]) != len(shown):
        problems.append(f"{VERDICTS}: a scenario stands there twice")
    wrong = [name for name in _COUNTED if document.get(name) != again[name]]
    if wrong:
        problems.append(f"{VERDICTS}: not what its scenarios and clauses add up to: {', '.join(wrong)}")
    if summary.facts.interrupted:
        problems.append(f"the run was interrupted: {summary.facts.interrupted}")
    return problems


def _document(octets: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(octets)
    except ValueError as error:
        raise UsageError(f"{name}: no JSON: {error}") from error
    except RecursionError:
        raise UsageError(f"{name}: nested too deeply") from None
    if not isinstance(document, dict):
        raise UsageError(f"{name}: expected a JSON object")
    return document


def _named(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - _MOST_NAMES} more" if len(keys) > _MOST_NAMES else ""
    return ", ".join(keys[:_MOST_NAMES]) + more
