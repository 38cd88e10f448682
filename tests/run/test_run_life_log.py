"""The lab's power-cycle command, what is kept of it, and how the report tells of it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from harness.declaration import parse_declaration, read_data
from harness.evidence.trace import Trace
from harness.headend import identification
from harness.headend.head_end import HeadEnd
from harness.headend.identification import another_device, names_serial
from harness.headend.ladder import rests_within
from harness.report.life import life_lines
from harness.run.life_log import LifeLog

LOOP = Path(__file__).parents[2] / "devices" / "reference-loop.toml"
SECRET = bytes.fromhex("00112233445566778899AABBCCDDEEFF")


LogOf = Callable[..., LifeLog]


@pytest.fixture
def log_of(tmp_path: Path) -> Iterator[LogOf]:
    """Return what makes the log of a lab with a power-cycle command and further entries of ``[lab]``."""
    with Trace(tmp_path / "trace.jsonl") as trace:
        trace.begin("SOME-KEY@door")

        def make(*command: str, **lab: Any) -> LifeLog:
            data = read_data(LOOP)
            data["lab"] = {**data.get("lab", {}), "power_cycle_command": list(command), **lab}
            declaration = parse_declaration(data, name="test")
            return LifeLog(declaration, trace, tmp_path / "life.jsonl", secrets=lambda: (SECRET, b"reading1"))

        yield make


def kept(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "life.jsonl").read_text(encoding="utf-8").splitlines()]


def python(text: str) -> tuple[str, ...]:
    return sys.executable, "-c", text


def test_a_lab_without_a_command_switches_nothing(log_of: LogOf) -> None:
    log = log_of()
    assert log.cycle_power("door") is None
    assert log.power_cycles == 0


def test_a_command_that_succeeds_gives_the_device_its_time(tmp_path: Path, log_of: LogOf) -> None:
    said = f"print('relay 3 reading1 {SECRET.hex()} {SECRET.hex().upper()}')"
    assert log_of(*python(said), power_up_s=7).cycle_power("door") == 7
    (cycle,) = kept(tmp_path)
    assert cycle["output"] == f"relay 3 ******** {'*' * 32} {'*' * 32}"
    assert (cycle["exit_code"], cycle["problem"], cycle["key"]) == (0, None, "SOME-KEY@door")
    trace = (tmp_path / "trace.jsonl").read_text(encoding="utf-8")
    assert SECRET.hex() not in trace.lower()


@pytest.mark.parametrize(
    ("command", "exit_code", "problem"),
    [
        (python("import sys; sys.exit(3)"), 3, None),
        (python("import time; time.sleep(30)"), None, "did not end within 0.3 s"),
        (("/no/such/relay",), None, "cannot be started: No such file or directory"),
    ],
    ids=["fails", "hangs", "is not there"],
)
def test_a_command_that_fails_has_switched_nothing(
    tmp_path: Path, log_of: LogOf, command: tuple[str, ...], exit_code: int | None, problem: str | None
) -> None:
    log = log_of(*command, power_cycle_timeout_s=0.3 if problem and "end" in problem else 60.0)
    assert log.cycle_power("door") is None
    (cycle,) = kept(tmp_path)
    assert (cycle["exit_code"], cycle["problem"]) == (exit_code, problem)


def test_a_device_that_the_command_has_started_may_live_on(tmp_path: Path, log_of: LogOf) -> None:
    start = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])"
    assert log_of(*python(start), power_up_s=5).cycle_power("door") == 5
    assert kept(tmp_path)[0]["seconds"] < 15


def test_rests_grow_and_come_to_the_time_that_is_allowed() -> None:
    rests = rests_within(20)
    assert rests[:3] == (0.5, 1.0, 2.0)
    assert max(rests) == 5.0
    assert sum(rests) == 20


def test_a_device_is_another_one_by_what_was_read_both_times() -> None:
    before = {"logical_device_name": "ABC1", "serial_number": "1"}
    assert another_device(before, before) is None
    assert another_device(before, {"logical_device_name": "ABC1"}) is None
    assert another_device({}, before) is None
    assert another_device(before, {**before, "serial_number": "2"}) == "serial_number was '1' and is '2'"


def test_firmware_tells_who_it_is_only_where_nothing_else_was_read() -> None:
    old, new = {"firmware_id": "1"}, {"firmware_id": "2"}
    assert another_device(old, new) == "firmware_id was '1' and is '2'"
    assert another_device({**old, "serial_number": "1"}, {**new, "serial_number": "1"}) is None


@pytest.mark.parametrize(("answers", "told"), [("1", "1"), ("21", "1"), ("22", "2"), ("23", "3")])
def test_one_wrong_answer_makes_no_other_device(answers: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(answers)
    monkeypatch.setattr(identification, "_asked_of", lambda head_end: {"serial_number": next(given)})
    nobody = cast("HeadEnd", None)
    assert identification.read_identity(nobody, {"serial_number": "1"}) == {"serial_number": told}
    assert not list(given)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"serial_number": "00000001"}, True),
        ({"serial_number": "1"}, True),
        ({"logical_device_name": "CFM0000000000001"}, True),
        ({"firmware_id": "7"}, True),
        ({}, True),
        ({"serial_number": "00000099"}, False),
    ],
)
def test_a_serial_number_is_found_in_whatever_form_the_device_has_it(told: dict[str, str], named: bool) -> None:
    assert names_serial(told, "00000001") is named


def test_the_report_tells_each_rung_in_words(tmp_path: Path, log_of: LogOf) -> None:
    log = log_of(*python("print('done')"))
    log.keep("start", door="tcp", alive=True, why="", identity={"serial_number": "1"})
    log.climbed("tcp", "released, after rests", alive=False, why="no answer")
    log.cycle_power("tcp")
    log.climbed("tcp", "after the power cycle", alive=True, why="")
    log.keep("stop", why="enough")
    with (tmp_path / "life.jsonl").open("a", encoding="utf-8") as cut_off:
        cut_off.write('{"wall": 1')
    lines = life_lines(tmp_path / "life.jsonl")
    assert [line.is_quiet for line in lines] == [True, False, False, False, False]
    assert [line.text.partition(f" {sys.executable}")[0] for line in lines] == [
        "answers before the first scenario: serial_number 1",
        "released, after rests: no good exchange (no answer)",
        "power-cycle command",
        "after the power cycle: it answers",
        "the run stops: enough",
    ]
    assert lines[2].text.endswith("s: done")
    assert life_lines(tmp_path / "none.jsonl") == ()
