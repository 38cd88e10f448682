"""The door with which the other doors of a device are compared."""

from typing import Final

from harness.declaration.device import Declaration
from harness.declaration.door import Door

__all__ = ["main_door"]

_CAN_BE_ASKED: Final = ("iec62056_21", "mbus")


def main_door(declaration: Declaration, other: Door) -> Door | None:
    """Return the first functional door for DLMS, else one that can be asked; None where there is no such door.

    Doors in this process and doors of the lab lead to two devices of one kind: only those of the same device count.
    """
    doors = [door for door in declaration.doors if door.is_virtual == other.is_virtual]
    dlms = sorted((door for door in doors if door.speaks_dlms), key=lambda door: not door.functional)
    return next(iter((*dlms, *(door for door in doors if door.protocol in _CAN_BE_ASKED))), None)
