"""The frames around a finding."""

import json
from pathlib import Path
from typing import Any

from harness.report.exchange import exchanges


def write_trace(path: Path, records: list[dict[str, Any]]) -> None:
    lines = []
    for n, record in enumerate(records, start=1):
        base = {"n": n, "wall": 0.0, "key": "a", "step": "When it is sent", "t": n / 10, "door": "tcp", "link": 1}
        lines.append(json.dumps(base | record) + "\n")
    path.write_text("".join(lines))


def test_frame_comes_with_its_neighbours_and_its_tree(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    get_error = "0001000100100005c401c10104"
    frames = [{"kind": "tx", "data": "00", "event": f"frame {n}"} for n in range(1, 8)]
    write_trace(trace, [*frames, {"kind": "rx", "data": get_error, "event": "the answer"}, *frames, *frames])
    found = exchanges(trace, [8])[8]
    assert [line.number for line in found.near] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert [line.number for line in found.lines] == list(range(1, 13))
    assert [line.number for line in found.lines if line.blamed] == [8]
    assert found.tree is not None
    assert "object-undefined" in found.tree


def test_neighbours_of_another_scenario_are_left_out(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    records = [{"kind": "tx", "data": "00", "key": key} for key in ("a", "a", "b", "b", "c")]
    write_trace(trace, records)
    assert [line.number for line in exchanges(trace, [3])[3].lines] == [3, 4]


def test_masked_octets_stay_masked_and_silence_is_a_line(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    write_trace(
        trace,
        [
            {"kind": "tx", "data": "60****36", "masked": [[1, 2]]},
            {"kind": "note", "event": "verdict"},
            {"kind": "value", "event": "wall", "value": 5},
            {"kind": "quiet"},
        ],
    )
    lines = exchanges(trace, [4])[4].lines
    assert [line.octets for line in lines] == ["60 ** ** 36", "", ""]
    assert [line.direction for line in lines] == ["to device", "value", "no answer"]
    assert lines[1].event == "wall = 5"
    assert exchanges(trace, [4])[4].tree is None


def test_two_findings_in_one_scenario_get_their_own_neighbours(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    write_trace(trace, [{"kind": "tx", "data": "00"}] * 6)
    found = exchanges(trace, [2, 3])
    assert [line.number for line in found[2].near] == [1, 2, 3, 4]
    assert [line.number for line in found[3].near] == [1, 2, 3, 4, 5]


def test_apdu_to_blame_shows_the_frame_that_carries_it(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    write_trace(
        trace,
        [
            {"kind": "apdu_tx", "data": "c001c100080000010000ff0200"},
            {"kind": "tx", "data": "000100100001000dc001c100080000010000ff0200"},
            {"kind": "rx", "data": "0001000100100005c401c10104"},
            {"kind": "apdu_rx", "data": "c401c10104"},
            {"kind": "apdu_rx", "data": "c401c10104", "key": "b"},
        ],
    )
    found = exchanges(trace, [1, 4, 5])
    assert "get-request" in str(found[1].tree)
    assert "object-undefined" in str(found[4].tree)
    assert found[5].tree is None


def test_long_frames_are_cut_and_say_so(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    write_trace(trace, [{"kind": "rx", "data": "ab" * 300}])
    assert exchanges(trace, [1])[1].lines[0].octets.endswith("ab … 300 octets in all")


def test_no_trace_and_no_frames_give_nothing(tmp_path: Path) -> None:
    assert exchanges(tmp_path / "trace.jsonl", [1]) == {}
    assert exchanges(tmp_path / "trace.jsonl", []) == {}
