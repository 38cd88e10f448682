"""How a fault of the hardware is told: the bits that mean it at each kind of door."""

from typing import Annotated

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["HardwareFault"]

_PERMANENT = 0x08


class HardwareFault(Section):
    """Table ``[hardware_fault]``; any of the bits says that there is one, whatever the register is at the door."""

    bits: Annotated[int, Field(ge=1, le=0xFFFFFFFF)]
    """Of the error register, by DLMS and in the readout of the local port."""
    mbus_status: Annotated[int, Field(ge=0, le=0xFF)] = _PERMANENT
    """Of the status octet over M-Bus; 0 where it does not tell of the meter's own faults."""
