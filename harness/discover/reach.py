"""Finds out how a door is spoken to: protocol, addresses and server SAP that get an answer."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from harness.discover.plan import DiscoverSettings, PlannedClient, hdlc_addresses, servers
from harness.discover.site import Site
from harness.errors import ConformeterError, DeviceError, PortGone, Refused, UsageError
from harness.session import Conversation

__all__ = ["find_line", "protocols"]

_BY_SCHEME: Final = {"serial": ("hdlc",), "rfc2217": ("hdlc",), "udp": ("wrapper",)}
_KNOWN: Final = ("wrapper", "hdlc")

Tell = Callable[[str], None]


def protocols(settings: DiscoverSettings) -> tuple[str, ...]:
    """Return the protocols to try; ``UsageError`` for one that carries no associations."""
    if settings.protocol is not None:
        if settings.protocol not in _KNOWN:
            raise UsageError(
                f"--protocol {settings.protocol}: only DLMS tells what a device is; allowed: {', '.join(_KNOWN)}"
                " (devices/template.toml shows how doors of other protocols are declared)"
            )
        return (settings.protocol,)
    scheme = settings.url.partition("://")[0].rpartition("+")[2]
    return _BY_SCHEME.get(scheme, _KNOWN)


def find_line(site: Site, settings: DiscoverSettings, clients: Sequence[PlannedClient], tell: Tell) -> bool:
    """Try until something answers; whether it did. What was tried stands in ``site.found``.

    Raises ``UsageError`` for a wrong URL or client.
    """
    found = site.found
    for protocol in protocols(settings):
        for server, door, client in _candidates(protocol, settings, clients):
            if site.spent_s() > settings.limit_s:
                found.stopped = "the time for it is over (--limit-s)"
                return False
            words = _words(server, door, client)
            tell(f"trying {words}")
            answer = _try(site, server, door, client)
            if answer is None:
                found.door, found.server = door, server
                tell(f"answered: {words}")
                return True
            found.tried.append(f"{words}: {answer}")
            if answer.startswith("the door is shut"):
                break
    return False


def _candidates(
    protocol: str, settings: DiscoverSettings, clients: Sequence[PlannedClient]
) -> Iterator[tuple[int, dict[str, Any], PlannedClient]]:
    if protocol == "hdlc":
        for client in clients:
            for server, address in hdlc_addresses(settings):
                yield client.server or server, {"protocol": protocol, "hdlc": address}, client
        return
    for server in servers(settings):
        for client in clients:
            yield client.server or server, {"protocol": protocol}, client


def _try(site: Site, server: int, door: dict[str, Any], planned: PlannedClient) -> str | None:
    """Return None where the door answered, else what came of it."""
    site.trace.begin_step(_words(server, door, planned))
    before = site.trace.last_received
    head_end = site.head_end(door, [planned.at(server)])
    declared = head_end.declaration.associations[0]
    try:
        if door["protocol"] == "hdlc":
            opened: list[Conversation] = []
            site.patiently(head_end, lambda: opened.append(head_end.connect(declared)))
            for conversation in opened:
                conversation.close()
        else:
            site.associate(head_end, planned).close()
    except Refused as refused:
        # The device talks; with this client it will not, and it is not asked a second time.
        site.refused[planned.id] = str(refused)
        return None
    except PortGone as gone:
        return f"the door is shut: {gone}"
    except DeviceError as error:
        heard = site.trace.last_received != before
        return f"{'something came, but ' if heard else ''}{error}"
    except UsageError:
        raise  # the person's, not the device's
    except ConformeterError as error:
        return str(error)
    finally:
        head_end.close_all()
        site.note(head_end)
    return None


def _words(server: int, door: dict[str, Any], planned: PlannedClient) -> str:
    address = ", ".join(f"{key} {value}" for key, value in door.get("hdlc", {}).items())
    return f"{door['protocol']}, client SAP {planned.sap}, server SAP {server}{f', {address}' if address else ''}"
