"""Error register and alarm register: bits that stay until management clears them."""

from collections.abc import Callable

from reference_meter.model.clock import Clock
from reference_meter.model.configuration import Instances
from reference_meter.model.data import Pair, double_long_unsigned
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject
from reference_meter.model.written import DOUBLE_LONG_UNSIGNED, out_of_range, written

__all__ = ["FRAUD_ATTEMPT", "StatusRegister", "clock_alarm", "error_bits", "status_objects"]

CLOCK_INVALID = 1 << 0
"""Bit of both registers."""
HARDWARE_FAULT = 1 << 8
"""Bit of the error register."""
FRAUD_ATTEMPT = 1 << 13
"""Bit of the alarm register."""


class StatusRegister:
    """32 bits; ``standing`` gives those whose cause is there at this moment."""

    def __init__(self, standing: Callable[[], int]) -> None:
        self._raised = 0
        self._standing = standing
        self.told = 0xFFFFFFFF
        """Bits that are shown."""

    @property
    def value(self) -> int:
        """The bits that were raised, and those whose cause is still there."""
        return (self._raised | self._standing()) & self.told

    def set_bits(self, bits: int) -> None:
        """Raise bits."""
        self._raised |= bits

    def write(self, data: Pair) -> None:
        """Clear the bits that are written as 0; nobody raises one by writing."""
        kept: int = written(data, DOUBLE_LONG_UNSIGNED)
        if kept & ~self.value:
            raise out_of_range()
        self._raised &= kept

    def object(self, obis: bytes) -> CosemObject:
        """The instance of class 1."""
        attribute = Attribute(
            read=lambda: double_long_unsigned(self.value), readers=MEASURING, write=self.write, writers=MANAGING
        )
        return CosemObject(class_id=1, version=0, obis=obis, attributes={2: attribute})


def clock_alarm(clock: Clock) -> Callable[[], int]:
    """The bit of an invalid clock, while it is."""
    return lambda: CLOCK_INVALID if clock.invalid else 0


def error_bits(clock: Clock, faulty: Callable[[], bool]) -> Callable[[], int]:
    """The bits of the error register whose causes are there."""
    invalid = clock_alarm(clock)
    return lambda: invalid() | (HARDWARE_FAULT if faulty() else 0)


def status_objects(instances: Instances, errors: StatusRegister, alarms: StatusRegister) -> list[CosemObject]:
    """Both registers."""
    return [errors.object(instances.error_register), alarms.object(instances.alarm_register)]
