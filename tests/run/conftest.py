"""The whole plugin, in process, against the reference meter with somebody meddling with its answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.declaration import EFFECTS, Declaration, load_declaration
from harness.plugin import ConformancePlugin
from harness.run.items import Choice
from harness.run.run import Run
from harness.run.suite import Suite, arguments_for_pytest, load_suite
from harness.transport.loop_device import LoopDevice, LoopEvent, LoopLink
from harness.verdict import ScenarioResult, Verdict
from reference_meter.loop import make

ROOT = Path(__file__).parents[2]
REGISTER = bytes.fromhex("0100010800FF")


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a link is going to do."""

    due: float
    kind: str = "send"
    data: bytes = b""


Meddle = Callable[[bytes, list[Event], float], Sequence[Event]]
"""(frame to the meter, what the meter is going to do about it, line time) -> what happens instead."""


class MeddledLink:
    """A link of the reference meter whose reactions go through ``meddle``."""

    def __init__(self, link: LoopLink, meddle: Meddle) -> None:
        self._link = link
        self._meddle = meddle
        self._events: list[LoopEvent] = []

    def receive(self, data: bytes, line_now: float) -> None:
        self._link.receive(data, line_now)
        due = [
            Event(due=event.due, kind=event.kind, data=getattr(event, "data", b""))
            for event in self._link.take_events()
        ]
        self._events += self._meddle(data, due, line_now)

    def closed_by_peer(self, line_now: float) -> None:
        self._link.closed_by_peer(line_now)

    def take_events(self) -> Sequence[LoopEvent]:
        events, self._events = self._events, []
        return [*events, *self._link.take_events()]


class MeddledMeter:
    """The reference meter behind such links."""

    def __init__(self, meter: LoopDevice, meddle: Meddle) -> None:
        self._meter = meter
        self._meddle = meddle
        self.tick = meter.tick
        self.next_due = meter.next_due
        self.control = meter.control
        self.fired = meter.fired

    def open(self, door: str, line_now: float) -> MeddledLink:
        return MeddledLink(self._meter.open(door, line_now), self._meddle)


@dataclass(kw_only=True)
class Conducted:
    """What a run gave."""

    results: dict[str, ScenarioResult] = field(default_factory=dict)
    stopped: str | None = None

    def verdict(self, key: str) -> Verdict:
        return self.results[key].verdict


Conduct = Callable[..., Conducted]


@pytest.fixture(scope="session")
def suite() -> Suite:
    return load_suite(ROOT)


def run_suite(
    suite: Suite,
    folder: Path,
    declaration: Declaration,
    make_device: Callable[[Mapping[str, str]], LoopDevice],
    *only: str,
    door: str = "loop-wrapper",
) -> Conducted:
    """Run scenarios by their ids at one door of a loop device."""
    results: list[ScenarioResult] = []
    run = Run(
        declaration=declaration,
        catalogue=suite.catalogue,
        trace_path=folder / "trace.jsonl",
        keep=results.append,
        loop_makers={"reference": make_device},
    )
    plugin = ConformancePlugin(
        catalogue=suite.catalogue,
        scenarios=suite.scenarios,
        declaration=declaration,
        choice=Choice(only=only, doors=(door,), ceiling=frozenset(EFFECTS)),
    )
    plugin.run = run
    try:
        pytest.main([*arguments_for_pytest(ROOT), "-s"], plugins=[plugin])
    finally:
        run.close()
    assert not plugin.collection_errors
    return Conducted(results={result.key: result for result in results}, stopped=run.stopped)


@pytest.fixture
def conduct(suite: Suite, tmp_path: Path) -> Conduct:
    """Return a function that runs scenarios by their ids at one door of the meddled meter."""

    def run_scenarios(
        *only: str, meddle: Meddle, door: str = "loop-wrapper", fault: Mapping[str, str] | None = None
    ) -> Conducted:
        def make_meddled(options: Mapping[str, str]) -> MeddledMeter:
            return MeddledMeter(make({**options, **(fault or {})}), meddle)

        declaration = load_declaration(ROOT / "devices" / "reference-loop.toml")
        return run_suite(suite, tmp_path, declaration, make_meddled, *only, door=door)

    return run_scenarios


def is_about_register(frame: bytes) -> bool:
    """Whether a frame to the meter names the register of imported energy."""
    return REGISTER in frame
