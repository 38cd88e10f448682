"""Invocation counters over several runs of the command against one meter: none comes twice, killed runs included."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.evidence.trace import read_trace
from harness.keys import CounterStore
from harness.protocol.security import Ciphered, counter_of_response
from reference_meter.play_keys import TEST_SECURITY

ROOT = Path(__file__).resolve().parents[2]
COMMAND = """
import sys
from harness import cli
from harness.run import conduct
conduct.build_report = lambda *given, **options: None
cli.main()
"""
DECLARATION = """
schema = 1
test_keys = true
[identity]
name = "counted"
manufacturer = "Conformeter"
type = "reference meter"
serial = "00000001"
firmware = "1.0.0"
medium = "electricity"
roles = ["meter"]
[[doors]]
id = "tcp"
protocol = "wrapper"
url = "tcp://127.0.0.1:{port}"
[[associations]]
id = "public"
role = "public"
client_sap = 16
mechanism = "none"
[[associations]]
id = "reading"
role = "reading"
client_sap = 2
mechanism = "hls-gmac"
context = "ln-ciphered"
[associations.security]
client_system_title = "{title}"
encryption_key = "hex:{unicast}"
authentication_key = "hex:{authentication}"
counter = "{counter}"
[objects]
logical_device_name = {{ class = 1, obis = "0.0.42.0.0.255" }}
invocation_counter = {{ class = 1, obis = "0.0.43.1.0.255" }}
association = {{ class = 15, obis = "0.0.40.0.0.255" }}
clock = {{ class = 8, obis = "0.0.1.0.0.255" }}
energy_import_total = {{ class = 3, obis = "1.0.1.8.0.255" }}
"""


@pytest.fixture
def port() -> Iterator[str]:
    """The port of a ciphered meter in a process of its own."""
    command = [sys.executable, "-m", "reference_meter", "--variant", "ciphered", "--listen", "tcp://127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1].rpartition(":")[2]
        finally:
            process.terminate()


class Lab:
    """A declaration and what its runs leave."""

    def __init__(self, folder: Path, port: str, counter: str) -> None:
        self.folder = folder
        self._environment = {**os.environ, "CONFORMETER_STATE": str(folder / "state"), "PYTHONPATH": str(ROOT)}
        self._device = folder / "counted.toml"
        text = DECLARATION.format(
            port=port,
            title=TEST_SECURITY.client_system_title.hex(),
            unicast=TEST_SECURITY.keys.unicast.hex(),
            authentication=TEST_SECURITY.keys.authentication.hex(),
            counter=counter,
        )
        self._device.write_text(text, encoding="utf-8")

    def start(self, out: str) -> "subprocess.Popen[bytes]":
        """Begin a run whose folder lies in ``out``."""
        arguments = ["run", "--device", str(self._device), "--only", "SU3.step1-P01", "--out", str(self.folder / out)]
        command = [sys.executable, "-c", COMMAND, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self._environment)

    def whole(self, out: str) -> list[int]:
        """Run to the end and return the counters sent."""
        with self.start(out) as process:
            printed, _ = process.communicate(timeout=120)
        assert process.returncode in (0, 1, 2), printed.decode()
        return self.sent(out)

    def killed(self, out: str) -> list[int]:
        """Run until the first ciphered requests have left, kill it, and return the counters sent."""
        with self.start(out) as process:
            while process.poll() is None and len(self.sent(out)) < 3:
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        return self.sent(out)

    def sent(self, out: str) -> list[int]:
        """The counters of everything that was ciphered, in the order in which it was."""
        counters: list[int] = []
        for trace in (self.folder / out).glob("*/trace.jsonl"):
            for record in read_trace(trace):
                if record.get("event") == "protected":
                    counters.append(Ciphered.from_bytes(bytes.fromhex(record["value"])[1:]).counter)
                elif record.get("event") == "our answer to the challenge":
                    counters.append(counter_of_response(bytes.fromhex(record["value"])[1:]))
        return counters


@pytest.mark.parametrize("counter", ["store", "device"])
def test_counters_rise_from_run_to_run_and_over_a_kill(tmp_path: Path, port: str, counter: str) -> None:
    lab = Lab(tmp_path, port, counter)
    runs = [lab.whole("first"), lab.killed("killed"), lab.whole("third"), lab.whole("fourth")]
    assert all(runs)
    counters = [number for run in runs for number in run]
    assert counters == sorted(counters)
    assert len(counters) == len(set(counters))


def test_device_says_where_its_counter_is_when_the_store_is_lost(tmp_path: Path, port: str) -> None:
    first = Lab(tmp_path, port, "device").whole("first")
    (tmp_path / "state").rename(tmp_path / "lost")
    second = Lab(tmp_path, port, "device").whole("second")
    assert min(second) > max(first)


def test_run_ends_before_the_counter_begins_anew(tmp_path: Path, port: str) -> None:
    lab = Lab(tmp_path, port, "store")
    counter = CounterStore(tmp_path / "state", block=1).counter(
        key=TEST_SECURITY.keys.unicast, system_title=TEST_SECURITY.client_system_title
    )
    counter.above(0xFFFFFFFD)
    assert counter.take() == 0xFFFFFFFE
    with lab.start("last") as process:
        printed, _ = process.communicate(timeout=120)
    told = printed.decode()
    assert process.returncode == 2
    assert "no invocation counter is left; the device needs a new key" in " ".join(told.split())
    assert "Traceback" not in told
    assert lab.sent("last") == [0xFFFFFFFF]
