"""The bundled meter on wall-clock time: what takes seconds is judged in real time, what takes longer says so."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.run import conduct as composition
from harness.run.conduct import RunSettings

ROOT = Path(__file__).parents[2]


def run(out: Path, device: str, *only: str) -> tuple[dict[str, tuple[str, str]], dict[str, Any]]:
    """Conduct a run; its verdicts with their kinds of time, and its environment."""
    settings = RunSettings(device=str(ROOT / "devices" / device), out=out, only=only)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "build_report", lambda *arguments, **options: None)
        composition.conduct(settings, Console(file=StringIO()))
    (folder,) = out.iterdir()
    summary = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    verdicts = {one["key"]: (one["verdict"], one["time"]) for one in summary["scenarios"]}
    reasons = {one["key"]: one["reason"] for one in summary["scenarios"] if one["verdict"] == "INCONCLUSIVE"}
    assert all(reason.startswith("bench: ") for reason in reasons.values())
    return verdicts, environment


def test_seconds_are_waited_for_and_days_are_inconclusive(tmp_path: Path) -> None:
    verdicts, environment = run(tmp_path, "reference-realtime.toml", "MF.6-N02", "MF.6-P19")
    assert verdicts["MF.6-N02.one-ahead@tcp"] == ("PASS", "real")
    assert verdicts["MF.6-P19@tcp"][0] == "INCONCLUSIVE"
    assert set(environment["computer_clock"]) == {"start", "end"}
    assert "device_clock_at_end" not in environment


def test_a_judged_clock_is_set_by_its_scenario_alone_and_right_at_the_end(tmp_path: Path) -> None:
    verdicts, environment = run(tmp_path, "reference-clock-setting.toml", "MF.6-P01")
    assert verdicts["MF.6-P01.day-ahead@tcp"] == ("PASS", "real")
    assert environment["device_clock_at_end"]["right"] is True
    assert abs(environment["device_clock_at_end"]["off_s"]) < 2
