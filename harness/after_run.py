"""The commands that work on run folders when the runs are over: compare, pack, verify, statement."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from harness import completion
from harness.catalogue import load_catalogue
from harness.report.archive import pack as pack_run
from harness.report.comparison import GROUPS, Change, Comparison, compared_run
from harness.report.comparison import compare as compare_runs
from harness.report.run_folder import RunFolder
from harness.report.soundness import folder_reader, problems_of
from harness.report.statement import make_statement, reasons_against
from harness.report.statement_pages import write_statement
from harness.report.verification import archive_reader
from harness.report.verification import verify as verify_archive
from harness.run.exit_code import ExitCode
from harness.run.required import PlanComparison, against_suite
from harness.run.suite import suite_root

__all__ = ["COMMANDS"]

_LOUD = {"new_failures": "bold red", "fixed": "green", "still_failing": "red"}


def compare(
    run_a: Annotated[Path, typer.Argument(help="The earlier run folder.", autocompletion=completion.run_folders)],
    run_b: Annotated[Path, typer.Argument(help="The later run folder.", autocompletion=completion.run_folders)],
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Compare two runs by result key: new failures, fixed, still failing, new and gone scenarios.

    Says so where device, declaration or suite are not the same in both. For example:

    conformeter compare runs/20260302T101500-my-meter runs/20260303T101500-my-meter

    Exit code: 0 no new failure, 1 new failures, 3 no run folder.
    """
    catalogue = load_catalogue(suite_root() / "requirements")
    before, after = (compared_run(RunFolder.open(path), catalogue) for path in (run_a, run_b))
    found = compare_runs(before, after)
    if json:
        print(json_text.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        _show(found)
    raise typer.Exit(ExitCode.FAIL if found.has_new_failures else ExitCode.NOTHING_OPEN)


def pack(
    run: Annotated[Path, typer.Argument(help="A run folder.", autocompletion=completion.run_folders)],
    out: Annotated[Path | None, typer.Option(help="The zip to make. Default: beside the run folder.")] = None,
) -> None:
    """Pack a run folder into one zip with a list of SHA-256 sums; the same folder always gives the same zip.

    Keep the sum that is printed apart from the zip: it tells whether somebody has changed both file and list. For
    example: conformeter pack runs/20260302T101500-my-meter

    Exit code: 0 packed, 3 no run folder, or the zip is there already.
    """
    packed = pack_run(run, out)
    print(f"packed: {packed.path} ({packed.files} files)")
    print(f"SHA-256 of its list of sums: {packed.digest}")
    for problem in problems_of(folder_reader(run)):
        print(f"conformeter verify will object: {problem}")


def verify(archive: Annotated[Path, typer.Argument(metavar="ZIP", help="A zip made by conformeter pack.")]) -> None:
    """Check a packed run: sums, nothing added or missing, every planned scenario with a verdict, figures that add up.

    Nothing is unpacked. For example: conformeter verify runs/20260302T101500-my-meter.zip

    Exit code: 0 sound, 2 something is wrong, 3 no such file.
    """
    found = verify_archive(archive)
    planned = PlanComparison() if found.problems else against_suite(archive_reader(archive))
    problems = (*found.problems, *planned.problems)
    for problem in problems:
        print(f"wrong: {problem}")
    if found.digest:
        print(f"SHA-256 of its list of sums: {found.digest}")
    if planned.note:
        print(f"note: {planned.note}")
    if problems:
        raise typer.Exit(ExitCode.OPEN)
    print(f"sound: {found.files} files as they were packed. {found.about}")


def statement(
    run: Annotated[Path, typer.Argument(help="A run folder.", autocompletion=completion.run_folders)],
    out: Annotated[Path | None, typer.Option(help="The folder for the two files. Default: the run folder.")] = None,
) -> None:
    """Write the statement of conformity of a run: one page to print (HTML), and the same as text.

    Refused for a run that is partial, unfinished or unproven, or whose records do not agree. For example:

    conformeter statement runs/20260302T101500-my-meter

    Exit code: 0 written, 2 refused, 3 no run folder.
    """
    folder = RunFolder.open(run)
    catalogue = load_catalogue(suite_root() / "requirements")
    reasons = reasons_against(folder.path) or against_suite(folder_reader(folder.path)).problems
    if reasons:
        for reason in reasons:
            print(f"no statement: {reason}", file=sys.stderr)
        raise typer.Exit(ExitCode.OPEN)
    html, text = write_statement(make_statement(folder, folder.summary(catalogue), catalogue), out or folder.path)
    print(f"statement: {html}")
    print(f"as text: {text}")


COMMANDS = (compare, pack, verify, statement)


def _show(found: Comparison) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=150)

    def line(text: str) -> None:
        console.print(text, highlight=False, soft_wrap=True)

    line(f"{escape(found.before)}  ->  {escape(found.after)}")
    for warning in found.warnings:
        line(f"[yellow]note:[/] {escape(warning)}")
    for group, title in GROUPS.items():
        changes = found.changes[group]
        if changes:
            line(f"[{_LOUD.get(group, 'bold')}]{title} ({len(changes)})[/]")
        for change in changes:
            line(f"  {_verdicts(change)}  {escape(change.key)}  [dim]{escape(change.title)}[/]")
            if group in ("new_failures", "still_failing"):
                line(f"      {escape(change.reason)}")
    line(f"{found.unchanged} unchanged")


def _verdicts(change: Change) -> str:
    verdicts = [verdict.value if verdict else "not run" for verdict in (change.before, change.after)]
    return " -> ".join(verdicts) + (f" ({change.note})" if change.note else "")
