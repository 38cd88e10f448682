"""``discover`` and ``run`` at meters that a stranger might have built: no false alarm, and no crash."""

import json
from pathlib import Path

import pytest

from harness.declaration import load_declaration
from harness.evidence.trace import read_trace
from harness.run.exit_code import ExitCode

from .conftest import STRANGERS, Command, filled_in

SELECTION = "SU3.step1,SU3.step2-P01,TR-Conf.08a,TR-Conf.06d-P01"
TRUE_FAILURES = {"stranger-no-selective-access": "TR-Conf.06d"}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_discovered_and_judged(name: str, command: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    url = f"loop://reference?variant={name}"
    assert command("discover", url, *STRANGERS[name].clients, "--out", draft) == ExitCode.NOTHING_OPEN
    assert load_declaration(draft).doors[0].url == url
    declared = tmp_path / "declared.toml"
    declared.write_text(filled_in(draft.read_text(encoding="utf-8"), gone=STRANGERS[name].gone), encoding="utf-8")
    command("run", "--device", declared, "--only", SELECTION, "--out", tmp_path / "runs")
    (document,) = (tmp_path / "runs").glob("*/verdicts.json")
    results = json.loads(document.read_text(encoding="utf-8"))["scenarios"]
    bad = {one["key"] for one in results if one["verdict"] in ("FAIL", "ERROR")}
    due = TRUE_FAILURES.get(name)
    assert bool(bad) is (due is not None)
    assert all(key.startswith(str(due)) for key in bad)
    assert any(one["verdict"] == "PASS" for one in results)


@pytest.mark.parametrize("name", STRANGERS)
def test_discovery_of_a_stranger_only_reads(name: str, command: Command, tmp_path: Path) -> None:
    command("discover", f"loop://reference?variant={name}", *STRANGERS[name].clients, "--out", tmp_path / "d.toml")
    sent = [str(one["event"]) for one in read_trace(tmp_path / "d.trace.jsonl") if one["kind"] == "apdu_tx"]
    assert any(event.startswith("get-request") for event in sent)
    assert not [event for event in sent if event.startswith("set")]
    actions = [event for event in sent if event.startswith("action")]
    assert all("class 15 0.0.40.0.0.255 method 1" in event for event in actions), "the reply of high level security"
