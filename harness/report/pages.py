"""The report of a run: our own pages, and the Allure pages that they link."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from harness.catalogue import Catalogue
from harness.report.allure_pages import PAGES, AllureOutcome, build_allure_pages
from harness.report.atomic import write_text
from harness.report.exchange import exchanges
from harness.report.explanation import declared_names, explain
from harness.report.known import known_findings
from harness.report.life import life_lines
from harness.report.page_model import Card, by_missing, cards, matrix, untested_groups
from harness.report.run_folder import RunFolder
from harness.report.summary import Summary
from harness.report.trace_table import trace_rows
from harness.report.uncovered import write_inspected, write_uncovered
from harness.verdict import Verdict

__all__ = ["build_report", "page_environment"]

AllureBuilder = Callable[..., AllureOutcome]


class Console(Protocol):
    """Where progress goes, such as rich's console."""

    def print(self, *objects: Any) -> None:
        """Print a line."""


GLYPHS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.ERROR: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.REVIEW: "◇",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.NOT_TESTED: "○",
}
"""A verdict is never told by colour alone."""


def build_report(
    run: Path, catalogue: Catalogue, *, console: Console, allure: AllureBuilder = build_allure_pages
) -> Path:
    """Make ``report/`` and ``traceability.html`` of a finished or unfinished run; returns ``report/index.html``.

    May be repeated at any time. Without Allure the page says why, in one line that also goes to ``console``.
    """
    folder = RunFolder.open(run)
    summary = folder.summary(catalogue)
    folder.report.mkdir(exist_ok=True)
    folder.allure_results.mkdir(exist_ok=True)
    write_uncovered(folder.allure_results, catalogue, summary.clauses)
    write_inspected(folder.allure_results, catalogue, summary.results)
    made = allure(folder.allure_results, folder.report, name=_device_name(summary))
    if made.problem:
        console.print(made.problem)
    index = folder.report / "index.html"
    environment = page_environment()
    page = _report(folder, summary, catalogue, made)
    write_text(index, environment.get_template("report.html").render(**page))
    _write_findings(folder, environment, summary, catalogue, page["failed"])
    write_text(folder.traceability_html, _traceability(environment, summary, catalogue))
    return index


def _write_findings(
    folder: RunFolder, environment: Environment, summary: Summary, catalogue: Catalogue, failed: Sequence[Card]
) -> None:
    """Write a page for each FAIL; those of an earlier report are removed first."""
    pages = folder.report / "findings"
    shutil.rmtree(pages, ignore_errors=True)
    template = environment.get_template("finding.html")
    known, names = known_findings(summary), declared_names(folder.declaration)
    for card in failed:
        pages.mkdir(exist_ok=True)
        explanation = explain(
            card, catalogue, declaration=_declaration(summary), run=folder.path.resolve().name, names=names
        )
        facts = {each.name: getattr(explanation, each.name) for each in fields(explanation)}
        listed = known.get(card.result.key)
        text = template.render(**facts, device=_device_name(summary), facts=summary.facts, known=listed)
        write_text(folder.finding(card.result.key), text)


def _declaration(summary: Summary) -> str:
    return str(summary.facts.device.get("declaration", "DECLARATION.toml"))


def page_environment() -> Environment:
    """Return where the templates are, with the glyphs and words of verdicts."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["glyphs"] = GLYPHS
    environment.filters["words"] = lambda verdict: str(verdict).replace("_", " ").lower()
    return environment


def _traceability(environment: Environment, summary: Summary, catalogue: Catalogue) -> str:
    rows = groupby(trace_rows(summary, catalogue), key=lambda row: row.requirement)
    requirements = [(requirement, list(members)) for requirement, members in rows]
    template = environment.get_template("traceability.html")
    return template.render(summary=summary, device=_device_name(summary), requirements=requirements)


def _device_name(summary: Summary) -> str:
    return str(summary.facts.device.get("name", "device"))


def _report(folder: RunFolder, summary: Summary, catalogue: Catalogue, made: AllureOutcome) -> dict[str, Any]:
    frames = [
        frame
        for result in summary.results
        for finding in result.findings
        for frame in (finding.frame, *finding.further)
        if frame is not None and result.verdict is Verdict.FAIL
    ]
    shown = exchanges(folder.trace, frames)
    declaration = _declaration(summary)
    device_cards = cards(folder, summary.device_results, shown, declaration)
    table = matrix(summary, catalogue)

    def of(verdict: Verdict) -> list[Any]:
        return [card for card in device_cards if card.result.verdict is verdict]

    return {
        "summary": summary,
        "facts": summary.facts,
        "device": _device_name(summary),
        "headline": summary.headline(),
        "totals": {verdict: len(of(verdict)) for verdict in Verdict if of(verdict)},
        "matrix": table,
        "known": known_findings(summary),
        "failed": of(Verdict.FAIL),
        "errors": of(Verdict.ERROR),
        "reviews": of(Verdict.REVIEW),
        "by_hand": [card for card in device_cards if card.by_hand],
        "life": life_lines(folder.life),
        "missing": by_missing(of(Verdict.INCONCLUSIVE)),
        "untested": untested_groups(table),
        "cards": device_cards,
        "self_checks": cards(folder, summary.self_checks, shown, declaration),
        "self_check_clauses": [outcome for outcome in summary.clauses if outcome.self_check],
        "allure": made,
        "allure_pages": {key: title for key, (title, _) in PAGES.items()},
        "files": [
            path.name
            for path in (folder.verdicts, folder.results_csv, folder.junit, folder.traceability_csv)
            if path.exists()
        ],
        "captures": folder.captures.is_dir() and any(folder.captures.iterdir()),
    }
