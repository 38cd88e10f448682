"""The traceability table: one row per requirement, clause, scenario, door and verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from harness.catalogue import Catalogue
from harness.report.rollup import ClauseOutcome
from harness.report.spreadsheet import csv_text
from harness.report.summary import Summary
from harness.verdict import ScenarioResult, Verdict

__all__ = ["TraceRow", "trace_rows", "trace_table_csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRow:
    """One row; an untested clause has one without scenario and door."""

    requirement: str
    requirement_title: str
    origin: str
    clause: str
    statement: str
    clause_verdict: str
    qualifier: str
    scenario: str
    row: str
    title: str
    door: str
    verdict: str
    reason: str
    time: str
    proof_caught: int
    proof_tried: int


def trace_rows(summary: Summary, catalogue: Catalogue) -> Iterator[TraceRow]:
    """Yield the rows in the order of the catalogue, then of the run."""
    by_key = {result.key: result for result in summary.results}
    for clause in summary.clauses:
        ran = [by_key[key] for key in clause.results if key in by_key]
        for result in ran:
            yield _row(catalogue, clause, result, _reason_for(clause, result))
        if not ran or clause.untested is not None:
            yield _row(catalogue, clause, None, clause.untested.reason if clause.untested else _linked(clause))


def trace_table_csv(rows: Iterable[TraceRow]) -> str:
    """Return the rows as CSV with a heading; a cell that a spreadsheet would take for a formula gets a quote mark."""
    return csv_text([column.name for column in fields(TraceRow)], map(astuple, rows))


def _row(catalogue: Catalogue, clause: ClauseOutcome, result: ScenarioResult | None, reason: str) -> TraceRow:
    known = catalogue.is_known(clause.id)
    requirement = catalogue.requirement_of(clause.id) if known else None
    return TraceRow(
        requirement=requirement.id if requirement else clause.id,
        requirement_title=requirement.title if requirement else "not in this catalogue",
        origin=requirement.origin if requirement else "",
        clause=clause.id,
        statement=catalogue.clauses[clause.id].statement if clause.id in catalogue.clauses else "",
        clause_verdict=clause.verdict.value,
        qualifier=clause.qualifier or "",
        scenario=result.id if result else "",
        row=(result.row or "") if result else "",
        title=result.title if result else "",
        door=result.door if result else "",
        verdict=(result.verdict if result else clause.verdict).value,
        reason=reason,
        time=result.time if result else "",
        proof_caught=clause.caught,
        proof_tried=clause.tried,
    )


def _reason_for(clause: ClauseOutcome, result: ScenarioResult) -> str:
    """Return the result's reason; a scenario that failed on another clause says so, since this one is not to blame."""
    if result.verdict is Verdict.FAIL and all(finding.clause != clause.id for finding in result.findings):
        return f"failed on another clause: {result.reason}"
    return result.reason


def _linked(clause: ClauseOutcome) -> str:
    return f"answered by {', '.join(clause.linked)}" if clause.linked else ""
