"""The run folder: what is written, and what survives a crash."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.catalogue import Catalogue
from harness.errors import UsageError
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts, Summary, result_from_json, result_to_json
from harness.verdict import Finding, ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
STARTED = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
FACTS = RunFacts(
    suite={"version": "0.1.0", "fingerprint": "abc"},
    device={"name": "reference", "serial": "00000001"},
    started=STARTED.isoformat(),
    partial="--only TR-Conf.05",
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", "reference", STARTED)


@pytest.fixture
def filled(folder: RunFolder, make_result: Maker) -> RunFolder:
    folder.append_verdict(make_result("TR-Conf.05a-P01"))
    folder.append_verdict(make_result("TR-Conf.05a-N01", Verdict.FAIL, reason="=1+1", blames=("TR-Conf.05a",)))
    folder.append_verdict(make_result("TR-Conf.05b-N10", Verdict.INCONCLUSIVE, reason="bench: no clock", row="set"))
    folder.append_verdict(make_result("SU3.step2-P01", Verdict.ERROR, reason="\x00odd"))
    folder.append_verdict(make_result("BI.01.step1-P01", door="head-end"))
    return folder


def test_folder_is_named_by_time_and_device(folder: RunFolder) -> None:
    assert folder.path.name == "20260302T101530-reference"
    assert folder.log.read_text() == ""


def test_second_run_within_a_second_gets_its_own_folder(folder: RunFolder) -> None:
    again = RunFolder.create(folder.path.parent, "reference", STARTED)
    assert again.path.name == "20260302T101530-reference-2"


def test_device_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    made = RunFolder.create(tmp_path, "../../x y/ü", STARTED)
    assert made.path.parent == tmp_path
    assert re.fullmatch(r"[\w.@-]+", made.path.name)


def test_capture_is_named_by_the_key(folder: RunFolder) -> None:
    assert folder.capture("TR-Conf.05b-N10.set@loop-hdlc").name == "TR-Conf.05b-N10.set@loop-hdlc.pcapng"


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_open_says_what_is_expected(tmp_path: Path, what: str) -> None:
    if what == "empty":
        (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=rf"{what}: .*expected"):
        RunFolder.open(tmp_path / what)


def test_results_come_back(filled: RunFolder, make_result: Maker) -> None:
    results = RunFolder.open(filled.path).results()
    assert results[0] == make_result("TR-Conf.05a-P01")
    assert [result.verdict.value for result in results] == ["PASS", "FAIL", "INCONCLUSIVE", "ERROR", "PASS"]


def test_repeated_key_counts_once_with_its_last_result(folder: RunFolder, make_result: Maker) -> None:
    folder.append_verdict(make_result("TR-Conf.05a-P01", Verdict.ERROR))
    folder.append_verdict(make_result("TR-Conf.05a-P01"))
    assert [result.verdict for result in folder.results()] == [Verdict.PASS]


def test_line_cut_off_by_a_crash_is_left_out_and_overwritten(filled: RunFolder, make_result: Maker) -> None:
    whole = filled.log.read_bytes()
    filled.log.write_bytes(whole[:-20])
    assert len(filled.results()) == 4
    filled.append_verdict(make_result("TR-Conf.06a-P01"))
    assert [result.id for result in filled.results()][-2:] == ["SU3.step2-P01", "TR-Conf.06a-P01"]


def test_only_line_cut_off_leaves_an_empty_log(folder: RunFolder, make_result: Maker) -> None:
    folder.log.write_text('{"key": "TR')
    assert folder.results() == ()
    folder.append_verdict(make_result("TR-Conf.06a-P01"))
    assert len(folder.results()) == 1


def test_damaged_line_in_the_middle_is_named(filled: RunFolder) -> None:
    filled.log.write_text('{"key": 1}\n' + filled.log.read_text())
    with pytest.raises(UsageError, match="line 1"):
        filled.results()


def test_verdicts_json_has_the_published_names(filled: RunFolder, catalogue: Catalogue) -> None:
    filled.write_summary(catalogue, FACTS, proof=ProofTable(figures={"TR-Conf.05a": (3, 4)}, fresh=True))
    document = json.loads(filled.verdicts.read_text())
    assert document["schema"] == 1
    assert document["suite"] == {"version": "0.1.0", "fingerprint": "abc"}
    assert document["device"]["name"] == "reference"
    assert (document["partial"], document["partial_because"]) == (True, "--only TR-Conf.05")
    assert document["interrupted"] is False
    assert (document["totals"]["PASS"], document["totals"]["FAIL"], document["totals"]["ERROR"]) == (1, 1, 1)
    assert document["self_check"]["totals"]["PASS"] == 1
    scenario = document["scenarios"][1]
    names = "key id row door title requirements verdict reason findings time duration_s"
    assert set(names.split()) <= set(scenario)
    assert scenario["findings"] == [
        {
            "clause": "TR-Conf.05a",
            "expected": "silence",
            "observed": "an answer",
            "frame": 4,
            "note": None,
            "further": [],
        }
    ]
    clause = next(clause for clause in document["clauses"] if clause["id"] == "TR-Conf.05a")
    assert (clause["verdict"], clause["qualifier"]) == ("FAIL", None)
    assert clause["scenarios"] == ["TR-Conf.05a-P01", "TR-Conf.05a-N01"]
    assert clause["proof"] == {"caught": 3, "tried": 4}


def test_summary_comes_back(filled: RunFolder, catalogue: Catalogue) -> None:
    written = filled.write_summary(catalogue, FACTS, proof=ProofTable(fresh=True))
    assert RunFolder.open(filled.path).summary(catalogue) == written
    assert Summary.from_json(written.to_json()) == written


def test_unfinished_run_says_so(filled: RunFolder, catalogue: Catalogue) -> None:
    filled.write_facts(FACTS, STARTED)
    summary = RunFolder.open(filled.path).summary(catalogue)
    assert summary.facts.interrupted == "the run did not come to its end"
    assert (summary.facts.device, summary.facts.partial) == (FACTS.device, FACTS.partial)
    assert len(summary.results) == 5


def test_summary_is_replaced_as_a_whole(
    filled: RunFolder, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.write_summary(catalogue, FACTS, proof=ProofTable())
    before = filled.verdicts.read_text()

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr("os.replace", power_cut)
    with pytest.raises(OSError, match="power cut"):
        filled.write_summary(catalogue, RunFacts(), proof=ProofTable())
    assert filled.verdicts.read_text() == before


@pytest.mark.parametrize("text", ["[1]", "{", '{"schema": 2}', '{"schema": 1}'])
def test_wrong_verdicts_json_is_a_usage_error(filled: RunFolder, catalogue: Catalogue, text: str) -> None:
    filled.verdicts.write_text(text)
    with pytest.raises(UsageError, match="verdicts"):
        filled.summary(catalogue)


def test_headline_gives_two_numbers(filled: RunFolder, catalogue: Catalogue) -> None:
    text = str(filled.write_summary(catalogue, FACTS, proof=ProofTable()).headline())
    assert re.match(r"0 of 2 passed; 1 inconclusive; \d+ clauses not tested \(.*1 inspection.*\)$", text)


def test_environment_names_no_user_host_or_path(filled: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "labhost77")
    filled.write_facts(FACTS, STARTED)
    text = filled.environment.read_text()
    assert json.loads(text)["time_zone"]["offset"] == "+0000"
    assert "labhost77" not in text
    assert str(Path.home()) not in text


def test_junit_has_one_property_of_requirements_per_case(filled: RunFolder, catalogue: Catalogue) -> None:
    filled.write_summary(catalogue, FACTS, proof=ProofTable())
    root = ET.parse(filled.junit).getroot()
    suites = {suite.get("name"): suite for suite in root}
    device = suites["reference"]
    assert [device.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "1", "1", "1"]
    assert suites["harness self-check"].get("tests") == "1"
    for case in root.iter("testcase"):
        names = [each.get("name") for each in case.iter("property")]
        assert names.count("requirements") == 1
    failure = next(root.iter("failure"))
    assert failure.get("message") == "FAIL: =1+1"
    assert "expected silence; observed an answer (frame 4)" in (failure.text or "")
    assert next(root.iter("error")).get("message") == "ERROR: \N{REPLACEMENT CHARACTER}odd"


def test_traceability_csv_has_every_clause_and_no_formula(filled: RunFolder, catalogue: Catalogue) -> None:
    filled.write_summary(catalogue, FACTS, proof=ProofTable())
    rows = list(csv.DictReader(io.StringIO(filled.traceability_csv.read_text())))
    assert {row["clause"] for row in rows} == set(catalogue.clauses)
    failed = next(row for row in rows if row["scenario"] == "TR-Conf.05a-N01")
    assert (failed["reason"], failed["door"], failed["verdict"]) == ("'=1+1", "loop-wrapper", "FAIL")
    untested = next(row for row in rows if row["clause"] == "TR-Conf.02d")
    assert untested["verdict"] == "NOT_TESTED"
    assert "seal" in untested["reason"]


@given(
    verdict=st.sampled_from(list(Verdict)),
    texts=st.tuples(st.text(), st.text(), st.text()),
    frame=st.none() | st.integers(0, 10**9),
)
@settings(max_examples=50)
def test_any_result_survives_the_log(
    tmp_path_factory: pytest.TempPathFactory, verdict: Verdict, texts: tuple[str, str, str], frame: int | None
) -> None:
    result = ScenarioResult(
        key="TR-Conf.05a-P01@tcp",
        id="TR-Conf.05a-P01",
        row=None,
        door="tcp",
        title=texts[0],
        requirements=("TR-Conf.05a",),
        verdict=verdict,
        reason=texts[1],
        findings=(Finding(clause="TR-Conf.05a", expected=texts[2], observed="", frame=frame),),
    )
    assert result_from_json(json.loads(json.dumps(result_to_json(result)))) == result
    folder = RunFolder.create(tmp_path_factory.mktemp("runs"), "device", STARTED)
    folder.append_verdict(result)
    assert folder.results() == (result,)


def test_results_csv_has_a_row_for_each_result_and_no_formula(filled: RunFolder, catalogue: Catalogue) -> None:
    filled.write_summary(catalogue, FACTS, proof=ProofTable())
    rows = list(csv.DictReader(io.StringIO(filled.results_csv.read_text())))
    assert [row["key"] for row in rows] == [result.key for result in filled.results()]
    failed = rows[1]
    assert (failed["verdict"], failed["reason"], failed["requirements"]) == ("FAIL", "'=1+1", "TR-Conf.05a")
    assert (failed["finding_expected"], failed["finding_observed"]) == ("silence", "an answer")
    assert (failed["finding_frame"], failed["findings"], failed["time"]) == ("4", "1", "virtual")
    assert [row["about"] for row in rows] == ["device"] * 4 + ["harness"]
    assert rows[0]["finding_frame"] == ""


def test_plan_is_kept_in_its_order(folder: RunFolder) -> None:
    assert folder.planned_keys() is None
    folder.write_plan(["b@x", "a@x"])
    assert folder.planned_keys() == ("b@x", "a@x")
