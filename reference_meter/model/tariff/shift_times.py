"""What an activity calendar consists of: seasons, weeks and days with the times at which a script is executed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reference_meter.model.data import Pair, array, long_unsigned, octet_string, structure, unsigned
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.written import ARRAY, LONG_UNSIGNED, OCTET_STRING, fields, out_of_range, written
from reference_meter.server.model_port import AccessRefused

__all__ = [
    "Calendar",
    "Capacity",
    "Day",
    "Season",
    "Shift",
    "Week",
    "daily_calendar",
    "days_around",
    "elements",
    "name_from_data",
]

_UNSIGNED = 17
_OPEN = 0xFF
_ANY_YEAR = 0xFFFF
_MOST_NAME_OCTETS = 8
_DAYS = 7
_OPEN_TAIL = bytes((0x80, 0x00, 0xFF))
"""Deviation and status, not specified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How much a calendar holds."""

    seasons: int = 12
    weeks: int = 12
    days: int = 12
    switches: int = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """At this local time a script is executed."""

    at: time
    table: bytes
    selector: int

    def to_data(self) -> Pair:
        """A structure of time, script table and selector."""
        at = bytes((self.at.hour, self.at.minute, self.at.second, 0))
        return structure(octet_string(at), octet_string(self.table), long_unsigned(self.selector))

    @classmethod
    def from_data(cls, data: Pair) -> "Shift":
        """The shift that a client sent; AccessRefused for another type or an impossible time."""
        at, table, selector = fields(data, OCTET_STRING, OCTET_STRING, LONG_UNSIGNED)
        if len(at) != 4 or len(table) != 6:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        if at[3] not in (0, _OPEN):
            raise out_of_range()
        try:
            return cls(at=time(*at[:3]), table=table, selector=selector)
        except ValueError:
            raise out_of_range() from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The shifts of a day, in their order."""

    number: int
    shifts: tuple[Shift, ...]

    def to_data(self) -> Pair:
        """A structure of the number and the shifts."""
        return structure(unsigned(self.number), array(shift.to_data() for shift in self.shifts))

    @classmethod
    def from_data(cls, data: Pair) -> "Day":
        """The day that a client sent; AccessRefused where its times do not rise."""
        number, shifts = fields(data, _UNSIGNED, ARRAY)
        day = cls(number=number, shifts=tuple(map(Shift.from_data, shifts)))
        times = [shift.at for shift in day.shifts]
        if times != sorted(set(times)):
            raise out_of_range()
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The numbers of the days from Monday to Sunday."""

    name: bytes
    days: tuple[int, ...]

    def to_data(self) -> Pair:
        """A structure of the name and seven numbers."""
        return structure(octet_string(self.name), *map(unsigned, self.days))

    @classmethod
    def from_data(cls, data: Pair) -> "Week":
        """The week that a client sent."""
        name, *days = fields(data, OCTET_STRING, *[_UNSIGNED] * _DAYS)
        return cls(name=_checked_name(name), days=tuple(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """From this local time on a week is in force; open fields come again each year."""

    name: bytes
    start: bytes
    """A date-time of 12 octets."""
    week: bytes

    def to_data(self) -> Pair:
        """A structure of name, start and name of the week."""
        return structure(octet_string(self.name), octet_string(self.start), octet_string(self.week))

    @classmethod
    def from_data(cls, data: Pair) -> "Season":
        """The season that a client sent; AccessRefused for an impossible start."""
        name, start, week = fields(data, OCTET_STRING, OCTET_STRING, OCTET_STRING)
        if len(start) != 12:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        season = cls(name=_checked_name(name), start=start, week=_checked_name(week))
        if season.is_dated and season.start_in(2024) is None and season.start_in(int.from_bytes(start[:2])) is None:
            raise out_of_range()
        return season

    @property
    def is_dated(self) -> bool:
        """Whether it begins at a date; one without month and day is always in force."""
        return self.start[2] != _OPEN and self.start[3] != _OPEN

    def start_in(self, year: int) -> datetime | None:
        """The local time at which it begins in a year."""
        if int.from_bytes(self.start[:2]) not in (_ANY_YEAR, year):
            return None
        hour, minute, second = (0 if octet == _OPEN else octet for octet in self.start[5:8])
        try:
            return datetime(year, self.start[2], self.start[3], hour, minute, second)
        except ValueError:
            return None

    def last_start(self, local: datetime) -> datetime | None:
        """When it began last."""
        if not self.is_dated:
            return datetime.min
        starts = (self.start_in(year) for year in range(local.year, local.year - 9, -1) if year > 0)
        return max((start for start in starts if start is not None and start <= local), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One part, active or passive, of an activity calendar."""

    name: bytes = b""
    seasons: tuple[Season, ...] = ()
    weeks: tuple[Week, ...] = ()
    days: tuple[Day, ...] = ()

    def is_consistent(self) -> bool:
        """Whether all that is referred to exists, and there is something to follow."""
        weeks, days = {week.name for week in self.weeks}, {day.number for day in self.days}
        return (
            bool(self.seasons)
            and all(season.week in weeks for season in self.seasons)
            and all(number in days for week in self.weeks for number in week.days)
            and any(day.shifts for day in self.days)
        )

    def day_of(self, on: date, special: int | None = None) -> Day | None:
        """The day in force on a date: a special one before that of the season's week at its end."""
        by_number = {day.number: day for day in self.days}
        if special in by_number:
            return by_number[special]
        end = datetime.combine(on, time.max)
        started = [(start, season) for season in self.seasons if (start := season.last_start(end)) is not None]
        if not started:
            return None
        season = max(started, key=lambda pair: pair[0])[1]
        week = next((week for week in self.weeks if week.name == season.week), None)
        return None if week is None else by_number.get(week.days[on.weekday()])


def daily_calendar(shifts: Iterable[Shift]) -> Calendar:
    """A calendar that has the same shifts each day of the year."""
    start = bytes((0xFF, 0xFF, 1, 1, 0xFF, 0, 0, 0, 0)) + _OPEN_TAIL
    return Calendar(
        name=b"FIRST",
        seasons=(Season(name=b"S1", start=start, week=b"W1"),),
        weeks=(Week(name=b"W1", days=(1,) * _DAYS),),
        days=(Day(number=1, shifts=tuple(shifts)),),
    )


def days_around(on: date) -> Iterator[date]:
    """A date and those before it, as far back as shifts are looked for."""
    for back in range(_DAYS + 1):
        yield on - timedelta(days=back)


def elements(data: Pair, most: int) -> list[Pair]:
    """The elements of an array that a client sent; AccessRefused where they are too many."""
    found: list[Pair] = written(data, ARRAY)
    if len(found) > most:
        raise out_of_range()
    return found


def name_from_data(data: Pair) -> bytes:
    """A name that a client sent."""
    return _checked_name(written(data, OCTET_STRING))


def _checked_name(name: bytes) -> bytes:
    if len(name) > _MOST_NAME_OCTETS:
        raise out_of_range()
    return name
