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

    def answer(self, request: Request) -> bytes | None:
        """What the master hears."""
        answers = [answer for slave in self.slaves if (answer := slave.answer(request)) is not None]
        return collided(answers) if answers else None


def collided(answers: list[bytes]) -> bytes:
    """What is heard of answers that begin together: each slave pulls the line for its zeros."""
    length = max(map(len, answers))
    heard = bytearray(b"\xff" * length)
    for answer in answers:
        for at, octet in enumerate(answer):
            heard[at] &= octet
    return bytes(heard)
