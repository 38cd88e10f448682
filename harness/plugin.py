"""The pytest plugin: binds scenarios to doors, stands negative ones between good exchanges, gives verdicts."""

import time
from collections.abc import Callable, Collection, Generator, Mapping
from random import Random

import pytest
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness.catalogue import Catalogue
from harness.checks.invariants import Invariant
from harness.declaration import Declaration
from harness.features import ScenarioSource
from harness.headend.judged import DeviceLost
from harness.run.bracket import begin_well, end_well
from harness.run.items import Choice, ItemMeta, doors_for, is_asked
from harness.run.life_support import LifeSupport
from harness.run.needs import check_needs
from harness.run.outcome import Judgement, judgement_of
from harness.run.run import Run
from harness.run.trial import Trial
from harness.run.witnessing import Witness
from harness.verdict import ScenarioResult, Verdict

__all__ = ["ConformancePlugin", "HarnessFaultError"]

_META = pytest.StashKey[ItemMeta]()


class HarnessFaultError(Exception):
    """Our own code failed; kept apart from AssertionError, which reports would take for the device's fault."""


class ConformancePlugin:
    """Runs the collected scenarios against ``run``, which may be set after collection."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        scenarios: Mapping[str, ScenarioSource],
        declaration: Declaration,
        choice: Choice,
    ) -> None:
        self.catalogue = catalogue
        self.run: Run | None = None
        self.witnesses: list[Witness] = []
        self.when_collected: Callable[[int], None] = lambda planned: None
        self.beyond_ceiling: list[ItemMeta] = []
        self.collected: list[ItemMeta] = []
        self.shuffle: int | None = None
        """Seed of a random order; None leaves the scenarios in their own."""
        self.done: Collection[str] = ()
        """Result keys of a resumed run that have their verdict already."""
        self.life: LifeSupport | None = None
        """Keeps the run going over a device that goes away; without it such a run stops."""
        self.collection_errors: list[str] = []
        self._scenarios = scenarios
        self._declaration = declaration
        self._choice = choice
        self._trial: Trial | None = None

    # Collection

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register every id of the catalogue and every other tag in use as a marker."""
        tags = set(self.catalogue.ids)
        for source in self._scenarios.values():
            tags.update(source.tags)
        for tag in sorted(tags):
            config.addinivalue_line("markers", f"{tag}: of the catalogue of requirements or the tag families")

    @pytest.fixture(autouse=True)
    def door_id(self) -> str:
        """The door of the item; every item is parametrized over its doors."""
        raise HarnessFaultError("an item without a door")

    @pytest.fixture
    def trial(self) -> Trial:
        """The scenario under way."""
        if self._trial is None:
            raise HarnessFaultError("a step outside a scenario")
        return self._trial

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run each scenario at each declared door that it fits."""
        if "invariant" in metafunc.fixturenames:
            metafunc.parametrize("door_id", [door.id for door in self._declaration.dlms_doors])
        else:
            source = self._source(metafunc.function)
            metafunc.parametrize("door_id", doors_for(source, self._declaration, self.catalogue))

    def _source(self, function: Callable[..., object]) -> ScenarioSource:
        template = scenario_wrapper_template_registry.get(function)
        if template is None:
            raise HarnessFaultError(f"{function!r} is bound to no scenario")
        return self._scenarios[template.name.split()[0]]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what is wanted and allowed; invariants come last because they look at all the traffic."""
        kept, dropped = [], []
        for item in items:
            meta = self._meta_of(item)
            item.stash[_META] = meta
            if not self._choice.wants(meta) or not is_asked(meta, self._declaration, self.catalogue):
                dropped.append(item)
            elif self._choice.beyond_ceiling(meta):
                self.beyond_ceiling.append(meta)
                dropped.append(item)
            else:
                kept.append(item)
        if self.shuffle is not None:
            # Not for secrets: the same seed has to give the same order.
            Random(self.shuffle).shuffle(kept)  # noqa: S311
        kept.sort(key=lambda item: item.stash[_META].invariant)
        self.collected = [item.stash[_META] for item in kept]
        items[:] = [item for item in kept if item.stash[_META].key not in self.done]
        self.when_collected(len(items))
        if self.run is not None and self.run.stopped is not None:
            items.clear()  # the device was not even reached
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    def _meta_of(self, item: pytest.Item) -> ItemMeta:
        if not isinstance(item, pytest.Function):
            raise HarnessFaultError(f"{item.nodeid} is no scenario")
        parameters = item.callspec.params
        door = str(parameters["door_id"])
        invariant = parameters.get("invariant")
        if isinstance(invariant, Invariant):
            return ItemMeta.of_invariant(invariant, door)
        example = parameters.get("_pytest_bdd_example")
        row = example.get("row") if isinstance(example, dict) else None
        return ItemMeta.of(self._source(item.function), row, door)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why a feature or a step module could not be collected."""
        if report.failed:
            self.collection_errors.append(f"{report.nodeid}: {report.longreprtext}")

    @staticmethod
    def meta(item: pytest.Item) -> ItemMeta:
        """Return what the plugin knows about a collected item."""
        return item.stash[_META]

    # Running

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Once the run has stopped only invariants go on: they need no device, and judge what it has sent till then."""
        if self.run is None or self.run.stopped is None or self.meta(item).invariant:
            return None
        # What the last scenario has left for this one goes; pytest has no public way to say so.
        item.session._setupstate.teardown_exact(nextitem)
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run one scenario and turn its end into a verdict."""
        run = self._run()
        meta = item.stash[_META]
        started = time.monotonic()
        for witness in self.witnesses:
            witness.scenario_begins(meta)
        trial: Trial | None = None
        error: BaseException | None = None
        by_default = False
        try:
            self._trial = trial = run.trial(meta)
            by_default = check_needs(trial)
            if self.life is not None:
                self.life.before(trial)
            begin_well(trial)
            yield
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as ended:
            error = ended
        # What comes now, down to the closing good exchange, is not what the scenario ended with.
        frame = run.trace.last_received
        if trial is not None:
            error, gone = end_well(trial, error)
            gone = str(error) if isinstance(error, DeviceLost) else gone
            if self.life is None:
                run.stopped = run.stopped or gone
            else:
                error = self.life.after(trial, error, gone)
        self._trial = None
        preamble = trial is None or trial.preamble
        judgement = judgement_of(error, clause=meta.clause, in_preamble=preamble, frame=frame)
        if by_default:
            judgement = judgement.noted("by default")
        if trial is not None:
            judgement = judgement.remarked(trial.remarks)
        result = self._result(meta, trial, judgement, time.monotonic() - started)
        self._settle(meta, result)
        if self.life is not None:
            self.life.settled(result, error)
        return self._as_pytest_sees_it(judgement, error)

    def _settle(self, meta: ItemMeta, result: ScenarioResult) -> None:
        """Keep a result and show it to the witnesses."""
        run = self._run()
        run.record(result)
        for witness in self.witnesses:
            witness.scenario_ends(meta, result, run.trace.current_records)

    def _run(self) -> Run:
        if self.run is None:
            raise HarnessFaultError("no run was set up")
        return self.run

    def _result(self, meta: ItemMeta, trial: Trial | None, judgement: Judgement, duration_s: float) -> ScenarioResult:
        is_virtual = meta.self_check or self._run().door(meta.door).is_virtual
        kinds = (trial.kinds_of_time if trial else None) or {"virtual" if is_virtual else "real"}
        return ScenarioResult(
            key=meta.key,
            id=meta.id,
            row=meta.row,
            door=meta.door,
            title=meta.title,
            requirements=meta.requirements,
            verdict=judgement.verdict,
            reason=judgement.reason,
            findings=judgement.findings,
            time=next(kind for kind in ("accelerated", "virtual", "real") if kind in kinds),
            duration_s=round(duration_s, 3),
            steps=tuple(trial.steps) if trial else (),
        )

    @staticmethod
    def _as_pytest_sees_it(judgement: Judgement, error: BaseException | None) -> None:
        match judgement.verdict:
            case Verdict.PASS:
                return
            case Verdict.FAIL:
                raise AssertionError(judgement.reason) from error
            case Verdict.ERROR:
                raise HarnessFaultError(judgement.reason) from error
            case _:
                pytest.skip(judgement.reason)

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Keep a verdict also where the scenario's call was never reached."""
        if call.when == "call" or call.excinfo is None or call.excinfo.errisinstance(pytest.skip.Exception):
            return
        meta = item.stash[_META]
        judgement = judgement_of(call.excinfo.value, clause=meta.clause, in_preamble=True, frame=None)
        self._run().trace.begin(meta.key)
        self._settle(
            meta,
            ScenarioResult(
                key=meta.key,
                id=meta.id,
                row=meta.row,
                door=meta.door,
                title=meta.title,
                requirements=meta.requirements,
                verdict=judgement.verdict,
                reason=judgement.reason,
            ),
        )

    # Steps

    def pytest_bdd_before_step(self, step: Step) -> None:
        """Name the step in the trace and to the witnesses."""
        if self._trial is None:
            return
        text = f"{step.keyword} {step.name}"
        self._trial.preamble = step.type == "given"
        self._trial.steps.append(text)
        self._trial.trace.begin_step(text)
        for witness in self.witnesses:
            witness.step_begins(text)

    def pytest_bdd_after_step(self) -> None:
        """Hand over what was exchanged."""
        self._step_ends(None)

    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        """Hand over what was exchanged before it failed."""
        self._step_ends(exception)

    def _step_ends(self, error: BaseException | None) -> None:
        if self._trial is not None:
            for witness in self.witnesses:
                witness.step_ends(self._trial.trace.step_lines(), error)

    def pytest_bdd_step_func_lookup_error(
        self, feature: Feature, scenario: Scenario, step: Step, exception: BaseException
    ) -> None:
        """A step without a definition is our fault, whatever step it is."""
        if self._trial is not None:
            self._trial.preamble = False
