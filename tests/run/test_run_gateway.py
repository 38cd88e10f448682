"""A gateway under judgement, one connection at a time, replayed, in another order; and a meter behind a gateway."""

import json
import subprocess
import sys
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.declaration import parse_declaration
from harness.errors import DeclarationError
from harness.run import conduct as composition
from harness.run.conduct import RunSettings

DEVICES = Path(__file__).parents[2] / "devices"
GATEWAY = DEVICES / "reference-gateway.toml"
NOTHING_OPEN = 0


def conducted(tmp_path: Path, device: Path | str, only: str = "", shuffle: int | None = None) -> tuple[int, Any, Path]:
    """Conduct a run in this process and return exit code, verdicts and folder."""
    out = tmp_path / f"runs-{len(list(tmp_path.iterdir()))}"
    names = tuple(name for name in only.split(",") if name)
    settings = RunSettings(device=str(device), out=out, only=names, shuffle=shuffle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "build_report", lambda *arguments, **options: None)
        code = composition.conduct(settings, Console(file=StringIO()))
    (folder,) = out.iterdir()
    return code, json.loads((folder / "verdicts.json").read_text(encoding="utf-8")), folder


def rewritten(tmp_path: Path, source: Path, *changes: tuple[str, str]) -> Path:
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "device.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_gateway_is_asked_for_what_binds_gateways(tmp_path: Path) -> None:
    code, verdicts, _ = conducted(tmp_path, GATEWAY)
    assert code == NOTHING_OPEN
    clauses = {one["id"]: one for one in verdicts["clauses"]}
    asked = {name for name, one in clauses.items() if one["verdict"] == "PASS" and not name.startswith("T.")}
    assert {
        "TR-Conf.02a",
        "TR-Conf.02b",
        "TR-Conf.03a",
        "TR-Conf.03b",
        "TR-Conf.04a",
        "SU3.step1",
        "SU3.step2",
    } == asked
    assert clauses["TR-Conf.06a"]["verdict"] == "NOT_TESTED"
    keys = {one["key"]: one["verdict"] for one in verdicts["scenarios"]}
    assert not any(key.startswith(("TR-Conf.06", "MF.", "BI.", "TR-Conf.05")) for key in keys)


def by_command(tmp_path: Path, device: str, name: str) -> tuple[Path, dict[str, str]]:
    """Run in a process of its own; return the run folder and the verdicts by key."""
    out = tmp_path / name
    command = "from harness.cli import main; main()"
    subprocess.run(  # our own command
        [sys.executable, "-c", command, "run", "--device", device, "--out", str(out)], check=True, capture_output=True
    )
    (folder,) = out.iterdir()
    verdicts = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    return folder, {one["key"]: one["verdict"] for one in verdicts["scenarios"]}


def test_replay_gives_the_same_verdicts(tmp_path: Path) -> None:
    folder, recorded = by_command(tmp_path, str(GATEWAY), "recorded")
    assert by_command(tmp_path, f"replay://{folder}", "replayed")[1] == recorded


def test_order_and_number_of_connections_change_nothing(tmp_path: Path) -> None:
    device = rewritten(
        tmp_path, GATEWAY, ("connections = 4", "connections = 1"), ("associations = 4", "associations = 1")
    )
    code, verdicts, _ = conducted(tmp_path, device, "TR-Conf.03,SU3,TR-Conf.04a-N60", shuffle=7)
    assert code == NOTHING_OPEN, [one for one in verdicts["scenarios"] if one["verdict"] != "PASS"]


def test_own_polls_leave_interactions_undecided(tmp_path: Path) -> None:
    device = rewritten(tmp_path, GATEWAY, ("[gateway]\n", '[gateway]\nown_polls = true\ndoors = ["wan"]\n'))
    only = "TR-Conf.03a-P01,TR-Conf.03a-P03,TR-Conf.03a-N02,TR-Conf.03b-P02"
    _, verdicts, _ = conducted(tmp_path, device, only)
    assert {one["id"]: one["verdict"] for one in verdicts["scenarios"]} == {
        "TR-Conf.03a-P01": "PASS",
        "TR-Conf.03a-P03": "INCONCLUSIVE",
        "TR-Conf.03a-N02": "INCONCLUSIVE",
        "TR-Conf.03b-P02": "PASS",
    }


def test_meter_is_asked_for_nothing_of_gateways(tmp_path: Path) -> None:
    _, verdicts, _ = conducted(tmp_path, DEVICES / "reference-loop.toml", "TR-Conf.03,SU3.step1-P01,SU3.step1-P60")
    assert {one["id"] for one in verdicts["scenarios"]} == {"SU3.step1-P01"}
    clauses = {one["id"]: one["verdict"] for one in verdicts["clauses"]}
    assert clauses["TR-Conf.03a"] == clauses["TR-Conf.03b"] == "NOT_TESTED"


def test_polls_and_changes_of_a_meter_behind_a_gateway(tmp_path: Path) -> None:
    device = rewritten(
        tmp_path,
        DEVICES / "reference-loop.toml",
        (
            'protocol = "wrapper"\nurl = "loop://reference"',
            'protocol = "wrapper"\nurl = "loop://reference?variant=behind-a-gateway"\n'
            'through = { network = 3, address = "002A" }',
        ),
    )
    only = "SU3.step1-P01,SU3.step2-P01,SU3.step2-P03,TR-Conf.02a-P01,TR-Conf.02a-N06,TR-Conf.11a-P01"
    _, verdicts, folder = conducted(tmp_path, device, only)
    found = {one["key"]: one["verdict"] for one in verdicts["scenarios"] if one["door"] == "loop-wrapper"}
    assert len(found) > 8
    assert set(found.values()) == {"PASS"}
    sent = [json.loads(line) for line in (folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any("e60302002a" in str(one.get("data", "")).lower().replace(" ", "") for one in sent)


@pytest.mark.parametrize(
    ("section", "change", "told"),
    [
        ("identity", {"roles": ["meter"]}, "gateway.devices: names devices behind a gateway"),
        ("device", {"reader": "nobody"}, 'gateway.devices[0].reader: is "nobody"'),
        ("gateway", {"doors": ["lan"]}, 'gateway.doors[0]: is "lan"'),
        ("device", {"sap": 17}, "gateway.devices[0]: is reached in no way or in two"),
        ("device", {"through": {"network": 1, "address": "0"}}, "gateway.devices[0].through.address"),
        ("device", {"name": "flat-3-electricity"}, 'gateway.devices[2].name: "flat-3-electricity" is taken'),
    ],
)
def test_wrong_declarations_name_key_and_what_is_allowed(section: str, change: dict[str, Any], told: str) -> None:
    data = tomllib.loads(GATEWAY.read_text(encoding="utf-8"))
    (data["gateway"]["devices"][0] if section == "device" else data[section]).update(change)
    with pytest.raises(DeclarationError) as caught:
        parse_declaration(data, name="gateway.toml")
    assert told in str(caught.value)


def test_prefix_is_for_doors_that_carry_dlms() -> None:
    data = tomllib.loads((DEVICES / "reference-loop.toml").read_text(encoding="utf-8"))
    (door,) = [one for one in data["doors"] if one["protocol"] == "p1"]
    door["through"] = {"network": 1, "address": "01"}
    with pytest.raises(DeclarationError, match="through"):
        parse_declaration(data, name="meter.toml")
