"""The metering clock and its object (class 8): local time with deviation and status."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reference_meter.model.data import Pair, boolean, enum, integer, long, octet_string, unsigned
from reference_meter.model.date_time import (
    CLOCK_INVALID,
    DST_ACTIVE,
    LocalTime,
    date_time_from_octets,
    date_time_to_octets,
)
from reference_meter.model.objects import ALL, MANAGING, MEASURING, Attribute, CosemObject, DataAccessResult, Method
from reference_meter.server.model_port import AccessRefused

__all__ = ["Clock", "clock_object", "instant_from_data"]

_DST_BEGIN = bytes.fromhex("FFFF 03 FE 07 02 00 00 00 8000 00")
_DST_END = bytes.fromhex("FFFF 0A FE 07 03 00 00 00 8000 80")
_INTERNAL_CRYSTAL = 1
_SHIFT_LIMIT_S = 900
_OCTET_STRING, _DATE_TIME, _LONG = 9, 25, 16


class Clock:
    """Metering time as an instant in UTC; only the model's ``advance`` and setting the clock move it."""

    def __init__(self, now: datetime, rules: LocalTime) -> None:
        self.now = now
        self.rules = rules
        self.invalid = False

    def time_octets(self) -> bytes:
        """The 12 octets of attribute 2."""
        return self.stamp(self.now)

    def stamp(self, instant: datetime) -> bytes:
        """The 12 octets that name an instant, with the status of now."""
        return date_time_to_octets(instant, self.rules, invalid=self.invalid)

    def status(self) -> int:
        """The clock status octet of this instant."""
        return (CLOCK_INVALID if self.invalid else 0) | (DST_ACTIVE if self.rules.is_dst(self.now) else 0)


def instant_from_data(data: Pair, rules: LocalTime) -> datetime:
    """The instant of a date-time that a client sent; AccessRefused where it is none."""
    tag, value = data
    if tag not in (_OCTET_STRING, _DATE_TIME) or len(value) != 12:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    try:
        return date_time_from_octets(value).utc(rules)
    except (ValueError, OverflowError):
        raise AccessRefused(DataAccessResult.OTHER_REASON) from None


def clock_object(clock: Clock, obis: bytes, set_time: Callable[[datetime], None]) -> CosemObject:
    """The instance of class 8; ``set_time`` moves the clock and lets the rest of the meter know."""

    def write_time(data: Pair) -> None:
        set_time(instant_from_data(data, clock.rules))

    def shift_time(parameter: Pair | None) -> None:
        if parameter is None or parameter[0] != _LONG:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        if abs(parameter[1]) > _SHIFT_LIMIT_S:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        set_time(clock.now + timedelta(seconds=parameter[1]))

    rules = clock.rules
    return CosemObject(
        class_id=8,
        version=0,
        obis=obis,
        attributes={
            2: Attribute(
                read=lambda: octet_string(clock.time_octets()), readers=ALL, write=write_time, writers=MANAGING
            ),
            3: Attribute(read=lambda: long(rules.zone_deviation_min), readers=ALL),
            4: Attribute(read=lambda: unsigned(clock.status()), readers=ALL),
            5: Attribute(read=lambda: octet_string(_DST_BEGIN), readers=MEASURING),
            6: Attribute(read=lambda: octet_string(_DST_END), readers=MEASURING),
            7: Attribute(read=lambda: integer(rules.dst_deviation_min), readers=MEASURING),
            8: Attribute(read=lambda: boolean(rules.dst_enabled), readers=MEASURING),
            9: Attribute(read=lambda: enum(_INTERNAL_CRYSTAL), readers=MEASURING),
        },
        methods={6: Method(invoke=shift_time)},
    )
