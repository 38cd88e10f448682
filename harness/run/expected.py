"""Known findings: ``--expect FILE`` lists results that a nightly run may have, each with its reason."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError
from harness.verdict import ScenarioResult, Verdict

__all__ = ["ExpectedFindings", "read_expected"]

_KEYS = ("key", "verdict", "reason", "link")
_OPEN = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFindings:
    """Result keys with the verdict that is known and why."""

    file: Path
    verdicts: dict[str, Verdict]

    def stale(self, results: Iterable[ScenarioResult]) -> list[str]:
        """Return what is listed and did not come so, a sentence each."""
        found = {result.key: result.verdict for result in results}
        lines = []
        for key, verdict in self.verdicts.items():
            if found.get(key) != verdict:
                now = f"it is {found[key]}" if key in found else "it did not run"
                lines.append(f"{self.file}: {key} is listed as {verdict}, {now}: stale entry")
        return lines

    def covers(self, result: ScenarioResult) -> bool:
        """Whether the result is listed with the verdict that it has."""
        return self.verdicts.get(result.key) == result.verdict


def read_expected(path: Path) -> ExpectedFindings:
    """Read a TOML file of ``[[expected]]`` tables with key, verdict, reason and, if there is one, link."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("expected", [])
    except FileNotFoundError:
        raise UsageError(f"--expect {path}: no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"--expect {path}: {error}") from error
    verdicts: dict[str, Verdict] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        key, verdict = _checked(path, number, entry)
        if key in verdicts:
            raise UsageError(f"{path}: expected {number}: key {key} is listed twice")
        verdicts[key] = verdict
    return ExpectedFindings(file=path, verdicts=verdicts)


def _checked(path: Path, number: int, entry: object) -> tuple[str, Verdict]:
    where = f"{path}: expected {number}"
    if not isinstance(entry, dict):
        raise UsageError(f"{where}: allowed are tables [[expected]] with {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            raise UsageError(f"{where}: unknown key {key}; allowed: {', '.join(_KEYS)}")
    for key in _KEYS[:3]:
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise UsageError(f"{where}: {key} is missing or no text")
    if entry["verdict"] not in list(_OPEN):
        raise UsageError(f"{where}: verdict {entry['verdict']!r}; allowed: {', '.join(_OPEN)}")
    return entry["key"], Verdict(entry["verdict"])
