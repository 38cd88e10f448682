"""Single requests as octets, for scenarios that send them where or how they do not belong."""

from harness.declaration import CosemObject
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = ["get_next_request", "get_request", "nonsense_selection", "unannounced_object"]

_INVOKE = 0x41
_VALUE = 2


def get_request(target: CosemObject, attribute: int = _VALUE, selection: xdlms.Selection | None = None) -> bytes:
    """Return the octets of a plain GET, or of one with selective access."""
    descriptor = xdlms.AttributeDescriptor(target.class_id, cosem.obis(target.obis), attribute)
    return xdlms.GetRequestNormal(invoke=_INVOKE, attribute=descriptor, selection=selection).to_bytes()


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
