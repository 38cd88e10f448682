"""Our own pages: they hold what a reviewer needs and load nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.report.allure_pages import AllureOutcome
from harness.report.pages import build_report
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.self_contained import loads_from_outside
from harness.report.summary import RunFacts
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
STARTED = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
FACTS = RunFacts(
    suite={"version": "0.1.0", "fingerprint": "abc"},
    device={"name": "meter <7>", "roles": ["meter"], "serial": "00000001", "declaration": "devices/x.toml"},
    started=STARTED.isoformat(),
    finished=STARTED.isoformat(),
)


class Lines:
    """A console that keeps what is printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def print(self, *objects: object) -> None:
        self.lines.append(" ".join(map(str, objects)))


def no_allure(results: Path, report: Path, *, name: str) -> AllureOutcome:
    return AllureOutcome(problem="no Allure pages: npm ci ended with code 1: offline")


def with_allure(results: Path, report: Path, *, name: str) -> AllureOutcome:
    return AllureOutcome(pages=(report / "by-step" / "index.html",))


@pytest.fixture
def folder(tmp_path: Path, make_result: Maker) -> RunFolder:
    folder = RunFolder.create(tmp_path, "meter", STARTED)
    blamed = {"n": 4, "wall": 0.0, "t": 1.5, "key": "k", "step": "", "door": "loop-wrapper", "link": 1, "kind": "rx"}
    folder.trace.write_text(json.dumps(blamed | {"data": "0001000100100005c401c10104", "event": "an <answer>"}) + "\n")
    for result in (
        make_result("TR-Conf.05a-P01"),
        make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.05a",), reason="it answers"),
        make_result("TR-Conf.08b-P01", Verdict.INCONCLUSIVE, reason="bench: no load bench"),
        make_result("TR-Conf.02c-N01", Verdict.REVIEW, reason="look at the seal"),
        make_result("SU3.step1-P01", Verdict.ERROR, reason="checksum errors", door="loop-hdlc"),
        make_result("BI.01.step1-P01", door="head-end"),
    ):
        folder.append_verdict(result)
    folder.capture("TR-Conf.05a-N01@loop-wrapper").write_bytes(b"")
    return folder


@pytest.fixture
def finished(folder: RunFolder, catalogue: Catalogue) -> RunFolder:
    folder.write_summary(catalogue, FACTS, proof=ProofTable(figures={"TR-Conf.05a": (3, 4)}, fresh=True))
    return folder


def page_of(folder: RunFolder, catalogue: Catalogue) -> str:
    return build_report(folder.path, catalogue, console=Lines(), allure=no_allure).read_text()


def test_page_tells_finding_exchange_and_how_to_repeat(finished: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(finished, catalogue)
    assert "meter &lt;7&gt;" in page
    assert "meter <7>" not in page
    assert "an &lt;answer&gt;" in page
    assert "object-undefined" in page
    assert "conformeter run --device devices/x.toml --only TR-Conf.05a-N01@loop-wrapper" in page
    assert 'href="../captures/TR-Conf.05a-N01%40loop-wrapper.pcapng"' in page
    assert "3 of 4" in page


def test_headline_has_two_numbers_and_self_check_stands_apart(finished: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(finished, catalogue)
    assert re.search(r"0 of 3 passed; 1 inconclusive; \d+ clauses not tested", page)
    assert page.index("Harness self-check") < page.index("BI.01.step1-P01@head-end")
    assert "head-end" not in page[: page.index("Harness self-check")]


def test_inconclusive_and_untested_are_listed_by_class(finished: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(finished, catalogue)
    assert re.search(r"<h3>bench \(1\)</h3>.*?no load bench", page, re.DOTALL)
    assert re.search(r"<strong>inspection</strong>.*?keeps a photograph", page, re.DOTALL)


def test_every_link_within_the_page_leads_somewhere(finished: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(finished, catalogue)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert {f"clause-{clause}" for clause in catalogue.clauses} <= set(ids)


def test_pages_load_nothing_from_outside(finished: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(finished, catalogue)
    table = finished.traceability_html.read_text()
    for text in (page, table):
        assert loads_from_outside(text) == []
        assert "http://" not in text
        assert "https://" not in text
        assert str(finished.path) not in text


def test_banners_say_partial_interrupted_and_unproven(folder: RunFolder, catalogue: Catalogue) -> None:
    page = page_of(folder, catalogue)
    assert "<b>interrupted</b>the run did not come to its end" in page
    assert "<b>unproven</b>" in page
    facts = RunFacts(device={"name": "m"}, started="now", partial="--only TR-Conf.05")
    folder.write_summary(catalogue, facts, proof=ProofTable(fresh=True))
    page = page_of(folder, catalogue)
    assert "<b>partial</b>Not the whole suite on the whole device: --only TR-Conf.05" in page
    assert "<b>interrupted</b>" not in page
    assert "<b>unproven</b>" not in page


def test_failing_allure_is_told_and_costs_nothing(finished: RunFolder, catalogue: Catalogue) -> None:
    console = Lines()
    page = build_report(finished.path, catalogue, console=console, allure=no_allure).read_text()
    assert console.lines == ["no Allure pages: npm ci ended with code 1: offline"]
    assert console.lines[0] in page
    assert "by-step/index.html" not in page
    assert finished.traceability_html.exists()


def test_allure_pages_are_linked(finished: RunFolder, catalogue: Catalogue) -> None:
    page = build_report(finished.path, catalogue, console=Lines(), allure=with_allure).read_text()
    assert 'href="by-requirement/index.html"' in page
    assert 'href="by-step/index.html"' in page


def test_report_may_be_made_again(finished: RunFolder, catalogue: Catalogue) -> None:
    assert page_of(finished, catalogue) == page_of(finished, catalogue)
    uncovered = list(finished.allure_results.glob("uncovered-*"))
    assert len(uncovered) == len({path.name for path in uncovered}) > 10


def test_run_without_any_result_has_a_page(tmp_path: Path, catalogue: Catalogue) -> None:
    empty = RunFolder.create(tmp_path, "meter", STARTED)
    page = page_of(empty, catalogue)
    assert "No scenario ran." in page
    assert "0 of 0 passed" in page


def test_clause_that_the_catalogue_no_longer_has_is_still_shown(finished: RunFolder, catalogue: Catalogue) -> None:
    text = finished.verdicts.read_text().replace("TR-Conf.12a", "TR-Conf.99z")
    finished.verdicts.write_text(text)
    assert "TR-Conf.99z not in this catalogue" in page_of(finished, catalogue)
    assert "TR-Conf.99z" in finished.traceability_html.read_text()


def test_each_fail_has_a_page_that_explains_it(finished: RunFolder, catalogue: Catalogue) -> None:
    index = page_of(finished, catalogue)
    key = "TR-Conf.05a-N01@loop-wrapper"
    assert 'href="findings/TR-Conf.05a-N01%40loop-wrapper.html"' in index
    assert [path.name for path in (finished.report / "findings").iterdir()] == [finished.finding(key).name]
    page = finished.finding(key).read_text()
    assert catalogue.clauses["TR-Conf.05a"].statement in page
    assert "<dd>silence</dd>" in page
    assert "<strong>an answer</strong>" in page
    assert "<mark>01 04</mark>" in page
    assert "object-undefined" in page
    assert "runs the parser beyond the request" in page
    assert f"conformeter run --device devices/x.toml --only {key}" in page
    assert f"conformeter run --device replay://{finished.path.name} --only {key}" in page
    assert "Then nothing comes <span" in page
    assert loads_from_outside(page) == []
    assert str(finished.path) not in page
    assert set(re.findall(r'href="\.\./index\.html#([^"]+)"', page)) <= set(re.findall(r'\bid="([^"]+)"', index))


def test_pages_of_findings_that_are_gone_are_removed(finished: RunFolder, catalogue: Catalogue) -> None:
    page_of(finished, catalogue)
    (finished.report / "findings" / "old.html").write_text("")
    page_of(finished, catalogue)
    assert [path.name for path in (finished.report / "findings").iterdir()] == ["TR-Conf.05a-N01@loop-wrapper.html"]


def test_known_findings_are_shown_and_stale_ones_stand_out(folder: RunFolder, catalogue: Catalogue) -> None:
    listed = [
        {"key": key, "verdict": "FAIL", "reason": f"reason of {key}", "link": link}
        for key, link in (
            ("TR-Conf.05a-N01@loop-wrapper", "https://tracker.example/1"),
            ("TR-Conf.05a-P01@loop-wrapper", "ticket 2"),
            ("TR-Conf.05a-N99@loop-wrapper", "ticket 3"),
        )
    ]
    facts = replace(FACTS, known={"file": "known.toml", "entries": listed})
    folder.write_summary(catalogue, facts, proof=ProofTable())
    index = page_of(folder, catalogue)
    assert "2 of 3 known findings</a> did not come as listed" in index
    known = index[index.index('id="known"') : index.index('id="matrix"')]
    assert known.count(">stale<") == 2
    assert known.index("N99") < known.index("N01")
    assert 'href="https://tracker.example/1"' in known
    assert "did not run" in known
    page = folder.finding("TR-Conf.05a-N01@loop-wrapper").read_text()
    assert "<b>known</b>reason of TR-Conf.05a-N01@loop-wrapper" in page
    assert "<b>stale</b>" not in page_of_unknown(folder, catalogue)


def page_of_unknown(folder: RunFolder, catalogue: Catalogue) -> str:
    folder.write_summary(catalogue, FACTS, proof=ProofTable())
    return page_of(folder, catalogue)
