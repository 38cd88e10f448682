"""What the pages show, worked out from a summary and the catalogue; templates only lay it out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.catalogue import Catalogue, Requirement
from harness.report.by_hand import by_hand
from harness.report.drawings import Drawing, drawings_by_key
from harness.report.exchange import Exchange
from harness.report.malformed import frames_by_key
from harness.report.rollup import ClauseOutcome, contribution
from harness.report.run_folder import RunFolder, finding_address
from harness.report.summary import Summary
from harness.verdict import Finding, ScenarioResult, Verdict, worst

__all__ = [
    "Card",
    "Cell",
    "ClauseRow",
    "Group",
    "Matrix",
    "RequirementBlock",
    "Shown",
    "anchor",
    "by_missing",
    "cards",
    "matrix",
    "untested_groups",
]

_MISSING = re.compile(r"(bench|device|line|declaration): (.*)", re.DOTALL)


def anchor(key: str) -> str:
    """Return the anchor of a result key on our page."""
    return "s-" + re.sub(r"[^A-Za-z0-9._-]+", "_", key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One clause at one door."""

    door: str
    verdict: Verdict | None
    count: int = 0
    target: str = ""
    """Anchor of the result that decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """One clause in the matrix."""

    outcome: ClauseOutcome
    statement: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementBlock:
    """One requirement with its clauses."""

    id: str
    title: str
    source: str
    origin: str
    rows: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Requirements and clauses against doors."""

    doors: tuple[str, ...]
    blocks: tuple[RequirementBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding with the exchange that shows it."""

    finding: Finding
    exchange: Exchange | None
    further: tuple[Exchange, ...] = ()
    """Of the further frames, as far as the trace has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One scenario at one door in full."""

    result: ScenarioResult
    anchor: str
    repeat: str
    """The command that repeats it."""
    page: str | None
    """Address of the page that explains a FAIL, as seen from ``report/``."""
    capture: str | None
    """File name below ``captures/``."""
    findings: tuple[Shown, ...]
    drawings: tuple[Drawing, ...] = ()
    """The plots of what was judged."""
    malformed: str = ""
    """The malformed frames that were sent on purpose, as text."""
    by_hand: tuple[str, ...] = ()
    """What a person did for it, and when."""
    photo: str | None = None
    """Photo of an inspection, as seen from ``report/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things that share a class of reason."""

    name: str
    cards: tuple[Card, ...] = ()
    clauses: tuple[ClauseRow, ...] = ()


def matrix(summary: Summary, catalogue: Catalogue) -> Matrix:
    """Return the matrix of everything that is about the device."""
    results = {result.key: result for result in summary.device_results}
    doors = tuple(dict.fromkeys(result.door for result in results.values()))
    rows = [
        (_requirement(catalogue, outcome.id), _row(outcome, catalogue, results, doors))
        for outcome in summary.clauses
        if not outcome.self_check
    ]
    blocks = []
    for (id_, title), group in groupby(rows, key=lambda pair: _heading(*pair)):
        members = list(group)
        requirement = members[0][0]
        blocks.append(
            RequirementBlock(
                id=id_,
                title=title,
                source=_source(requirement) if requirement else "",
                origin=requirement.origin if requirement else "",
                rows=tuple(row for _, row in members),
            )
        )
    return Matrix(doors=doors, blocks=tuple(blocks))


def cards(
    folder: RunFolder, results: Sequence[ScenarioResult], shown: Mapping[int, Exchange], declaration: str
) -> tuple[Card, ...]:
    """Return a card for each result."""
    malformed = frames_by_key(folder.trace)
    drawn = drawings_by_key(folder.trace)
    done = by_hand(folder.trace)
    photos = {path.stem: path.name for path in sorted((folder.path / "inspections").glob("*"))}
    return tuple(
        Card(
            result=result,
            anchor=anchor(result.key),
            repeat=f"conformeter run --device {declaration} --only {result.key}",
            page=finding_address(result.key) if result.verdict is Verdict.FAIL else None,
            capture=folder.capture(result.key).name if folder.capture(result.key).exists() else None,
            findings=tuple(
                Shown(
                    finding=finding,
                    exchange=shown.get(finding.frame) if finding.frame is not None else None,
                    further=tuple(shown[frame] for frame in finding.further if frame in shown),
                )
                for finding in result.findings
            ),
            drawings=drawn.get(result.key, ()),
            malformed=malformed.get(result.key, ""),
            by_hand=done.get(result.key, ()),
            photo=f"../inspections/{photos[result.id]}" if result.id in photos else None,
        )
        for result in results
    )


def by_missing(inconclusive: Sequence[Card]) -> tuple[Group, ...]:
    """Group inconclusive results by the class of what is missing."""
    table: dict[str, list[Card]] = {}
    for card in inconclusive:
        match = _MISSING.match(card.result.reason)
        table.setdefault(match.group(1) if match else "unclassified", []).append(card)
    return tuple(Group(name=name, cards=tuple(members)) for name, members in table.items())


def untested_groups(found: Matrix) -> tuple[Group, ...]:
    """Group the untested clauses of a matrix by the class of the reason."""
    table: dict[str, list[ClauseRow]] = {}
    for block in found.blocks:
        for row in block.rows:
            if row.outcome.untested is not None:
                table.setdefault(row.outcome.untested.reason_class, []).append(row)
    return tuple(Group(name=name, clauses=tuple(rows)) for name, rows in table.items())


def _requirement(catalogue: Catalogue, clause: str) -> Requirement | None:
    return catalogue.requirement_of(clause) if catalogue.is_known(clause) else None


def _heading(requirement: Requirement | None, row: ClauseRow) -> tuple[str, str]:
    if requirement is None:
        return row.outcome.id, "not in this catalogue"
    return requirement.id, requirement.title


def _source(requirement: Requirement) -> str:
    source = requirement.source
    parts = [source.document]
    parts += [f"table {source.table}"] if source.table else []
    parts += [f"slide {source.slide}"] if source.slide else []
    parts += [f"row {source.row}"] if source.row else []
    return ", ".join(parts)


def _row(
    outcome: ClauseOutcome, catalogue: Catalogue, results: Mapping[str, ScenarioResult], doors: Sequence[str]
) -> ClauseRow:
    mine = [results[key] for key in outcome.results if key in results]
    cells = []
    for door in doors:
        said = [(result, contribution(outcome.id, result)) for result in mine if result.door == door]
        counted = [(result, verdict) for result, verdict in said if verdict is not None]
        verdict = worst(verdict for _, verdict in counted) if counted else None
        deciding = next((result for result, each in counted if each is verdict), None)
        target = anchor(deciding.key) if deciding else ""
        cells.append(Cell(door=door, verdict=verdict, count=len(counted), target=target))
    known = catalogue.clauses.get(outcome.id)
    return ClauseRow(outcome=outcome, statement=known.statement if known else "", cells=tuple(cells))
