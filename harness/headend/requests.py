"""Single requests as octets, for scenarios that send them where or how they do not belong."""

from collections.abc import Sequence

from harness.declaration import CosemObject
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = [
    "action_request",
    "attribute_of",
    "first_block_of_set",
    "get_next_request",
    "get_request",
    "nonsense_selection",
    "octets_of",
    "set_list_request",
    "set_request",
    "unannounced_object",
]

_INVOKE = 0x41
_VALUE = 2


def get_request(target: CosemObject, attribute: int = _VALUE, selection: xdlms.Selection | None = None) -> bytes:
    """Return the octets of a plain GET, or of one with selective access."""
    descriptor = xdlms.AttributeDescriptor(target.class_id, cosem.obis(target.obis), attribute)
    return xdlms.GetRequestNormal(invoke=_INVOKE, attribute=descriptor, selection=selection).to_bytes()


def set_request(target: CosemObject, attribute: int, data: axdr.Data, invoke: int) -> bytes:
    """Return the octets of a plain SET."""
    descriptor = xdlms.AttributeDescriptor(target.class_id, cosem.obis(target.obis), attribute)
    return xdlms.SetRequestNormal(invoke=invoke, attribute=descriptor, data=axdr.encode(data)).to_bytes()


def action_request(target: CosemObject, method: int, parameter: axdr.Data, invoke: int) -> bytes:
    """Return the octets of a plain ACTION."""
    descriptor = xdlms.MethodDescriptor(target.class_id, cosem.obis(target.obis), method)
    return xdlms.ActionRequestNormal(invoke=invoke, method=descriptor, parameter=axdr.encode(parameter)).to_bytes()


def attribute_of(target: CosemObject, attribute: int) -> xdlms.AttributeDescriptor:
    """Return how requests name an attribute."""
    return xdlms.AttributeDescriptor(target.class_id, cosem.obis(target.obis), attribute)


def octets_of(code: str) -> bytes:
    """Return the six octets of an OBIS code."""
    return cosem.obis(code)


def first_block_of_set(target: CosemObject, attribute: int, octets: bytes, invoke: int) -> bytes:
    """Return the octets of a SET of which ``octets`` are the first block, with more to come."""
    return xdlms.SetRequestWithFirstDatablock(
        invoke=invoke, attribute=attribute_of(target, attribute), last=False, block_number=1, raw=octets
    ).to_bytes()


def set_list_request(target: CosemObject, attribute: int, values: Sequence[bytes], invoke: int) -> bytes:
    """Return the octets of a SET with list that writes one attribute several times, with encoded values."""
    items = ((attribute_of(target, attribute), None),) * len(values)
    return xdlms.SetRequestWithList(invoke=invoke, items=items, values=tuple(values)).to_bytes()


def get_next_request(block_number: int, invoke: int = _INVOKE) -> bytes:
    """Return the octets of a request for the next block."""
    return xdlms.GetRequestNext(invoke=invoke, block_number=block_number).to_bytes()


def nonsense_selection() -> xdlms.OtherSelection:
    """Return a selective access that belongs to profiles and to nothing else."""
    return xdlms.OtherSelection(selector=1, parameter=axdr.Data(axdr.DataType.NULL_DATA, None))


def unannounced_object(announced: frozenset[str]) -> CosemObject:
    """Return a register that is not among the announced OBIS codes."""
    for storage in range(254, 0, -1):
        code = f"1.0.199.{storage}.0.255"
        if code not in announced:
            return CosemObject.model_validate({"class": 3, "obis": code})
    raise ValueError("the device announces every register that we can think of")
