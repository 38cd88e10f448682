"""A run from its settings to its report: the composition root of ``conformeter run``."""

import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from harness.catalogue import Catalogue, load_catalogue
from harness.declaration import NEEDS, Declaration, check_answers, check_ceilings, load_declaration, without_secrets
from harness.errors import FeatureError, UsageError
from harness.evidence.secret_search import search_for_secrets
from harness.features import ScenarioSource, ids_by_clause, read_features
from harness.headend.declared_keys import check_keys
from harness.plugin import ConformancePlugin
from harness.proof import load_proof
from harness.report.allure_scribe import AllureScribe
from harness.report.pages import build_report
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts, Summary
from harness.run.clock_at_end import clock_at_end
from harness.run.exit_code import ExitCode, exit_code
from harness.run.expected import ExpectedFindings
from harness.run.inspections import Answered, answers_of, keep_photos, results_of
from harness.run.items import Choice, known_ids
from harness.run.lab_process import prepared_lab
from harness.run.operator import with_operator
from harness.run.residue import ResidueWatch
from harness.run.restore import lasting_state, restore_before_run
from harness.run.run import Run
from harness.run.suite import SUITE_VERSION, suite_fingerprint, suite_root
from harness.run.witness import AllureWitness, CaptureWitness, ProgressWitness
from harness.transport.replay_run import ReplayRun
from harness.verdict import ScenarioResult

__all__ = ["RunSettings", "Suite", "conduct", "load_suite", "pytest_arguments"]

_REPLAY = "replay://"
_TAKEN_FROM_THE_RECORD = (
    "replay: a run folder holds no keys, so deciphered content, tags and signatures are taken as they were found "
    "when the run was recorded, and are not checked again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What ``conformeter run`` was asked for."""

    device: str
    """Path of a declaration, or ``replay://RUN``."""
    out: Path
    doors: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    expected: ExpectedFindings | None = None
    shuffle: int | None = None
    """Seed of a random order of the scenarios."""
    pytest_arguments: tuple[str, ...] = ()
    operator: str | None = None
    """Who works at the bench."""
    inspections: Path | None = None
    """File with what a person has seen by looking at the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Catalogue and scenarios, read and checked."""

    root: Path
    catalogue: Catalogue
    scenarios: dict[str, ScenarioSource]


def load_suite(root: Path | None = None) -> Suite:
    """Read requirements and features; raises ``UsageError`` for anything wrong in them."""
    root = root or suite_root()
    catalogue = load_catalogue(root / "requirements")
    sources = read_features(root / "features", catalogue, needs=NEEDS)
    return Suite(root=root, catalogue=catalogue, scenarios={source.id: source for source in sources})


def pytest_arguments(root: Path) -> list[str]:
    """Return what every pytest run of the suite is started with."""
    features = root / "features"
    return [
        str(features),
        f"--config-file={features / 'pytest.ini'}",
        f"--rootdir={root}",
        f"--confcutdir={root}",
        "-p",
        "no:terminal",
    ]


def conduct(settings: RunSettings, console: Console) -> ExitCode:
    """Run, write the run folder, build the report and return the exit code."""
    suite = load_suite()
    replayed, path = _source(settings.device)
    declaration = load_declaration(path)
    if declaration.redacted and replayed is None:
        raise UsageError(f"{path}: its secrets are withheld; only a replay of the run that it is from can use it")
    check_answers(declaration, suite.catalogue.conditions)
    check_ceilings(declaration, {one.id: one.value for one in suite.catalogue.answers.ceiling})
    choice = Choice(only=settings.only, doors=settings.doors, ceiling=declaration.effects.allowed)
    choice.check(known_ids(suite.catalogue, suite.scenarios), [door.id for door in declaration.doors])
    secrets = [secret for _, secret in declaration.secrets()]
    octets = [secret.reveal() for secret in secrets]  # a secret that is not there is found out before anything begins
    started = datetime.now().astimezone()
    answered: tuple[Answered, ...] = ()
    if replayed is None:
        check_keys(declaration, started)
        declaration = with_operator(declaration, settings.operator)
        answered = answers_of(settings.inspections, suite.catalogue, declaration, choice, started.date())
    folder = RunFolder.create(settings.out, declaration.identity.name, started)
    folder.declaration.write_text(without_secrets(path.read_text(encoding="utf-8"), secrets), encoding="utf-8")
    facts = _facts(settings, declaration, choice, started)
    folder.write_facts(facts, started)
    folder.add_to_environment("operator", declaration.lab.operator)
    keep_photos(folder.path, answered)
    with nullcontext(declaration) if replayed else prepared_lab(declaration) as ready:
        run, plugin = _run(suite, ready, choice, folder, replayed, settings, console, results_of(answered))
    summary = _finish(suite, folder, facts, run, plugin, console)
    leaks = [] if declaration.redacted else search_for_secrets(folder.path, [*octets, *run.keys.secrets])
    return _verdict(settings, folder, summary, run, leaks, console)


def _source(device: str) -> tuple[ReplayRun | None, Path]:
    if device.startswith(_REPLAY):
        folder = Path(device.removeprefix(_REPLAY))
        return ReplayRun(folder), RunFolder.open(folder).declaration
    return None, Path(device)


def _facts(settings: RunSettings, declaration: Declaration, choice: Choice, started: datetime) -> RunFacts:
    identity = declaration.identity
    return RunFacts(
        suite={"version": SUITE_VERSION, "fingerprint": suite_fingerprint()},
        device={
            "name": identity.name,
            "manufacturer": identity.manufacturer,
            "type": identity.type,
            "serial": identity.serial,
            "firmware": identity.firmware,
            "medium": identity.medium,
            "roles": list(declaration.identity.roles),
            "doors": [door.id for door in declaration.doors],
            "declaration": settings.device if settings.device.startswith(_REPLAY) else Path(settings.device).name,
        },
        started=started.isoformat(timespec="seconds"),
        partial=choice.partial_because,
        shuffle=settings.shuffle,
        known=settings.expected.to_json() if settings.expected else None,
    )


def _run(
    suite: Suite,
    declaration: Declaration,
    choice: Choice,
    folder: RunFolder,
    replayed: ReplayRun | None,
    settings: RunSettings,
    console: Console,
    inspected: Sequence[ScenarioResult],
) -> tuple[Run, ConformancePlugin]:
    plugin = ConformancePlugin(
        catalogue=suite.catalogue, scenarios=suite.scenarios, declaration=declaration, choice=choice
    )
    plugin.shuffle = settings.shuffle
    run = Run(
        declaration=declaration,
        catalogue=suite.catalogue,
        trace_path=folder.trace,
        keep=folder.append_verdict,
        replayed=replayed,
        state=None if replayed else lasting_state(declaration),
    )
    try:
        clock = {"start": run.measure_clock("start").to_json()}
        restore_before_run(run, lambda line: console.print(line, highlight=False, soft_wrap=True, markup=False))
    except BaseException:
        run.close()
        shutil.rmtree(folder.path)
        raise
    plugin.run = run
    scribe = AllureScribe(suite.catalogue, device=declaration.identity.name)
    progress = ProgressWitness(console)
    plugin.witnesses = [CaptureWitness(folder), AllureWitness(scribe, folder), progress]
    watch = ResidueWatch(run, partial=choice.partial_because is not None)

    def collected(planned: int) -> None:
        progress.planned = planned
        folder.write_plan([result.key for result in inspected] + [meta.key for meta in plugin.collected])
        for result in inspected:
            run.trace.begin(result.key)
            run.record(result)
        watch.begin()

    plugin.when_collected = collected
    arguments = [*pytest_arguments(suite.root), f"--alluredir={folder.allure_results}", *settings.pytest_arguments]
    scribe.install()
    try:
        with _interruptible(run):
            code = pytest.main(arguments, plugins=[plugin])
            watch.end(plugin.collected)
    finally:
        scribe.remove(folder.allure_results)
        clock["end"] = run.measure_clock("end").to_json()
        folder.add_to_environment("computer_clock", clock)
        _note_clock(run, folder)
        run.close()
    if plugin.collection_errors or (code == pytest.ExitCode.USAGE_ERROR and not run.results):
        shutil.rmtree(folder.path)
        raise FeatureError("\n".join(plugin.collection_errors) or "pytest did not accept its arguments")
    if code == pytest.ExitCode.INTERRUPTED and run.stopped is None:
        run.stopped = "stopped by the operator"
    return run, plugin


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


def _finish(
    suite: Suite, folder: RunFolder, facts: RunFacts, run: Run, plugin: ConformancePlugin, console: Console
) -> Summary:
    beyond = sorted({meta.id for meta in plugin.beyond_ceiling})
    partial = [facts.partial] if facts.partial else []
    if beyond:
        partial.append(f"the effect ceiling leaves out {', '.join(beyond)}")
    finished = RunFacts(
        suite=facts.suite,
        device=facts.device,
        started=facts.started,
        finished=datetime.now().astimezone().isoformat(timespec="seconds"),
        partial="; ".join(partial) or None,
        interrupted=run.stopped,
        shuffle=facts.shuffle,
        residue=run.residue,
        known=facts.known,
    )
    by_clause = ids_by_clause(suite.scenarios.values())
    summary = folder.write_summary(suite.catalogue, finished, proof=load_proof(), scenarios=by_clause)
    build_report(folder.path, suite.catalogue, console=console)
    return summary


def _verdict(
    settings: RunSettings, folder: RunFolder, summary: Summary, run: Run, leaks: list[str], console: Console
) -> ExitCode:
    for line in settings.expected.stale(run.results) if settings.expected else []:
        console.print(line, style="bold red", highlight=False, soft_wrap=True, markup=False)
    for leak in leaks:
        console.print(f"[bold red]{leak}[/]", highlight=False, soft_wrap=True)
    if run.replayed is not None and any(one.security is not None for one in run.declaration.associations):
        console.print(_TAKEN_FROM_THE_RECORD, highlight=False, soft_wrap=True)
    if run.stopped:
        console.print(f"[yellow]interrupted:[/] {run.stopped}", highlight=False, soft_wrap=True)
    if summary.facts.partial:
        console.print(f"partial: {summary.facts.partial}", highlight=False, soft_wrap=True, markup=False)
    console.print(f"[bold]{summary.headline()}[/]", highlight=False, soft_wrap=True)
    console.print(f"report: {folder.report / 'index.html'}", highlight=False, soft_wrap=True)
    if settings.shuffle is not None:
        console.print(f"random order: --shuffle {settings.shuffle}", highlight=False)
    left = (run.residue or {}).get("unexpected", [])
    for line in left:
        console.print(f"left in the device: {line}", highlight=False, soft_wrap=True, markup=False)
    code = exit_code(run.results, interrupted=run.stopped is not None, expected=settings.expected)
    is_open = bool(leaks) or (bool(left) and settings.expected is None)
    return ExitCode.OPEN if is_open and code is ExitCode.NOTHING_OPEN else code
