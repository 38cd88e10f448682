import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ReplayDifference, UsageError
from harness.transport.replay_run import ReplayRun

RX: dict[str, Any] = {"t": 1.0, "key": "k", "step": "", "door": "d1", "link": 1, "kind": "rx", "data": "01"}


def write_run(folder: Path, records: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    lines = [json.dumps({"n": n, "wall": 0.0} | fields) + "\n" for n, fields in enumerate(records, 1)]
    (folder / "trace.jsonl").write_text("".join(lines))
    return folder


def test_record_names_its_number_kind_and_step(tmp_path: Path) -> None:
    run = ReplayRun(write_run(tmp_path / "run", [RX, RX | {"step": "When it is read"}]))
    assert [str(line) for line in run.connection("k", "d1", 1)] == [
        "frame 1 (rx)",
        "frame 2 (rx, step 'When it is read')",
    ]


def test_values_come_in_order_and_by_name(tmp_path: Path) -> None:
    values = [("k", "clock", 1.5), ("k", "draw", {"a": [1]}), ("other", "clock", 9), ("k", "clock", None)]
    records = [{"key": key, "step": "", "kind": "value", "event": name, "value": value} for key, name, value in values]
    run = ReplayRun(write_run(tmp_path / "run", records))
    assert list(run.values("k", "clock")) == [1.5, None]
    assert list(run.values("k", "nothing")) == []
    assert [run.take_value("k", "clock"), run.take_value("other", "clock")] == [1.5, 9]
    assert [run.take_value("k", "draw"), run.take_value("k", "clock")] == [{"a": [1]}, None]
    with pytest.raises(ReplayDifference, match="k asked for value 3 of 'clock'; recorded: 2"):
        run.take_value("k", "clock")


@pytest.mark.parametrize("missing", ["folder", "trace"])
def test_missing_run_names_the_path_and_what_is_expected(missing: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    if missing == "trace":
        folder.mkdir()
    with pytest.raises(UsageError, match=r"no trace at .*run/trace\.jsonl; expected the folder of a recorded run"):
        ReplayRun(folder)


@pytest.mark.parametrize("line", ["{", "[]", "5", '{"kind": "rx"}', '{"kind": "value", "key": "k"}'])
def test_line_that_is_no_record_names_the_file_and_place(line: str, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [RX])
    length = (folder / "trace.jsonl").stat().st_size
    with (folder / "trace.jsonl").open("a") as trace:
        trace.write(line + "\n")
    with pytest.raises(UsageError, match=rf"trace\.jsonl: no record of a trace at octet {length}"):
        ReplayRun(folder)


def test_record_that_a_crash_cut_off_is_left_out(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [RX])
    with (folder / "trace.jsonl").open("a") as trace:
        trace.write('{"n":2,"kind":"rx","da')
    assert [line.n for line in ReplayRun(folder).connection("k", "d1", 1)] == [1]
