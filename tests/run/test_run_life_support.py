"""Devices that go away: a real process that is killed, one that is silent, one that is another; what it costs a run."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.run import conduct as composition
from harness.run.conduct import RunSettings

ROOT = Path(__file__).parents[2]
COMMAND = Path(__file__).with_name("supplied_meter.py")
OFF_S = float(os.environ.get("CONFORMETER_OFF_S", "2"))
ONLY = ("SU3.step2-P01", "SU3.step2-N01", "SU3.step2-N02", "TR-Conf.05a-N10", "TR-Conf.08a-P01")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a run has left."""

    code: int
    said: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / "verdicts.json").read_text(encoding="utf-8"))
        return document

    @property
    def verdicts(self) -> dict[str, str]:
        return {one["key"]: one["verdict"] for one in self.summary["scenarios"]}

    def reason(self, key: str) -> str:
        return next(str(one["reason"]) for one in self.summary["scenarios"] if one["key"] == key)

    @property
    def life(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "life.jsonl").read_text(encoding="utf-8").splitlines()]


class Lab:
    """A meter in a process of its own, and the declaration that leads to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.control = free_port(), free_port()
        self._pid = folder / "pid"

    def command(self, *options: str) -> list[str]:
        served = ["--listen", f"tcp://127.0.0.1:{self.port}", "--control", f"tcp://127.0.0.1:{self.control}"]
        started = [sys.executable, str(COMMAND), "--pid", str(self._pid), *options]
        return [*started, *served, "--reaction-s", "0.001"]

    def switch_on(self, *options: str) -> None:
        subprocess.run(self.command(*options), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._pid.exists():
            with suppress(ProcessLookupError):
                os.kill(int(self._pid.read_text(encoding="utf-8")), signal.SIGKILL)

    def declaration(self, *options: str, power: bool = True, more: str = "") -> Path:
        """Declare the meter with its TCP door as the functional one."""
        text = (ROOT / "devices" / "reference.toml").read_text(encoding="utf-8")
        text = text[: text.index("\n[lab]\n")]
        head, tcp = text.split('\nid = "tcp"\n')
        tcp = tcp.replace("functional = false", "timing = { inactivity_timeout_s = 1, response_time_s = 0.5 } #", 1)
        text = f'{head}\nid = "tcp"\n{tcp}'.replace("{port.tcp}", str(self.port)).replace(
            "{port.control}", str(self.control)
        )
        text = text.replace("frames = 3\nframes_per_second = 100\n", "frames = 24\nframes_per_second = 20\n")
        command = json.dumps(self.command(*options)) if power else "[]"
        path = self.folder / "meter.toml"
        path.write_text(f"{text}\n[lab]\npower_cycle_command = {command}\n{more}\n", encoding="utf-8")
        return path

    def run(
        self,
        device: Path | str,
        *only: str,
        kill_after: int | None = None,
        counted: tuple[str, str] = ("verdicts.jsonl", "\n"),
        resume: Path | None = None,
    ) -> Told:
        """Run scenarios at the TCP door; the meter is killed once a file of the run folder has so many of a text."""
        out = self.folder / f"runs-{time.monotonic_ns()}"
        over = threading.Event()
        threading.Thread(target=self._killer, args=(out, kill_after, counted, over), daemon=True).start()
        console = StringIO()
        settings = RunSettings(
            device=str(device), out=out, only=() if resume else only, doors=() if resume else ("tcp",), resume=resume
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(composition, "build_report", lambda *arguments, **options: None)
            patch.chdir(ROOT)
            code = composition.conduct(settings, Console(file=console, width=1000))
        over.set()
        return Told(code=int(code), said=console.getvalue(), folder=resume or next(out.iterdir()))

    def _killer(self, out: Path, after: int | None, counted: tuple[str, str], over: threading.Event) -> None:
        name, text = counted
        while after is not None and not over.wait(0.002):
            files = list(out.glob(f"*/{name}"))
            if files and files[0].read_text(encoding="utf-8").count(text) >= after:
                self.kill()
                return


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    made = Lab(tmp_path)
    yield made
    made.kill()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The verdicts of a run that nothing disturbs."""
    lab = Lab(tmp_path_factory.mktemp("whole"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONFORMETER_STATE", str(lab.folder / "state"))
        lab.switch_on()
        told = lab.run(lab.declaration(), *ONLY)
        lab.kill()
    assert told.code == 0
    return told.verdicts


def test_a_meter_that_is_killed_costs_the_scenarios_it_touched(lab: Lab, whole: dict[str, str]) -> None:
    lab.switch_on()
    device = lab.declaration("--off-s", str(OFF_S))
    killed = lab.run(device, *ONLY, kill_after=5)
    assert list(killed.verdicts) == list(whole)
    (cycle,) = (one for one in killed.life if one["what"] == "power cycle")
    assert cycle["exit_code"] == 0
    assert cycle["output"] == "cut; the password is ********\ngiven back"
    changed = {key: verdict for key, verdict in killed.verdicts.items() if verdict != whole[key]}
    assert set(changed) <= {cycle["key"]}, "a scenario that it did not touch"
    assert set(changed.values()) <= {"INCONCLUSIVE", "ERROR"}
    assert killed.code == (2 if changed else 0)
    assert killed.summary["interrupted_because"] is None
    assert [one["identity"]["serial_number"] for one in killed.life if "identity" in one] == ["00000001"] * 3


def test_a_meter_that_stays_away_stops_the_run_which_goes_on_later(lab: Lab, whole: dict[str, str]) -> None:
    lab.switch_on()
    device = lab.declaration(power=False, more="stop_after_unfinished = 4")
    cut_short = lab.run(device, *ONLY, kill_after=6)
    assert cut_short.code == 2
    stopped = cut_short.summary["interrupted_because"]
    assert "4 scenarios in a row" in stopped
    assert "lab.stop_after_unfinished" in stopped
    first, *dependants = [key for key, verdict in cut_short.verdicts.items() if verdict == "INCONCLUSIVE"]
    assert len(dependants) == 3
    for key in dependants:
        assert cut_short.reason(key).startswith("device: not run: "), cut_short.reason(key)
        assert first in cut_short.reason(key)
        assert "Connection refused" in cut_short.reason(key)
    lab.switch_on()
    resumed = lab.run(device, resume=cut_short.folder)
    changed = {key for key, verdict in resumed.verdicts.items() if verdict != whole[key]}
    assert changed == {first}
    assert set(resumed.verdicts) == set(whole)


def test_another_meter_in_its_place_stops_the_run_and_is_not_judged(lab: Lab) -> None:
    lab.switch_on()
    told = lab.run(lab.declaration("--serial", "00000099"), *ONLY, kill_after=5)
    assert told.code == 2
    assert "serial_number was '00000001' and is '00000099'" in told.summary["interrupted_because"]
    assert "FAIL" not in told.verdicts.values()
    assert list(told.verdicts.values()).count("ERROR") == 1
    last = list(told.verdicts)[-1]
    assert told.verdicts[last] == "ERROR"
    assert "another device answers at door tcp" in told.reason(last)


def test_a_meter_that_is_killed_under_malformed_frames_fails_nothing_and_a_replay_finds_the_same(lab: Lab) -> None:
    lab.switch_on()
    told = lab.run(
        lab.declaration(),
        "TR-Conf.05a-N80.cut-short@tcp",
        "SU3.step2-P01",
        kill_after=12,
        counted=("trace.jsonl", '"malformed frame"'),
    )
    (cycle,) = (one for one in told.life if one["what"] == "power cycle")
    assert cycle["key"].startswith("TR-Conf.05a-N80")
    assert told.verdicts[cycle["key"]] == "INCONCLUSIVE", told.reason(cycle["key"])
    assert "the same frames once more did it no harm" in told.reason(cycle["key"])
    assert {verdict for key, verdict in told.verdicts.items() if key != cycle["key"]} == {"PASS"}
    replayed = lab.run(f"replay://{told.folder}", "TR-Conf.05a-N80.cut-short@tcp", "SU3.step2-P01")
    assert replayed.verdicts == told.verdicts
    assert len([one for one in replayed.life if one["what"] == "power cycle"]) == 1


def test_a_meter_that_dies_of_a_request_fails_and_the_run_goes_on(lab: Lab) -> None:
    deadly = ("--dies-of", "0100010800FF02")
    lab.switch_on(*deadly)
    told = lab.run(lab.declaration(*deadly), "SU3.step2-P01")
    key = "SU3.step2-P01.import-total@tcp"
    assert told.verdicts[key] == "FAIL", told.reason(key)
    assert "after recovery the same stimulus" in told.reason(key)
    assert {verdict for other, verdict in told.verdicts.items() if other != key} == {"PASS"}
    assert told.code == 1
    assert told.summary["interrupted_because"] is None


def test_a_run_goes_on_at_the_same_meter_only(lab: Lab) -> None:
    lab.switch_on()
    device = lab.declaration()
    told = lab.run(device, "SU3.step2-P01")
    assert told.code == 0
    log = told.folder / "verdicts.jsonl"
    log.write_text("".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    (told.folder / "verdicts.json").unlink()
    lab.switch_on("--serial", "00000099")
    resumed = lab.run(device, resume=told.folder)
    assert resumed.code == 2
    assert "than in the earlier part of the run" in resumed.summary["interrupted_because"]
    assert len(resumed.verdicts) == 2


@pytest.mark.parametrize("listens", [True, False], ids=["accepts and says nothing", "nobody listens"])
def test_a_device_that_does_not_answer_at_all_is_told_once(lab: Lab, listens: bool) -> None:
    with socket.socket() as mute:
        if listens:
            mute.bind(("127.0.0.1", lab.port))
            mute.listen(32)
        began = time.monotonic()
        told = lab.run(lab.declaration(power=False), *ONLY)
    assert time.monotonic() - began < 60
    assert told.code == 4
    assert told.verdicts == {}
    for hint in (
        "the device does not answer",
        "supply and cable",
        "client_sap and server_sap",
        "still holds the device",
    ):
        assert told.said.count(hint) == 1, told.said
    assert told.summary["interrupted_because"] in told.said
    assert ("waiting" in told.said) is listens
