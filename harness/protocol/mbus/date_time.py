"""Dates and times of M-Bus records: types F, G, I and J."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from harness.errors import DecodeError

__all__ = ["MBusTime", "date_time_from_bytes", "type_f_to_bytes"]

_EVERY_YEAR: Final = 127
_CENTURY_OF_OLD_CLOCKS: Final = 81
"""Two digits of a year from here on belong to the last century."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MBusTime:
    """What a date or time field says; local time, without any zone."""

    moment: datetime | date | time | None
    """None where parts are left open, as a field without data has them."""
    resolution_s: int
    """60 for type F, 1 for types I and J, a day for type G."""
    invalid: bool = False
    """The clock says that its time is not right."""
    summer_time: bool = False

    def __str__(self) -> str:
        words = ["unset" if self.moment is None else self.moment.isoformat()]
        words += ["summer time"] * self.summer_time + ["invalid"] * self.invalid
        return " ".join(words)


def date_time_from_bytes(octets: bytes) -> MBusTime:
    """Decode a field by its length: 2 octets type G, 3 type J, 4 type F, 6 type I; DecodeError for impossible ones."""
    readers = {2: _type_g, 3: _type_j, 4: _type_f, 6: _type_i}
    if len(octets) not in readers:
        raise DecodeError(f"a date of {len(octets)} octets", 0)
    try:
        return readers[len(octets)](octets)
    except ValueError as error:
        raise DecodeError(f"no date or time: {octets.hex(' ')} ({error})", 0) from error


def _date(day_octet: int, month_octet: int) -> date | None:
    """Five bits of day and four of month, seven of year shared by both octets."""
    day, month = day_octet & 0x1F, month_octet & 0x0F
    year = day_octet >> 5 | (month_octet & 0xF0) >> 1
    if day == 0 or month == 0 or month == 0x0F or year == _EVERY_YEAR:
        return None
    return date(1900 + year if year >= _CENTURY_OF_OLD_CLOCKS else 2000 + year, month, day)


def _type_g(octets: bytes) -> MBusTime:
    return MBusTime(moment=_date(*octets), resolution_s=86_400)


def _type_j(octets: bytes) -> MBusTime:
    second, minute, hour = octets[0] & 0x3F, octets[1] & 0x3F, octets[2] & 0x1F
    return MBusTime(moment=time(hour, minute, second), resolution_s=1)


def _type_f(octets: bytes) -> MBusTime:
    return _date_and_time(octets[2:], octets[1], octets[0], 0, resolution_s=60, invalid=bool(octets[0] & 0x80))


def _type_i(octets: bytes) -> MBusTime:
    read = _date_and_time(
        octets[3:5], octets[2], octets[1], octets[0] & 0x3F, resolution_s=1, invalid=bool(octets[1] & 0x80)
    )
    return MBusTime(moment=read.moment, resolution_s=1, invalid=read.invalid, summer_time=bool(octets[0] & 0x40))


def _date_and_time(
    days: bytes, hour_octet: int, minute_octet: int, second: int, *, resolution_s: int, invalid: bool
) -> MBusTime:
    day = _date(*days)
    hour, minute = hour_octet & 0x1F, minute_octet & 0x3F
    open_parts = day is None or hour == 0x1F or minute == 0x3F
    moment = None if open_parts or day is None else datetime.combine(day, time(hour, minute, second))
    return MBusTime(moment=moment, resolution_s=resolution_s, invalid=invalid, summer_time=bool(hour_octet & 0x80))


def type_f_to_bytes(moment: datetime) -> bytes:
    """Encode local time to the minute, as a clock is set."""
    year = moment.year - 2000
    return bytes((moment.minute, moment.hour, moment.day | (year & 0x07) << 5, moment.month | (year & 0x78) << 1))
