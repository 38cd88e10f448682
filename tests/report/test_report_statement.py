"""The statement of conformity: what it says, and when there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.self_contained import loads_from_outside
from harness.report.statement import Statement, make_statement, reasons_against
from harness.report.statement_pages import write_statement
from harness.report.summary import RunFacts
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
STARTED = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
FACTS = RunFacts(
    suite={"version": "0.1.0", "fingerprint": "abc"},
    device={"name": "meter <7>", "serial": "00000001", "firmware": "1.0", "roles": ["meter"], "doors": ["tcp"]},
    started=STARTED.isoformat(),
    finished=STARTED.isoformat(),
)
PROOF = ProofTable(figures={"TR-Conf.05a": (3, 3), "TR-Conf.08a": (1, 1), "TR-Conf.08b": (1, 1)}, fresh=True)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, "meter", STARTED)


def finish(
    folder: RunFolder,
    catalogue: Catalogue,
    *results: ScenarioResult,
    facts: RunFacts = FACTS,
    proof: ProofTable = PROOF,
    planned: tuple[str, ...] = (),
) -> None:
    folder.write_plan([*(result.key for result in results), *planned])
    for result in results:
        folder.append_verdict(result)
    folder.write_summary(catalogue, facts, proof=proof)


def statement_of(folder: RunFolder, catalogue: Catalogue) -> Statement:
    assert reasons_against(folder.path) == []
    return make_statement(folder, folder.summary(catalogue), catalogue)


def test_whole_and_proved_run_has_a_statement(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    good = [make_result(id_) for id_ in ("TR-Conf.05a-P01", "TR-Conf.05a-N01", "TR-Conf.08a-P01")]
    finish(folder, catalogue, *good, make_result("BI.01.step1-P01", door="head-end"))
    found = statement_of(folder, catalogue)
    assert found.outcome.startswith("The device conforms in all that was tested.")
    lines = {line.id: line for line in found.requirements}
    assert (lines["TR-Conf.05"].verdict, lines["TR-Conf.05"].remark) == (Verdict.PASS, "not tested: b")
    assert (lines["TR-Conf.08"].verdict, lines["TR-Conf.08"].remark) == (Verdict.PASS, "not tested: b; good only: a")
    assert lines["MF.1"].verdict is Verdict.NOT_TESTED
    assert lines["TR-Conf.03"].verdict is Verdict.NOT_APPLICABLE
    assert found.run["proof"].startswith("5 of 5 planted")
    assert set(lines) == {catalogue.requirement_of(clause).id for clause in catalogue.clauses}
    assert ("inspection", ("TR-Conf.02d",)) in [(each.reason_class, each.clauses) for each in found.not_tested]
    assert found.run["time"] == "3 in virtual time"
    assert found.device["firmware"] == "1.0"
    assert any("time was virtual" in remark for remark in found.remarks)


def test_how_verdicts_came_about_is_told(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    facts = replace(FACTS, device={**FACTS.device, "declaration": "replay://runs/x"})
    finish(folder, catalogue, replace(make_result("TR-Conf.07a-P01"), time="accelerated"), facts=facts)
    remarks = " ".join(statement_of(folder, catalogue).remarks)
    assert "1 results were reached sooner by setting the device's clock" in remarks
    assert "Judged again from a recorded run" in remarks
    assert "virtual" not in remarks


def test_a_resumed_run_says_so(folder: RunFolder, catalogue: Catalogue, make_result: Maker, tmp_path: Path) -> None:
    facts = replace(FACTS, resumed=("2026-03-02T11:00:00+01:00", "2026-03-02T12:00:00+01:00"))
    finish(folder, catalogue, make_result("TR-Conf.05a-N01"), facts=facts)
    found = statement_of(folder, catalogue)
    assert found.run["resumed"] == "2026-03-02 11:00:00+01:00, 2026-03-02 12:00:00+01:00"
    assert "The run broke off and was resumed 2 times; verdicts from before stayed as they were." in found.remarks
    assert all("2026-03-02 12:00:00+01:00" in path.read_text("utf-8") for path in write_statement(found, tmp_path))


def test_failures_and_open_ends_are_named(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    finish(
        folder,
        catalogue,
        make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.05a",)),
        make_result("TR-Conf.05b-N01", Verdict.INCONCLUSIVE, reason="device: x"),
        make_result("TR-Conf.02c-N01", Verdict.REVIEW, reason="look at the seal"),
        facts=replace(
            FACTS,
            known={"file": "known.toml", "entries": [{}]},
            residue={"unexpected": ["1.0.1.8.0 changed"]},
        ),
    )
    found = statement_of(folder, catalogue)
    assert found.outcome == "The device does not conform: TR-Conf.05 failed."
    line = next(line for line in found.requirements if line.id == "TR-Conf.05")
    assert next(line for line in found.requirements if line.id == "T.1").follows
    assert (line.verdict, line.remark) == (Verdict.FAIL, "fail: a; inconclusive: b")
    assert found.answered_by_people == ("TR-Conf.02c-N01@loop-wrapper: look at the seal",)
    assert "1 findings were known before (known.toml)." in found.remarks
    assert "1 unexpected changes were left in the device." in found.remarks


def test_open_ends_alone_are_no_conformity(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    finish(folder, catalogue, make_result("TR-Conf.05b-N01", Verdict.INCONCLUSIVE, reason="device: x"))
    assert statement_of(folder, catalogue).outcome == "No requirement failed; open: TR-Conf.05."


@pytest.mark.parametrize(
    ("decided", "outcome", "remark"),
    [
        ("conforms", "The device conforms in all that was tested.", "a person says: yes"),
        ("breaks", "The device does not conform: TR-Conf.02 failed.", "a person says: no"),
        (None, "No requirement failed; open: TR-Conf.02.", "to be decided"),
    ],
)
def test_what_people_have_decided_counts(
    decided: str | None, outcome: str, remark: str, folder: RunFolder, catalogue: Catalogue, make_result: Maker
) -> None:
    seen = make_result("TR-Conf.02d", Verdict.REVIEW, "TR-Conf.02d", door="inspection", reason="A. Tester has looked")
    finish(folder, catalogue, make_result("TR-Conf.05a-N01"), replace(seen, decided=decided))
    found = statement_of(folder, catalogue)
    assert found.outcome.startswith(outcome)
    assert found.answered_by_people == ("TR-Conf.02d@inspection: A. Tester has looked",)
    line = next(line for line in found.requirements if line.id == "TR-Conf.02")
    assert line.verdict is Verdict.REVIEW
    assert remark in line.remark


def test_nothing_judged_is_no_conformity(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    finish(folder, catalogue, make_result("TR-Conf.05b-N01", Verdict.NOT_APPLICABLE, reason="no cipher"))
    assert statement_of(folder, catalogue).outcome == "Nothing was judged."


def test_files_are_one_page_and_text(
    folder: RunFolder, catalogue: Catalogue, make_result: Maker, tmp_path: Path
) -> None:
    finish(folder, catalogue, make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.05a",)))
    html, text = write_statement(statement_of(folder, catalogue), tmp_path / "out")
    page = html.read_text()
    assert loads_from_outside(page) == []
    assert "meter &lt;7&gt;" in page
    assert "The device does not conform: TR-Conf.05 failed." in page
    assert "✗ fail" in page
    plain = text.read_text()
    assert "meter <7>" in plain
    assert "TR-Conf.05  FAIL            Diagnostic" in plain
    assert max(map(len, plain.splitlines())) <= 100


@pytest.mark.parametrize(
    ("facts", "fresh", "planned", "reason"),
    [
        (replace(FACTS, partial="--only TR-Conf.05"), True, (), "the run is partial: --only TR-Conf.05"),
        (replace(FACTS, interrupted="no device"), True, (), "the run was interrupted: no device"),
        (FACTS, False, (), "the run is unproven"),
        (FACTS, True, ("SU3.step1-P01@tcp",), "1 of 2 planned scenarios have no verdict: SU3.step1-P01@tcp"),
    ],
)
def test_run_that_says_too_little_has_none(
    facts: RunFacts,
    fresh: bool,
    planned: tuple[str, ...],
    reason: str,
    folder: RunFolder,
    catalogue: Catalogue,
    make_result: Maker,
) -> None:
    proof = replace(PROOF, fresh=fresh)
    finish(folder, catalogue, make_result("TR-Conf.05a-P01"), facts=facts, proof=proof, planned=planned)
    (only,) = reasons_against(folder.path)
    assert only.startswith(reason)


def test_every_reason_is_told_at_once(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    facts = replace(FACTS, partial="--door tcp", interrupted="no device")
    finish(folder, catalogue, make_result("TR-Conf.05a-P01"), facts=facts, proof=ProofTable())
    assert len(reasons_against(folder.path)) == 3


def test_unfinished_or_changed_run_has_none(folder: RunFolder, catalogue: Catalogue, make_result: Maker) -> None:
    folder.append_verdict(make_result("TR-Conf.05a-P01"))
    assert any(reason.startswith("verdicts.json: missing") for reason in reasons_against(folder.path))
    finish(folder, catalogue, make_result("TR-Conf.05a-P01"))
    folder.verdicts.write_text(folder.verdicts.read_text().replace('"PASS"', '"FAIL"', 1))
    assert any("add" in reason for reason in reasons_against(folder.path))
    folder.verdicts.write_text("{")
    assert any("no JSON" in reason for reason in reasons_against(folder.path))
