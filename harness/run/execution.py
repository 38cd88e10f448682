"""One execution of the suite over a device: pytest runs the scenarios, everything observed is kept as it comes."""

import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from rich.console import Console

from harness.declaration import Declaration
from harness.errors import FeatureError
from harness.plugin import ConformancePlugin
from harness.report.allure_scribe import AllureScribe
from harness.report.run_folder import RunFolder
from harness.run.clock_at_end import clock_at_end
from harness.run.items import Choice
from harness.run.life_support import LifeSupport
from harness.run.residue import ResidueWatch
from harness.run.restore import lasting_state, restore_before_run
from harness.run.resuming import Resumed, spend_again
from harness.run.run import Run
from harness.run.suite import Suite, arguments_for_pytest
from harness.run.witness import AllureWitness, CaptureWitness, ProgressWitness
from harness.transport.replay_run import ReplayRun
from harness.verdict import ScenarioResult

__all__ = ["Assignment", "execute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is to be run against which device, and where its results go."""

    suite: Suite
    declaration: Declaration
    choice: Choice
    folder: RunFolder
    shuffle: int | None
    """Seed of a random order of the scenarios."""
    pytest_arguments: Sequence[str]
    inspected: Sequence[ScenarioResult]
    """Results of the clauses that a person has judged by looking."""
    replayed: ReplayRun | None
    """The record that stands in for the device."""
    earlier: Resumed | None
    """What the part of the run before a crash has left."""


def execute(assignment: Assignment, console: Console) -> tuple[Run, ConformancePlugin]:
    """Run the scenarios and return what has come of them; the folder holds each result as soon as it is known.

    Raises ``FeatureError`` where pytest could not collect. A folder that was new and has no result is taken away
    where the run cannot begin.
    """
    folder = assignment.folder

    def tell(line: str) -> None:
        console.print(line, highlight=False, soft_wrap=True, markup=False)

    run, clock_at_start = _begin(assignment, tell)
    scribe = AllureScribe(assignment.suite.catalogue, device=assignment.declaration.identity.name)
    progress = ProgressWitness(console)
    watch = ResidueWatch(run, partial=assignment.choice.partial_because is not None)
    life = LifeSupport(run, tell)
    plugin = _plugin(assignment, run, progress, watch, life)
    plugin.witnesses = [CaptureWitness(folder), AllureWitness(scribe, folder), progress]
    arguments = [
        *arguments_for_pytest(assignment.suite.root),
        f"--alluredir={folder.allure_results}",
        *assignment.pytest_arguments,
    ]
    scribe.install()
    try:
        with _interruptible(run):
            code = pytest.main(arguments, plugins=[plugin])
            watch.end(plugin.collected)
            life.end()
    finally:
        scribe.remove(folder.allure_results)
        clock = {"start": clock_at_start, "end": run.measure_clock("end").to_json()}
        folder.add_to_environment("computer_clock", clock)
        _note_clock(run, folder)
        run.close()
    if plugin.collection_errors or (code == pytest.ExitCode.USAGE_ERROR and not run.results):
        if assignment.earlier is None:
            shutil.rmtree(folder.path)
        raise FeatureError("\n".join(plugin.collection_errors) or "pytest did not accept its arguments")
    if code == pytest.ExitCode.INTERRUPTED and run.stopped is None:
        run.stopped = "stopped by the operator"
    return run, plugin


def _begin(assignment: Assignment, tell: Callable[[str], None]) -> tuple[Run, dict[str, object]]:
    """Open the run, undo what an earlier one has left in the device, and measure the computer's clock."""
    folder, earlier = assignment.folder, assignment.earlier
    run = Run(
        declaration=assignment.declaration,
        catalogue=assignment.suite.catalogue,
        trace_path=folder.trace,
        keep=folder.append_verdict,
        replayed=assignment.replayed,
        state=None if assignment.replayed else lasting_state(assignment.declaration),
        life_path=folder.life,
    )
    try:
        if earlier is not None:
            _take_over(earlier, run)
        clock = run.measure_clock("start").to_json()
        restore_before_run(run, tell)
    except BaseException:
        run.close()
        if earlier is None:
            shutil.rmtree(folder.path)
        raise
    return run, clock


def _take_over(earlier: Resumed, run: Run) -> None:
    """Let the run have the verdicts of its earlier part, and count the failures that the device has seen in it."""
    run.results.extend(earlier.done)
    spend_again(run.budget, run.trace.path)
    run.trace.begin("run:resumed")
    run.trace.note("resumed", {"done": len(earlier.done)})


def _plugin(
    assignment: Assignment, run: Run, progress: ProgressWitness, watch: ResidueWatch, life: LifeSupport
) -> ConformancePlugin:
    plugin = ConformancePlugin(
        catalogue=assignment.suite.catalogue,
        scenarios=assignment.suite.scenarios,
        declaration=assignment.declaration,
        choice=assignment.choice,
    )
    plugin.run = run
    plugin.life = life
    plugin.shuffle = assignment.shuffle
    plugin.done = assignment.earlier.keys if assignment.earlier else ()

    def collected(planned: int) -> None:
        progress.planned = planned
        for result in assignment.inspected:
            if result.key not in plugin.done:
                run.trace.begin(result.key)
                run.record(result)
        # Only now: a run without a plan is begun anew, and nobody would be asked again for what they have seen.
        before = assignment.earlier.plan if assignment.earlier else ()
        looked_at = (result.key for result in assignment.inspected)
        assignment.folder.write_plan(
            list(dict.fromkeys((*before, *looked_at, *(meta.key for meta in plugin.collected)))),
            only=assignment.choice.only,
            doors=assignment.choice.doors,
            shuffle=assignment.shuffle,
        )
        doors = {meta.door for meta in plugin.collected if meta.needs_device and meta.key not in plugin.done}
        known = assignment.earlier.identities if assignment.earlier else {}
        life.begin([door.id for door in assignment.declaration.doors if door.id in doors], known)
        assignment.folder.add_to_environment("identities", {**known, **life.identities})
        if run.stopped is None:
            watch.begin()

    plugin.when_collected = collected
    return plugin


def _note_clock(run: Run, folder: RunFolder) -> None:
    """Keep what the device's clock shows at the end, where the run had to set it; a wrong one leaves the run open."""
    found = clock_at_end(run)
    if found is not None:
        folder.add_to_environment("device_clock_at_end", found.to_json())
        if not found.right:
            run.stopped = run.stopped or found.problem


@contextmanager
def _interruptible(run: Run) -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does, so that all finished results are reported."""

    def stop(number: int, frame: object) -> None:
        run.stopped = f"stopped by signal {signal.Signals(number).name}"
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
