"""From results of scenarios to verdicts of clauses."""

from collections.abc import Callable

import pytest

from harness.catalogue import Catalogue
from harness.report.rollup import ClauseOutcome, ProofTable, roll_up
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
FRESH = ProofTable(figures={"TR-Conf.05a": (3, 4), "TR-Conf.05b": (0, 2)}, fresh=True)


def outcomes(
    catalogue: Catalogue, results: list[ScenarioResult], proof: ProofTable = FRESH
) -> dict[str, ClauseOutcome]:
    return {outcome.id: outcome for outcome in roll_up(catalogue, results, proof=proof)}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASS, Verdict.PASS], Verdict.PASS),
        ([Verdict.PASS, Verdict.NOT_APPLICABLE], Verdict.PASS),
        ([Verdict.NOT_APPLICABLE], Verdict.NOT_APPLICABLE),
        ([Verdict.PASS, Verdict.REVIEW], Verdict.REVIEW),
        ([Verdict.REVIEW, Verdict.INCONCLUSIVE], Verdict.INCONCLUSIVE),
        ([Verdict.INCONCLUSIVE, Verdict.ERROR, Verdict.PASS], Verdict.ERROR),
    ],
)
def test_clause_takes_the_worst_of_its_results(
    catalogue: Catalogue, make_result: Maker, verdicts: list[Verdict], expected: Verdict
) -> None:
    results = [make_result(f"TR-Conf.05a-N{n:02}", verdict) for n, verdict in enumerate(verdicts)]
    assert outcomes(catalogue, results)["TR-Conf.05a"].verdict is expected


def test_fail_counts_against_the_clause_that_a_finding_names(catalogue: Catalogue, make_result: Maker) -> None:
    failed = make_result("TR-Conf.05a-N01", Verdict.FAIL, "TR-Conf.05a", "SU3.step2", blames=("TR-Conf.05a",))
    assert outcomes(catalogue, [failed])["TR-Conf.05a"].verdict is Verdict.FAIL


def test_failed_scenario_contributes_nothing_to_its_other_clauses(catalogue: Catalogue, make_result: Maker) -> None:
    failed = make_result("TR-Conf.05a-N01", Verdict.FAIL, "TR-Conf.05a", "SU3.step2", blames=("TR-Conf.05a",))
    other = outcomes(catalogue, [failed])["SU3.step2"]
    assert other.verdict is Verdict.NOT_TESTED
    assert other.untested is not None
    assert other.untested.reason == "its scenario failed on another clause"
    passed = make_result("SU3.step2-P01")
    assert outcomes(catalogue, [failed, passed])["SU3.step2"].verdict is Verdict.PASS


def test_finding_may_blame_a_clause_that_the_scenario_is_not_tagged_with(
    catalogue: Catalogue, make_result: Maker
) -> None:
    failed = make_result("TR-Conf.05a-N01", Verdict.FAIL, "TR-Conf.05a", blames=("TR-Conf.04a",))
    found = outcomes(catalogue, [failed])
    assert found["TR-Conf.04a"].verdict is Verdict.FAIL
    assert found["TR-Conf.05a"].verdict is Verdict.NOT_TESTED


def test_fail_without_a_finding_is_the_fault_of_the_harness(catalogue: Catalogue, make_result: Maker) -> None:
    found = outcomes(catalogue, [make_result("TR-Conf.05a-N01", Verdict.FAIL)])
    assert found["TR-Conf.05a"].verdict is Verdict.ERROR


def test_pass_with_positive_scenarios_only_is_good_only(catalogue: Catalogue, make_result: Maker) -> None:
    found = outcomes(catalogue, [make_result("TR-Conf.05a-P01"), make_result("TR-Conf.05a-I01")])
    assert found["TR-Conf.05a"].qualifier == "good only"
    both = [make_result("TR-Conf.05a-P01"), make_result("TR-Conf.05a-N01")]
    assert outcomes(catalogue, both)["TR-Conf.05a"].qualifier is None


def test_scenarios_that_caught_no_deviation_leave_the_clause_unproven(catalogue: Catalogue, make_result: Maker) -> None:
    outcome = outcomes(catalogue, [make_result("TR-Conf.05b-N01")])["TR-Conf.05b"]
    assert (outcome.qualifier, outcome.caught, outcome.tried) == ("unproven", 0, 2)


def test_stale_proof_leaves_every_pass_unproven(catalogue: Catalogue, make_result: Maker) -> None:
    stale = ProofTable(figures=FRESH.figures, fresh=False)
    outcome = outcomes(catalogue, [make_result("TR-Conf.05a-N01")], stale)["TR-Conf.05a"]
    assert (outcome.verdict, outcome.qualifier) == (Verdict.PASS, "unproven")


def test_fail_carries_no_qualifier(catalogue: Catalogue, make_result: Maker) -> None:
    failed = make_result("TR-Conf.05b-N01", Verdict.FAIL, blames=("TR-Conf.05b",))
    assert outcomes(catalogue, [failed])["TR-Conf.05b"].qualifier is None


def test_self_check_counts_for_the_harness_and_never_for_the_device(catalogue: Catalogue, make_result: Maker) -> None:
    own = make_result("BI.01.step1-P01", Verdict.PASS, "BI.01.step1", "BI.01.step3", door="head-end")
    found = outcomes(catalogue, [own])
    assert (found["BI.01.step1"].verdict, found["BI.01.step1"].self_check) == (Verdict.PASS, True)
    shared = found["BI.01.step3"]
    assert (shared.verdict, shared.self_check) == (Verdict.NOT_TESTED, False)
    assert shared.untested is not None
    assert shared.untested.reason_class == "self-check only"


def test_reasons_why_nothing_ran(catalogue: Catalogue) -> None:
    known = {"TR-Conf.06a": ["TR-Conf.06a-P01"]}
    found = {
        outcome.id: outcome.untested
        for outcome in roll_up(catalogue, [], proof=FRESH, scenarios=known, why_not_run="--only SU3")
    }
    classes = {clause: untested.reason_class for clause, untested in found.items() if untested is not None}
    assert classes["TR-Conf.02d"] == "inspection"
    assert classes["TR-Conf.06a"] == "not run"
    assert classes["TR-Conf.07a"] == "no scenario yet"
    run_reason = found["TR-Conf.06a"]
    assert run_reason is not None
    assert run_reason.reason == "--only SU3"


@pytest.mark.parametrize(("roles", "expected"), [(["meter"], "not applicable"), (["meter", "nnap"], "not run")])
def test_clause_whose_condition_the_identity_does_not_meet_says_so(
    catalogue: Catalogue, roles: list[str], expected: str
) -> None:
    found = roll_up(catalogue, [], proof=FRESH, identity={"roles": roles})
    untested = next(outcome.untested for outcome in found if outcome.id == "TR-Conf.03a")
    assert untested is not None
    assert untested.reason_class == expected


def test_threat_is_answered_only_when_every_linked_clause_has_a_verdict(
    catalogue: Catalogue, make_result: Maker
) -> None:
    threat = next(id for id, clause in catalogue.clauses.items() if clause.verification == "links")
    linked = catalogue.linked_clauses(threat)
    all_passed = [make_result(f"{clause}-N01") for clause in linked]
    found = outcomes(catalogue, all_passed)[threat]
    assert (found.verdict, found.linked) == (Verdict.PASS, linked)
    missing = outcomes(catalogue, all_passed[1:])[threat]
    assert missing.verdict is Verdict.NOT_TESTED
    assert missing.untested is not None
    assert linked[0] in missing.untested.reason


def test_every_clause_of_the_catalogue_has_an_outcome(catalogue: Catalogue) -> None:
    assert list(outcomes(catalogue, [])) == list(catalogue.clauses)
    assert all(outcome.untested is not None for outcome in outcomes(catalogue, []).values())


def test_invariants_alone_do_not_pass_a_clause_but_fail_it(catalogue: Catalogue, make_result: Maker) -> None:
    held = make_result("TR-Conf.05a-I01")
    alone = outcomes(catalogue, [held])["TR-Conf.05a"]
    assert alone.verdict is Verdict.NOT_TESTED
    assert alone.untested is not None
    assert "1 invariants hold" in alone.untested.reason
    assert outcomes(catalogue, [held, make_result("TR-Conf.05a-N01")])["TR-Conf.05a"].verdict is Verdict.PASS
    broken = make_result("TR-Conf.05a-I02", Verdict.FAIL, "TR-Conf.05a", blames=("TR-Conf.05a",))
    assert outcomes(catalogue, [held, broken])["TR-Conf.05a"].verdict is Verdict.FAIL
