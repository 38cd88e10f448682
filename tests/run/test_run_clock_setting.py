"""A device whose clock the bench sets: it comes to a distant instant, is marked so, and is right again afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.bench.base import Bench
from harness.bench.clock_setting import ClockSettingBench
from harness.catalogue import load_catalogue
from harness.declaration import Declaration, load_declaration
from harness.errors import Inconclusive
from harness.run.items import ItemMeta
from harness.run.run import Run
from harness.run.trial import Trial
from harness.verdict import ScenarioResult
from reference_meter.loop import make
from reference_meter.meter import Meter

ROOT = Path(__file__).parents[2]


class Stage:
    """A loop meter, and a bench over it whose waiting is the meter's time passing."""

    def __init__(self, folder: Path) -> None:
        self.meter: Meter | None = None
        self.declaration: Declaration = load_declaration(ROOT / "devices" / "reference-loop.toml")
        kept: list[ScenarioResult] = []
        self.run = Run(
            declaration=self.declaration,
            catalogue=load_catalogue(ROOT / "requirements"),
            trace_path=folder / "trace.jsonl",
            keep=kept.append,
            loop_makers={"reference": self.make},
        )
        self.bench = BenchOfMeter(self)

    def make(self, options: Any) -> Meter:
        self.meter = make(options)
        return self.meter

    @property
    def clock(self) -> datetime:
        if self.meter is None:
            raise AssertionError("the meter was never opened")
        return self.meter.model.metering.now

    def trial(self, *, clock_judged: bool = False) -> Trial:
        meta = ItemMeta(
            id="MF.6-P01",
            row=None,
            door="loop-wrapper",
            title="A scenario",
            requirements=("MF.6",),
            positive=True,
            effects=frozenset({"reads", "sets_clock"}),
            clock_judged=clock_judged,
        )
        trial = self.run.trial(meta)
        trial.bench = Bench(time=self.bench, load=None, disturbance=None)
        return trial


class BenchOfMeter(ClockSettingBench):
    """Waits by letting the meter's time pass."""

    lead_s = 5.0

    def __init__(self, stage: Stage) -> None:
        super().__init__(None, lambda name, produce: produce(), sleep=self.pass_time)
        self._stage = stage
        self.waited_s = 0.0

    def pass_time(self, seconds: float) -> None:
        if self._stage.meter is not None:
            self._stage.meter.control({"op": "advance", "seconds": seconds})
        self.waited_s += seconds

    def now(self) -> datetime:
        if self._stage.meter is None:
            raise AssertionError("the meter was never opened")
        return self._stage.meter.model.metering.true_time


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.run.close()


def test_the_clock_is_set_to_before_the_instant_and_right_again_afterwards(stage: Stage) -> None:
    trial = stage.trial()
    client = trial.head_end.associate("reading")
    start = stage.clock
    instant = datetime(2026, 10, 25, 1, tzinfo=UTC)  # summer time ends
    trial.reach(instant, client)
    assert instant <= stage.clock < instant + timedelta(seconds=2)
    assert stage.bench.waited_s < 10
    assert trial.kinds_of_time == {"real", "accelerated"}
    trial.end()
    assert abs((stage.clock - start).total_seconds()) < 10
    assert stage.run.journal.open_changes() == ()
    trial.head_end.close_all()


def test_a_judged_clock_is_left_alone(stage: Stage) -> None:
    trial = stage.trial(clock_judged=True)
    client = trial.head_end.associate("reading")
    before = stage.clock
    with pytest.raises(Inconclusive, match="longer than 900 s is not waited"):
        trial.reach(before + timedelta(days=30), client)
    assert stage.clock == before
    trial.head_end.close_all()


def test_what_is_near_is_waited_for(stage: Stage) -> None:
    trial = stage.trial()
    client = trial.head_end.associate("reading")
    trial.reach(stage.clock + timedelta(seconds=60), client)
    assert 60 <= stage.bench.waited_s < 62
    assert trial.kinds_of_time == {"real"}
    trial.end()
    trial.head_end.close_all()
