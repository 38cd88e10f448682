"""Plots that steps have noted: found in a trace and drawn, each for its own result."""

import json
from pathlib import Path
from xml.etree import ElementTree

from harness.evidence.trace import Trace, read_trace
from harness.report.drawings import PLOT, drawings, drawings_by_key

DATA = {
    "times": ["2026-03-02T10:15:00+00:00", "2026-03-02T10:30:00+00:00"],
    "recorded_wh": [750.0, 740.0],
    "expected_wh": [750.0, 750.0],
    "uncertainty_wh": 3.0,
}


def trace_with_plots(path: Path) -> Path:
    with Trace(path) as trace:
        for key in ("TR-Conf.06e-P01@a", "TR-Conf.06e-P01@b", "TR-Conf.06e-P02@a"):
            trace.begin(key)
            if not key.endswith("P02@a"):
                trace.note(PLOT, {"plot": "load profile", "data": DATA})
                trace.note(PLOT, {"plot": "of another version", "data": {}})
    return path


def test_each_result_has_its_own_drawings(tmp_path: Path) -> None:
    drawn = drawings_by_key(trace_with_plots(tmp_path / "trace.jsonl"))
    assert set(drawn) == {"TR-Conf.06e-P01@a", "TR-Conf.06e-P01@b"}
    for (one,) in drawn.values():
        assert one.name == "load profile"
        assert ElementTree.fromstring(one.svg).tag.endswith("svg")


def test_drawings_of_records_are_those_of_the_trace(tmp_path: Path) -> None:
    path = trace_with_plots(tmp_path / "trace.jsonl")
    records = [record for record in read_trace(path) if record["key"] == "TR-Conf.06e-P01@a"]
    assert drawings(records) == drawings_by_key(path)["TR-Conf.06e-P01@a"]


def test_a_trace_cut_in_the_middle_of_a_plot_gives_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    record = {"n": 1, "key": "k@d", "kind": "note", "event": PLOT, "value": {"plot": "load profile", "data": DATA}}
    path.write_text(json.dumps(record, separators=(",", ":"))[:-20], encoding="utf-8")
    assert drawings_by_key(path) == {}
    assert drawings_by_key(tmp_path / "missing.jsonl") == {}
