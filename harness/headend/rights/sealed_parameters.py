"""Parameters behind the hardware seal, and what a device keeps about their changes."""

from dataclasses import dataclass

from harness.declaration import CosemObject, Declaration, Event
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.rights.legal_part import LegalAttribute, other_value
from harness.protocol import axdr

__all__ = ["ChangeRecord", "read_record", "sealed_attributes", "values_to_write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """What a device keeps about changes of sealed parameters; None for what is not declared."""

    count: int | None
    """Number of changes so far."""
    entries: tuple[LogEntry, ...] | None
    """The log in which the event of a change stands."""

    def counted_since(self, earlier: "ChangeRecord") -> int | None:
        """How many changes have been counted since."""
        return None if self.count is None or earlier.count is None else self.count - earlier.count

    def logged_since(self, earlier: "ChangeRecord", code: int) -> int | None:
        """How many entries of this code have been added since."""
        if self.entries is None or earlier.entries is None:
            return None
        return sum(entry.code == code for entry in entries_since(earlier.entries, self.entries))


def sealed_attributes(declaration: Declaration) -> tuple[LegalAttribute, ...]:
    """Return the declared parameters behind the seal."""
    return tuple(LegalAttribute(target=one, number=one.attribute, counting=False) for one in declaration.access.sealed)


def read_record(client: Client, declaration: Declaration) -> ChangeRecord:
    """Read the counter of protected changes and the log of changed parameters, as far as they are declared."""
    count: int | None = None
    counter = declaration.object("protected_configuration_counter")
    if isinstance(counter, CosemObject):
        value = client.read(item(counter, counter.attribute)).value
        if not isinstance(value, int):
            raise Inconclusive("the counter of protected changes is no number", missing="device")
        count = value
    event = declaration.event("parameters_changed")
    entries = None
    if isinstance(event, Event) and isinstance(declaration.object(event.log), CosemObject):
        entries = read_event_log(client, declaration, event.log)
    return ChangeRecord(count=count, entries=entries)


def values_to_write(client: Client, one: LegalAttribute) -> tuple[axdr.Data, ...]:
    """Return other values than the one that is there, the likeliest to be in range first."""
    there = client.read(item(one.target, one.number))
    other = other_value(axdr.encode(there), counting=False)
    if other is None:
        raise Inconclusive(f"no other value is known for {one}", missing="device")
    found = [axdr.decode(other)]
    if isinstance(there.value, int) and not isinstance(there.value, bool) and there.value > 0:
        found.append(axdr.Data(there.type, there.value - 1))
    return tuple(dict.fromkeys(found))
