"""The command ``conformeter``."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness import after_run, before_run, completion
from harness.catalogue import load_catalogue
from harness.errors import ConformeterError, UsageError
from harness.options import Doors, Only
from harness.parallel import ParallelSettings, run_side_by_side
from harness.report.pages import build_report
from harness.report.run_folder import RunFolder
from harness.run.certificates import CertificateSettings, make_certificates
from harness.run.conduct import RunSettings, conduct
from harness.run.exit_code import ExitCode
from harness.run.expected import read_expected
from harness.run.restore import RestoreSettings
from harness.run.restore import restore as undo_changes
from harness.run.suite import suite_root
from harness.traceability import run_trace

__all__ = ["app", "main"]

_WIDTH_OF_A_FILE = 150

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Judges smart meters against requirements: verdicts by requirement, with the traffic that proves them.",
)


@app.command(context_settings={"allow_extra_args": False})
def run(
    device: Annotated[
        list[str],
        typer.Option(
            help="The device's declaration (TOML), or replay://RUN-FOLDER; repeat for several at once.",
            autocompletion=completion.declarations,
        ),
    ],
    door: Doors = None,
    only: Only = "",
    out: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    expect: Annotated[Path | None, typer.Option(help="TOML file of known findings.")] = None,
    shuffle: Annotated[
        int | None, typer.Option(min=0, help="Run the scenarios in a random order; the same seed gives the same one.")
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option(help="Who works at the bench; also CONFORMETER_OPERATOR, or operator in the table lab."),
    ] = None,
    inspections: Annotated[
        Path | None, typer.Option(help="TOML file with what a person has seen; conformeter inspect writes one.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="Run folder of a run that broke off: what has no verdict there runs now.",
            autocompletion=completion.run_folders,
        ),
    ] = None,
    least_line_use: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Per cent of the exchange time that each serial line is busy at least."),
    ] = None,
    pytest_arguments: Annotated[list[str] | None, typer.Argument(help="After --: passed on to pytest.")] = None,
) -> None:
    """Run the suite against a device and leave a report.

    What it may do to the device stands in the declaration, at effects.ceiling; without that it only reads. For example,
    first one step, then everything:

    conformeter run --device my-meter.toml --only SU3.step1

    conformeter run --device my-meter.toml

    Exit code: 0 nothing open, 1 a FAIL, 2 an ERROR, INCONCLUSIVE or unanswered REVIEW, an interruption or a stale
    expectation, 3 wrong usage or declaration, 4 nothing ran.
    """
    if len(device) > 1:
        _refuse_for_several({"--expect": expect, "--inspections": inspections, "--resume": resume})
        given = {"--out": out, "--only": only or None, "--shuffle": shuffle, "--operator": operator}
        options = [f"{name}={value}" for name, value in given.items() if value is not None]
        options += [f"--door={one}" for one in door or ()]
        options += [f"--least-line-use={least_line_use}"] if least_line_use is not None else []
        several = ParallelSettings(devices=tuple(device), arguments=(*options, "--", *(pytest_arguments or ())))
        raise typer.Exit(run_side_by_side(several, lambda line: print(line, flush=True)))
    settings = RunSettings(
        device=device[0],
        out=out,
        doors=tuple(door or ()),
        only=tuple(name.strip() for name in only.split(",") if name.strip()),
        expected=read_expected(expect) if expect else None,
        shuffle=shuffle,
        pytest_arguments=tuple(pytest_arguments or ()),
        operator=operator,
        inspections=inspections,
        resume=resume,
        least_line_use=least_line_use,
    )
    raise typer.Exit(conduct(settings, terminal()))


def _refuse_for_several(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"{name}: belongs to one device; with several --device it is not allowed")


@app.command()
def trace(
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
    allow_gaps: Annotated[bool, typer.Option("--allow-gaps", help="Exit 0 also where something is missing.")] = False,
) -> None:
    """Show requirements, their clauses, scenarios and deviations, and what is missing and why.

    For example, to keep the matrix: conformeter trace --json > matrix.json

    Exit code: 0 no gaps, 1 gaps, 3 a wrong requirement or feature file.
    """
    raise typer.Exit(run_trace(suite_root(), as_json=json, allow_gaps=allow_gaps, console=terminal()))


@app.command()
def prove(
    only: Annotated[
        str,
        typer.Option(
            help="Names of deviations or variants, or ids of clauses, with commas.", autocompletion=completion.faults
        ),
    ] = "",
    jobs: Annotated[int, typer.Option(min=1, help="How many at a time.")] = 1,
    json: Annotated[Path | None, typer.Option(help="Where to write the proof.")] = None,
) -> None:
    """Prove the suite: every deviation must be caught, every variant must pass.

    Needs no device: the bundled ones misbehave on request. For example: conformeter prove --only TR-Conf.08b

    Exit code: 0 all caught and no false alarm, 1 otherwise, 3 an unknown name.
    """
    from harness.prove import ProveSettings, prove_suite

    names = tuple(name.strip() for name in only.split(",") if name.strip())
    raise typer.Exit(prove_suite(ProveSettings(only=names, jobs=jobs, json=json), terminal()))


@app.command()
def restore(
    device: Annotated[
        Path, typer.Option(help="The device's declaration (TOML).", autocompletion=completion.declarations)
    ],
    out: Annotated[Path, typer.Option(help="Where a folder with what was exchanged is made.")] = Path("runs"),
    forget: Annotated[
        bool, typer.Option("--forget", help="Take the changes for seen to, without asking the device.")
    ] = False,
) -> None:
    """Undo what an interrupted run has left changed in a device; the next run does it too, before anything else.

    For example: conformeter restore --device my-meter.toml

    Exit code: 0 nothing is left, 2 something could not be undone, 3 wrong usage or declaration.
    """
    settings = RestoreSettings(device=device, out=out, forget=forget)
    raise typer.Exit(undo_changes(settings, lambda line: print(line)))


@app.command()
def certificates(
    suite: Annotated[int, typer.Option(help="Security suite: 1 (P-256) or 2 (P-384).")],
    out: Annotated[Path, typer.Option(help="The folder for certificates and private keys; nothing is overwritten.")],
    client_title: Annotated[str, typer.Option(help="System title of the client.")] = "4346540000000001",
    server_title: Annotated[str, typer.Option(help="System title of the device.")] = "43464D0000000001",
) -> None:
    """Make test certificates: an authority, and client and server for signatures and for key agreement.

    For example: conformeter certificates --suite 1 --out certificates

    Exit code: 0 made, 3 wrong usage, or a file is there already.
    """
    settings = CertificateSettings(suite=suite, out=out, client_title=client_title, server_title=server_title)
    make_certificates(settings, datetime.now(UTC), lambda line: print(line))


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="A run folder.", autocompletion=completion.run_folders)],
) -> None:
    """Build the report of a run folder again.

    For example: conformeter report runs/20260302T101500-my-meter

    Exit code: 0 built, 3 no run folder.
    """
    folder = RunFolder.open(run)
    index = build_report(folder.path, load_catalogue(suite_root() / "requirements"), console=terminal())
    print(f"report: {index}")


for command in (*before_run.COMMANDS, *after_run.COMMANDS):
    app.command()(command)


def terminal() -> Console:
    """Return where to print; output into a file or a pipe is not squeezed into 80 columns."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDTH_OF_A_FILE)


def main() -> None:
    """Run the command; every error of the caller is one message and exit code 3."""
    try:
        # Outside standalone mode the exit code of ``typer.Exit`` comes back as the value.
        sys.exit(app(standalone_mode=False))
    except UsageError as error:
        complain(str(error))
    except ConformeterError as error:
        complain(str(error), code=ExitCode.OPEN)
    except typer.Abort:
        sys.exit(ExitCode.OPEN)
    except Exception as error:
        # Typer raises click's own exceptions for wrong options; everything else is ours to see whole.
        if hasattr(error, "format_message"):
            complain(f"{error.format_message()} (what there is: conformeter --help, conformeter COMMAND --help)")
        raise


def complain(message: str, code: ExitCode = ExitCode.USAGE) -> None:
    """Print one message and leave."""
    print(f"conformeter: {message}", file=sys.stderr)
    sys.exit(code)
