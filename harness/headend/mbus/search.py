"""The search for slaves by their secondary addresses: digits are fixed one by one where several answer at once."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from harness.errors import DecodeError, Garbled, Silent
from harness.headend.mbus.master import MBusMaster
from harness.protocol import mbus

__all__ = ["search"]

_DIGITS: Final = 8


def search(master: MBusMaster, known: str = "") -> Iterator[mbus.SecondaryAddress]:
    """Yield who is found below the known digits of an identification number.

    A slave whose header does not say who it is has the digits by which it was selected, the rest left open.
    """
    wanted = mbus.SecondaryAddress(identification=known.ljust(_DIGITS, "F"))
    try:
        master.answer_once(master.selection(wanted), f"selection of {wanted}")
    except Silent:
        return
    except Garbled:
        master.rest()
    else:
        with suppress(Silent, Garbled, DecodeError):
            yield _selected(master) or wanted
            return
        master.rest()
    if len(known) < _DIGITS:
        for digit in "0123456789":
            yield from search(master, known + digit)


def _selected(master: MBusMaster) -> mbus.SecondaryAddress | None:
    """Ask the slave that was selected for data, and return who it says it is."""
    control = mbus.Control.REQ_UD2 | mbus.Control.FRAME_COUNT_BIT
    request = mbus.ShortFrame(control=control, address=mbus.SELECTED_SLAVE)
    answer = master.answer_once(request, "REQ_UD2 to the selected slave")
    if not isinstance(answer, mbus.LongFrame):
        raise Garbled("something else than a telegram")
    return mbus.slave_of(answer)
