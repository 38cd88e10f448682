"""Facts by DLMS at one door."""

from collections.abc import Sequence

from harness.checks.cross_door import Flag, Shown
from harness.declaration import AssociationDeclaration
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.facts.fact import UNITS, Fact, Found, shown_as_data
from harness.headend.head_end import HeadEnd
from harness.headend.registers import read_scaler_unit

__all__ = ["DlmsFacts"]

_ROLES = ("reading", "management", "other", "public")
_HARDWARE_FAULT = "dar:1"


class DlmsFacts:
    """Reads what the first client may read that the door lets in: who reads, else who manages."""

    def __init__(self, head_end: HeadEnd) -> None:
        self._head_end = head_end

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what the door shows of each fact."""
        client = self._head_end.associate_declared(self._reader())
        try:
            return {fact.name: self._shown(client, fact) for fact in facts}
        finally:
            client.close()

    def _reader(self) -> AssociationDeclaration:
        door = self._head_end.door
        for role in _ROLES:
            for one in self._head_end.declaration.associations:
                if one.role == role and one.fits(door.id) and not one.pre_established:
                    return one
        raise Inconclusive(f"no client is declared that door {door.id} lets in", missing="declaration")

    def _shown(self, client: Client, fact: Fact) -> Shown | str:
        door, target = self._head_end.door.id, fact.target
        try:
            data = client.read(item(target, target.attribute))
            frame = client.conversation.frame
            unit = read_scaler_unit(client, target, self._head_end.clause) if fact.kind in UNITS else None
        except Refused as refused:
            if fact.kind == "fault" and refused.answer == _HARDWARE_FAULT:
                return Flag(door=door, frame=client.conversation.frame, text=str(refused), value=True)
            return f"{refused}"
        fault = self._head_end.declaration.hardware_fault
        bits = 0 if fault is None else fault.bits
        return shown_as_data(fact, data, unit, door=door, frame=frame, fault_bits=bits)
