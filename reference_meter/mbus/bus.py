"""The bus with its slaves."""

from collections.abc import Callable

from reference_meter.codec.mbus import Request
from reference_meter.mbus.contents import ElectricityContents, GasContents
from reference_meter.mbus.settings import MBusSettings
from reference_meter.mbus.slave import Slave
from reference_meter.model.metering import Metering

__all__ = ["MBus"]


class MBus:
    """Slaves on two wires: all hear the master, and who answers at the same time is not understood."""

    def __init__(
        self, settings: MBusSettings, metering: Metering, errors: Callable[[], int], collected: Callable[[], None]
    ) -> None:
        """``errors`` is the meter's error register, ``collected`` is told of each reading of it."""
        self.settings = settings
        who = settings.electricity
        electricity = ElectricityContents(metering, settings, errors, who.identification)
        self.electricity = Slave(who, settings, electricity, collected)
        self.slaves = [self.electricity]
        self.gas: Slave | None = None
        if settings.gas is not None:
            contents = GasContents(metering, settings, lambda: 0, settings.gas.identification)
            self.gas = Slave(settings.gas, settings, contents, lambda: None)
            self.slaves.append(self.gas)

    def answer(self, request: Request, baud: int, line_now: float) -> bytes | None:
        """What the master hears of those that listen at its rate."""
        listening = [slave for slave in self.slaves if slave.baud == baud]
        for slave in listening:
            slave.heard_at = line_now
        answers = [answer for slave in listening if (answer := slave.answer(request)) is not None]
        return collided(answers) if answers else None

    def tick(self, line_now: float) -> None:
        """Have slaves go back to the rate of the bus that nobody has spoken to at theirs."""
        for slave in self.slaves:
            if slave.baud != self.settings.baud and line_now - slave.heard_at >= self.settings.falls_back_after_s:
                slave.fall_back()


def collided(answers: list[bytes]) -> bytes:
    """What is heard of answers that begin together: each slave pulls the line for its zeros."""
    length = max(map(len, answers))
    heard = bytearray(b"\xff" * length)
    for answer in answers:
        for at, octet in enumerate(answer):
            heard[at] &= octet
    return bytes(heard)
