"""What a person sees: files that are wrong, answers on a terminal, and where both stand afterwards."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from harness import cli
from harness.catalogue import Catalogue, load_catalogue
from harness.declaration import Declaration, load_declaration
from harness.errors import UsageError
from harness.run import conduct as composition
from harness.run import inspecting
from harness.run.exit_code import ExitCode
from harness.run.inspections import (
    answered_at_terminal,
    inspected_clauses,
    read_inspections,
    results_of,
    template,
)
from harness.run.operator import VARIABLE, operator_name, with_operator

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"
TODAY = date(2026, 3, 2)
GOOD = '[[inspection]]\nclause = "TR-Conf.02d"\nanswer = "conforms"\nnote = "lead seal"\nperson = "A. Tester"\n'

Command = Callable[..., int]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "requirements")


@pytest.fixture
def answers(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a file of answers, with a photo beside it."""

    def write(text: str) -> Path:
        (tmp_path / "seal.png").write_bytes(b"\x89PNG\r\n\x1a\n rest")
        (tmp_path / "text.png").write_text("no picture")
        path = tmp_path / "answers.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "inspection: missing"),
        (GOOD.replace("02d", "02a"), "is not verified by inspection; allowed: TR-Conf.02d"),
        (GOOD.replace('"conforms"', '"yes"'), "answer: 'yes' is not allowed; allowed: 'conforms' or 'breaks'"),
        (GOOD.replace("note", "remark"), "remark: unknown key; allowed:"),
        (GOOD.replace('note = "lead seal"\n', ""), "neither note nor photo"),
        (GOOD.replace('person = "A. Tester"\n', ""), "person: missing"),
        (GOOD + "date = 2026-03-03\n", "2026-03-03 is still to come"),
        (GOOD + GOOD, "answered twice"),
        (GOOD + 'photo = "none.png"\n', "none.png: No such file or directory; allowed: a file that can be read"),
        (GOOD + 'photo = "text.png"\n', "is no .png"),
        (GOOD + 'photo = "answers.toml"\n', "photo: answers.toml; allowed: .jpg, .jpeg, .png, .pdf"),
        ("[[inspection]\n", "not TOML"),
    ],
)
def test_wrong_file_names_file_key_and_what_is_allowed(
    catalogue: Catalogue, answers: Callable[[str], Path], text: str, message: str
) -> None:
    path = answers(text)
    clauses = inspected_clauses(catalogue, ["meter"])
    with pytest.raises(UsageError) as told:
        read_inspections(path, clauses, known=catalogue, person=None, today=TODAY)
    assert str(told.value).startswith(str(path))
    assert message in str(told.value)


def test_clauses_are_those_of_such_a_device(catalogue: Catalogue) -> None:
    assert [clause.id for clause in inspected_clauses(catalogue, ["meter"])] == ["TR-Conf.02d"]
    assert "TR-Conf.02d" in template(inspected_clauses(catalogue, ["meter"]))


def _asked(*given: str | None) -> Callable[[str, str], str | None]:
    answers: Iterator[str | None] = iter(given)
    return lambda text, hint: next(answers)


def test_answers_at_a_terminal_are_results_to_review(catalogue: Catalogue) -> None:
    clauses = inspected_clauses(catalogue, ["meter"])
    ask = _asked("perhaps", "n", "no seal at all", "nowhere.png", "", "", "B. Seer")
    (found,) = results_of(answered_at_terminal(clauses, person=None, today=TODAY, ask=ask))
    assert (found.key, found.verdict, found.decided) == ("TR-Conf.02d@inspection", "REVIEW", "breaks")
    assert found.reason == "B. Seer has looked on 2026-03-02 and says it is not so: no seal at all"
    assert answered_at_terminal(clauses, person=None, today=TODAY, ask=_asked("")) == ()
    assert answered_at_terminal(clauses, person=None, today=TODAY, ask=_asked(None)) == ()


def _manual() -> Declaration:
    declaration = load_declaration(LOOP)
    return declaration.model_copy(update={"bench": declaration.bench.model_copy(update={"power": "manual"})})


def test_operator_is_named_by_option_environment_declaration_or_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = _manual()
    assert with_operator(declaration, None, ask=_asked("C. Asked")).lab.operator == "C. Asked"
    monkeypatch.setenv(VARIABLE, "D. Environment")
    assert operator_name(declaration, None) == "D. Environment"
    assert operator_name(declaration, "E. Option") == "E. Option"
    with pytest.raises(UsageError, match=r"--operator: ' ' is no name; allowed are up to 80"):
        operator_name(declaration, " ")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Return a function that runs the command in this process, pages left out."""

    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *map(str, arguments)])
        for module in (composition, inspecting):
            monkeypatch.setattr(module, "build_report", lambda *given, **options: None)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0)

    return run


def test_a_run_takes_answers_and_its_folder_keeps_the_photo(
    command: Command, answers: Callable[[str], Path], tmp_path: Path
) -> None:
    path = answers(GOOD + 'photo = "seal.png"\n')
    run = ("run", "--device", LOOP, "--only", "TR-Conf.02d,SU3.step2-P01", "--door", "loop-wrapper")
    assert command(*run, "--inspections", path, "--operator", "F. Named") == ExitCode.NOTHING_OPEN
    folder = next((tmp_path / "runs").iterdir())
    document = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    (found,) = [one for one in document["scenarios"] if one["verdict"] == "REVIEW"]
    assert found["decided"] == "conforms"
    assert "A. Tester" in found["reason"]
    (clause,) = [one for one in document["clauses"] if one["id"] == "TR-Conf.02d"]
    assert clause["verdict"] == "REVIEW"
    assert (folder / "inspections" / "TR-Conf.02d.png").read_bytes() == (tmp_path / "seal.png").read_bytes()
    assert found["key"] in json.loads((folder / "plan.json").read_text(encoding="utf-8"))["keys"]
    assert json.loads((folder / "environment.json").read_text(encoding="utf-8"))["operator"] == "F. Named"
    assert command("pack", folder) == 0
    assert command("verify", folder.with_suffix(".zip")) == 0


def test_a_run_that_is_over_takes_answers_too(
    command: Command, answers: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ("run", "--device", LOOP, "--only", "SU3.step2-P01", "--door", "loop-wrapper")
    assert command(*run) == ExitCode.NOTHING_OPEN
    folder = next((tmp_path / "runs").iterdir())
    assert command("inspect", folder) == ExitCode.OPEN, "nobody is at a terminal"
    assert "--inspections FILE" in capsys.readouterr().out
    path = answers(GOOD.replace("conforms", "breaks"))
    assert command("inspect", folder, "--inspections", path) == ExitCode.OPEN, "the device is not as required"
    assert command("inspect", folder, "--inspections", answers(GOOD)) == ExitCode.NOTHING_OPEN
    document = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    assert [one["decided"] for one in document["scenarios"] if one["verdict"] == "REVIEW"] == ["conforms"]
    assert command("pack", folder) == 0
    assert command("verify", folder.with_suffix(".zip")) == 0


def test_a_file_to_fill_in_is_written_and_never_overwritten(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("inspect", LOOP) == ExitCode.OPEN
    assert "TR-Conf.02d" in (tmp_path / "inspections.toml").read_text(encoding="utf-8")
    assert command("inspect", LOOP) == ExitCode.USAGE
    assert "is there already" in capsys.readouterr().err
