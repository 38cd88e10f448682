"""A run that was killed goes on: every finished verdict stays, and all together are those of an uninterrupted run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"
COMMAND = "import sys; from harness.cli import main; sys.argv[0] = 'conformeter'; main()"
ONLY = "SU3.step1,SU3.step2-P01"
MOMENTS = int(os.environ.get("CONFORMETER_KILLED_MOMENTS", "5"))


def start(*arguments: str, device: Path = LOOP) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-u", "-c", COMMAND, "run", "--device", str(device), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def verdicts(folder: Path) -> dict[str, str]:
    lines = (folder / "verdicts.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return {entry["key"]: entry["verdict"] for entry in map(json.loads, lines)}


def killed(out: Path, *, after: int) -> Path:
    """Begin a run, kill it after so many results were told, and return its folder."""
    told = 0
    with start("--only", ONLY, "--out", str(out)) as process:
        for line in process.stdout or ():
            told += "@" in line
            if told == after:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    (folder,) = out.iterdir()
    assert len(verdicts(folder)) >= after
    return folder


def resume(folder: Path, *more: str, device: Path = LOOP) -> tuple[int, str]:
    with start("--resume", str(folder), *more, device=device) as process:
        told = process.communicate()[0]
    return process.returncode, told


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The verdicts of the run that nobody has killed."""
    out = tmp_path_factory.mktemp("whole")
    with start("--only", ONLY, "--out", str(out)) as process:
        process.communicate()
    assert process.returncode == 0
    (folder,) = out.iterdir()
    found = verdicts(folder)
    assert len(found) >= 20
    return found


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_and_resumed_is_the_same_as_whole(tmp_path: Path, whole: dict[str, str], moment: int) -> None:
    # Not for secrets: the same moments every time.
    folder = killed(tmp_path, after=Random(moment).randrange(1, len(whole)))
    before = (folder / "verdicts.jsonl").read_bytes()
    code, told = resume(folder)
    assert code == 0, told
    assert verdicts(folder) == whole
    assert (folder / "verdicts.jsonl").read_bytes().startswith(before)
    summary = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    assert len(summary["resumed"]) == 1
    assert not summary["interrupted"]
    numbers = [json.loads(line)["n"] for line in (folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_only_the_same_run_goes_on(tmp_path: Path) -> None:
    folder = killed(tmp_path / "runs", after=2)
    with (folder / "verdicts.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"key": "half')
    text = LOOP.read_text(encoding="utf-8")
    for change, message in (
        (('serial = "00000001"', 'serial = "00000002"'), "another device: its serial"),
        (("\n[bench]\n", "\n# another\n[bench]\n"), "the declaration has changed since"),
    ):
        assert change[0] in text
        other = tmp_path / "reference-loop.toml"
        other.write_text(text.replace(*change), encoding="utf-8")
        code, told = resume(folder, device=other)
        assert (code, message in told) == (3, True), told
    code, told = resume(folder, "--only", "SU3.step1")
    assert (code, "--only: not allowed with --resume" in told) == (3, True), told
    environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    spoilt = {**environment, "suite": {"fingerprint": "another"}}
    (folder / "environment.json").write_text(json.dumps(spoilt), encoding="utf-8")
    code, told = resume(folder)
    assert (code, "made with suite another" in told) == (3, True), told
    (folder / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
    assert resume(folder)[0] == 0
    code, told = resume(folder)
    assert (code, "nothing to do" in told) == (3, True), told
