"""Malformed frames in the report: what is to blame comes first, and commands give the octets back."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.trace import Trace
from harness.report.malformed import frames_by_key, malformed_text
from harness.wire import layers
from harness.wire.forge import forge
from harness.wire.recipe import Recipe

GET = bytes.fromhex("000100100001000DC001C100030100010800FF0200")
NAMES: dict[str, Any] = {name: getattr(layers, name) for name in layers.__all__}


def note(number: int, *, blamed: bool = False, full: bool = True) -> dict[str, Any]:
    forged = forge(GET, "wrapper", Recipe(layer="apdu", field="octets", mutation="cut", at=number))
    assert forged is not None
    shown: dict[str, Any] = {
        "number": number,
        "recipe": f"apdu.octets cut (at {number})",
        "octets": forged.octets.hex(" "),
        "reaction": "waited 2.0 s for an answer: nothing",
        "blamed": blamed,
    }
    return shown | ({"command": forged.command, "tree": forged.tree} if full else {})


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "trace.jsonl"
    with Trace(path) as written:
        written.begin("good@door")
        written.note("something else", "malformed frame")
        written.begin("bad@door")
        for number in (1, 2, 3, 4):
            written.note("malformed frame", note(number))
        written.note("malformed frame", note(5, full=False))
        written.note("malformed frame", note(3, blamed=True))
    return path


def test_each_scenario_shows_its_own_frames_and_the_one_to_blame_first(trace: Path) -> None:
    texts = frames_by_key(trace)
    assert list(texts) == ["bad@door"]
    text = texts["bad@door"]
    assert text.startswith("5 malformed frames were sent.")
    assert text.index("to blame: apdu.octets cut (at 3)") < text.index("frame 1: ")
    assert text.count("DLMS wrapper") == 4  # the one to blame and the first three


def test_commands_in_the_text_give_the_octets_that_stand_above_them(trace: Path) -> None:
    lines = frames_by_key(trace)["bad@door"].splitlines()
    pairs = [(above, line) for above, line in pairwise(lines) if line.startswith("command:")]
    assert len(pairs) == 5
    for octets, command in pairs:
        assert eval(command.removeprefix("command:"), dict(NAMES)) == bytes.fromhex(octets.removeprefix("octets:"))


def test_without_such_frames_there_is_no_text(trace: Path, tmp_path: Path) -> None:
    records = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    assert malformed_text(record for record in records if record["key"] == "good@door") == ""
    assert frames_by_key(tmp_path / "nothing.jsonl") == {}
