"""Shells complete commands, files, doors, clauses and names of deviations."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_COMMAND = "import sys; from harness.cli import main; sys.argv[0] = 'conformeter'; main()"


def _conformeter(cwd: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def _offered(cwd: Path, *words: str) -> list[str]:
    """What bash is told for the last word."""
    line = " ".join(("conformeter", *words))
    said = _conformeter(
        cwd, _CONFORMETER_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) if words[-1] else 1)
    )
    return said.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_is_printed(shell: str, root: Path) -> None:
    script = _conformeter(root, "--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert f"_CONFORMETER_COMPLETE=complete_{shell}" in script


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("sta",), ["statement"]),
        (("run", "--only", "TR-Conf.08"), ["TR-Conf.08", "TR-Conf.08a", "TR-Conf.08b"]),
        (("run", "--only", "MF.1,SU3.step"), ["MF.1,SU3.step1", "MF.1,SU3.step2"]),
        (("run", "--device", "devices/temp"), ["devices/template.toml"]),
        (("check", "dev"), ["devices/"]),
        (("run", "--device", "devices/reference-loop.toml", "--door", "loop-"), ["loop-wrapper", "loop-hdlc"]),
        (("run", "--device", "devices/no-such.toml", "--door", "l"), []),
        (("prove", "--only", "read-closes"), ["read-closes-demand-period"]),
    ],
)
def test_words_are_completed(words: tuple[str, ...], offered: list[str], root: Path) -> None:
    assert _offered(root, *words) == offered


def test_run_folders_are_offered(tmp_path: Path) -> None:
    (tmp_path / "runs" / "20260302T101500-my-meter").mkdir(parents=True)
    (tmp_path / "runs" / "20260302T101500-my-meter" / "plan.json").touch()
    (tmp_path / "runs" / "notes.txt").touch()
    assert _offered(tmp_path, "compare", "runs/") == ["runs/20260302T101500-my-meter"]
