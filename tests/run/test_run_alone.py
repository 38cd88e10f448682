"""Any scenario alone: a sample of them, each in a run of its own, and each run's residue.

``CONFORMETER_ALONE`` is the number of scenarios; 0 takes all.
"""

import os
import random
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest

from harness.declaration import EFFECTS, Declaration, load_declaration
from harness.plugin import ConformancePlugin
from harness.run.items import Choice
from harness.run.residue import ResidueWatch
from harness.run.run import Run
from harness.run.suite import Suite, arguments_for_pytest
from harness.verdict import Verdict

ROOT = Path(__file__).parents[2]
_SAMPLE = int(os.environ.get("CONFORMETER_ALONE", "40"))
_SEED = 1
_WELL = {Verdict.PASS, Verdict.NOT_APPLICABLE}


@cache
def declaration() -> Declaration:
    return load_declaration(ROOT / "devices" / "reference-loop.toml")


class EachAlone:
    """Gives each scenario a new run, and with it a new device."""

    def __init__(self, plugin: ConformancePlugin, suite: Suite, folder: Path) -> None:
        self.plugin = plugin
        self.wrong: list[str] = []
        self.ran = 0
        self._suite = suite
        self._folder = folder

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # What looks at the traffic of others has nothing to look at alone.
        scenarios = [item for item in items if not self.plugin.meta(item).invariant]
        if _SAMPLE:
            scenarios = random.Random(_SEED).sample(scenarios, _SAMPLE)  # the same ones each time
        items[:] = scenarios

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        meta = self.plugin.meta(item)
        run = Run(
            declaration=declaration(),
            catalogue=self._suite.catalogue,
            trace_path=self._folder / f"{self.ran}.jsonl",
            keep=lambda result: None,
        )
        self.ran += 1
        self.plugin.run = run
        watch = ResidueWatch(run)
        try:
            watch.begin()
            outcome = yield
            watch.end([meta])
        finally:
            run.close()
            run.trace.path.unlink()
        self.wrong += [f"{one.key}: {one.verdict} {one.reason}" for one in run.results if one.verdict not in _WELL]
        self.wrong += [f"{meta.key} leaves: {line}" for line in (run.residue or {}).get("unexpected", ())]
        return outcome


def test_any_scenario_alone_is_as_in_the_whole_run_and_leaves_nothing(suite: Suite, tmp_path: Path) -> None:
    plugin = ConformancePlugin(
        catalogue=suite.catalogue,
        scenarios=suite.scenarios,
        declaration=declaration(),
        choice=Choice(ceiling=frozenset(EFFECTS)),
    )
    alone = EachAlone(plugin, suite, tmp_path)
    pytest.main([*arguments_for_pytest(ROOT), "-s"], plugins=[plugin, alone])
    assert not plugin.collection_errors
    assert alone.ran >= _SAMPLE
    assert not alone.wrong, "\n".join(alone.wrong)
