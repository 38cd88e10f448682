"""When summer time begins and ends: a date-time with wildcards, and the local time that it means in a year."""

import calendar
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

__all__ = ["EUROPEAN_BEGIN", "EUROPEAN_END", "DstRule", "changes_around", "rule_from_octets"]

_OPEN = 0xFF
_YEAR_OPEN = 0xFFFF
_LAST_DAY, _LAST_DAY_BUT_ONE = 0xFE, 0xFD
_DAYS_OF_WEEK = 7
_DEVIATION_NOT_SPECIFIED = -0x8000
_LARGEST_DEVIATION_MIN = 840


@dataclass(frozen=True, slots=True, kw_only=True)
class DstRule:
    """One rule as it was written, with the fields that say when it holds."""

    octets: bytes
    """The 12 octets."""
    year: int | None
    month: int
    day: int
    """1 to 31, or 0xFD and 0xFE counted from the end of the month."""
    weekday: int | None
    """1 is Monday; None where only the day counts."""
    second_of_day: int
    deviation_min: int | None
    """None where the rule speaks of the local time in force just before the change."""

    def local(self, year: int) -> datetime | None:
        """The naive local time of the change in a year, None where there is none in it."""
        if self.year not in (None, year):
            return None
        days = calendar.monthrange(year, self.month)[1]
        found = self._day_in(year, days)
        if found is None or found.month != self.month:
            return None
        return datetime(found.year, found.month, found.day) + timedelta(seconds=self.second_of_day)

    def _day_in(self, year: int, days: int) -> date | None:
        if self.day in (_LAST_DAY, _LAST_DAY_BUT_ONE):
            back = self.day == _LAST_DAY_BUT_ONE
            last = date(year, self.month, days)
            if self.weekday is None:
                return last - timedelta(days=back)
            return last - timedelta(days=(last.isoweekday() - self.weekday) % _DAYS_OF_WEEK + back * _DAYS_OF_WEEK)
        if self.day > days:
            return None
        first = date(year, self.month, self.day)
        if self.weekday is None:
            return first
        return first + timedelta(days=(self.weekday - first.isoweekday()) % _DAYS_OF_WEEK)

    def instant(self, year: int, deviation_min: int) -> datetime | None:
        """The instant of the change in a year, by the rule's own deviation or else by this one."""
        local = self.local(year)
        if local is None:
            return None
        minutes = deviation_min if self.deviation_min is None else self.deviation_min
        return local.replace(tzinfo=UTC) + timedelta(minutes=minutes)


def rule_from_octets(octets: bytes) -> DstRule:
    """Read a rule; ValueError for another length, and for what names no single time of a year."""
    if len(octets) != 12:
        raise ValueError(f"a date-time has 12 octets, not {len(octets)}")
    year, month, day, weekday, hour, minute, second, hundredths, deviation, _ = struct.unpack(">HBBBBBBBhB", octets)
    if year != _YEAR_OPEN and not 1970 <= year <= 2999:
        raise ValueError(f"year {year}")
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    if weekday != _OPEN and not 1 <= weekday <= _DAYS_OF_WEEK:
        raise ValueError(f"weekday {weekday}")
    if day == _OPEN and weekday != _OPEN:
        day = 1
    if day not in (_LAST_DAY, _LAST_DAY_BUT_ONE) and not 1 <= day <= calendar.monthrange(2000, month)[1]:
        raise ValueError(f"day {day} of month {month}")
    minute, second = (0 if field == _OPEN else field for field in (minute, second))
    if hour > 23 or minute > 59 or second > 59 or (hundredths != _OPEN and hundredths > 99):
        raise ValueError(f"time {hour}:{minute}:{second}")
    if deviation != _DEVIATION_NOT_SPECIFIED and abs(deviation) > _LARGEST_DEVIATION_MIN:
        raise ValueError(f"deviation {deviation}")
    return DstRule(
        octets=octets,
        year=None if year == _YEAR_OPEN else year,
        month=month,
        day=day,
        weekday=None if weekday == _OPEN else weekday,
        second_of_day=hour * 3600 + minute * 60 + second,
        deviation_min=None if deviation == _DEVIATION_NOT_SPECIFIED else deviation,
    )


EUROPEAN_BEGIN = rule_from_octets(bytes.fromhex("FFFF 03 FE 07 02 00 00 00 8000 00"))
"""Last Sunday of March, 02:00 normal time."""
EUROPEAN_END = rule_from_octets(bytes.fromhex("FFFF 0A FE 07 03 00 00 00 8000 80"))
"""Last Sunday of October, 03:00 summer time."""


@lru_cache(maxsize=256)
def changes_around(
    year: int, begin: DstRule, end: DstRule, zone_deviation_min: int, dst_deviation_min: int
) -> tuple[tuple[datetime, bool], ...]:
    """The changes from the year before to the year after, in order, each with whether it begins summer time."""
    found = []
    for near in (year - 1, year, year + 1):
        found.append((begin.instant(near, zone_deviation_min), True))
        found.append((end.instant(near, zone_deviation_min - dst_deviation_min), False))
    return tuple(sorted((instant, begins) for instant, begins in found if instant is not None))
