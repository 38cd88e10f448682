"""A run from its settings to its report: the composition root of ``conformeter run``."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.declaration import Declaration, check_answers, check_ceilings, load_declaration, without_secrets
from harness.errors import UsageError
from harness.evidence.secret_search import search_for_secrets
from harness.evidence.trace import read_trace
from harness.features import ids_by_clause
from harness.headend.declared_keys import check_keys
from harness.plugin import ConformancePlugin
from harness.proof import load_proof
from harness.report.line_use import describe_line_use, line_uses
from harness.report.pages import build_report
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts, Summary
from harness.run.execution import Assignment, execute
from harness.run.exit_code import ExitCode, exit_code
from harness.run.expected import ExpectedFindings
from harness.run.inspections import Answered, answers_of, keep_photos, results_of
from harness.run.items import Choice, known_ids, name_scenarios
from harness.run.lab_process import prepared_lab
from harness.run.operator import with_operator
from harness.run.resuming import Resumed, chosen_in, held, resumed
from harness.run.run import Run
from harness.run.serial_rates import serial_rates
from harness.run.suite import SUITE_VERSION, Suite, load_suite, suite_fingerprint
from harness.transport.replay_run import ReplayRun

__all__ = ["RunSettings", "conduct"]

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
    resume: Path | None = None
    """Run folder of a run that broke off and is to go on; it brings its own choice and order."""
    least_line_use: float | None = None
    """So many per cent of the exchange time every serial line has to be busy."""


def conduct(settings: RunSettings, console: Console) -> ExitCode:
    """Run, write the run folder, build the report and return the exit code."""
    with ExitStack() as holding:
        if settings.resume is not None:
            holding.enter_context(held(settings.resume))
        return _conduct(settings, console, holding)


def _conduct(settings: RunSettings, console: Console, holding: ExitStack) -> ExitCode:
    suite = load_suite()
    replayed, path = _source(settings.device)
    declaration = load_declaration(path)
    if declaration.redacted and replayed is None:
        raise UsageError(f"{path}: its secrets are withheld; only a replay of the run that it is from can use it")
    check_answers(declaration, suite.catalogue.conditions)
    check_ceilings(declaration, {one.id: one.value for one in suite.catalogue.answers.ceiling})
    secrets = [secret for _, secret in declaration.secrets()]
    kept_text = without_secrets(path.read_text(encoding="utf-8"), secrets)
    earlier = _earlier(settings, declaration, kept_text)
    settings = _as_begun(settings, earlier, replayed)
    choice = Choice(only=settings.only, doors=settings.doors, ceiling=declaration.effects.allowed)
    choice.check(known_ids(suite.catalogue, suite.scenarios), [door.id for door in declaration.doors])
    octets = [secret.reveal() for secret in secrets]  # a secret that is not there is found out before anything begins
    started = datetime.now().astimezone()
    answered: tuple[Answered, ...] = ()
    if replayed is None:
        check_keys(declaration, started)
        declaration = with_operator(declaration, settings.operator)
        if earlier is None or settings.inspections is not None:
            answered = answers_of(settings.inspections, suite.catalogue, declaration, choice, started.date())
    facts = _facts(settings, declaration, choice, started)
    if earlier is None:
        folder = RunFolder.create(settings.out, declaration.identity.name, started)
        holding.enter_context(held(folder.path))
        folder.declaration.write_text(kept_text, encoding="utf-8")
        folder.write_facts(facts, started)
    else:
        folder = earlier.folder
        facts = replace(facts, started=earlier.started, resumed=(*earlier.times, facts.started))
        folder.go_on(facts.resumed)
    folder.add_to_environment("operator", declaration.lab.operator)
    keep_photos(folder.path, answered)
    with nullcontext(declaration) if replayed else prepared_lab(declaration) as ready:
        assignment = Assignment(
            suite=suite,
            declaration=ready,
            choice=choice,
            folder=folder,
            shuffle=settings.shuffle,
            pytest_arguments=settings.pytest_arguments,
            inspected=results_of(answered),
            replayed=replayed,
            earlier=earlier,
        )
        run, plugin = execute(assignment, console)
    summary = _finish(suite, folder, facts, run, plugin, console)
    leaks = [] if declaration.redacted else search_for_secrets(folder.path, [*octets, *run.keys.secrets])
    return _verdict(settings, folder, summary, run, leaks, console)


def _as_begun(settings: RunSettings, earlier: Resumed | None, replayed: ReplayRun | None) -> RunSettings:
    """Take over what the run that goes on, or is replayed without a choice of its own, was begun with."""
    if earlier is not None:
        return replace(settings, only=earlier.only, doors=earlier.doors, shuffle=earlier.shuffle)
    if replayed is None or settings.only or settings.doors:
        return settings
    only, doors = chosen_in(RunFolder.open(replayed.folder))
    return replace(settings, only=only, doors=doors)


def _source(device: str) -> tuple[ReplayRun | None, Path]:
    if device.startswith(_REPLAY):
        folder = Path(device.removeprefix(_REPLAY))
        return ReplayRun(folder), RunFolder.open(folder).declaration
    return None, Path(device)


def _earlier(settings: RunSettings, declaration: Declaration, kept_text: str) -> Resumed | None:
    if settings.resume is None:
        return None
    if settings.device.startswith(_REPLAY):
        raise UsageError("--resume: a replay cannot be resumed; begin it again")
    for name, given in (("--only", settings.only), ("--door", settings.doors), ("--shuffle", settings.shuffle)):
        if given not in ((), None):
            raise UsageError(f"{name}: not allowed with --resume, which goes on with what the run was begun with")
    identity = declaration.identity.model_dump()
    return resumed(settings.resume, declaration=kept_text, identity=identity, fingerprint=suite_fingerprint())


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


def _finish(
    suite: Suite, folder: RunFolder, facts: RunFacts, run: Run, plugin: ConformancePlugin, console: Console
) -> Summary:
    beyond = sorted({meta.id for meta in plugin.beyond_ceiling})
    partial = [facts.partial] if facts.partial else []
    if beyond:
        partial.append(f"the effect ceiling leaves out {name_scenarios(beyond)}")
    finished = RunFacts(
        suite=facts.suite,
        device=facts.device,
        started=facts.started,
        finished=datetime.now().astimezone().isoformat(timespec="seconds"),
        partial="; ".join(partial) or None,
        interrupted=run.stopped,
        shuffle=facts.shuffle,
        resumed=facts.resumed,
        residue=run.residue,
        known=facts.known,
        line_use=_line_use(folder, run),
    )
    by_clause = ids_by_clause(suite.scenarios.values())
    summary = folder.write_summary(suite.catalogue, finished, proof=load_proof(), scenarios=by_clause)
    build_report(folder.path, suite.catalogue, console=console)
    return summary


def _line_use(folder: RunFolder, run: Run) -> tuple[Mapping[str, Any], ...]:
    """Return the figure of each serial door; a replay has no line of its own."""
    rates = {} if run.replayed is not None else serial_rates(run.declaration)
    return tuple(use.to_json() for use in line_uses(read_trace(folder.trace), rates)) if rates else ()


def _too_idle(least_per_cent: float | None, uses: Sequence[Mapping[str, Any]], console: Console) -> bool:
    """Print the figure of each serial line; whether one is below what is demanded, or none is there."""
    for use in uses:
        console.print(describe_line_use(use), highlight=False, soft_wrap=True)
    if least_per_cent is None:
        return False
    lowest = min((float(use["per_cent"]) for use in uses), default=0.0)
    if lowest < least_per_cent:
        found = f"{lowest:.2f} per cent" if uses else "there was no exchange over a serial line"
        console.print(f"[bold red]--least-line-use {least_per_cent:g}: {found}[/]", highlight=False, soft_wrap=True)
    return lowest < least_per_cent


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
    if summary.facts.resumed:
        console.print(f"resumed: {', '.join(summary.facts.resumed)}", highlight=False, soft_wrap=True)
    if settings.shuffle is not None:
        console.print(f"random order: --shuffle {settings.shuffle}", highlight=False)
    left = (run.residue or {}).get("unexpected", [])
    for line in left:
        console.print(f"left in the device: {line}", highlight=False, soft_wrap=True, markup=False)
    too_idle = _too_idle(settings.least_line_use, summary.facts.line_use, console)
    code = exit_code(run.results, interrupted=run.stopped is not None, expected=settings.expected)
    is_open = bool(leaks) or too_idle or (bool(left) and settings.expected is None)
    return ExitCode.OPEN if is_open and code is ExitCode.NOTHING_OPEN else code
