"""``conformeter inspect``: a person's answers for a run that is over, or a file of them for a run to come."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from harness.catalogue import Catalogue, Clause
from harness.declaration import load_declaration
from harness.errors import UsageError
from harness.features import ids_by_clause
from harness.proof import load_proof
from harness.report.atomic import write_text
from harness.report.pages import build_report
from harness.report.run_folder import RunFolder
from harness.run.exit_code import ExitCode
from harness.run.inspections import (
    Answered,
    answered_at_terminal,
    inspected_clauses,
    keep_photos,
    read_inspections,
    results_of,
    template,
)
from harness.run.operator import given_name, operator_name
from harness.run.suite import Suite, load_suite

__all__ = ["InspectSettings", "inspect_device"]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectSettings:
    """What ``conformeter inspect`` was asked for."""

    target: Path
    """A run folder or a declaration."""
    inspections: Path | None
    operator: str | None
    out: Path
    """The file of answers, where the target is a declaration."""
    today: date


def inspect_device(settings: InspectSettings, console: Console, tell: Tell) -> ExitCode:
    """Take the answers; exit code 2 where nobody has answered."""
    suite = load_suite()
    if settings.target.is_dir():
        return _for_run(settings, suite, console, tell)
    declaration = load_declaration(settings.target)
    clauses = _clauses(suite.catalogue, declaration.identity.roles)
    if settings.inspections is not None:
        raise UsageError("--inspections goes with a run folder; a run takes it itself: conformeter run --inspections")
    if settings.out.exists():
        raise UsageError(f"--out {settings.out}: is there already; choose another file")
    answered = answered_at_terminal(clauses, person=operator_name(declaration, settings.operator), today=settings.today)
    try:
        write_text(settings.out, _file(answered) if answered else template(clauses))
    except OSError as error:
        raise UsageError(f"--out {settings.out}: cannot be written: {error.strerror}") from error
    tell(f"{settings.out}: {len(answered)} answers" if answered else f"{settings.out}: to be filled in")
    tell(f"then: conformeter run --device {settings.target} --inspections {settings.out}")
    return ExitCode.NOTHING_OPEN if answered else ExitCode.OPEN


def _clauses(catalogue: Catalogue, roles: Sequence[str]) -> tuple[Clause, ...]:
    clauses = inspected_clauses(catalogue, roles)
    if not clauses:
        raise UsageError(f"nothing of a device that is {', '.join(roles)} is verified by inspection")
    return clauses


def _for_run(settings: InspectSettings, suite: Suite, console: Console, tell: Tell) -> ExitCode:
    folder, catalogue = RunFolder.open(settings.target), suite.catalogue
    if not folder.verdicts.exists():
        raise UsageError(f"{settings.target}: the run did not come to its end; inspections are added when it has")
    summary = folder.summary(catalogue)
    clauses = _clauses(catalogue, summary.facts.device.get("roles", ("meter",)))
    person = given_name(settings.operator)
    if settings.inspections is not None:
        answered = read_inspections(settings.inspections, clauses, known=catalogue, person=person, today=settings.today)
    else:
        answered = answered_at_terminal(clauses, person=person, today=settings.today)
    if not answered:
        tell("nothing was answered; give --inspections FILE where there is no terminal")
        return ExitCode.OPEN
    keep_photos(folder.path, answered)
    results = results_of(answered)
    planned = folder.planned_keys() or tuple(result.key for result in summary.results)
    folder.write_plan(list(dict.fromkeys((*planned, *(result.key for result in results)))))
    for result in results:
        folder.append_verdict(result)
        tell(f"{result.verdict} {result.key}: {result.reason}")
    folder.write_summary(
        catalogue, summary.facts, proof=load_proof(), scenarios=ids_by_clause(suite.scenarios.values())
    )
    tell(f"report: {build_report(folder.path, catalogue, console=console)}")
    return ExitCode.OPEN if any(result.decided == "breaks" for result in results) else ExitCode.NOTHING_OPEN


def _file(answered: Sequence[Answered]) -> str:
    lines = []
    for one in answered:
        lines += ["[[inspection]]", f"clause = {json.dumps(one.clause.id)}", f"answer = {json.dumps(one.answer)}"]
        lines += [f"note = {json.dumps(one.note)}", f"person = {json.dumps(one.person)}", f"date = {one.date}"]
        if one.photo is not None:
            lines.append(f"photo = {json.dumps(str(one.photo.resolve()))}")
        lines.append("")
    return "\n".join(lines)
