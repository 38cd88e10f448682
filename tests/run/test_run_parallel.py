"""Several devices at once: a process and a run folder each, one summary, the worst exit code."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from rich.console import Console

from harness.errors import UsageError
from harness.parallel import ParallelSettings, run_side_by_side, worst
from harness.run.conduct import RunSettings, conduct
from harness.run.exit_code import ExitCode
from harness.run.resuming import held

ROOT = Path(__file__).parents[2]
LOOP = (ROOT / "devices" / "reference-loop.toml").read_text(encoding="utf-8")
COMMAND = "import sys; from harness.cli import main; sys.argv[0] = 'conformeter'; main()"


def declared(path: Path, *, name: str, deviation: str = "") -> str:
    """Write the declaration of a meter in the run's own process; return its path."""
    url = f'url = "loop://reference?deviation={deviation}"' if deviation else 'url = "loop://reference"'
    text = LOOP.replace('url = "loop://reference"', url).replace('name = "reference-loop"', f'name = "{name}"')
    file = path / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def folders(out: Path) -> dict[str, Path]:
    """Return the run folders by the name of the device that their verdicts are about."""
    found = sorted(out.iterdir())
    by_name = {json.loads((one / "verdicts.json").read_text(encoding="utf-8"))["device"]["name"]: one for one in found}
    assert len(by_name) == len(found)
    return by_name


def arguments(out: Path, *only: str) -> tuple[str, ...]:
    return (f"--out={out}", f"--only={','.join(only)}") if only else (f"--out={out}",)


@pytest.mark.parametrize("codes", list(permutations([ExitCode.NOTHING_OPEN, ExitCode.OPEN, ExitCode.FAIL])))
def test_the_worst_exit_code_goes_by_the_order_of_the_readme(codes: Sequence[ExitCode]) -> None:
    assert worst(codes) is ExitCode.FAIL
    assert worst([*codes, ExitCode.NOTHING_RAN]) is ExitCode.NOTHING_RAN
    assert worst([ExitCode.USAGE, *codes, ExitCode.NOTHING_RAN]) is ExitCode.USAGE
    assert worst([ExitCode.NOTHING_OPEN, ExitCode.OPEN]) is ExitCode.OPEN


def test_each_device_has_its_own_verdicts(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    good = declared(tmp_path, name="good")
    bad = declared(tmp_path, name="bad", deviation="energy-moves-without-load")
    told: list[str] = []
    settings = ParallelSettings(devices=(good, bad), arguments=arguments(out, "TR-Conf.08a-N01"))
    assert run_side_by_side(settings, told.append) is ExitCode.FAIL
    verdicts = {
        name: {one["verdict"] for one in json.loads((folder / "verdicts.json").read_text("utf-8"))["scenarios"]}
        for name, folder in folders(out).items()
    }
    assert verdicts["good"] == {"PASS"}
    assert "FAIL" in verdicts["bad"]
    assert all(line.startswith(("good | ", "bad  | ")) for line in told[:-3])
    assert told[-3] == "2 devices:"
    assert told[-2].startswith("good: exit code 0; 1 of 1 passed")
    assert told[-1].startswith("bad: exit code 1; 0 of 1 passed")
    assert str(folders(out)["bad"]) in told[-1]


def test_a_run_that_cannot_begin_leaves_the_other_alone(tmp_path: Path) -> None:
    good = declared(tmp_path, name="good")
    out = tmp_path / "runs"
    other = tmp_path / "other.toml"
    other.write_text(
        LOOP.replace('name = "reference-loop"', 'name = "other"').replace('"loop-hdlc"', '"hdlc"'), "utf-8"
    )
    told: list[str] = []
    settings = ParallelSettings(
        devices=(good, str(other)), arguments=(*arguments(out, "SU3.step1-P01"), "--door=loop-hdlc")
    )
    assert run_side_by_side(settings, told.append) is ExitCode.USAGE
    assert any(line.startswith("other | conformeter: --door loop-hdlc: not declared") for line in told)
    assert told[-1] == "other: exit code 3; no report (ended with 3)"
    assert list(folders(out)) == ["good"]


def test_ctrl_c_ends_every_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    devices = [f"--device={declared(tmp_path, name=name)}" for name in ("one", "two")]
    begun = {"one": False, "two": False}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", COMMAND, "run", *devices, *arguments(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
    ) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            name = line.split(" | ")[0]
            if not all(begun.values()) and name in begun:
                begun[name] = True
                if all(begun.values()):
                    process.send_signal(signal.SIGINT)
    assert process.returncode == ExitCode.OPEN, "".join(lines)
    for name, folder in folders(out).items():
        summary = json.loads((folder / "verdicts.json").read_text("utf-8"))
        assert summary["interrupted_because"] == "stopped by the operator", name
        kept = (folder / "verdicts.jsonl").read_text("utf-8").splitlines()
        assert 0 < len(kept) == len(summary["scenarios"])
    assert sum("; interrupted: stopped by the operator" in line for line in lines) == 2


def lasting(path: Path, name: str, serial: str, url: str) -> str:
    """Write the declaration of a device that outlives the run."""
    file = path / f"{name}.toml"
    patched = LOOP.replace('url = "loop://reference"', f'url = "{url}"')
    patched = patched.replace('serial = "00000001"', f'serial = "{serial}"')
    patched = patched.replace("\n[bench]\n", '\n[bench]\ncontrol = "tcp://127.0.0.1:3"\n')
    file.write_text(patched, encoding="utf-8")
    return str(file)


def test_a_run_that_asks_a_person_goes_alone(tmp_path: Path) -> None:
    text = Path(declared(tmp_path, name="asks")).read_text(encoding="utf-8")
    asks = tmp_path / "asks.toml"
    asks.write_text(
        text.replace("\n[bench]\n", '\n[bench]\nhands = "manual"\n', 1).replace('hands = "reference"\n', "", 1),
        encoding="utf-8",
    )
    settings = ParallelSettings(devices=(declared(tmp_path, name="good"), str(asks)))
    with pytest.raises(UsageError, match=r"asks\.toml: bench: manual asks a person at the terminal"):
        run_side_by_side(settings, lambda line: None)


def test_one_run_folder_is_resumed_with_one_device(tmp_path: Path) -> None:
    devices = [f"--device={declared(tmp_path, name=name)}" for name in ("one", "two")]
    found = subprocess.run(
        [sys.executable, "-c", COMMAND, "run", *devices, f"--resume={tmp_path}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert found.returncode == ExitCode.USAGE
    assert found.stderr == "conformeter: --resume: belongs to one device; with several --device it is not allowed\n"


def is_held(folder: Path) -> bool:
    try:
        with held(folder):
            return False
    except UsageError:
        return True


def test_runs_of_a_killed_parent_end_and_go_on(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    paths = {name: declared(tmp_path, name=name) for name in ("one", "two")}
    begun: set[str] = set()
    with subprocess.Popen(
        [
            sys.executable,
            "-u",
            "-c",
            COMMAND,
            "run",
            *(f"--device={path}" for path in paths.values()),
            *arguments(out, "SU3.step1,SU3.step2-P01"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        for line in process.stdout or ():
            begun.add(line.split(" ")[0] if "@" in line else "")
            if begun >= set(paths) and process.poll() is None:
                process.kill()
    kept = {folder: (folder / "verdicts.jsonl").read_bytes() for folder in out.iterdir()}
    assert len(kept) == 2
    end = time.monotonic() + 180
    while any(map(is_held, kept)):
        assert time.monotonic() < end, "a run lives on without its parent"
        time.sleep(0.1)
    for folder, before in kept.items():
        assert (folder / "verdicts.jsonl").read_bytes().startswith(before)
        known = json.loads((folder / "environment.json").read_text("utf-8"))
        device = paths[known["device"]["name"]]
        planned = set(json.loads((folder / "plan.json").read_text("utf-8"))["keys"])
        conduct(RunSettings(device=device, out=out, resume=folder), Console(quiet=True))
        summary = json.loads((folder / "verdicts.json").read_text("utf-8"))
        assert (summary["interrupted"], len(summary["resumed"])) == (False, 1)
        assert {one["key"] for one in summary["scenarios"]} == planned
        assert {one["verdict"] for one in summary["scenarios"]} == {"PASS"}


def test_two_runs_never_meet_at_one_device(tmp_path: Path) -> None:
    first = lasting(tmp_path, "first", "00000007", "tcp://127.0.0.1:1")
    again = lasting(tmp_path, "again", "00000007", "tcp://127.0.0.1:2")
    with pytest.raises(UsageError, match=r"again\.toml: the device .* is that of --device .*first\.toml"):
        run_side_by_side(ParallelSettings(devices=(first, again)), lambda line: None)
