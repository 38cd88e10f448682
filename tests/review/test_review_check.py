"""``conformeter check`` as its user runs it: against the reference meter, and a declaration that is not right."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.declaration import load_declaration
from harness.evidence.trace import read_trace
from harness.review import __main__ as measuring
from harness.review.cost import packaged_costs
from harness.run.exit_code import ExitCode

from .conftest import LOOP, Command

CHANGES = (
    ('firmware = "1.0.0"', 'firmware = "2.7"'),
    ("entries = 960", "entries = 961"),
    ('limiter = { class = 71, obis = "0.0.17.0.0.255" }', 'limiter = "absent"'),
    (
        'billing_counter = { class = 1, obis = "0.0.0.1.0.255" }',
        'billing_counter = { class = 1, obis = "0.0.0.1.9.255" }',
    ),
    ('obis = "0.0.43.0.0.255", version = 1', 'obis = "0.0.43.0.0.255", version = 0'),
    ('power_import = { class = 3, obis = "1.0.1.7.0.255" }\n', ""),
    ('secret = "text:reading1"', 'secret = "text:reading2"'),
)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    text = LOOP.read_text(encoding="utf-8")
    for right, instead in CHANGES:
        assert right in text
        text = text.replace(right, instead, 1)
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_reference_meter_is_as_declared(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("check", LOOP, "--json", tmp_path / "check.json") == ExitCode.NOTHING_OPEN
    said = capsys.readouterr().out
    assert "no disagreement" in said
    assert "what it would do to the device" in said
    document = _document(tmp_path / "check.json")
    assert [row for row in document["rows"] if row["agrees"] is False] == []
    doors = {row["door"] for row in document["rows"] if row["item"] == "reached" and row["announced"] == "yes"}
    assert doors == {door.id for door in load_declaration(LOOP).doors}
    assert document["duration_s"]["loop-hdlc"]["likely"] > 0


def test_it_only_reads(command: Command, tmp_path: Path) -> None:
    assert command("check", LOOP, "--json", tmp_path / "check.json") == ExitCode.NOTHING_OPEN
    records = list(read_trace(Path(_document(tmp_path / "check.json")["trace"])))
    sent = {str(record["event"]).split()[0] for record in records if record["kind"] == "apdu_tx"}
    actions = [r["event"] for r in records if r["kind"] == "apdu_tx" and str(r["event"]).startswith("action")]
    assert "get-request-normal" in sent
    assert not any(name.startswith("set") for name in sent)
    assert all("class 15 0.0.40.0.0.255 method 1" in event for event in actions), "the pass of high level security"


def test_every_disagreement_is_a_finding_with_its_frame(
    command: Command, wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("check", wrong, "--door", "loop-wrapper", "--json", tmp_path / "c.json") == ExitCode.FAIL
    rows = _document(tmp_path / "c.json")["rows"]
    found = {row["item"]: row for row in rows if row["agrees"] is False}
    assert set(found) == {
        "firmware_id", "depth in rows", "limiter", "billing_counter", "security_setup", "association",
    }  # fmt: skip
    assert found["firmware_id"]["announced"] == "1.0.0"
    assert all(row["frame"] for row in found.values())
    asked = {row["item"] for row in rows if row["agrees"] is None and row["note"]}
    assert "power_import" in asked, "announced, and the declaration does not mention it"
    assert "6 disagreements" in capsys.readouterr().out


def test_offline_asks_nothing_and_leaves_nothing(command: Command, tmp_path: Path) -> None:
    assert command("check", LOOP, "--offline", "--only", "SU3") == ExitCode.NOTHING_OPEN
    assert not (tmp_path / "runs").exists()


def test_traffic_of_a_run_is_looked_at(command: Command, tmp_path: Path) -> None:
    run = tmp_path / "runs"
    command("run", "--device", LOOP, "--only", "SU3.step2-P01", "--out", run)
    folder = next(run.iterdir())
    assert command("check", LOOP, "--offline", "--traffic", folder, "--json", tmp_path / "c.json") == 0
    items = {row["item"] for row in _document(tmp_path / "c.json")["rows"]}
    assert "response time in s" in items


def test_a_device_that_is_not_there_is_said_and_exit_code_2(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = LOOP.read_text(encoding="utf-8").replace('"loop://reference"', '"tcp://127.0.0.1:9"')
    text = text.replace("[bench]", '[bench]\ncontrol = "tcp://127.0.0.1:9"')
    path = tmp_path / "gone.toml"
    path.write_text(text, encoding="utf-8")
    assert command("check", path, "--door", "loop-wrapper") == ExitCode.OPEN
    assert "not asked for everything" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing.toml",), "nothing.toml"),
        ((LOOP, "--door", "wan"), "--door wan: not declared; allowed: loop-wrapper"),
        ((LOOP, "--only", "TR-Conf.77"), "--only TR-Conf.77: no such requirement"),
        ((LOOP, "--offline", "--traffic", "nowhere"), "nowhere: no such folder"),
        ((LOOP, "--offline", "--json", "no/such/folder.json"), "no/such/folder.json: cannot be written"),
    ],
)
def test_wrong_use_is_one_message_and_exit_code_3(
    command: Command, capsys: pytest.CaptureFixture[str], arguments: tuple[str | Path, ...], message: str
) -> None:
    assert command("check", *arguments) == ExitCode.USAGE
    told = capsys.readouterr().err
    assert told.startswith("conformeter: ")
    assert message in told
    assert "Traceback" not in told


def test_measuring_again_keeps_what_did_not_run(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command("run", "--device", LOOP, "--only", "SU3.step2-P01", "--out", tmp_path / "runs")
    before, measured = packaged_costs().costs, tmp_path / "costs.json"
    monkeypatch.setattr(measuring, "COSTS_FILE", measured)
    assert measuring.main([str(next((tmp_path / "runs").iterdir()))]) == 0
    assert "scenarios and rows measured" in capsys.readouterr().out
    after = _document(measured)["costs"]
    assert set(before) >= set(after) > {"SU3.step2-P01.power", "TR-Conf.08a-P01.import"} & set(before)
    assert measuring.main([]) == measuring.main([str(tmp_path / "nowhere")]) == ExitCode.USAGE
