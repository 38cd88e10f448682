"""``conformeter discover``: finds the line, asks each client what it is told, and writes a draft declaration."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from harness.declaration import load_declaration
from harness.discover.draft import draft
from harness.discover.found import Found, FoundClient
from harness.discover.plan import CLIENTS_TRIED, DiscoverSettings, PlannedClient, planned_clients, silent_client
from harness.discover.reach import find_line, protocols
from harness.discover.reading import Reader
from harness.discover.site import Site
from harness.errors import ConformeterError, DeclarationError, Refused, UsageError
from harness.evidence.trace import Trace
from harness.headend.client import Client
from harness.run.exit_code import ExitCode
from harness.transport.urls import check_url

__all__ = ["Screen", "discover"]

_COUNTER_CLASS = 1
_COUNTER = "0.0.43.1."


class Screen(Protocol):
    """Where progress is shown."""

    def tell(self, line: str) -> None:
        """Show one line."""

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far something is."""


def discover(settings: DiscoverSettings, screen: Screen) -> ExitCode:
    """Ask the device and write the draft; raises ``UsageError`` for a wrong URL, client or file."""
    clients = planned_clients(settings)
    for protocol in protocols(settings):
        check_url(settings.url, protocol)
    out = settings.out
    trace_path = out.with_suffix(".trace.jsonl")
    if out.exists():
        raise UsageError(f"{out}: is there already; choose another file with --out, or remove it")
    if not out.parent.is_dir():
        raise UsageError(f"{out.parent}: is no folder; choose another file with --out")
    trace_path.unlink(missing_ok=True)  # of an attempt that came to no draft
    found = Found(url=settings.url)
    with TemporaryDirectory(prefix="conformeter-") as state, Trace(trace_path) as trace:
        trace.begin("discover")
        site = Site(found, trace, folder=out.parent, state=Path(state), response_time_s=settings.response_time_s)
        _check_clients(site, clients)
        try:
            _ask(site, settings, clients, screen)
        except KeyboardInterrupt:
            found.stopped = "stopped by the operator"
        finally:
            site.close()
    return _write(found, out, trace_path, screen)


def _check_clients(site: Site, clients: Sequence[PlannedClient]) -> None:
    """Refuse clients that no declaration could have, and secrets that are not there, before anything is sent."""
    declaration = site.declaration({"protocol": "wrapper"}, [client.at(1) for client in clients])
    for _, secret in declaration.secrets():
        secret.reveal()


def _ask(site: Site, settings: DiscoverSettings, clients: list[PlannedClient], screen: Screen) -> None:
    if not find_line(site, settings, clients, screen.tell):
        return
    for planned in clients:
        site.found.clients.append(_survey(site, settings, planned, clients, screen))
    if not site.found.let_in:
        for sap in CLIENTS_TRIED[1:]:
            if any(client.sap == sap for client in clients):
                continue
            told = _survey(site, settings, silent_client(sap), (), screen)
            site.found.clients.append(told)
            if told.let_in:
                return


def _survey(
    site: Site, settings: DiscoverSettings, planned: PlannedClient, others: Sequence[PlannedClient], screen: Screen
) -> FoundClient:
    """Associate one client and read what it may."""
    told = FoundClient(planned=planned)
    if planned.id in site.refused:
        told.problem = site.refused[planned.id]
        return told
    if site.spent_s() > settings.limit_s:
        site.found.stopped = told.problem = "the time for it is over (--limit-s)"
        return told
    screen.tell(f"client {planned.id} (SAP {planned.sap})")
    site.trace.begin_step(f"client {planned.id}")
    public = [one for one in others if one.declared["role"] == "public" and one.id != planned.id]
    try:
        head_end = site.head_end(site.found.door, [one.at(site.found.server) for one in (*public, planned)])
        client = site.associate(head_end, planned)
    except Refused as refused:
        told.problem = str(refused)
        return told
    except UsageError:
        raise
    except ConformeterError as error:
        told.problem = str(error)
        return told
    _take_association(told, client)
    Reader(
        site.found,
        told,
        client,
        may_go_on=lambda: site.spent_s() <= settings.limit_s,
        progress=lambda done, of: screen.progress(f"client {planned.id}", done, of),
        again=lambda: site.patiently(head_end, client.establish_unjudged),
    ).read_all()
    site.note(head_end)
    _look_for_counter(site, told)
    head_end.close_all()
    client.close()
    return told


def _take_association(told: FoundClient, client: Client) -> None:
    association = client.association
    told.let_in = True
    told.granted = tuple(flag.name for flag in association.negotiated.conformance if flag.name)
    told.server_pdu_octets = association.negotiated.server_max_receive_pdu_size
    answer: Any = association.accepted.answer
    told.server_title = answer.responding_ap_title


def _look_for_counter(site: Site, told: FoundClient) -> None:
    """Remember the object that shows the last invocation counter, for clients whose counter starts above it."""
    for one in told.announced:
        if one.class_id == _COUNTER_CLASS and one.obis.startswith(_COUNTER):
            site.counter_object = one.obis
            return


def _write(found: Found, out: Path, trace_path: Path, screen: Screen) -> ExitCode:
    if not found.heard:
        for line in found.tried:
            screen.tell(line)
        screen.tell(f"nothing answered at {found.url}; no draft is written (trace: {trace_path})")
        return ExitCode.NOTHING_RAN
    out.write_text(draft(found), encoding="utf-8")
    try:
        load_declaration(out)
    except DeclarationError as error:
        screen.tell(f"the draft needs a hand before it can be used: {error}")
        return ExitCode.OPEN
    for client in found.clients:
        if client.problem:
            screen.tell(f"client {client.planned.id}: {client.problem}")
    screen.tell(f"draft: {out}   trace: {trace_path}")
    return ExitCode.NOTHING_OPEN if found.is_complete else ExitCode.OPEN
