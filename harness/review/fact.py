"""What a device tells about itself, and the rows in which it is held against the declaration."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.declaration import CosemObject
from harness.headend.rights.object_list import AnnouncedObject, ObjectList
from harness.protocol.axdr import Data

__all__ = ["ClientFacts", "DoorFacts", "Name", "Read", "Row", "shown"]

Name = tuple[int, str, int]
"""Class, OBIS code and attribute."""
_LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item in three columns; an empty column says nothing."""

    door: str
    topic: str
    item: str
    declared: str = ""
    announced: str = ""
    observed: str = ""
    agrees: bool | None = None
    """None where there is nothing to compare, only something to know."""
    note: str = ""
    """What does not agree, or what a person should think about."""
    frame: int | None = None
    """Record of the trace that shows it."""

    def to_json(self) -> dict[str, Any]:
        """Return it as ``check --json`` has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The answer to one GET."""

    data: Data | None
    error: str = ""
    """Catalogue name of a refusal, or what else went wrong."""
    frame: int = 0
    client: str = ""
    """Id of the association that read."""


@dataclass(kw_only=True)
class ClientFacts:
    """What one client was told at one door."""

    id: str
    problem: str = ""
    """Why there is no association."""
    refused: bool = False
    """Whether the device has said no."""
    frame: int | None = None
    """Of the answer to the association request."""
    granted: frozenset[str] = frozenset()
    """Names of the negotiated conformance bits."""
    server_pdu_octets: int = 0
    objects: ObjectList | None = None
    objects_problem: str = ""


@dataclass(kw_only=True)
class DoorFacts:
    """What a device announced at one door."""

    door: str
    problem: str = ""
    """Why nothing could be asked there."""
    clients: dict[str, ClientFacts] = field(default_factory=dict)
    reads: dict[Name, Read] = field(default_factory=dict)
    read_by: dict[tuple[str, Name], Read] = field(default_factory=dict)
    """What each client read of its own association."""

    def value(self, target: CosemObject, attribute: int | None = None) -> Read | None:
        """Return what was read of an object, by default the attribute that holds its value."""
        return self.reads.get((target.class_id, target.obis, attribute or target.attribute))

    @property
    def is_whole(self) -> bool:
        """Whether every client was answered, be it by a refusal, and every object list was read."""
        return not self.problem and all(
            one.refused or (one.granted and not one.objects_problem) for one in self.clients.values()
        )

    @property
    def lists_are_whole(self) -> bool:
        """Whether the object list of every client that is let in was read, so that what is in none is not announced."""
        return all(one.objects is not None for one in self.clients.values() if one.granted)

    def lists(self) -> Iterator[tuple[str, ObjectList]]:
        """Yield the object lists with the clients that they are announced to."""
        for client in self.clients.values():
            if client.objects is not None:
                yield client.id, client.objects

    @property
    def announced(self) -> Mapping[tuple[int, str], AnnouncedObject]:
        """All announced objects by class and OBIS code, as the first client that sees one is told of it."""
        found: dict[tuple[int, str], AnnouncedObject] = {}
        for _, objects in self.lists():
            for one in objects:
                found.setdefault((one.class_id, one.obis), one)
        return found


def shown(data: Data | None) -> str:
    """Return a value as a person reads it: text where all octets are printable, else digits."""
    value = None if data is None else data.value
    if isinstance(value, tuple):
        text = "[" + ", ".join(shown(one) for one in value) + "]"
    elif isinstance(value, bytes):
        readable = bool(value) and all(32 <= octet < 127 for octet in value)
        text = value.decode("ascii") if readable else value.hex(" ").upper()
    else:
        text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} ..."
