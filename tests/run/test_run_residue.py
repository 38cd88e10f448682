"""What a run leaves in the device, by reading it before and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.declaration import load_declaration
from harness.headend.client import item
from harness.protocol import axdr
from harness.run.items import ItemMeta
from harness.run.residue import ResidueWatch
from harness.run.run import Run
from harness.run.suite import Suite
from harness.run.trial import Trial
from harness.verdict import ScenarioResult, Verdict

ROOT = Path(__file__).parents[2]


class Watched:
    """A run of one scenario on a new reference meter, read before and after."""

    def __init__(self, suite: Suite, folder: Path) -> None:
        self.run = Run(
            declaration=load_declaration(ROOT / "devices" / "reference-loop.toml"),
            catalogue=suite.catalogue,
            trace_path=folder / "trace.jsonl",
            keep=lambda result: None,
        )
        self._watch = ResidueWatch(self.run)
        self._watch.begin()

    def begin(self, *effects: str) -> Trial:
        self._meta = ItemMeta(
            id="TR-Conf.10a-P01",
            row=None,
            door="loop-wrapper",
            title="a change",
            requirements=("TR-Conf.10a",),
            positive=True,
            effects=frozenset(effects),
        )
        return self.run.trial(self._meta)

    def left(self, trial: Trial) -> list[str]:
        trial.end()
        trial.head_end.close_all()
        meta = self._meta
        self.run.record(
            ScenarioResult(
                key=meta.key,
                id=meta.id,
                row=None,
                door=meta.door,
                title=meta.title,
                requirements=meta.requirements,
                verdict=Verdict.PASS,
                reason="",
            )
        )
        self._watch.end([meta])
        assert self.run.residue is not None
        return list(self.run.residue["unexpected"])


@pytest.fixture
def watched(suite: Suite, tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(suite, tmp_path)
    yield watched
    watched.run.close()


def change_threshold(trial: Trial) -> None:
    client = trial.head_end.associate("management")
    threshold = axdr.Data(axdr.DataType.DOUBLE_LONG_UNSIGNED, 4_321)
    client.set(item(trial.object("limiter"), 4), threshold)


def test_what_was_changed_and_not_undone_is_named(watched: Watched) -> None:
    trial = watched.begin("writes")
    change_threshold(trial)
    in_force, normal = watched.left(trial)
    assert in_force.startswith("attribute 3 of 0.0.17.0.0.255 (class 71)")
    assert normal.startswith("attribute 4 of 0.0.17.0.0.255 (class 71)")
    assert normal.endswith("is 4321")


def test_what_was_changed_and_undone_leaves_nothing(watched: Watched) -> None:
    trial = watched.begin("writes")
    trial.changes.keep(trial.head_end.associate("management"), trial.object("limiter"), 4)
    change_threshold(trial)
    assert watched.left(trial) == []


def test_entries_that_the_effects_do_not_account_for_are_named(watched: Watched) -> None:
    trial = watched.begin("reads")
    trial.power.cut()
    trial.power.restore()
    assert watched.left(trial) == ["standard_log has entries of 1, 2 that no scenario declares"]


def test_a_scenario_that_fills_logs_accounts_for_its_entries(watched: Watched) -> None:
    trial = watched.begin("reads", "fills_logs")
    trial.power.cut()
    trial.power.restore()
    assert watched.left(trial) == []


def test_whatever_takes_the_power_away_accounts_for_what_is_logged_of_it(suite: Suite) -> None:
    cutting = [one for one in suite.scenarios.values() if "bench_power" in one.needs]
    assert len(cutting) > 10
    assert [one.id for one in cutting if "fills_logs" not in one.effects] == []
