"""A door that carries one connection: clients take turns, and everything is judged as elsewhere."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness.run import conduct as composition
from harness.run.conduct import RunSettings

ROOT = Path(__file__).resolve().parents[2]
ONLY = ("TR-Conf.01a-N06", "TR-Conf.01a-N08", "DF.3-N03", "TR-Conf.05b-P04", "TR-Conf.05b-N11", "TR-Conf.05b-N19")


@pytest.mark.parametrize(
    ("door", "only"),
    [
        ("loop-hdlc", ONLY),
        ("mbus", ("TR-Conf.01a-N11", "TR-Conf.05a-N41")),
        ("optical", ("TR-Conf.04a-N50", "TR-Conf.05a-N51")),
    ],
)
def test_nobody_comes_in_beside_a_line_that_is_open(
    door: str, only: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "devices" / "reference-loop.toml").read_text(encoding="utf-8")
    device = tmp_path / "one-line.toml"
    device.write_text(text.replace("connections = 4", "connections = 1"), encoding="utf-8")
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(composition, "build_report", lambda *arguments, **options: None)
    settings = RunSettings(device=str(device), out=tmp_path / "runs", only=only, doors=(door,))
    composition.conduct(settings, Console(file=StringIO()))
    (folder,) = (tmp_path / "runs").iterdir()
    results = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))["scenarios"]
    assert {one["verdict"] for one in results} == {"PASS"}
    assert _most_open_at_once(folder / "trace.jsonl") == 1


def _most_open_at_once(trace: Path) -> int:
    """How many connections were ever open at the same time."""
    most, open_now = 0, set[tuple[str, int]]()
    for line in trace.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        link = (record["key"], record.get("link", 0))
        if record["kind"] == "open":
            open_now.add(link)
        elif record["kind"] in ("close", "lost"):
            open_now.discard(link)
        most = max(most, len(open_now))
    return most
