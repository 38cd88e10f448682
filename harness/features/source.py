"""What a scenario says about itself: id, tags, rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Problem", "ScenarioSource", "ids_by_clause"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Something wrong in a feature file."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSource:
    """One scenario of a feature file; tags are without their ``@``."""

    id: str
    """``<clause id>-P01`` or ``-N01``; never changed and never used again."""
    title: str
    """As printed, the id first."""
    tags: tuple[str, ...]
    """Those of the feature first."""
    file: Path
    line: int
    rows: tuple[str, ...]
    """The column ``row`` of its Examples; empty for a plain scenario."""
    positive: bool
    effects: tuple[str, ...]
    doors: tuple[str, ...]
    """Protocols that it fits; empty for all."""
    needs: tuple[str, ...]
    """Items of the declaration that it cannot do without."""
    self_check: bool
    """It looks at the harness's own head end and not at the device."""
    silence: bool
    """Silence is judged, so nothing is repeated."""
    clock_judged: bool
    """The clock is judged, so nobody may step it to save waiting."""
    clauses: tuple[str, ...]
    """Catalogue ids in the order of the tags."""

    @property
    def clause(self) -> str:
        """The clause that it is written for."""
        return self.id.rpartition("-")[0]


def ids_by_clause(sources: Iterable[ScenarioSource]) -> dict[str, list[str]]:
    """Return the ids of all scenarios of each clause, run or not."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for clause in source.clauses:
            found.setdefault(clause, []).append(source.id)
    return found
