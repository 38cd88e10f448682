"""Review of requirements: the fingerprint of a text, and what is suspect once the text has changed."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.catalogue.requirement import Clause, Requirement
from harness.errors import CatalogueError

__all__ = ["Suspect", "digest", "stamp", "suspect_links", "text_fingerprint"]

_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A link at one end of which a text has changed since its review."""

    source: str
    kind: str
    target: str
    changed: tuple[str, ...]
    """Ids of the requirements, at either end, whose text is another one now."""


def digest(value: object) -> str:
    """Return a short fingerprint of plain data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def text_fingerprint(requirement: Requirement) -> str:
    """Return the fingerprint of what a reviewer judges: texts, verification and conditions."""
    return digest(
        {
            "title": requirement.title,
            "statement": requirement.statement,
            "reading": requirement.reading,
            "origin": requirement.origin,
            "actors": requirement.actors,
            "use_cases": requirement.use_cases,
            "clauses": [_reviewed(clause) for clause in requirement.clauses],
        }
    )


def _reviewed(clause: Clause) -> dict[str, object]:
    return clause.model_dump(mode="json", exclude={"row", "producer", "receiver", "through"})


def suspect_links(
    requirements: Iterable[Requirement], changed: Collection[str], owners: dict[str, str]
) -> tuple[Suspect, ...]:
    """Return the links that touch a changed requirement; ``owners``: clause or requirement -> requirement."""
    found = []
    for requirement in requirements:
        for link in requirement.links:
            ends = sorted({requirement.id, owners[link.to]} & set(changed))
            if ends:
                found.append(Suspect(source=requirement.id, kind=link.kind, target=link.to, changed=tuple(ends)))
    return tuple(found)


def stamp(folder: Path, fingerprints: dict[str, str]) -> tuple[Path, ...]:
    """Write fingerprints into the files, by requirement id; returns the files that changed.

    Only the ``fingerprint`` lines are touched. Raises ``CatalogueError`` for an id that no file has.
    """
    left = dict(fingerprints)
    written = []
    for path in sorted(folder.glob("*.toml")):
        before = path.read_text(encoding="utf-8")
        after = _stamped(before, left)
        if after != before:
            path.write_text(after, encoding="utf-8")
            written.append(path)
    if left:
        raise CatalogueError(f"{folder}: no fingerprint line for {', '.join(sorted(left))}")
    return tuple(written)


def _stamped(text: str, left: dict[str, str]) -> str:
    """Return the text with the fingerprints of the requirements in it, which are taken out of ``left``."""
    lines = text.splitlines(keepends=True)
    within, current = False, None
    for number, line in enumerate(lines):
        if line.startswith("["):
            within, current = line.startswith("[[requirement]]"), None
        elif within and (found := re.match(r'id = "([^"]+)"', line)):
            current = found[1]
        elif within and current in left and line.startswith("fingerprint ="):
            lines[number] = f'fingerprint = "{left.pop(current)}"\n'
    return "".join(lines)
