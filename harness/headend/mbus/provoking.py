"""What a slave is provoked with: damaged, foreign and repeated requests, selections, commands that end in an error."""

from collections.abc import Callable
from dataclasses import replace

from harness.errors import ConnectionLost, DecodeError, Garbled, Silent
from harness.headend.mbus.damage import LONG_ONLY, damaged
from harness.headend.mbus.master import MBusMaster
from harness.headend.mbus.told import Told
from harness.protocol import mbus

__all__ = [
    "answer_again",
    "damage_of_answers",
    "damaged_request",
    "foreign_request",
    "is_whole",
    "select_and_read",
    "select_another",
    "told_after",
]

_KNOWN_DIGITS = 4
_ANY = 0xFF


def damaged_request(master: MBusMaster, how: str) -> bytes:
    """Send a request spoilt in a named way and return what comes; a pause follows.

    Short where the damage fits a short frame: REQ_UD2, else an application reset, which changes nothing for good.
    """
    good = master.next_request().to_bytes()
    if how in LONG_ONLY:
        reset = mbus.Information.APPLICATION_RESET
        control = master.count_bit.in_control(mbus.Control.SND_UD)
        good = mbus.LongFrame(control=control, address=master.address, information=reset).to_bytes()
    return master.octets(damaged(good, how), f"request with {how}") + master.rest()


def is_whole(octets: bytes) -> bool:
    """Whether octets are exactly one frame."""
    try:
        mbus.frame_from_bytes(octets)
    except DecodeError:
        return False
    return True


def foreign_request(master: MBusMaster, address: int) -> bytes:
    """Ask another address for data and return what comes."""
    control = mbus.Control.REQ_UD2 | mbus.Control.FRAME_COUNT_BIT
    request = mbus.ShortFrame(control=control, address=address)
    return master.octets(request.to_bytes(), f"REQ_UD2 to address {address}") + master.rest()


def answer_again(master: MBusMaster, meanwhile: Callable[[], object]) -> tuple[bytes, bytes]:
    """Ask for data twice with the same frame count bit; returns both answers."""
    request = master.next_request()
    first = master.answer(request, "REQ_UD2")
    meanwhile()
    second = master.answer(request, "REQ_UD2 again, same frame count bit")
    master.count_bit.accepted()
    return first.to_bytes(), second.to_bytes()


def told_after(master: MBusMaster, information: int, data: bytes, about: str) -> Told:
    """Send a command that cannot be carried out and see how the slave tells so with the next request."""
    master.reset_link()
    master.command(information, data, about)
    found, _ = master.request()
    if isinstance(found, mbus.ApplicationError):
        return Told(code=found.code, name=found.name, by="telegram")
    if found.header.status & mbus.Status.APPLICATION:
        return Told(code=None, name="any error", by="status")
    return Told(code=None, name="no error", by="nothing")


def select_and_read(master: MBusMaster, how: str) -> None:
    """Select the slave by its secondary address, whole or with places left open, and ask it for data."""
    whole = master.secondary
    identification = whole.identification
    wanted = {
        "its whole secondary address": whole,
        "its identification number": mbus.SecondaryAddress(identification=identification),
        "half of its identification number": mbus.SecondaryAddress(
            identification=identification[:_KNOWN_DIGITS] + "F" * _KNOWN_DIGITS,
            manufacturer=whole.manufacturer,
            version=whole.version,
            medium=whole.medium,
        ),
    }[how]
    master.select(wanted)
    control = mbus.Control.REQ_UD2 | mbus.Control.FRAME_COUNT_BIT
    request = mbus.ShortFrame(control=control, address=mbus.SELECTED_SLAVE)
    master.telegram(master.answer(request, "REQ_UD2 to the selected slave"))


def select_another(master: MBusMaster, by: str) -> bytes | None:
    """Select a secondary address that differs from the slave's in one part, and return what comes.

    None where that part is not declared.
    """
    own = master.secondary
    digits = own.identification
    others = {
        "identification number": replace(own, identification=digits[:-1] + str((int(digits[-1]) + 1) % 10)),
        "manufacturer": replace(own, manufacturer="XYZ" if own.manufacturer != "XYZ" else "XYA"),
        "version": replace(own, version=((own.version or 0) + 1) % _ANY),
        "medium": replace(own, medium=((own.medium or 0) + 1) % _ANY),
    }
    wanted = others[by]
    if own.matches(wanted):
        return None
    selection = master.selection(wanted)
    return master.octets(selection.to_bytes(), f"selection of {wanted}") + master.rest()


def damage_of_answers(master: MBusMaster, times: int) -> str:
    """Ask for data so often, without repetitions; says what was wrong where no answer was a whole frame."""
    wrong: list[str] = []
    for _ in range(times):
        master.rest()
        try:
            master.answer_once(*master.opening())
            master.count_bit.reset()
            master.answer_once(master.next_request(), "REQ_UD2")
        except (Garbled, Silent, ConnectionLost) as error:
            wrong.append(str(error))
    return wrong[0] if len(wrong) == times else ""
