"""Servers and client processes on one processor, and the table of ratios at the end of the run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
ROUNDS = 4
"""So often each measurement is taken, alternating between the clients; the best counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times as much the other side took as the harness."""

    name: str
    ours: str
    theirs: str
    ratio: float
    aim: float | None
    floor: float | None

    @property
    def state(self) -> str:
        if self.aim is None:
            return "for comparison"
        return "reached" if self.ratio >= self.aim else "missed"


RATIOS = pytest.StashKey[list[Ratio]]()


class Bench:
    """Runs the client programs and keeps what was found."""

    def __init__(self, ratios: list[Ratio]) -> None:
        self._ratios = ratios

    def run(self, script: str, *arguments: str) -> Any:
        """Run a client program to its end; what it printed last: the Gurux library has lines of its own."""
        command = [sys.executable, str(FOLDER / script), *arguments]
        done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def quickest(self, *commands: tuple[str, ...]) -> list[dict[str, float]]:
        """Run the programs in turn, several times; the best of each value that each of them printed."""
        found: list[list[dict[str, float]]] = [[] for _ in commands]
        for _ in range(ROUNDS):
            for results, command in zip(found, commands, strict=True):
                printed = self.run(*command)
                results += printed if isinstance(printed, list) else [printed]
        return [{key: min(result[key] for result in results) for key in results[0]} for results in found]

    def judge(self, name: str, ours_s: float, theirs_s: float, *, aim: float, floor: float | None = None) -> None:
        """Note a ratio and fail below its aim, or below ``floor`` where the aim has not been reached yet."""
        self._note(name, ours_s, theirs_s, aim, floor)
        least = aim if floor is None else floor
        assert theirs_s / ours_s >= least, f"{name}: {theirs_s / ours_s:.2f} times, at least {least} is due"

    def compare(self, name: str, ours_s: float, theirs_s: float) -> None:
        """Note a ratio that nothing is demanded of."""
        self._note(name, ours_s, theirs_s, None, None)

    def _note(self, name: str, ours_s: float, theirs_s: float, aim: float | None, floor: float | None) -> None:
        ratio = Ratio(
            name=name, ours=_shown(ours_s), theirs=_shown(theirs_s), ratio=theirs_s / ours_s, aim=aim, floor=floor
        )
        self._ratios.append(ratio)


def _shown(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


@pytest.fixture(scope="session")
def bench(pytestconfig: pytest.Config) -> Iterator[Bench]:
    """All processes on one processor: nothing waits for another one to wake up, which costs more than it measures."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    yield Bench(pytestconfig.stash.setdefault(RATIOS, []))
    os.sched_setaffinity(0, before)


@contextmanager
def server(script: str) -> Iterator[list[str]]:
    """Run a server program; the ports that it printed."""
    command = [sys.executable, str(FOLDER / script)]
    with subprocess.Popen(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, *ports = process.stdout.readline().split()
            assert ready == "ready"
            yield ports
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def canned_ports(bench: Bench) -> Iterator[tuple[str, str]]:
    """Ports of the canned server and of the echo."""
    with server("canned_server.py") as (canned, echo):
        yield canned, echo


@pytest.fixture(scope="session")
def meter_port(bench: Bench) -> Iterator[str]:
    """Port of the reference meter."""
    with server("meter_server.py") as (port,):
        yield port


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show every ratio."""
    ratios = config.stash.get(RATIOS, [])
    if not ratios:
        return
    terminalreporter.section("CPU time against the other side, best of all rounds")
    width = max(len(ratio.name) for ratio in ratios)
    for ratio in ratios:
        aim = "" if ratio.aim is None else f"aim {ratio.aim:g}"
        if ratio.floor is not None:
            aim += f", floor {ratio.floor:g}"
        times = f"{ratio.ours:>10} {ratio.theirs:>10} {ratio.ratio:7.2f} times"
        terminalreporter.write_line(f"{ratio.name:{width}} {times}  {ratio.state:14} {aim}")
