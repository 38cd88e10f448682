"""What README.md and the pages below docs/ say that can be checked."""

import configparser
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from harness.report.run_folder import RunFolder
from harness.run.exit_code import ExitCode
from harness.verdict import Verdict
from reference_meter.deviations.registry import DEVIATIONS

_SET_UP = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox run -e "
_FENCED = re.compile(r"```\w*\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def _pages(root: Path) -> Iterator[Path]:
    yield root / "README.md"
    yield from sorted((root / "docs").glob("*.md"))


def _first_cells(text: str, heading: str) -> list[str]:
    """The first column of the table whose head has ``heading`` there."""
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]
    below = rows[rows.index(heading) + 2 :]
    return below[: next((n for n, cell in enumerate(below) if cell in ("verdict", "code", "command")), len(below))]


@pytest.mark.parametrize("environment", ["conformance", "tests"])
def test_set_up_is_one_line(environment: str, readme: str) -> None:
    assert f"```\n{_SET_UP}{environment}\n```" in readme


def test_environments_of_tox_exist(root: Path) -> None:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(root / "tox.ini")
    pages = [page.read_text(encoding="utf-8") for page in (*_pages(root), root / ".ci" / "run")]
    named = {name for page in pages for group in re.findall(r"tox run -e ([\w,]+)", page) for name in group.split(",")}
    assert {"conformance", "tests", "prove", "lint"} <= named
    assert [name for name in sorted(named) if f"testenv:{name}" not in tox] == []


def test_examples_use_commands_and_options_that_there_are(readme: str, commands: dict[str, set[str]]) -> None:
    lines = [line for block in _FENCED.findall(readme) for line in block.splitlines() if line.startswith("conformeter")]
    assert len(lines) > 4
    for line in lines:
        _, command, *arguments = shlex.split(line, comments=True)
        assert {word for word in arguments if word.startswith("--")} <= commands[command], line


def test_table_of_commands_is_complete(readme: str, commands: dict[str, set[str]]) -> None:
    named = {cell.strip("`") for cell in _first_cells(readme, "command")}
    assert {name for name in named if name.startswith("conformeter")} == {f"conformeter {name}" for name in commands}


def test_options_of_the_reference_meter_exist(readme: str) -> None:
    command = next(line for line in readme.splitlines() if line.startswith("python -m reference_meter"))
    told = subprocess.run(
        [sys.executable, "-m", "reference_meter", "--help"], capture_output=True, text=True, check=True
    )
    for option in re.findall(r"--\w+", command):
        assert option in told.stdout


def test_exit_codes_are_those_of_the_command(readme: str) -> None:
    assert _first_cells(readme, "code") == [str(code.value) for code in ExitCode]


def test_verdicts_are_all_there(readme: str) -> None:
    assert set(_first_cells(readme, "verdict")) == set(Verdict)


def test_run_folder_is_described(readme: str, root: Path, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "meter", datetime.now().astimezone())
    described = readme + (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    names = {path.name for path in vars(folder).values() if path != folder.path}
    assert len(names) >= 13
    assert {name for name in names if name not in described} == set()


def test_deviation_of_the_example_exists(readme: str) -> None:
    (name,) = set(re.findall(r"loop://reference\?deviation=([\w-]+)", readme))
    assert name in DEVIATIONS


def test_links_lead_somewhere(root: Path) -> None:
    for page in _pages(root):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"


def test_files_that_pages_name_exist(root: Path) -> None:
    places = r"`((?:devices|docs|features|harness|requirements|steps|tests)/[\w./-]*)`"
    for page in _pages(root):
        for name in re.findall(places, page.read_text(encoding="utf-8")):
            # What comes with a wheel or out of a run is not there in a checkout.
            assert (root / name).exists() or name in ("harness/_suite/", "harness/report/proof.json"), page.name
