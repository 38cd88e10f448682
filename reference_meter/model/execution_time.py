"""Execution times of schedules: a time of day and a date with open fields, found in the meter's local time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from reference_meter.model.data import Pair, octet_string, structure
from reference_meter.model.date_time import LocalTime
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.timed import NEVER
from reference_meter.model.written import OCTET_STRING, fields, out_of_range
from reference_meter.server.model_port import AccessRefused

__all__ = ["ExecutionTime", "instant_of"]

_OPEN = 0xFF
_ANY_YEAR = 0xFFFF
_LAST_DAY, _SECOND_LAST_DAY = 0xFE, 0xFD
_YEARS_AHEAD = 41
"""A date of the calendar with its weekday comes again within 40 years."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionTime:
    """One entry of a schedule; None is an open field."""

    at: time
    year: int | None = None
    month: int | None = None
    day: int | None = None
    """1 to 31, 0xFE for the last day of the month, 0xFD for the one before."""
    weekday: int | None = None
    """1 is Monday."""

    @property
    def has_wildcards(self) -> bool:
        """Whether it names more than one date."""
        return None in (self.year, self.month, self.day)

    def next_after(self, instant: datetime, rules: LocalTime) -> datetime:
        """The first instant after another one at which this time comes, NEVER if there is none."""
        for local in self._dates(rules.local(instant) - timedelta(days=1)):
            if (found := instant_of(local, rules)) > instant:
                return found
        return NEVER

    def _dates(self, begin: datetime) -> Iterator[datetime]:
        """Local dates with the time, from the date of ``begin`` on."""
        for year in range(begin.year, begin.year + _YEARS_AHEAD):
            if self.year not in (None, year):
                continue
            for month in range(1, 13):
                if self.month not in (None, month) or (year, month) < (begin.year, begin.month):
                    continue
                for day in self._days(year, month):
                    local = datetime.combine(datetime(year, month, day), self.at)
                    if local.date() >= begin.date() and self.weekday in (None, local.isoweekday()):
                        yield local

    def _days(self, year: int, month: int) -> range:
        length = monthrange(year, month)[1]
        if self.day is None:
            return range(1, length + 1)
        day = {_LAST_DAY: length, _SECOND_LAST_DAY: length - 1}.get(self.day, self.day)
        return range(day, min(day, length) + 1)

    def to_data(self) -> Pair:
        """A structure of four octets of time and five of date."""
        at = bytes((self.at.hour, self.at.minute, self.at.second, 0))
        year = _ANY_YEAR if self.year is None else self.year
        rest = (_OPEN if field is None else field for field in (self.month, self.day, self.weekday))
        return structure(octet_string(at), octet_string(bytes((year >> 8, year & 0xFF, *rest))))

    @classmethod
    def from_data(cls, data: Pair) -> "ExecutionTime":
        """The entry that a client sent; AccessRefused for another type, length or range."""
        at, date = fields(data, OCTET_STRING, OCTET_STRING)
        if len(at) != 4 or len(date) != 5:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        hour, minute, second, hundredths = at
        year = date[0] << 8 | date[1]
        month, day, weekday = date[2:]
        if hour > 23 or minute > 59 or second > 59 or hundredths not in (0, _OPEN):
            raise out_of_range()
        if month not in (_OPEN, *range(1, 13)) or day not in (_OPEN, _LAST_DAY, _SECOND_LAST_DAY, *range(1, 32)):
            raise out_of_range()
        if weekday not in (_OPEN, *range(1, 8)) or year not in (_ANY_YEAR, *range(2000, 2100)):
            raise out_of_range()
        # In any year means in some year: the 29th of February is a day.
        year_for_check = 2000 if year == _ANY_YEAR else year
        if month != _OPEN and day <= 31 and day > monthrange(year_for_check, month)[1]:
            raise out_of_range()
        return cls(
            at=time(hour, minute, second),
            year=None if year == _ANY_YEAR else year,
            month=None if month == _OPEN else month,
            day=None if day == _OPEN else day,
            weekday=None if weekday == _OPEN else weekday,
        )


def instant_of(local: datetime, rules: LocalTime) -> datetime:
    """The instant of a local time; one that summer time leaps over comes when summer time begins."""
    instant = rules.utc(local)
    if rules.local(instant) == local:
        return instant
    # The local time after the leap is too late, the one before it too early.
    early, late = instant - timedelta(hours=3), instant
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        early, late = (early, middle) if rules.is_dst(middle) else (middle, late)
    return late.replace(microsecond=0).astimezone(UTC)
