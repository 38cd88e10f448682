"""The traceability matrix: what hangs on what, gaps with their reasons, exit codes."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.catalogue import Catalogue, load_catalogue, stamp, text_fingerprint
from harness.features import ScenarioSource
from harness.traceability import Traceability, run_trace, trace

Edit = Callable[..., Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A deviation."""

    name: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An invariant."""

    id: str
    clauses: tuple[str, ...]


def scenario(name: str, *more: str) -> ScenarioSource:
    clause, _, letter = name.rpartition("-")
    return ScenarioSource(
        id=name,
        title=f"{name} x",
        tags=(),
        file=Path("x.feature"),
        line=1,
        rows=(),
        positive=letter.startswith("P"),
        effects=("reads",),
        doors=(),
        needs=(),
        self_check=False,
        silence=False,
        clock_judged=False,
        clauses=(clause, *more),
    )


@pytest.fixture
def reviewed(edited: Edit) -> Catalogue:
    """The small catalogue with nothing suspect in it."""
    folder = edited()
    stamp(folder, {each.id: text_fingerprint(each) for each in load_catalogue(folder).requirements})
    return load_catalogue(folder)


def gaps_of(result: Traceability, clause: str) -> list[str]:
    return [gap.what for gap in result.gaps if gap.id == clause]


def row(result: Traceability, clause: str) -> dict[str, Any]:
    rows = [each for requirement in result.as_json()["requirements"] for each in requirement["clauses"]]
    (found,) = [each for each in rows if each["id"] == clause]
    assert isinstance(found, dict)
    return found


def test_what_hangs_on_a_clause(reviewed: Catalogue) -> None:
    scenarios = [
        scenario("TR-Conf.05a-P01"),
        scenario("TR-Conf.05b-N01", "TR-Conf.05a"),
        scenario("TR-Conf.05a-N02"),
    ]
    rules = [Rule(id="TR-Conf.05a-I01", clauses=("TR-Conf.05a",))]
    wrongs = [
        Wrong(name="says-yes", clauses=("TR-Conf.05a", "TR-Conf.05b")),
        Wrong(name="says-no", clauses=("TR-Conf.05a",)),
    ]
    result = trace(reviewed, scenarios, rules, wrongs)
    assert row(result, "TR-Conf.05a") == {
        "id": "TR-Conf.05a",
        "statement": "Diagnostics.",
        "verification": "test",
        "self_check": False,
        "scenarios": ["TR-Conf.05a-P01", "TR-Conf.05b-N01", "TR-Conf.05a-N02"],
        "invariants": ["TR-Conf.05a-I01"],
        "deviations": ["says-yes", "says-no"],
        "not_tested": None,
    }
    assert gaps_of(result, "TR-Conf.05a") == []


def test_clause_without_anything(reviewed: Catalogue) -> None:
    result = trace(reviewed, [], [], [])
    assert row(result, "TR-Conf.05a")["not_tested"] == {
        "class": "no scenario yet",
        "reason": "no scenario is tagged with it",
    }
    assert gaps_of(result, "TR-Conf.05a") == ["no scenario, and no reason why not"]


def test_clause_with_a_lasting_reason_is_no_gap(reviewed: Catalogue) -> None:
    result = trace(reviewed, [], [], [])
    assert row(result, "TR-Conf.05c")["not_tested"] == {"class": "inspection", "reason": "it is seen"}
    assert gaps_of(result, "TR-Conf.05c") == []


def test_reason_that_is_out_of_date(reviewed: Catalogue) -> None:
    both = [scenario("TR-Conf.05c-P01"), scenario("TR-Conf.05c-N01")]
    result = trace(reviewed, both, [], [Wrong(name="x", clauses=("TR-Conf.05c",))])
    assert row(result, "TR-Conf.05c")["not_tested"] is None
    assert gaps_of(result, "TR-Conf.05c") == ["scenarios test it although the catalogue says why they cannot"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["TR-Conf.05a-P01", "TR-Conf.05a-P02"], ["no invalid scenario"]),
        (["TR-Conf.05a-N01"], ["no valid scenario"]),
        (["TR-Conf.05a-N01", "TR-Conf.05a-P01"], []),
    ],
)
def test_valid_and_invalid_scenarios_are_due(reviewed: Catalogue, names: list[str], expected: list[str]) -> None:
    wrong = Wrong(name="x", clauses=("TR-Conf.05a",))
    result = trace(reviewed, [scenario(name) for name in names], [], [wrong])
    assert gaps_of(result, "TR-Conf.05a") == expected


def test_invariant_is_neither_valid_nor_invalid(reviewed: Catalogue) -> None:
    rule = Rule(id="TR-Conf.05a-I01", clauses=("TR-Conf.05a",))
    result = trace(reviewed, [], [rule], [Wrong(name="x", clauses=("TR-Conf.05a",))])
    assert row(result, "TR-Conf.05a")["not_tested"] is None
    assert gaps_of(result, "TR-Conf.05a") == ["no valid and no invalid scenario"]


def test_deviation_is_due(reviewed: Catalogue) -> None:
    both = [scenario("TR-Conf.05a-P01"), scenario("TR-Conf.05a-N01")]
    assert gaps_of(trace(reviewed, both, [], []), "TR-Conf.05a") == ["no deviation"]


def test_threat_is_judged_by_the_clauses_that_answer_it(reviewed: Catalogue) -> None:
    wrong = Wrong(name="x", clauses=("TR-Conf.05b",))
    result = trace(reviewed, [scenario("TR-Conf.05b-N01")], [], [wrong])
    assert row(result, "T.1")["scenarios"] == ["TR-Conf.05b-N01"]
    assert row(result, "T.1")["deviations"] == ["x"]
    assert gaps_of(result, "T.1") == []


def test_threat_without_scenarios_names_the_clauses(reviewed: Catalogue) -> None:
    rule = Rule(id="TR-Conf.05b-I01", clauses=("TR-Conf.05b",))
    result = trace(reviewed, [], [rule], [])
    assert row(result, "T.1")["not_tested"] == {
        "class": "no scenario yet",
        "reason": "no scenario is tagged with it or with TR-Conf.05b",
    }
    assert gaps_of(result, "T.1") == ["no scenario, and no reason why not"]


def test_clause_verified_by_declaration_has_its_reason(edited: Edit) -> None:
    folder = edited("small.toml", 'verification = "test"', 'verification = "declaration"')
    result = trace(load_catalogue(folder), [], [], [])
    assert row(result, "TR-Conf.05a")["not_tested"] == {
        "class": "declaration",
        "reason": "verified by reading the device's declaration",
    }
    assert gaps_of(result, "TR-Conf.05a") == []


def test_names_of_clauses_that_do_not_exist(reviewed: Catalogue) -> None:
    rule = Rule(id="TR-Conf.77a-I01", clauses=("TR-Conf.77a",))
    result = trace(reviewed, [], [rule], [Wrong(name="x", clauses=("TR-Conf.77a",))])
    assert gaps_of(result, "TR-Conf.77a") == [
        "invariant TR-Conf.77a-I01 names it, but the catalogue has no such clause",
        "deviation x names it, but the catalogue has no such clause",
    ]


def test_changed_text_is_a_gap_and_marks_both_ends(edited: Edit, reviewed: Catalogue) -> None:
    text = 'statement = "Silence."'
    file = next(Path(edited().parent).rglob("small.toml"))
    file.write_text(file.read_text("utf-8").replace(text, 'statement = "Rest."'), "utf-8")
    stamps = {each.id: each.fingerprint for each in reviewed.requirements}
    stamp(file.parent, stamps)
    result = trace(load_catalogue(file.parent), [], [], [])
    assert gaps_of(result, "TR-Conf.05") == [
        "the text has changed since its review; suspect links: T.1 mitigated_by TR-Conf.05b"
    ]
    suspects = {each["id"]: each["suspect"] for each in result.as_json()["requirements"]}
    assert suspects == {"TR-Conf.05": True, "BI.01": False, "T.1": True}


def test_source_and_derived_are_counted_apart(reviewed: Catalogue) -> None:
    result = trace(reviewed, [scenario("TR-Conf.05a-P01")], [], [])
    assert result.as_json()["totals"] == {
        "source": {
            "requirements": 2,
            "clauses": 5,
            "with_scenarios": 1,
            "not_tested": {"inspection": 1, "no scenario yet": 3},
        },
        "derived": {
            "requirements": 1,
            "clauses": 1,
            "with_scenarios": 0,
            "not_tested": {"no scenario yet": 1},
        },
    }


FEATURE = """\
Feature: Everything

  @TR-Conf.05a @TR-Conf.05b @BI.01.step3 @positive @effect.reads
  Scenario: TR-Conf.05a-P01 Right [1]
    Given a device

  @TR-Conf.05a @TR-Conf.05b @BI.01.step3 @negative @effect.reads
  Scenario: TR-Conf.05a-N01 Wrong
    Given a device

  @BI.01.step1 @selfcheck @positive @effect.reads
  Scenario: BI.01.step1-P01 Asked
    Given a head end

  @BI.01.step1 @selfcheck @negative @effect.reads
  Scenario: BI.01.step1-N01 Asked wrongly
    Given a head end
"""

EVERYTHING = Wrong(name="breaks-all", clauses=("TR-Conf.05a", "TR-Conf.05b", "BI.01.step1", "BI.01.step3"))


def run(root: Path, *, as_json: bool = False, allow_gaps: bool = False, wrong: bool = True) -> tuple[int, str]:
    out = io.StringIO()
    code = run_trace(
        root,
        as_json=as_json,
        allow_gaps=allow_gaps,
        console=Console(file=out, width=120),
        invariants=[],
        deviations=[EVERYTHING] if wrong else [],
    )
    return code, out.getvalue()


@pytest.fixture
def root(edited: Edit, reviewed: Catalogue, tmp_path: Path) -> Path:
    """A suite without gaps."""
    stamp(edited(), {each.id: text_fingerprint(each) for each in reviewed.requirements})
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "all.feature").write_text(FEATURE, "utf-8")
    return tmp_path


def test_suite_without_gaps(root: Path) -> None:
    code, text = run(root)
    assert code == 0
    assert "no gaps" in text
    assert "not tested (inspection): it is seen" in text
    assert "printed in the source: 2 requirements, 5 clauses, 4 with scenarios; 1 not tested (1 inspection)" in text
    assert "derived: 1 requirements, 1 clauses, 1 with scenarios" in text


def test_gaps_give_exit_code_1_unless_allowed(root: Path) -> None:
    code, text = run(root, wrong=False)
    assert code == 1
    assert "4 gaps:" in text
    assert "  TR-Conf.05a: no deviation" in text
    assert run(root, wrong=False, allow_gaps=True)[0] == 0


def test_suite_without_scenarios_says_so_at_every_clause(root: Path) -> None:
    (root / "features" / "all.feature").unlink()
    code, text = run(root)
    assert code == 1
    assert text.count("no scenario yet") == 5 + 2


def test_json_answer(root: Path) -> None:
    code, text = run(root, as_json=True, wrong=False)
    answer = json.loads(text)
    assert code == 1
    assert answer["schema"] == 1
    assert [each["id"] for each in answer["requirements"]] == ["TR-Conf.05", "BI.01", "T.1"]
    assert {"id": "TR-Conf.05a", "what": "no deviation"} in answer["gaps"]


def test_statement_in_brackets_is_printed_as_it_is(root: Path) -> None:
    file = root / "requirements" / "small.toml"
    file.write_text(file.read_text("utf-8").replace('"Silence."', '"[bold]Silence[/nothing]."'), "utf-8")
    code, text = run(root)
    assert code == 1
    assert "[bold]Silence[/nothing]." in text


def test_wide_answer_is_not_wrapped(root: Path) -> None:
    file = root / "requirements" / "small.toml"
    file.write_text(file.read_text("utf-8").replace('"it is seen"', f'"{"seen " * 100}"'), "utf-8")
    assert json.loads(run(root, as_json=True)[1])["schema"] == 1
