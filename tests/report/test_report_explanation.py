"""What the page of a FAIL says about it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harness.catalogue import Catalogue
from harness.report.exchange import Exchange, Line
from harness.report.explanation import Explanation, declared_names, explain
from harness.report.page_model import Card, Shown
from harness.verdict import Finding, ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]


def exchange_of(key: str, kind: str) -> Exchange:
    line = Line(number=4, time="", direction="", event="", octets="", step="", blamed=True)
    return Exchange(
        lines=(line,),
        tree=None,
        key=key,
        door="wan",
        number=line.number,
        kind=kind,
        request=None,
        answer=None,
        carrier=None,
    )


def explained(result: ScenarioResult, finding: Finding, exchange: Exchange | None, catalogue: Catalogue) -> Explanation:
    card = Card(
        result=result,
        anchor="a",
        repeat="",
        page=None,
        capture=None,
        findings=(Shown(finding=finding, exchange=exchange),),
    )
    return explain(card, catalogue, declaration="x.toml", run="run")


def finding_of(clause: str, expected: str, frame: int | None = 4) -> Finding:
    return Finding(clause=clause, expected=expected, observed="dar:12 and an_odd_word", frame=frame)


def test_clause_words_and_causes_are_told(catalogue: Catalogue, make_result: Maker) -> None:
    result = make_result("TR-Conf.05a-N20", Verdict.FAIL, blames=("TR-Conf.05a",))
    finding = finding_of("TR-Conf.05a", "aarq_secret_wrong: aare:1/user:13 or exception:1/2")
    found = explained(result, finding, exchange_of(result.key, "apdu_rx"), catalogue)
    (only,) = found.findings
    assert only.statement == catalogue.clauses["TR-Conf.05a"].statement
    assert only.requirement.startswith("TR-Conf.05 ")
    assert dict(only.words) == {
        "aarq_secret_wrong": "AARQ with a wrong secret",
        "aare:1/user:13": "the answer rejected-permanent, authentication-failure",
        "exception:1/2": "the answer service-not-allowed, service-not-supported",
        "dar:12": "the answer type-unmatched",
    }
    assert "Message 4" in only.happened
    own = catalogue.causes.texts_for("TR-Conf.05a-N20")
    assert found.causes[: len(own)] == own
    assert len(found.causes) > len(own)
    assert found.repeat == "conformeter run --device x.toml --only TR-Conf.05a-N20@loop-wrapper"
    assert 'key = "TR-Conf.05a-N20@loop-wrapper"' in found.expected_entry


def test_invariant_is_repeated_with_the_scenario_whose_traffic_it_judged(
    catalogue: Catalogue, make_result: Maker
) -> None:
    result = make_result("TR-Conf.05b-I01", Verdict.FAIL)
    exchange = exchange_of("SU3.step2-P01@loop-wrapper", "rx")
    found = explained(result, finding_of("TR-Conf.05b", "a higher counter"), exchange, catalogue)
    assert found.is_invariant
    assert found.repeat.endswith("--only SU3.step2-P01@loop-wrapper,TR-Conf.05b-I01@loop-wrapper")


def test_objects_and_times_are_put_into_words(catalogue: Catalogue, make_result: Maker, tmp_path: Path) -> None:
    result = make_result("TR-Conf.08a-P01", Verdict.FAIL, blames=("TR-Conf.08a",))
    finding = finding_of("TR-Conf.08a", "1.0.1.8.0.255 at 07ea030201060f0000ffc400, not 07ffffffffffffffffffffff")
    declaration = tmp_path / "declaration.toml"
    declaration.write_text('[objects]\nenergy_import_total = { class = 3, obis = "1.0.1.8.0.255" }\nx = "absent"\n')
    card = Card(
        result=result, anchor="", repeat="", page=None, capture=None, findings=(Shown(finding=finding, exchange=None),)
    )
    found = explain(card, catalogue, declaration="x", run="r", names=declared_names(declaration))
    assert dict(found.findings[0].words)["1.0.1.8.0.255"] == (
        "the object that the declaration calls energy import total"
    )
    assert dict(found.findings[0].words)["07ea030201060f0000ffc400"].startswith("the time 2026-03-02 06:15:00")
    assert declared_names(tmp_path / "none") == {}
    declaration.write_text("[")
    assert declared_names(declaration) == {}


def test_finding_without_a_frame_or_of_an_unknown_clause_is_told(catalogue: Catalogue, make_result: Maker) -> None:
    result = make_result("TR-Conf.05a-N20", Verdict.FAIL)
    no_frame = explained(result, finding_of("TR-Conf.99z", "x", None), None, catalogue).findings[0]
    assert (no_frame.statement, no_frame.requirement) == ("", "")
    assert "No single frame" in no_frame.happened
    gone = explained(result, finding_of("TR-Conf.05a", "x"), None, catalogue).findings[0]
    assert gone.happened == "Frame 4 is not in the trace of this run folder."
    quiet = explained(result, finding_of("TR-Conf.05a", "x"), exchange_of(result.key, "quiet"), catalogue).findings[0]
    assert "nothing had come" in quiet.happened


def test_both_doors_are_told_where_a_finding_needs_the_frames_of_two(catalogue: Catalogue, make_result: Maker) -> None:
    result = make_result("SU3.step2-P80", Verdict.FAIL, blames=("SU3.step2",))
    finding = Finding(clause="SU3.step2", expected="5 Wh", observed="7 Wh", frame=4, further=(2,))
    other = replace(exchange_of(result.key, "apdu_rx"), number=2, door="optical")
    card = Card(
        result=result,
        anchor="a",
        repeat="",
        page=None,
        capture=None,
        findings=(Shown(finding=finding, exchange=exchange_of(result.key, "rx"), further=(other,)),),
    )
    (only,) = explain(card, catalogue, declaration="x.toml", run="run").findings
    assert only.happened == "Frame 4 at door wan, beside frame 2 at door optical."
    assert only.further == (other,)
