"""The commands that come before a run: discover, check, inspect (also afterwards)."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness import completion
from harness.discover.discover import discover as ask_device
from harness.discover.plan import DiscoverSettings
from harness.discover.screen import TerminalScreen
from harness.options import Doors, Only
from harness.review.check import CheckSettings, review
from harness.review.document import write
from harness.review.page import write_page
from harness.review.show import show
from harness.run.inspecting import InspectSettings, inspect_device

__all__ = ["COMMANDS"]


def discover(
    url: Annotated[str, typer.Argument(help="How the device is reached, such as tcp://192.0.2.10:4059.")],
    client: Annotated[
        list[str] | None,
        typer.Option(help="SAP[,KEY=VALUE]... of a client that it lets in, with the keys of a declaration's table."),
    ] = None,
    secret: Annotated[
        list[str] | None, typer.Option(help="env:NAME, file:PATH or keyring:..., for the clients in their order.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The file to write; nothing is overwritten.")] = Path("draft.toml"),
    protocol: Annotated[str | None, typer.Option(help="wrapper or hdlc; without it both, as far as they fit.")] = None,
    server: Annotated[int | None, typer.Option(min=1, max=0x3FFF, help="Server SAP, where it is known.")] = None,
    physical: Annotated[int | None, typer.Option(min=0, max=0x3FFF, help="Physical HDLC address, if known.")] = None,
    response_time_s: Annotated[float, typer.Option(min=0.1, help="How long the device may take to answer.")] = 2.0,
    limit_s: Annotated[float, typer.Option(min=1, help="After so many seconds nothing more is asked.")] = 600.0,
) -> None:
    """Ask an unknown device what it is, and write the draft of its declaration. The device is only read.

    Tried without being told: client SAP 16 without password, and 1 and 2 where no client is let in; server SAPs 1, 16
    and 17; HDLC server addresses of 1, 2 and 4 octets with logical devices 1 and 16 and physical addresses 17, 16 and
    1. A client that is refused is not tried again, so that nobody is locked out. For example:

    conformeter discover tcp://192.0.2.10:4059 --client 2 --secret env:MY_METER_READING --client 1 --secret
    env:MY_METER_MANAGEMENT

    With keys: --client 3,role=reading,suite=0,encryption_key=env:MY_METER_EK,authentication_key=env:MY_METER_AK

    Exit code: 0 all is read that the clients may read, 2 a part is missing, 3 wrong usage, 4 nothing answered.
    """
    settings = DiscoverSettings(
        url=url,
        out=out,
        protocol=protocol,
        clients=tuple(client or ()),
        secrets=tuple(secret or ()),
        server=server,
        physical=physical,
        response_time_s=response_time_s,
        limit_s=limit_s,
    )
    with TerminalScreen() as screen:
        code = ask_device(settings, screen)
    raise typer.Exit(code)


def check(
    declaration: Annotated[
        Path, typer.Argument(help="The device's declaration (TOML).", autocompletion=completion.declarations)
    ],
    door: Doors = None,
    only: Only = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask the device nothing.")] = False,
    traffic: Annotated[
        Path | None, typer.Option(help="A run folder: what its traffic shows is held against the declaration too.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show what agrees as well.")] = False,
    json: Annotated[Path | None, typer.Option(help="Where to write the review for other programs.")] = None,
    out: Annotated[Path, typer.Option(help="Where a folder with trace and page is made.")] = Path("runs"),
    limit_s: Annotated[float, typer.Option(min=1, help="After so many seconds nothing more is asked.")] = 600.0,
) -> None:
    """Review a declaration before a run: is it right, what would run, what would it do, how long would it take?

    The device is asked what it announces (it is only read), and what is declared, announced and observed is laid side
    by side. Then comes what a run with this declaration would do. For example: conformeter check my-meter.toml --only
    TR-Conf.06

    Exit code: 0 no disagreement, 1 the columns disagree, 2 the device was not reached or not asked for everything,
    3 wrong usage or declaration.
    """
    settings = CheckSettings(
        declaration=declaration,
        out=out,
        doors=tuple(door or ()),
        only=tuple(name.strip() for name in only.split(",") if name.strip()),
        offline=offline,
        traffic=traffic,
        limit_s=limit_s,
    )
    found = review(settings, lambda line: print(line, file=sys.stderr))
    show(found, _screen(), every=every)
    if json is not None:
        write(found, json)
    if found.folder is not None:
        print(f"page: {write_page(found, found.folder / 'check.html')}")
    raise typer.Exit(found.exit_code)


def inspect(
    target: Annotated[Path, typer.Argument(help="A run folder, or a declaration (TOML) for a run to come.")],
    inspections: Annotated[Path | None, typer.Option(help="TOML file with the answers, for a run folder.")] = None,
    operator: Annotated[str | None, typer.Option(help="Who has looked; also CONFORMETER_OPERATOR.")] = None,
    out: Annotated[Path, typer.Option(help="The file to write, for a declaration.")] = Path("inspections.toml"),
) -> None:
    """Answer what no message can tell, such as the state of the seal: a person looks, with a note or a photo.

    With a run folder the answers go into it, as REVIEW with name and date. With a declaration they go into a file for
    conformeter run --inspections; without a terminal that file is there to be filled in. For example:

    conformeter inspect my-meter.toml --operator "A. Tester"

    Exit code: 0 all that was answered is as required, 2 it is not, or nothing was answered, 3 wrong usage or file.
    """
    settings = InspectSettings(target=target, inspections=inspections, operator=operator, out=out, today=date.today())
    raise typer.Exit(inspect_device(settings, _screen(), lambda line: print(line)))


def _screen() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=200)


COMMANDS = (discover, check, inspect)
