"""Known findings: ``--expect FILE`` lists results that a nightly run may have, each with its reason and a link."""

import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.verdict import ScenarioResult, Verdict

__all__ = ["ExpectedFindings", "KnownFinding", "read_expected"]

_KEYS = ("key", "verdict", "reason", "link")
_OPEN = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """One entry."""

    key: str
    verdict: Verdict
    reason: str
    link: str
    """Where it is followed up: an address, or the number of a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFindings:
    """The results that are known, by key."""

    file: Path
    entries: tuple[KnownFinding, ...]

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Result key -> the verdict that is known."""
        return {entry.key: entry.verdict for entry in self.entries}

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

    def to_json(self) -> dict[str, Any]:
        """Return the file's name and its entries, for ``verdicts.json``."""
        return {"file": self.file.name, "entries": [asdict(entry) for entry in self.entries]}


def read_expected(path: Path) -> ExpectedFindings:
    """Read a TOML file of ``[[expected]]`` tables with key, verdict, reason and link."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("expected", [])
    except FileNotFoundError:
        raise UsageError(f"--expect {path}: no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"--expect {path}: {error}") from error
    found: dict[str, KnownFinding] = {}
    for number, raw in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        entry = _checked(path, number, raw)
        if entry.key in found:
            raise UsageError(f"{path}: expected {number}: key {entry.key} is listed twice")
        found[entry.key] = entry
    return ExpectedFindings(file=path, entries=tuple(found.values()))


def _checked(path: Path, number: int, entry: object) -> KnownFinding:
    where = f"{path}: expected {number}"
    if not isinstance(entry, dict):
        raise UsageError(f"{where}: allowed are tables [[expected]] with {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            raise UsageError(f"{where}: unknown key {key}; allowed: {', '.join(_KEYS)}")
    for key in _KEYS:
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise UsageError(f"{where}: {key} is missing or no text")
    if entry["verdict"] not in list(_OPEN):
        raise UsageError(f"{where}: verdict {entry['verdict']!r}; allowed: {', '.join(_OPEN)}")
    return KnownFinding(**{**entry, "verdict": Verdict(entry["verdict"])})
