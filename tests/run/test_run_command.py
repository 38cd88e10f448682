"""The command from outside: exit codes and messages for wrong use, and what --only and --door leave."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import cli
from harness.run import conduct as composition

ROOT = Path(__file__).parents[2]
LOOP = str(ROOT / "devices" / "reference-loop.toml")

NOTHING_OPEN, FAIL, OPEN, USAGE, NOTHING_RAN = range(5)

Command = Callable[..., int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Return a function that runs the command in this process, report for people left out."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *arguments])
        monkeypatch.setattr(composition, "build_report", lambda *given, **options: None)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0)

    return run


WRONG: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--device", "no-such-file.toml"), "no-such-file.toml"),
    (("--device", LOOP, "--only", "TR-Conf.77"), "--only TR-Conf.77: no such requirement"),
    (("--device", LOOP, "--only", "SU3.step2,SU3.step77"), "--only SU3.step77: no such requirement"),
    (("--device", LOOP, "--only", "SU3.step2-P01@wan"), "door not declared; allowed: loop-wrapper, loop-hdlc"),
    (("--device", LOOP, "--door", "wan"), "--door wan: not declared; allowed: loop-wrapper, loop-hdlc"),
    (("--device", LOOP, "--expect", "known.toml"), "--expect known.toml: no such file"),
    (("--device", LOOP, "--colour"), "--colour"),
    (("--device", "replay://nowhere"), "nowhere"),
    (("--device", LOOP, "--device", LOOP, "--expect", "known.toml"), "--expect: belongs to one device"),
    ((), "--device"),
)


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_wrong_use_is_one_message_and_exit_code_3(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    assert command("run", *arguments) == USAGE
    told = capsys.readouterr().err
    assert told.startswith("conformeter: ")
    assert message in told
    assert "Traceback" not in told
    assert not (tmp_path / "runs").exists(), "nothing is left of a run that never began"


def test_wrong_declaration_names_file_line_and_key(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = Path(LOOP).read_text(encoding="utf-8").replace('protocol = "hdlc"', 'protocol = "hdlcc"')
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    assert command("run", "--device", "wrong.toml") == USAGE
    told = capsys.readouterr().err
    assert "wrong.toml" in told
    assert "protocol" in told


def keys_of(folder: Path) -> list[str]:
    (run,) = folder.iterdir()
    return [one["key"] for one in json.loads((run / "verdicts.json").read_text(encoding="utf-8"))["scenarios"]]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (("--only", "SU3.step2-N01"), ["SU3.step2-N01@loop-wrapper", "SU3.step2-N01@loop-hdlc"]),
        (("--only", "SU3.step2-N01", "--door", "loop-hdlc"), ["SU3.step2-N01@loop-hdlc"]),
        (("--only", "SU3.step2-N01@loop-hdlc"), ["SU3.step2-N01@loop-hdlc"]),
        (("--only", "SU3.step2-P01.power@loop-wrapper"), ["SU3.step2-P01.power@loop-wrapper"]),
        (("--only", "BI.01.step1", "--door", "loop-hdlc"), None),
        (("--only", "TR-Conf.05a-I02", "--door", "loop-hdlc"), ["TR-Conf.05a-I02@loop-hdlc"]),
    ],
)
def test_only_and_door_leave_what_both_allow(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], keys: list[str] | None
) -> None:
    code = command("run", "--device", LOOP, *arguments)
    ran = keys_of(tmp_path / "runs")
    if keys is None:
        assert {key.partition("@")[2] for key in ran} == {"head-end"}
    else:
        assert ran == keys
    # An invariant alone has no traffic to look at.
    assert code == (OPEN if "TR-Conf.05a-I02" in arguments else NOTHING_OPEN)


def test_what_a_run_leaves_out_is_said_at_its_end(
    command: Command, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = Path(LOOP).read_text(encoding="utf-8")
    start = text.index("ceiling = [")
    text = text[:start] + 'ceiling = ["reads"]' + text[text.index("]", start) + 1 :]
    (tmp_path / "device.toml").write_text(text, encoding="utf-8")
    command("run", "--device", "device.toml", "--only", "SU3.step2-N01,BI.01.step3-N05")
    told = capfd.readouterr().out
    assert "partial: --only SU3.step2-N01,BI.01.step3-N05; the effect ceiling leaves out BI.01.step3-N05" in told


def test_nothing_ran_has_a_code_of_its_own(command: Command) -> None:
    assert (
        command("run", "--device", LOOP, "--only", "SU3.step2-N01@loop-hdlc", "--door", "loop-wrapper") == NOTHING_RAN
    )


def test_pytest_arguments_pass_through_and_wrong_ones_are_a_usage_error(
    command: Command, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert command("run", "--device", LOOP, "--only", "SU3.step2-N01", "--", "-k", "hdlc") == NOTHING_OPEN
    assert keys_of(tmp_path / "runs") == ["SU3.step2-N01@loop-hdlc"]
    assert command("run", "--device", LOOP, "--", "--no-such-option") == USAGE


def test_known_findings_decide_about_the_exit_code(command: Command, tmp_path: Path) -> None:
    text = (
        Path(LOOP)
        .read_text(encoding="utf-8")
        .replace('load_profile = { class = 7, obis = "1.0.99.1.0.255" }', 'load_profile = "absent"')
    )
    text = re.sub(r"^\[profiles\.load_profile\]\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
    (tmp_path / "device.toml").write_text(text, encoding="utf-8")
    only = ("--only", "SU3.step2-P04@loop-hdlc")
    assert command("run", "--device", "device.toml", *only) == FAIL
    entry = '[[expected]]\nkey = "SU3.step2-P04@loop-hdlc"\nverdict = "{}"\nreason = "absent"\nlink = "ticket 7"\n'
    (tmp_path / "known.toml").write_text(entry.format("FAIL"), encoding="utf-8")
    assert command("run", "--device", "device.toml", *only, "--expect", "known.toml") == NOTHING_OPEN
    (tmp_path / "known.toml").write_text(entry.format("INCONCLUSIVE"), encoding="utf-8")
    assert command("run", "--device", "device.toml", *only, "--expect", "known.toml") == FAIL


def test_exit_code_reaches_the_shell(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from harness.cli import main; main()", "run", "--device", LOOP]
    done = subprocess.run(
        [*command, "--only", "TR-Conf.77"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == USAGE
    assert done.stderr.startswith("conformeter: --only TR-Conf.77")
