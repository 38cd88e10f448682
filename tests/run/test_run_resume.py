"""A run that was killed goes on: every finished verdict stays, and all together are those of an uninterrupted run."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from harness.errors import UsageError
from harness.report.run_folder import RunFolder
from harness.report.soundness import folder_reader, problems_of
from harness.run.conduct import RunSettings, conduct
from harness.run.resuming import held

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


def killed(out: Path, *, after: int, later_s: float = 0.0) -> Path:
    """Begin a run, kill it some time after so many results were told, and return its folder."""
    told = 0
    with start("--only", ONLY, "--out", str(out)) as process:
        for line in process.stdout or ():
            told += "@" in line
            if told == after:
                time.sleep(later_s)
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
    # Not for secrets: the same moments every time, most of them in the middle of a scenario.
    drawn = Random(moment)
    folder = killed(tmp_path, after=drawn.randrange(1, len(whole) - 2), later_s=drawn.uniform(0, 0.3))
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


@pytest.fixture(scope="module")
def broken_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was killed after two results; tests work on copies."""
    return killed(tmp_path_factory.mktemp("broken_off"), after=2)


def half(path: Path) -> None:
    octets = path.read_bytes()
    path.write_bytes(octets[: len(octets) // 2])


def other_schema(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "schema": 99}), encoding="utf-8")


def no_keys(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "keys": "all"}), encoding="utf-8")


def spoilt_line(path: Path) -> None:
    path.write_bytes(b'{"key": \n' + path.read_bytes())


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("verdicts.jsonl", Path.unlink, "not a run folder; expected one with verdicts.jsonl in it"),
        ("verdicts.jsonl", spoilt_line, "verdicts.jsonl: line 1 is no result"),
        ("plan.json", Path.unlink, "the run never came to its first scenario; begin a new one"),
        ("plan.json", half, "plan.json: no JSON"),
        ("plan.json", other_schema, "plan.json: schema 99; expected 1"),
        ("plan.json", no_keys, "plan.json: keys: expected a list of texts"),
        ("environment.json", Path.unlink, "environment.json is missing, so nobody can tell what was tested"),
        ("environment.json", half, "environment.json: no JSON"),
        ("environment.json", other_schema, "environment.json: schema 99; expected 1"),
        ("declaration.toml", Path.unlink, "declaration.toml is missing"),
        ("declaration.toml", half, "the declaration has changed since"),
        ("trace.jsonl", Path.unlink, "trace.jsonl is missing, so nobody can tell the frames behind the verdicts"),
        ("trace.jsonl", spoilt_line, "trace.jsonl: not a trace of Conformeter"),
    ],
)
def test_damaged_folder_is_refused_in_one_message(
    tmp_path: Path, broken_off: Path, name: str, spoil: Callable[[Path], None], message: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(broken_off, folder)
    spoil(folder / name)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(UsageError, match=re.escape(message)):
        conduct(RunSettings(device=str(LOOP), out=tmp_path, resume=folder), Console(quiet=True))
    assert before.keys() == {path.name for path in folder.iterdir() if path.is_file()}


def test_what_a_person_has_seen_stays(tmp_path: Path, broken_off: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(broken_off, folder)
    known = {"verdict": "REVIEW", "findings": [], "steps": [], "decided": "conforms", "reason": "seen on Monday"}
    named = {"key": "TR-Conf.02d@inspection", "id": "TR-Conf.02d", "row": None, "door": "inspection", "title": "Seal"}
    with (folder / "verdicts.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps({**named, **known, "requirements": ["TR-Conf.02d"]}) + "\n")
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    changed = {"keys": [named["key"], *plan["keys"]], "only": [*plan["only"], "TR-Conf.02d"]}
    (folder / "plan.json").write_text(json.dumps({**plan, **changed}), encoding="utf-8")
    answers = tmp_path / "answers.toml"
    answers.write_text(
        '[[inspection]]\nclause = "TR-Conf.02d"\nanswer = "breaks"\nnote = "seen on Tuesday"\nperson = "A. Tester"\n',
        encoding="utf-8",
    )
    conduct(RunSettings(device=str(LOOP), out=tmp_path, resume=folder, inspections=answers), Console(quiet=True))
    (seen,) = [result for result in RunFolder.open(folder).results() if result.id == "TR-Conf.02d"]
    assert (seen.reason, seen.decided) == ("seen on Monday", "conforms")
    assert problems_of(folder_reader(folder)) == []


def test_one_process_at_a_time_works_on_a_run(tmp_path: Path, broken_off: Path) -> None:
    with held(broken_off), pytest.raises(UsageError, match="another process still works on this run"):
        conduct(RunSettings(device=str(LOOP), out=tmp_path, resume=broken_off), Console(quiet=True))


def test_only_the_same_run_goes_on(tmp_path: Path, broken_off: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(broken_off, folder)
    for name in ("verdicts.jsonl", "trace.jsonl", "life.jsonl"):
        with (folder / name).open("a", encoding="utf-8") as log:
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
