"""What discovery has found out, and what it has not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.discover.plan import PlannedClient
from harness.headend.rights.object_list import AnnouncedObject, ObjectList
from harness.protocol.axdr import Data

__all__ = ["Found", "FoundClient", "Name"]

Name = tuple[int, str, int]
"""Class, OBIS code and attribute."""


@dataclass(kw_only=True)
class FoundClient:
    """One client: whether it is let in, and what the device announces to it."""

    planned: PlannedClient
    let_in: bool = False
    problem: str = ""
    """Why it was not let in, or why not everything was read."""
    granted: tuple[str, ...] = ()
    """Names of the conformance bits that the device granted."""
    server_pdu_octets: int = 0
    server_title: bytes | None = None
    association: str | None = None
    """OBIS code of its association object."""
    context: str = ""
    """Application context and mechanism as the association object tells them."""
    objects: ObjectList | None = None
    guessed: tuple[AnnouncedObject, ...] = ()
    """Objects that answered without being announced, where there is no object list."""

    @property
    def announced(self) -> tuple[AnnouncedObject, ...]:
        """What is known to be there."""
        return self.guessed if self.objects is None else tuple(self.objects)


@dataclass(kw_only=True)
class Found:
    """All that is known of a device and its door."""

    url: str
    door: dict[str, Any] = field(default_factory=dict)
    """Keys of the door that has answered."""
    server: int = 1
    tried: list[str] = field(default_factory=list)
    """What was tried and what came of it, in words."""
    heard: bool = False
    """Whether an octet has come."""
    clients: list[FoundClient] = field(default_factory=list)
    values: dict[Name, Data] = field(default_factory=dict)
    denied: dict[Name, str] = field(default_factory=dict)
    """What the device has answered with an error."""
    failed: dict[Name, str] = field(default_factory=dict)
    """What got no answer that can be read."""
    slowest_s: float = 0.0
    rest_s: float = 0.0
    """Rest between two connections that the device has turned out to need."""
    stopped: str = ""
    """Why discovery ended early."""

    @property
    def let_in(self) -> list[FoundClient]:
        """The clients that could associate."""
        return [client for client in self.clients if client.let_in]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that the device lets its clients have."""
        shut_out = any(client.planned.given and not client.let_in for client in self.clients)
        cut_short = any(client.problem for client in self.let_in)
        return bool(self.let_in) and not (shut_out or cut_short or self.failed or self.stopped)

    def announced(self) -> dict[tuple[int, str], AnnouncedObject]:
        """All objects by class and OBIS code, as the client with most objects sees them."""
        objects: dict[tuple[int, str], AnnouncedObject] = {}
        for client in sorted(self.let_in, key=lambda one: -len(one.announced)):
            for one in client.announced:
                objects.setdefault((one.class_id, one.obis), one)
        return objects

    def of_class(self, class_id: int) -> Iterator[AnnouncedObject]:
        """Yield the objects of a class."""
        return (one for one in self.announced().values() if one.class_id == class_id)

    def value(self, class_id: int, obis: str, attribute: int) -> Any:
        """Return the bare value of an attribute, None where it was not read."""
        data = self.values.get((class_id, obis, attribute))
        return None if data is None else data.value
