"""Feature files: what is read from them, and what is refused with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.errors import FeatureError
from harness.features import ScenarioSource, read_features

GOOD = """\
Feature: Diagnostics

  @TR-Conf.05a @positive @effect.reads @needs.clock @door.hdlc
  Scenario: TR-Conf.05a-P01 A good request is answered
    Given a device
    When it is asked
    Then it answers
"""

OUTLINE = """\
@TR-Conf.05b
Feature: Silence

  @negative @effect.reads @effect.locks_out @silence @BI.01.step3
  Scenario Outline: TR-Conf.05b-N07 A wrong <what> gets no answer
    When a wrong <what> is sent
    Then nothing comes

    Examples: first
      | row  | what |
      | tag  | tag  |
      | key2 | key  |

    Examples: second
      | what  | row   |
      | suite | suite |
"""

Read = Callable[..., tuple[ScenarioSource, ...]]


@pytest.fixture
def read(tmp_path: Path, small: Catalogue) -> Read:
    """Reads feature texts as the files ``1.feature``, ``sub/2.feature`` and so on."""

    def read(*texts: str, needs: tuple[str, ...] | None = None) -> tuple[ScenarioSource, ...]:
        folder = tmp_path / "features"
        (folder / "sub").mkdir(parents=True)
        for number, text in enumerate(texts, start=1):
            name = "1.feature" if number == 1 else f"sub/{number}.feature"
            (folder / name).write_text(text, encoding="utf-8")
        return read_features(folder, small, needs=needs)

    return read


def problems(read: Read, *texts: str, needs: tuple[str, ...] | None = None) -> list[str]:
    """Return the problems as ``line: text``, for the first file without its name."""
    with pytest.raises(FeatureError) as caught:
        read(*texts, needs=needs)
    return [line.partition("features/")[2].removeprefix("1.feature:") for line in str(caught.value).splitlines()]


def test_plain_scenario(read: Read, tmp_path: Path) -> None:
    (scenario,) = read(GOOD)
    assert scenario == ScenarioSource(
        id="TR-Conf.05a-P01",
        title="TR-Conf.05a-P01 A good request is answered",
        tags=("TR-Conf.05a", "positive", "effect.reads", "needs.clock", "door.hdlc"),
        file=tmp_path / "features" / "1.feature",
        line=4,
        rows=(),
        positive=True,
        effects=("reads",),
        doors=("hdlc",),
        needs=("clock",),
        self_check=False,
        silence=False,
        clock_judged=False,
        clauses=("TR-Conf.05a",),
    )
    assert scenario.clause == "TR-Conf.05a"


def test_outline_with_tags_of_its_feature_and_two_tables(read: Read) -> None:
    (scenario,) = read(OUTLINE)
    assert scenario.rows == ("tag", "key2", "suite")
    assert scenario.clauses == ("TR-Conf.05b", "BI.01.step3")
    assert scenario.effects == ("reads", "locks_out")
    assert (scenario.positive, scenario.silence, scenario.doors) == (False, True, ())


def test_self_check_of_the_head_end(read: Read) -> None:
    text = GOOD.replace("TR-Conf.05a", "BI.01.step1").replace("@positive", "@positive @selfcheck")
    assert read(text)[0].self_check


def test_files_are_found_in_folders_and_kept_in_order(read: Read) -> None:
    assert [scenario.id for scenario in read(GOOD, OUTLINE)] == ["TR-Conf.05a-P01", "TR-Conf.05b-N07"]


def test_background_is_allowed(read: Read) -> None:
    text = GOOD.replace("Diagnostics\n", "Diagnostics\n\n  Background:\n    Given a lab\n    And a door\n")
    assert len(read(text)) == 1


def test_folder_without_features_is_empty(tmp_path: Path, small: Catalogue) -> None:
    assert read_features(tmp_path, small) == ()


def test_missing_folder(tmp_path: Path, small: Catalogue) -> None:
    with pytest.raises(FeatureError, match="nowhere: no such folder"):
        read_features(tmp_path / "nowhere", small)


# Text replaced in the good feature, its replacement, and the beginning of each problem.
WRONG = {
    "no requirement": (
        "@TR-Conf.05a ",
        "",
        ["4: `TR-Conf.05a-P01` is written for TR-Conf.05a", "4: no requirement tag: say which clause"],
    ),
    "unknown requirement": (
        "@TR-Conf.05a @positive",
        "@TR-Conf.05a @TR-Conf.88 @positive",
        ["4: @TR-Conf.88 is unknown; did you mean `TR-Conf.05"],
    ),
    "requirement instead of clause": (
        "@TR-Conf.05a @positive",
        "@TR-Conf.05a @TR-Conf.05 @positive",
        ["4: @TR-Conf.05 is a requirement with clauses of its own; tag one of them: `@TR-Conf.05a`, `@TR"],
    ),
    "unknown tag": ("@positive", "@positive @slow", ["4: @slow is unknown; allowed: ids of the catalogue"]),
    "unknown family": ("@positive", "@positive @speed.9600", ["4: @speed.9600 is unknown"]),
    "unknown effect": (
        "@effect.reads",
        "@effect.reads @effect.write",
        ["4: @effect.write: unknown effect; did you mean `writes`?; allowed: `reads`, `writes`"],
    ),
    "unknown protocol": ("@door.hdlc", "@door.tcp", ["4: @door.tcp: unknown protocol; allowed: `wrapper`, `hdlc`"]),
    "malformed need": ("@needs.clock", "@needs.Clock", ["4: @needs.Clock: an item is written in small letters"]),
    "empty need": ("@needs.clock", "@needs.", ["4: @needs.: an item is written in small letters"]),
    "reserved skip": ("@positive", "@positive @skip", ["4: @skip means something to pytest itself"]),
    "reserved xfail": ("@positive", "@positive @xfail", ["4: @xfail means something to pytest itself"]),
    "reserved parametrize": ("@positive", "@positive @parametrize", ["4: @parametrize means something"]),
    "reserved usefixtures": ("@positive", "@positive @usefixtures", ["4: @usefixtures means something"]),
    "leading underscore": ("@positive", "@positive @_x", ["4: @_x means something to pytest itself"]),
    "reserved on the feature": ("Feature:", "@skip\nFeature:", ["5: @skip means something to pytest itself"]),
    "neither valid nor invalid": (
        "@positive ",
        "",
        ["4: `TR-Conf.05a-P01` has the letter P, so it needs", "4: needs exactly one of @positive and"],
    ),
    "both valid and invalid": ("@positive", "@positive @negative", ["4: needs exactly one of @positive and"]),
    "no effect": ("@effect.reads ", "", ["4: no effect tag: say what it does to a device"]),
    "tag twice": ("@positive", "@positive @TR-Conf.05a", ["4: @TR-Conf.05a stands here twice"]),
    "title without id": (
        "TR-Conf.05a-P01 A good",
        "A good",
        ["4: title `A good request is answered`: must be an id and a text, like `TR-Conf.05b-N10 A replay"],
    ),
    "title without text": (" A good request is answered", "", ["4: title `TR-Conf.05a-P01`: must be an id"]),
    "number of one digit": ("-P01", "-P1", ["4: title `TR-Conf.05a-P1 A good request is answered`: must"]),
    "letter of an invariant": ("-P01", "-I01", ["4: title `TR-Conf.05a-I01 A good"]),
    "letter against the tag": ("-P01", "-N01", ["4: `TR-Conf.05a-N01` has the letter N, so it needs the tag @neg"]),
    "clause not among the tags": (
        "TR-Conf.05a-P01",
        "TR-Conf.05b-P01",
        ["4: `TR-Conf.05b-P01` is written for TR-Conf.05b, so it needs the tag @TR-Conf.05b"],
    ),
    "first step And": ("Given a device", "And a device", ["5: the first step must begin with Given, When or"]),
    "first step But": ("Given a device", "But a device", ["5: the first step must begin with Given, When or"]),
    "first step star": ("Given a device", "* a device", ["5: the first step must begin with Given, When or"]),
    "background begins with star": (
        "Diagnostics\n",
        "Diagnostics\n\n  Background:\n    * a lab\n",
        ["4: the first step must begin with Given, When or Then"],
    ),
    "no steps": (
        "    Given a device\n    When it is asked\n    Then it answers\n",
        "",
        ["4: no steps"],
    ),
    "rule": (
        "    Then it answers\n",
        "    Then it answers\n\n  Rule: apart\n    Scenario: unseen\n      Given a device\n",
        ["9: Rule is not used: all that follows would belong to it"],
    ),
    "outline without examples": (
        "Scenario:",
        "Scenario Outline:",
        ["4: a Scenario Outline without Examples never runs"],
    ),
    "device scenario on a self-check": (
        "@positive",
        "@positive @BI.01.step1",
        ["4: @BI.01.step1 names no part of the device, so the scenario needs @selfcheck"],
    ),
    "self-check on the device": (
        "@positive",
        "@positive @selfcheck",
        ["4: @TR-Conf.05a is judged on the device, so it does not go with @selfcheck"],
    ),
    "no feature": (GOOD, "# nothing\n", ["1: no Feature in this file"]),
    "no scenario": (GOOD, "Feature: nothing\n", ["1: no scenario in this feature"]),
    "two features": ("    Then it answers\n", "    Then it answers\nFeature: b\n", ["8: not Gherkin: expected: "]),
    "unknown language": ("Feature:", "# language: xx\nFeature:", ["1: not Gherkin: Language not supported: xx"]),
}


@pytest.mark.parametrize(("before", "after", "expected"), WRONG.values(), ids=WRONG)
def test_wrong_scenario(read: Read, before: str, after: str, expected: list[str]) -> None:
    assert before in GOOD
    found = problems(read, GOOD.replace(before, after, 1))
    assert len(found) == len(expected), found
    for problem, beginning in zip(found, expected, strict=True):
        assert problem.startswith(beginning)


WRONG_TABLES = {
    "no column row": ("| row  | what |", "| name | what |", ["9: Examples need a column `row`"]),
    "row twice": ("| key2 |", "| tag  |", ["12: row `tag` stands in this scenario twice"]),
    "row twice in two tables": ("| suite | suite |", "| suite | tag   |", ["16: row `tag` stands in this scenario tw"]),
    "row with a sign": ("| key2 |", "| a/b  |", ["12: row `a/b`: must be letters, digits, - and _"]),
    "row begins with a sign": ("| key2 |", "| -key |", ["12: row `-key`: must be letters"]),
    "empty row": ("| key2 |", "|      |", ["12: row ``: must be letters"]),
    "tags on examples": ("    Examples: second", "    @x\n    Examples: second", ["14: Examples carry no tags"]),
    "examples without rows": ("      | suite | suite |\n", "", ["14: Examples without rows never run"]),
    "examples without a table": (
        "      | what  | row   |\n      | suite | suite |\n",
        "",
        ["14: Examples without rows never run"],
    ),
    "uneven table": ("| key2 | key  |", "| key2 |", ["12: not Gherkin: inconsistent cell count"]),
}


@pytest.mark.parametrize(("before", "after", "expected"), WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_wrong_examples(read: Read, before: str, after: str, expected: list[str]) -> None:
    assert before in OUTLINE
    found = problems(read, OUTLINE.replace(before, after, 1))
    assert len(found) == len(expected), found
    for problem, beginning in zip(found, expected, strict=True):
        assert problem.startswith(beginning)


def test_unknown_need_names_the_known_ones(read: Read) -> None:
    (found,) = problems(read, GOOD.replace("needs.clock", "needs.clok"), needs=("clock", "load_profile"))
    assert found == "4: @needs.clok: unknown item; did you mean `clock`?; allowed: `clock`, `load_profile`"


def test_known_need(read: Read) -> None:
    assert read(GOOD, needs=("clock",))[0].needs == ("clock",)


def test_same_scenario_in_two_files(read: Read) -> None:
    found = problems(read, GOOD, GOOD)
    assert [problem.partition("`")[0] for problem in found] == [
        "sub/2.feature:4: id ",
        "sub/2.feature:4: title ",
    ]
    assert found[0].endswith("features/1.feature:4 already") or "1.feature:4 already" in found[0]


def test_same_id_with_another_text(read: Read) -> None:
    other = GOOD[GOOD.index("  @TR") :].replace("A good request", "Another request")
    (found,) = problems(read, GOOD + "\n" + other)
    assert found.startswith("10: id `TR-Conf.05a-P01` is that of")


def test_same_text_with_another_id(read: Read) -> None:
    other = GOOD[GOOD.index("  @TR") :].replace("-P01", "-P02")
    (found,) = problems(read, GOOD + "\n" + other)
    assert found.startswith("10: title `A good request is answered` is that of")


def test_all_problems_of_all_files_are_listed_in_order(read: Read) -> None:
    found = problems(read, GOOD.replace("@effect.reads ", ""), OUTLINE.replace("| key2 |", "| tag  |"))
    assert [problem.split(" ")[0] for problem in found] == ["4:", "sub/2.feature:12:"]


def test_file_that_is_not_utf8(tmp_path: Path, small: Catalogue) -> None:
    (tmp_path / "x.feature").write_bytes(b"Feature: \xff")
    with pytest.raises(FeatureError, match=r"x\.feature:1: not UTF-8 at octet 9"):
        read_features(tmp_path, small)


def test_folder_that_is_named_like_a_feature(tmp_path: Path, small: Catalogue) -> None:
    (tmp_path / "x.feature").mkdir()
    with pytest.raises(FeatureError, match=r"x\.feature:1: cannot be read: Is a directory"):
        read_features(tmp_path, small)
