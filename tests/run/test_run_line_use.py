"""The figure of a serial line, over a real pseudo terminal on which octets take their time."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness.run import conduct as composition
from harness.run.conduct import RunSettings
from harness.run.exit_code import ExitCode

DEVICE = Path(__file__).parents[2] / "devices" / "reference-line.toml"


def test_a_run_over_a_line_tells_the_parts_of_its_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "build_report", lambda *arguments, **options: None)
    settings = RunSettings(device=str(DEVICE), out=tmp_path, only=("SU3.step1-P01",), least_line_use=100.0)
    said = StringIO()
    # Nothing is always busy: the demand makes a run fail that has found nothing else.
    assert composition.conduct(settings, Console(file=said)) is ExitCode.OPEN
    (folder,) = tmp_path.iterdir()
    (use,) = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))["line_use"]
    assert use["door"] == "line"
    assert f"line line: busy {use['per_cent']:.1f} per cent" in said.getvalue()
    assert f"--least-line-use 100: {use['per_cent']:.2f} per cent" in said.getvalue()
    records = [json.loads(line) for line in (folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    octets = sum(len(record["data"]) // 2 for record in records if record["kind"] in ("tx", "rx"))
    assert use["octets"] == octets
    assert use["line_s"] == pytest.approx(octets * 10 / 9600, abs=0.001)
    # The line did take the time of its octets, whatever else the machine was busy with.
    assert use["exchange_s"] >= use["line_s"] + use["reaction_s"] - 0.001
    assert use["reaction_s"] == pytest.approx(use["reactions"] * 0.02, abs=0.001)
