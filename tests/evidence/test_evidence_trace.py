"""The trace: what its records hold, how it goes on after a crash, and what a replay takes from it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ReplayDifference, UsageError
from harness.evidence.trace import Trace, read_trace
from harness.transport.replay_run import ReplayRun


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trace.jsonl"


@pytest.fixture
def trace(path: Path) -> Iterator[Trace]:
    with Trace(path) as opened:
        yield opened


def records(path: Path) -> list[dict[str, Any]]:
    return list(read_trace(path))


def test_record_has_the_fields_of_the_architecture_page(trace: Trace, path: Path) -> None:
    trace.begin("SU3.step2-P01@tcp")
    trace.begin_step("When the head end reads")
    number = trace.wire(
        "rx", t=1.23456789, door="tcp", link=2, data=b"\x01\xab\xcd", masked=((1, 2),), event="a frame", part=True
    )
    trace.flush()
    (record,) = records(path)
    assert record.pop("wall") > 1.6e9
    assert record == {
        "n": number,
        "t": 1.234568,
        "key": "SU3.step2-P01@tcp",
        "step": "When the head end reads",
        "door": "tcp",
        "link": 2,
        "kind": "rx",
        "data": "01****",
        "masked": [[1, 2]],
        "event": "a frame",
        "part": True,
    }


def test_fields_without_content_are_absent(trace: Trace, path: Path) -> None:
    trace.wire("quiet", t=0.0, door="tcp", link=1)
    (record,) = records(path)
    assert set(record) == {"n", "wall", "key", "step", "t", "door", "link", "kind"}
    assert record["key"] == "setup"


@pytest.mark.parametrize("kind", ["tx", "rx", "apdu_tx", "apdu_rx"])
def test_masked_octets_are_never_written(trace: Trace, path: Path, kind: str) -> None:
    trace.wire(kind, t=0.0, door="d", link=1, data=b"ab" + b"secret12" + b"cd", masked=((2, 8),))
    trace.flush()
    assert b"secret12".hex() not in path.read_text(encoding="utf-8")
    assert records(path)[0]["data"] == "6162" + "**" * 8 + "6364"


def test_records_are_on_disk_as_they_happen(trace: Trace, path: Path) -> None:
    for number in range(1, 4):
        trace.wire("quiet", t=0.0, door="d", link=1)
        assert [record["n"] for record in records(path)] == list(range(1, number + 1))


def test_what_has_come_is_on_disk_before_the_next_octet_leaves(trace: Trace, path: Path) -> None:
    for kind in ("rx", "apdu_rx", "apdu_tx", "tx"):
        trace.wire(kind, t=0.0, door="d", link=1, data=b"1")
    assert [record["kind"] for record in records(path)] == ["rx", "apdu_rx", "apdu_tx", "tx"]
    trace.wire("rx", t=0.0, door="d", link=1, data=b"2")
    trace.begin_step("Then")
    assert records(path)[-1]["data"] == "32"


def test_numbers_go_on_after_reopening(path: Path) -> None:
    with Trace(path) as first:
        first.wire("quiet", t=0.0, door="d", link=1)
        first.wire("quiet", t=0.0, door="d", link=1)
    with Trace(path) as second:
        assert second.last == 2
        assert second.wire("quiet", t=0.0, door="d", link=1) == 3
    assert [record["n"] for record in records(path)] == [1, 2, 3]


def test_record_that_a_crash_cut_off_is_dropped_and_its_number_used_again(path: Path) -> None:
    with Trace(path) as first:
        first.wire("quiet", t=0.0, door="d", link=1)
        first.wire("quiet", t=0.0, door="d", link=1)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert [record["n"] for record in records(path)] == [1]
    with Trace(path) as second:
        assert second.wire("close", t=0.0, door="d", link=1) == 2
    assert [(record["n"], record["kind"]) for record in records(path)] == [(1, "quiet"), (2, "close")]


def test_links_are_numbered_within_a_key_and_door(trace: Trace) -> None:
    trace.begin("a")
    assert [trace.next_link("x"), trace.next_link("x"), trace.next_link("y")] == [1, 2, 1]
    trace.begin("b")
    assert trace.next_link("x") == 1


def test_current_records_are_those_since_the_key_began(trace: Trace) -> None:
    trace.begin("a")
    trace.wire("quiet", t=0.0, door="d", link=1)
    trace.begin("b")
    trace.wire("tx", t=0.0, door="d", link=1, data=b"\x01")
    trace.note("verdict", "PASS")
    assert [record["kind"] for record in trace.current_records()] == ["tx", "note"]
    assert [record["kind"] for record in trace.current_records()] == ["tx", "note"], "each time from the start"


def test_step_lines_are_those_of_the_step_and_capped(trace: Trace) -> None:
    trace.begin_step("Given something")
    trace.wire("tx", t=1.0, door="d", link=1, data=b"\x01", event="first")
    assert [line.split() for line in trace.step_lines()] == [["1", "1.000", "s", "->", "first"]]
    trace.begin_step("When it is a lot")
    for number in range(1000):
        trace.wire("rx", t=1.0, door="d", link=1, data=b"\x01", event=f"frame {number}")
    lines = trace.step_lines()
    assert len(lines) == 401
    assert lines[-1] == "... 600 more records in trace.jsonl"
    assert "first" not in "".join(lines)


def test_value_is_recorded_and_what_the_scenario_gets_is_what_json_keeps(trace: Trace, path: Path) -> None:
    given: object = trace.recall("clock", lambda: {"pair": (1, 2)})
    assert given == {"pair": [1, 2]}
    (record,) = records(path)
    assert (record["kind"], record["event"], record["value"]) == ("value", "clock", {"pair": [1, 2]})


def test_replayed_run_takes_values_in_order_and_asks_nobody(trace: Trace, path: Path, tmp_path: Path) -> None:
    trace.begin("key")
    for value in (1, 2):
        trace.recall("dice", lambda value=value: value)  # type: ignore[misc]  # mypy does not infer the default's type
    trace.close()

    def nobody() -> int:
        raise AssertionError("asked")

    (tmp_path / "again").mkdir()
    with Trace(tmp_path / "again" / "trace.jsonl", recorded=ReplayRun(tmp_path)) as again:
        again.begin("key")
        assert [again.recall("dice", nobody), again.recall("dice", nobody)] == [1, 2]
        with pytest.raises(ReplayDifference, match="value 3 of 'dice'"):
            again.recall("dice", nobody)
        again.begin("another")
        with pytest.raises(ReplayDifference):
            again.recall("dice", nobody)


def test_file_that_is_no_trace_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no trace here"):
        list(read_trace(tmp_path / "missing.jsonl"))
    (tmp_path / "other.jsonl").write_text("hello\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not a trace"):
        list(read_trace(tmp_path / "other.jsonl"))


def test_every_line_is_one_json_object(trace: Trace, path: Path) -> None:
    trace.begin_step('When "quotes"\nand a line end')
    trace.note("x", "line\nend")
    for line in path.read_text(encoding="utf-8").splitlines():
        assert isinstance(json.loads(line), dict)
