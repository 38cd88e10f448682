"""Changes of the rate of one slave, and requests that are sent at a rate or with a parity that it does not have."""

from collections.abc import Callable, Iterator
from typing import Final

from harness.errors import ConnectionLost, NotApplicable, ProtocolViolation, Silent
from harness.errors import Garbled as Damaged
from harness.headend.mbus.bus_line import framing_of
from harness.headend.mbus.master import MBusMaster
from harness.headend.mbus.stimuli import BAUDS
from harness.protocol import mbus

__all__ = ["alarms", "answers_here", "come_back", "go_to", "left_alone", "other_rates", "readings_at", "sent_otherwise"]

_WRONG_PARITY: Final = "8O1"
_EVEN_PARITY: Final = "8E1"
_NO_ANSWER: Final = (Silent, Damaged, ConnectionLost, ProtocolViolation)


def first_rate(master: MBusMaster) -> int:
    """Return the rate of the bus; ``NotApplicable`` where it is not declared, or nobody can change it here."""
    if not master.line.can_be_set:
        raise NotApplicable("the line of this door has no rate to set", item="doors.url")
    declared = master.settings.baud or master.timing.baud
    if declared is None:
        raise NotApplicable("the rate of the bus is not declared", item="doors.mbus.baud")
    return declared


def other_rates(master: MBusMaster) -> list[int]:
    """Return the other declared rates; ``NotApplicable`` where there are none."""
    first = first_rate(master)
    found: list[int] = [baud for baud in master.settings.bauds if baud != first]
    if not found:
        raise NotApplicable("no other rates are declared", item="doors.mbus.bauds")
    return found


def go_to(master: MBusMaster, baud: int) -> None:
    """Have the slave change its rate, which it acknowledges at the old one, and follow it."""
    master.reset_link()
    master.command(BAUDS[baud], about=f"change to {baud} baud")
    master.set_rate(baud)


def readings_at(master: MBusMaster) -> Iterator[tuple[int, bool]]:
    """Go to each other rate and back; gives each rate with whether the slave gives a reading there."""
    first = first_rate(master)
    for baud in other_rates(master):
        for wanted in (baud, first):
            answers = follows_to(master, wanted)
            yield wanted, answers
            if not answers:
                return


def come_back(master: MBusMaster) -> None:
    """Find the slave at whatever rate it is and bring it back to its first one."""
    first = first_rate(master)
    for baud in (first, *other_rates(master)):
        master.set_rate(baud)
        master.rest()
        try:
            master.reset_link()
            if baud != first:
                go_to(master, first)
        except _NO_ANSWER:
            continue
        break
    master.set_rate(first)


def left_alone(master: MBusMaster) -> int:
    """Have the slave go to another rate, let the declared time pass without a word, and come back alone."""
    after_s = master.settings.falls_back_after_s
    if after_s is None:
        raise NotApplicable("it does not come back by itself", item="doors.mbus.falls_back_after_s")
    other = other_rates(master)[0]
    go_to(master, other)
    master.line.receive(after_s + master.timing.silence_s)
    master.set_rate(first_rate(master))
    return other


def answers_here(master: MBusMaster) -> bool:
    """Whether the slave gives a reading at the rate in force."""
    try:
        master.read()
    except _NO_ANSWER:
        return False
    return True


def follows_to(master: MBusMaster, baud: int) -> bool:
    """Whether the slave acknowledges a change of its rate and gives a reading there."""
    try:
        go_to(master, baud)
    except _NO_ANSWER:
        return False
    return answers_here(master)


def sent_otherwise(master: MBusMaster, how: str) -> bytes:
    """Send a good request at another rate or with wrong parity, and return what comes once all is as before."""
    first, framing = first_rate(master), framing_of(master.door)
    slow = next(baud for baud in BAUDS if baud not in (first, *master.settings.bauds))
    odd = _EVEN_PARITY if framing == _WRONG_PARITY else _WRONG_PARITY
    ways: dict[str, Callable[[], tuple[int, str]]] = {
        "at another rate": lambda: (slow, framing),
        "with wrong parity": lambda: (first, odd),
    }
    return master.octets_otherwise(*ways[how](), master.next_request().to_bytes(), f"REQ_UD2 {how}")


def alarms(master: MBusMaster) -> bytes | None:
    """Ask for alarms; None where there are none, else what the slave tells of them.

    Raises ``ProtocolViolation`` for an answer that is neither the single character nor a response with alarms or data.
    """
    master.reset_link()
    control = master.count_bit.in_control(mbus.Control.REQ_UD1)
    answer = master.answer(mbus.ShortFrame(control=control, address=master.address), "REQ_UD1")
    master.count_bit.accepted()
    if isinstance(answer, mbus.SingleCharacter):
        return None
    if isinstance(answer, mbus.LongFrame) and answer.information in mbus.Information.ALARMS:
        return answer.data
    master.telegram(answer)
    return b""
