"""What discovery tries: the clients that a person gives, and the addresses tried without being told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harness.errors import UsageError

__all__ = [
    "CLIENTS_TRIED",
    "DiscoverSettings",
    "PlannedClient",
    "hdlc_addresses",
    "planned_clients",
    "servers",
    "silent_client",
]

CLIENTS_TRIED: Final = (16, 1, 2)
"""Client SAPs tried without authentication: the public one first, the others only where it is not let in."""
_SERVERS_TRIED: Final = (1, 16, 17)
"""Server SAPs tried in turn."""
_PHYSICAL_TRIED: Final = (17, 16, 1)
_ROLES: Final = {16: "public", 1: "management", 2: "reading"}
_SECURITY: Final = ("encryption_key", "authentication_key", "suite", "policy", "client_system_title", "counter")
_KEYS: Final = ("role", "server", "mechanism", "context", "secret", "user_id", *_SECURITY)
_CLIENT_TITLE: Final = "4346540000000001"
_HIGHEST_SAP: Final = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverSettings:
    """What ``conformeter discover`` was asked for."""

    url: str
    out: Path
    protocol: str | None = None
    clients: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    server: int | None = None
    physical: int | None = None
    response_time_s: float = 2.0
    limit_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedClient:
    """A client to try; ``declared`` has the keys of a declaration's table of associations."""

    sap: int
    declared: dict[str, Any]
    given: bool
    """Whether a person has named it."""
    server: int | None = None

    @property
    def id(self) -> str:
        """The id of its association."""
        return str(self.declared["id"])

    def at(self, server: int) -> dict[str, Any]:
        """Return its declaration for a server SAP, unless it has one of its own."""
        return {**self.declared, "server_sap": self.server or server}


def planned_clients(settings: DiscoverSettings) -> list[PlannedClient]:
    """Return the public client, if nobody gives one, and then the given ones.

    Raises ``UsageError`` for a client that is no client. Secrets without a client of their own belong to the clients
    without a secret, in order.
    """
    secrets = list(settings.secrets)
    given: list[dict[str, Any]] = [_parsed(text) for text in settings.clients]
    for words in given:
        if secrets and _lacks_secret(words):
            words["secret"] = secrets.pop(0)
    if secrets:
        raise UsageError("--secret: more secrets than clients without one; allowed: --client SAP --secret REFERENCE")
    taken: set[str] = set()
    clients = [_client(words, taken) for words in given]
    if not any(client.declared["role"] == "public" for client in clients):
        clients.insert(0, silent_client(CLIENTS_TRIED[0]))
    return clients


def silent_client(sap: int) -> PlannedClient:
    """Return a client without authentication that nobody has asked for."""
    role = _ROLES.get(sap, "other")
    declared = {"id": f"tried-{sap}" if role != "public" else role, "role": role, "client_sap": sap}
    return PlannedClient(sap=sap, declared={**declared, "mechanism": "none"}, given=False)


def _parsed(text: str) -> dict[str, Any]:
    first, *rest = text.split(",")
    if not first.isdecimal() or not 1 <= int(first) <= _HIGHEST_SAP:
        raise UsageError(f"--client {first}: is no client SAP; allowed: SAP[,KEY=VALUE]... with a SAP of 1 to 65535")
    words: dict[str, Any] = {"client_sap": int(first)}
    for part in rest:
        key, equals, value = part.partition("=")
        if key not in _KEYS or not equals or not value:
            raise UsageError(f"--client {first}: {key!r} is no key with a value; allowed keys: {', '.join(_KEYS)}")
        if key in ("server", "suite", "user_id"):
            if not value.isdecimal():
                raise UsageError(f"--client {first}: {key} is {value!r}; allowed: a whole number")
            words[key] = int(value)
        else:
            words[key] = value
    return words


def _lacks_secret(words: dict[str, Any]) -> bool:
    open_to_all = words.get("role", _ROLES.get(words["client_sap"])) == "public" or words.get("mechanism") == "none"
    return not open_to_all and "secret" not in words and "encryption_key" not in words


def _client(words: dict[str, Any], taken: set[str]) -> PlannedClient:
    sap = words["client_sap"]
    declared = {key: value for key, value in words.items() if key not in (*_SECURITY, "server")}
    declared.setdefault("role", _ROLES.get(sap, "other"))
    security = {key: words[key] for key in _SECURITY if key in words}
    mechanism = "lls" if "secret" in words else "hls-gmac" if security else "none"
    declared.setdefault("mechanism", mechanism)
    if "encryption_key" in security:
        declared.setdefault("context", "ln-ciphered")
    if security:
        security.setdefault("client_system_title", _CLIENT_TITLE)
        declared["security"] = security
    role = str(declared["role"])
    name = role if role != "other" and role not in taken else f"{role if role != 'other' else 'client'}-{sap}"
    if name in taken:
        raise UsageError(f"--client {sap}: is given twice; allowed: each client once for each role")
    taken.add(name)
    return PlannedClient(sap=sap, declared={"id": name, **declared}, given=True, server=words.get("server"))


def servers(settings: DiscoverSettings) -> Sequence[int]:
    """Return the server SAPs to try."""
    return _SERVERS_TRIED if settings.server is None else (settings.server,)


def hdlc_addresses(settings: DiscoverSettings) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield server SAPs with the table ``hdlc`` of a door, the shortest addresses first."""
    physical = _PHYSICAL_TRIED if settings.physical is None else (settings.physical,)
    for server in servers(settings)[:2]:
        for octets in (1, 2, 4):
            if octets == 1:
                if settings.physical is None:
                    yield server, {"address_octets": 1}
                continue
            for lower in physical:
                if octets == 4 or lower <= 0x7F:
                    yield server, {"address_octets": octets, "physical_device": lower}
