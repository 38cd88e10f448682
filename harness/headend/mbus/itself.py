"""What a slave says of itself, and the setting of its clock at its own line."""

from datetime import datetime
from typing import Final

from harness.errors import Inconclusive
from harness.headend.mbus.master import MBusMaster
from harness.headend.mbus.reading import Reading
from harness.headend.mbus.stimuli import write_record
from harness.protocol.mbus import type_f_to_bytes

__all__ = ["identity_of", "own_clock", "set_own_clock"]

_SET_TIME: Final = b"\x04\x6d"


def identity_of(master: MBusMaster, reading: Reading) -> dict[str, int | str]:
    """Return who the slave is by its long header, else by what is declared of it; what nobody tells is left out.

    The identification number is text of eight digits, all else are numbers. ``Inconclusive`` where nobody tells it.
    """
    addresses = [one.header.address for one in reading.telegrams if one.header.address is not None]
    address = addresses[0] if addresses else master.secondary
    if "F" in address.identification:
        raise Inconclusive("neither the meter nor the declaration tells who it is", missing="declaration")
    known: dict[str, int | str | None] = {
        "identification number": address.identification,
        "manufacturer": None if address.manufacturer is None else int.from_bytes(address.to_bytes()[4:6], "little"),
        "version": address.version,
        "device type": address.medium,
    }
    return {name: value for name, value in known.items() if value is not None}


def own_clock(reading: Reading) -> tuple[datetime, int]:
    """Return local time and its resolution in seconds; ``Inconclusive`` where the slave tells none."""
    clock = reading.clock
    if clock is None or not isinstance(clock.moment, datetime):
        raise Inconclusive("the meter does not tell its clock over M-Bus", missing="device")
    return clock.moment, clock.resolution_s


def set_own_clock(master: MBusMaster, local: datetime) -> None:
    """Write a time, to the minute; a slave that does not take it does not say so here."""
    write_record(master, _SET_TIME + type_f_to_bytes(local))
