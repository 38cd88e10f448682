"""The commands on run folders: what they print and their exit codes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.catalogue import Catalogue
from harness.cli import app
from harness.errors import UsageError
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts
from harness.run.exit_code import ExitCode
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
STARTED = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
FACTS = RunFacts(device={"name": "meter", "serial": "1"}, started="now", finished="then")


def run_of(out: Path, catalogue: Catalogue, *results: ScenarioResult, fresh: bool = True) -> RunFolder:
    folder = RunFolder.create(out, "meter", STARTED)
    folder.write_plan([result.key for result in results])
    for result in results:
        folder.append_verdict(result)
    folder.trace.write_text("")
    folder.declaration.write_text("")
    folder.write_facts(FACTS, STARTED)
    folder.write_summary(catalogue, FACTS, proof=ProofTable(fresh=fresh))
    return folder


def called(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def good(tmp_path: Path, catalogue: Catalogue, make_result: Maker) -> RunFolder:
    return run_of(tmp_path / "good", catalogue, make_result("TR-Conf.05a-N01"))


@pytest.fixture
def bad(tmp_path: Path, catalogue: Catalogue, make_result: Maker) -> RunFolder:
    failed = make_result("TR-Conf.05a-N01", Verdict.FAIL, blames=("TR-Conf.05a",), reason="it [answers]")
    return run_of(tmp_path / "bad", catalogue, failed, fresh=False)


def test_compare_tells_new_failures(good: RunFolder, bad: RunFolder) -> None:
    code, text = called("compare", good.path, bad.path)
    assert code == ExitCode.FAIL
    assert "New failures (1)" in text
    assert "PASS -> FAIL  TR-Conf.05a-N01@loop-wrapper" in text
    assert "it [answers]" in text
    code, text = called("compare", bad.path, good.path)
    assert code == ExitCode.NOTHING_OPEN
    assert "Fixed (1)" in text
    code, text = called("compare", bad.path, bad.path, "--json")
    assert code == ExitCode.NOTHING_OPEN
    assert [change["key"] for change in json.loads(text)["still_failing"]] == ["TR-Conf.05a-N01@loop-wrapper"]


def test_packed_run_is_verified(good: RunFolder, bad: RunFolder, tmp_path: Path) -> None:
    code, text = called("pack", good.path, "--out", tmp_path / "x.zip")
    assert (code, "conformeter verify will object" in text) == (ExitCode.NOTHING_OPEN, False)
    code, text = called("verify", tmp_path / "x.zip")
    assert code == ExitCode.NOTHING_OPEN
    assert "sound: " in text
    bad.verdicts.unlink()
    code, text = called("pack", bad.path)
    assert (code, "conformeter verify will object: verdicts.json: missing" in text) == (ExitCode.NOTHING_OPEN, True)
    code, text = called("verify", bad.path.with_name(f"{bad.path.name}.zip"))
    assert code == ExitCode.OPEN
    assert "wrong: verdicts.json: missing" in text


def test_statement_is_written_or_refused(good: RunFolder, bad: RunFolder, tmp_path: Path) -> None:
    code, text = called("statement", good.path)
    assert code == ExitCode.NOTHING_OPEN
    assert (good.path / "statement.html").exists()
    assert (good.path / "statement.txt").exists()
    code, text = called("statement", bad.path, "--out", tmp_path / "none")
    assert code == ExitCode.OPEN
    assert "no statement: the run is unproven" in text
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["compare", "pack", "verify", "statement"])
def test_what_is_no_run_is_the_callers_error(command: str, tmp_path: Path) -> None:
    arguments = [tmp_path / "none"] * (2 if command == "compare" else 1)
    with pytest.raises(UsageError, match="none: no such"):
        called(command, *arguments)
