"""Two runs against each other, by result key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.report.comparison import GROUPS, ComparedRun, compare, compared_run
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts, Summary
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
FACTS = RunFacts(
    suite={"version": "0.1.0", "fingerprint": "abc"},
    device={"name": "meter", "manufacturer": "CFM", "serial": "00000001", "firmware": "1.0"},
    started="2026-03-02T10:15:30+00:00",
)


def run_of(name: str, *results: ScenarioResult, facts: RunFacts = FACTS, declaration: str = "d") -> ComparedRun:
    return ComparedRun(name=name, summary=Summary(facts=facts, results=results, clauses=()), declaration=declaration)


@pytest.mark.parametrize(
    ("before", "after", "groups"),
    [
        (Verdict.PASS, Verdict.FAIL, {"new_failures"}),
        (Verdict.INCONCLUSIVE, Verdict.FAIL, {"new_failures"}),
        (None, Verdict.FAIL, {"new_failures", "new"}),
        (Verdict.FAIL, Verdict.PASS, {"fixed"}),
        (Verdict.FAIL, Verdict.FAIL, {"still_failing"}),
        (Verdict.FAIL, Verdict.INCONCLUSIVE, {"no_longer_judged"}),
        (Verdict.PASS, Verdict.ERROR, {"no_longer_judged"}),
        (Verdict.INCONCLUSIVE, Verdict.PASS, {"judged_now"}),
        (Verdict.ERROR, Verdict.REVIEW, {"other"}),
        (None, Verdict.PASS, {"new"}),
        (Verdict.FAIL, None, {"gone"}),
        (Verdict.PASS, Verdict.PASS, set()),
        (Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, set()),
    ],
)
def test_each_key_stands_where_it_belongs(
    before: Verdict | None, after: Verdict | None, groups: set[str], make_result: Maker
) -> None:
    sides = [
        run_of(name, *([make_result("TR-Conf.05a-N01", verdict)] if verdict else []))
        for name, verdict in (("a", before), ("b", after))
    ]
    found = compare(sides[0], sides[1])
    assert {group for group in GROUPS if found.changes[group]} == groups
    assert found.unchanged == (not groups)
    assert found.has_new_failures == (Verdict.FAIL is after and before is not Verdict.FAIL)
    assert found.warnings == ()


def test_same_scenario_at_another_door_is_another_key(make_result: Maker) -> None:
    before = run_of("a", make_result("TR-Conf.05a-N01", door="x"))
    after = run_of("b", make_result("TR-Conf.05a-N01", Verdict.FAIL, door="y", blames=("TR-Conf.05a",)))
    found = compare(before, after)
    assert [change.key for change in found.changes["new_failures"]] == ["TR-Conf.05a-N01@y"]
    assert [change.key for change in found.changes["gone"]] == ["TR-Conf.05a-N01@x"]


def test_failure_on_another_clause_is_told(make_result: Maker) -> None:
    before = run_of("a", make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.05a",)))
    after = run_of("b", make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.04a",)))
    assert compare(before, after).changes["still_failing"][0].note == "another finding"
    assert compare(before, before).changes["still_failing"][0].note == ""


def test_what_else_is_different_is_told(make_result: Maker) -> None:
    other = replace(
        FACTS,
        suite={"version": "0.1.0", "fingerprint": "def"},
        device={**FACTS.device, "serial": "00000002"},
        partial="--only TR-Conf.05",
        interrupted="stopped by the operator",
    )
    found = compare(run_of("a"), run_of("b", facts=other, declaration="e"))
    assert list(found.warnings) == [
        "another serial of the device: 00000001, then 00000002",
        "another fingerprint of the suite: abc, then def",
        "another declaration: the device was described in another way",
        "b is partial: --only TR-Conf.05",
        "b was interrupted: stopped by the operator",
    ]


def test_run_folder_is_a_side_finished_or_not(tmp_path: Path, make_result: Maker, catalogue: Catalogue) -> None:
    folder = RunFolder.create(tmp_path, "meter", datetime(2026, 3, 2, tzinfo=UTC))
    folder.append_verdict(make_result("TR-Conf.05a-P01"))
    cut = compared_run(folder, catalogue)
    assert cut.summary.facts.interrupted
    assert cut.declaration is None
    folder.declaration.write_text("x = 1\n")
    folder.write_summary(catalogue, FACTS, proof=ProofTable())
    whole = compared_run(folder, catalogue)
    assert whole.declaration is not None
    document = compare(cut, whole).to_json()
    assert document["before"] == document["after"] == folder.path.name
    assert document["unchanged"] == 1
    assert all(document[group] == [] for group in GROUPS)
