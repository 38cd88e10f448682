"""What a run finds in the device before it begins and leaves in it when it is over: objects read, and compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.declaration import CosemObject, Declaration
from harness.errors import ConformeterError, Refused
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, read_event_log
from harness.headend.rights.object_list import Right, current_association, read_object_list
from harness.protocol import axdr

__all__ = ["LOGS", "Snapshot", "plain", "take_snapshot"]

LOGS = ("standard_log", "fraud_log", "security_log", "communication_log", "disconnector_log", "power_quality_log")

_NOT_READ: Mapping[int, frozenset[int] | None] = {
    7: frozenset({1, 2}),
    15: None,
    17: None,
    18: frozenset({1, 3, 7}),
    29: None,
    72: frozenset({1, 10}),
}
"""Class -> attributes that are long, secret, about the connection itself or count readings; None: the whole class."""
_NAME = frozenset({1})


@dataclass(kw_only=True)
class Snapshot:
    """What one client could read of the device at one time."""

    attributes: dict[tuple[int, str, int], axdr.Data] = field(default_factory=dict)
    """Class, OBIS code and attribute -> value."""
    logs: dict[str, tuple[LogEntry, ...]] = field(default_factory=dict)
    """Role of a log -> its entries, the oldest first."""
    left_out: list[str] = field(default_factory=list)
    """What could not be read, and why."""


def take_snapshot(client: Client, declaration: Declaration, *, may_go_on: Callable[[], bool]) -> Snapshot:
    """Read all cheap attributes that the device announces to the client, and the declared logs.

    ``may_go_on`` is asked before each object; what comes after a no is left out and said so.
    """
    taken = Snapshot()
    try:
        objects = tuple(read_object_list(client, current_association(declaration)))
    except (ConformeterError, ValueError) as error:
        taken.left_out.append(f"objects: {error}")
        objects = ()
    for number, one in enumerate(objects):
        if not may_go_on():
            taken.left_out.append(f"{len(objects) - number} objects: the time for it is over")
            break
        without = _NOT_READ.get(one.class_id, _NAME)
        if without is None:
            continue
        for attribute in sorted(set(one.attributes) - without):
            if one.may_read(attribute) is Right.GRANTED:
                _read(taken, client, one.target, attribute)
    for role in LOGS:
        if isinstance(declaration.object(role), CosemObject) and may_go_on():
            _read_log(taken, client, declaration, role)
    return taken


def _read(taken: Snapshot, client: Client, target: CosemObject, attribute: int) -> None:
    try:
        taken.attributes[target.class_id, target.obis, attribute] = client.read(item(target, attribute))
    except Refused:
        return  # what is announced and refused is judged elsewhere
    except ConformeterError as error:
        taken.left_out.append(f"attribute {attribute} of {target.obis}: {error}")


def _read_log(taken: Snapshot, client: Client, declaration: Declaration, role: str) -> None:
    try:
        taken.logs[role] = read_event_log(client, declaration, role)
    except ConformeterError as error:
        taken.left_out.append(f"{role}: {error}")


def plain(data: axdr.Data) -> Any:
    """Return a value as a person reads it in one line."""
    value = data.value
    if isinstance(value, tuple):
        return "[" + ", ".join(str(plain(one)) for one in value) + "]"
    return value.hex() if isinstance(value, bytes) else value
