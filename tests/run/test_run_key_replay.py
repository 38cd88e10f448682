"""A run in which keys were changed is judged again from its record, without the key store."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness.run import conduct as composition
from harness.run.conduct import RunSettings

ROOT = Path(__file__).resolve().parents[2]
ONLY = ("TR-Conf.05b-P20", "TR-Conf.05b-P21", "TR-Conf.05b-N70", "TR-Conf.05b-N71", "TR-Conf.05b-N72", "SU3.step1-P01")


def run(device: str, out: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, str], str, Path]:
    """Verdicts by key, what was printed, and the run folder."""
    monkeypatch.setenv("CONFORMETER_STATE", str(state))
    monkeypatch.setattr(composition, "build_report", lambda *arguments, **options: None)
    written = StringIO()
    composition.conduct(RunSettings(device=device, out=out, only=ONLY), Console(file=written, width=300))
    (folder,) = out.iterdir()
    summary = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    return {one["key"]: one["verdict"] for one in summary["scenarios"]}, written.getvalue(), folder


def test_changed_keys_replay_to_the_same_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = str(ROOT / "devices" / "reference-loop.toml")
    verdicts, printed, folder = run(device, tmp_path / "recorded", tmp_path / "state", monkeypatch)
    assert set(verdicts.values()) == {"PASS"}
    assert "not checked again" not in printed
    again, printed, _ = run(f"replay://{folder}", tmp_path / "replayed", tmp_path / "none", monkeypatch)
    assert again == verdicts
    assert "tags and signatures are taken as they were found when the run was recorded" in printed
    assert not (tmp_path / "none" / "keys").exists()
    assert not (tmp_path / "none" / "journal").exists()
