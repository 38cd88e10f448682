"""The statement of conformity as a page to print and as plain text."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.report.atomic import write_text
from harness.report.pages import page_environment
from harness.report.statement import Statement
from harness.verdict import Verdict

__all__ = ["write_statement"]

_WIDTH = 100
_LARGEST_PT, _SMALLEST_PT = 8.5, 6.0
_ROOMY_LINES = 62
"""As many lines of text fit on a sheet at the largest size; more lines are set smaller."""


def write_statement(statement: Statement, out: Path) -> tuple[Path, Path]:
    """Write ``statement.html`` and ``statement.txt`` into a folder and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    html, text = out / "statement.html", out / "statement.txt"
    lines = list(_lines(statement))
    template = page_environment().get_template("statement.html")
    size = max(_SMALLEST_PT, min(_LARGEST_PT, round(_LARGEST_PT * _ROOMY_LINES / len(lines), 2)))
    failed = any(line.verdict is Verdict.FAIL for line in statement.requirements)
    write_text(html, template.render(statement=statement, failed=failed, print_pt=size))
    write_text(text, "\n".join(lines) + "\n")
    return html, text


def _lines(statement: Statement) -> Iterator[str]:
    yield "STATEMENT OF CONFORMITY"
    yield from _wrapped([statement.outcome, statement.headline])
    yield ""
    for name, value in (*statement.device.items(), *statement.run.items()):
        yield f"{name + ':':<26}{value}"
    yield from _headed("VERDICT BY REQUIREMENT", [])
    for line in statement.requirements:
        remark = f" ({line.remark})" if line.remark else ""
        verdict = line.verdict.value.replace("_", " ")
        yield from textwrap.wrap(
            f"{line.id:<12}{verdict:<16}{line.title}{remark}", _WIDTH, subsequent_indent=" " * 28, drop_whitespace=True
        )
    reasons = [f"{each.reason_class}: {', '.join(each.clauses)} - {each.reason}" for each in statement.not_tested]
    yield from _headed("NOT TESTED, AND WHY", reasons or ["Nothing: every clause has a verdict."])
    if statement.answered_by_people:
        yield from _headed("DECIDED BY PEOPLE", statement.answered_by_people)
    yield from _headed("TO BE READ WITH IT", statement.remarks)


def _headed(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from _wrapped(lines)


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(line, _WIDTH, subsequent_indent="  ")
