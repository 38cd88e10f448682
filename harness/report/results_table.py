"""The results of a run as one table: a row for each scenario at each door, for spreadsheets and databases of labs."""

from harness.report.rollup import is_self_check
from harness.report.spreadsheet import csv_text
from harness.report.summary import Summary
from harness.verdict import ScenarioResult

__all__ = ["COLUMNS", "results_csv"]

COLUMNS = (
    "key",
    "verdict",
    "requirements",
    "title",
    "door",
    "about",
    "reason",
    "finding_clause",
    "finding_expected",
    "finding_observed",
    "finding_frame",
    "findings",
    "time",
    "duration_s",
)
"""The columns; ``finding_...`` are those of the first finding, ``findings`` is how many there are."""


def results_csv(summary: Summary) -> str:
    """Return the table as CSV, in the order of the run."""
    return csv_text(COLUMNS, (_row(result) for result in summary.results))


def _row(result: ScenarioResult) -> tuple[object, ...]:
    first = result.findings[0] if result.findings else None
    return (
        result.key,
        result.verdict.value,
        " ".join(result.requirements),
        result.title,
        result.door,
        "harness" if is_self_check(result) else "device",
        result.reason,
        first.clause if first else "",
        first.expected if first else "",
        first.observed if first else "",
        "" if first is None or first.frame is None else first.frame,
        len(result.findings),
        result.time,
        f"{result.duration_s:.3f}",
    )
