"""A recorded run gives the same verdicts without the device, and notices when the record was tampered with."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.errors import UsageError
from harness.run import conduct as composition
from harness.run.conduct import RunSettings

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"
SOCKETS = ROOT / "devices" / "reference.toml"
KEY = "SU3.step2-P01.import-total@loop-wrapper"
NOTHING_OPEN, FAIL, OPEN = 0, 1, 2


@dataclass(frozen=True)
class Left:
    """What a run of the command left."""

    code: int
    output: str
    folder: Path

    def verdicts(self) -> dict[str, tuple[str, str]]:
        summary = json.loads((self.folder / "verdicts.json").read_text(encoding="utf-8"))
        return {one["key"]: (one["verdict"], one["time"]) for one in summary["scenarios"]}

    def reason(self, key: str) -> str:
        summary = json.loads((self.folder / "verdicts.json").read_text(encoding="utf-8"))
        (reason,) = [one["reason"] for one in summary["scenarios"] if one["key"] == key]
        return str(reason)


def run(out: Path, device: Path | str, *, only: str = "", doors: tuple[str, ...] = ()) -> Left:
    """Conduct a run in this process, without the report for people, which takes most of the time."""
    written = StringIO()
    settings = RunSettings(
        device=str(device), out=out, doors=doors, only=tuple(name for name in only.split(",") if name)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "build_report", lambda *arguments, **options: None)
        code = composition.conduct(settings, Console(file=written))
    (folder,) = out.iterdir()
    return Left(code, written.getvalue(), folder)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Left:
    return run(tmp_path_factory.mktemp("recorded"), LOOP)


def tampered(recorded: Left, copy: Path, change: Callable[[dict[str, Any]], bool]) -> tuple[Path, int]:
    """Copy a run folder and change the first record that ``change`` takes; return the copy and the record's number."""
    shutil.copytree(recorded.folder, copy)
    lines = (copy / "trace.jsonl").read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        record = json.loads(line)
        if record["key"] == KEY and change(record):
            lines[at] = json.dumps(record)
            (copy / "trace.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            return copy, int(record["n"])
    raise AssertionError("no record to change")


def test_replay_of_a_whole_loop_run_gives_the_same_verdicts(recorded: Left, tmp_path: Path) -> None:
    assert recorded.code == NOTHING_OPEN, recorded.output
    again = run(tmp_path, f"replay://{recorded.folder}")
    assert again.code == NOTHING_OPEN, again.output
    assert again.verdicts() == recorded.verdicts()
    assert len(again.verdicts()) > 50


def test_replay_of_a_replay_gives_the_same_verdicts(recorded: Left, tmp_path: Path) -> None:
    first = run(tmp_path / "1", f"replay://{recorded.folder}", only="SU3.step2-P01,BI.01.step3")
    second = run(tmp_path / "2", f"replay://{first.folder}", only="SU3.step2-P01,BI.01.step3")
    assert second.code == NOTHING_OPEN, second.output
    assert second.verdicts() == first.verdicts()
    assert set(first.verdicts().items()) < set(recorded.verdicts().items())


def test_replay_of_a_part_judges_that_part_unless_told_otherwise(recorded: Left, tmp_path: Path) -> None:
    first = run(
        tmp_path / "1", f"replay://{recorded.folder}", only="SU3.step2-P01,BI.01.step3", doors=("loop-wrapper",)
    )
    again = run(tmp_path / "2", f"replay://{first.folder}")
    assert again.code == NOTHING_OPEN, again.output
    assert again.verdicts() == first.verdicts()
    less = run(tmp_path / "3", f"replay://{first.folder}", only=KEY)
    assert set(less.verdicts()) == {KEY}


@pytest.mark.parametrize("plan", ["[]", '{"schema": 1, "only": "SU3.step2", "doors": []}'])
def test_a_plan_that_is_none_is_named(recorded: Left, tmp_path: Path, plan: str) -> None:
    copy = tmp_path / "changed"
    shutil.copytree(recorded.folder, copy)
    (copy / "plan.json").write_text(plan, encoding="utf-8")
    with pytest.raises(UsageError, match=r"plan\.json"):
        run(tmp_path / "out", f"replay://{copy}")


def test_replay_holds_no_secret_and_needs_none(recorded: Left, tmp_path: Path) -> None:
    copy = tmp_path / "moved elsewhere"
    shutil.copytree(recorded.folder, copy)
    assert "withheld:" in (copy / "declaration.toml").read_text(encoding="utf-8")
    again = run(tmp_path / "out", f"replay://{copy}", only=KEY)
    assert again.verdicts() == {KEY: ("PASS", "virtual")}, again.output


def test_other_request_than_recorded_is_an_error_that_names_the_frame(recorded: Left, tmp_path: Path) -> None:
    def change(record: dict[str, Any]) -> bool:
        if record["kind"] != "tx" or "c001" not in record["data"]:
            return False
        record["data"] = record["data"].replace("c001", "c002", 1)
        return True

    folder, number = tampered(recorded, tmp_path / "tampered", change)
    again = run(tmp_path / "out", f"replay://{folder}", only=KEY)
    assert again.code == OPEN
    assert again.verdicts()[KEY][0] == "ERROR"
    assert f"frame {number} (tx" in again.reason(KEY)


def test_other_answer_than_recorded_gives_another_verdict(recorded: Left, tmp_path: Path) -> None:
    def change(record: dict[str, Any]) -> bool:
        value = "0006"  # choice data, double-long-unsigned
        if record["kind"] != "rx" or "c401" not in record["data"] or value not in record["data"]:
            return False
        record["data"] = record["data"].replace(value, "0005", 1)
        return True

    folder, _ = tampered(recorded, tmp_path / "tampered", change)
    again = run(tmp_path / "out", f"replay://{folder}", only=KEY)
    assert again.code == FAIL, again.output
    assert again.verdicts()[KEY][0] == "FAIL"


def test_scenario_that_was_not_recorded_is_an_error_of_the_replay(recorded: Left, tmp_path: Path) -> None:
    copy = tmp_path / "shortened"
    shutil.copytree(recorded.folder, copy)
    lines = (copy / "trace.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "trace.jsonl").write_text("".join(line for line in lines if KEY not in line), encoding="utf-8")
    again = run(tmp_path / "out", f"replay://{copy}", only=KEY)
    assert again.code == OPEN
    assert "was never opened in the recorded run" in again.reason(KEY)


@pytest.mark.parametrize("door", ["tcp", "udp", "hdlc-tcp"])
def test_replay_of_a_run_over_real_sockets_gives_the_same_verdicts(tmp_path: Path, door: str) -> None:
    only = "SU3.step1-P02,SU3.step2-P01,SU3.step2-P05,SU3.step2-N01,SU3.step2-N02"
    first = run(tmp_path / "1", SOCKETS, doors=(door,), only=only)
    assert first.code == NOTHING_OPEN, first.output
    again = run(tmp_path / "2", f"replay://{first.folder}", doors=(door,), only=only)
    assert again.code == NOTHING_OPEN, again.output
    assert {key: verdict for key, (verdict, _) in again.verdicts().items()} == {
        key: verdict for key, (verdict, _) in first.verdicts().items()
    }
    assert again.verdicts() == first.verdicts()


@pytest.mark.parametrize(
    ("door", "verdict"), [("loop-hdlc", "PASS"), ("hdlc-tcp", "NOT_APPLICABLE"), ("serial", "NOT_APPLICABLE")]
)
def test_a_line_that_cannot_be_set_otherwise_cannot_in_the_replay_either(
    tmp_path: Path, door: str, verdict: str
) -> None:
    key = f"TR-Conf.05a-N34.parity@{door}"
    first = run(tmp_path / "1", SOCKETS, only=key)
    assert first.verdicts()[key][0] == verdict, first.output
    again = run(tmp_path / "2", f"replay://{first.folder}")
    assert again.verdicts() == first.verdicts()


def test_folder_that_is_no_run_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=tmp_path.name):
        run(tmp_path / "out", f"replay://{tmp_path}")
    assert not (tmp_path / "out").exists()
