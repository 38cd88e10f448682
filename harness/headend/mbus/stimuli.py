"""Commands over M-Bus that no meter may carry out, and some that change nothing."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.errors import NotApplicable
from harness.headend.mbus.master import MBusMaster
from harness.headend.mbus.reading import Reading
from harness.protocol.mbus import Information

__all__ = ["BAUDS", "COMMANDS", "ERRONEOUS", "UNCHANGING", "register_writes", "write_record"]

_VENDOR_WRITES: Final = {"0xB2": 0xB2, "0xB4": 0xB4, "0xA0": 0xA0}
_UNKNOWN_COMMAND: Final = 0x59
_CUT_RECORD: Final = b"\x04\x03\x00"
BAUDS: Final = {300: 0xB8, 600: 0xB9, 1200: 0xBA, 2400: 0xBB, 4800: 0xBC, 9600: 0xBD, 19_200: 0xBE, 38_400: 0xBF}


def register_writes(reading: Reading, filler: int) -> list[bytes]:
    """Return a record for each present register, under its own header and with octets that are all ``filler``."""
    return [record.header + bytes((filler,)) * len(record.raw) for record in reading.register_records]


def write_record(master: MBusMaster, data: bytes) -> None:
    """Write one record."""
    master.reset_link()
    master.command(Information.COMMAND, data, f"write of {data.hex(' ')}")


def _reset_application(master: MBusMaster) -> None:
    master.reset_link()
    master.command(Information.APPLICATION_RESET, about="application reset")


def _same_rate(master: MBusMaster) -> None:
    baud = master.baud
    if baud not in BAUDS:
        raise NotApplicable("the rate of the bus is not declared", item="doors.mbus.baud")
    master.reset_link()
    master.command(BAUDS[baud], about=f"baud rate {baud}, as it is")


UNCHANGING: Final[Mapping[str, Callable[[MBusMaster], None]]] = {
    "a reset of the link": MBusMaster.reset_link,
    "an application reset": _reset_application,
    "the baud rate that is set already": _same_rate,
}
"""What a master may do at any time."""

COMMANDS: Final[Mapping[str, int]] = _VENDOR_WRITES
"""Commands of vendors that once wrote into memories."""

ERRONEOUS: Final[Mapping[str, tuple[int, bytes]]] = {
    "unknown_command": (_UNKNOWN_COMMAND, b""),
    "cut_record": (Information.COMMAND, _CUT_RECORD),
}
"""Condition -> control information and data that cannot be carried out."""
