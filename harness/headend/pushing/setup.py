"""A push setup (class 40) as the head end reads it."""

from dataclasses import dataclass

from harness.declaration import CosemObject
from harness.errors import ProtocolViolation
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis_text

__all__ = ["PUSH", "PUSH_PARAMETER", "PushSetup", "PushedAttribute"]

PUSH = 1
"""The method that has the device push."""
PUSH_PARAMETER = Data(DataType.INTEGER, 0)
_OBJECTS, _DESTINATION = 2, 3
_ENTRY_CELLS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedAttribute:
    """One attribute that is pushed, or one element of it."""

    class_id: int
    obis: str
    attribute: int
    index: int
    """0 is the whole attribute."""

    @property
    def target(self) -> CosemObject:
        """The object."""
        return CosemObject.model_validate({"class": self.class_id, "obis": self.obis})


class PushSetup:
    """One push setup, read through one client."""

    def __init__(self, client: Client, target: CosemObject) -> None:
        self.target = target
        self._client = client

    def objects(self) -> tuple[PushedAttribute, ...]:
        """What is pushed, in its order; raises as ``Client.read`` does, and for other shapes."""
        data = self._client.read(item(self.target, _OBJECTS))
        return tuple(map(_attribute, _elements(data)))

    def destination(self) -> bytes:
        """Where it is pushed to."""
        cells = _elements(self._client.read(item(self.target, _DESTINATION)))
        found = [cell.value for cell in cells if isinstance(cell.value, bytes)]
        if len(found) != 1:
            raise ProtocolViolation(f"{cells} where service, destination and message type are due")
        return found[0]

    def push(self) -> None:
        """Have the device push."""
        self._client.action(self.target, PUSH, PUSH_PARAMETER)


def _attribute(entry: Data) -> PushedAttribute:
    cells = [cell.value for cell in _elements(entry)]
    # Newer versions of the class have more cells.
    match cells[:_ENTRY_CELLS]:
        case [int(class_id), bytes(code), int(attribute), int(index)]:
            return PushedAttribute(class_id=class_id, obis=obis_text(code), attribute=attribute, index=index)
    raise ProtocolViolation(f"{entry} where class, logical name, attribute and index are due")


def _elements(data: Data) -> tuple[Data, ...]:
    if not isinstance(data.value, tuple):
        raise ProtocolViolation(f"{data.type.name} where an array or a structure is due")
    return tuple(one for one in data.value if isinstance(one, Data))
