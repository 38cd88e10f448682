"""Calendars that a head end composes of its own seasons and days, named like those that the device has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from harness.headend.tariff.calendar import Part
from harness.headend.tariff.shift_times import Shift, array_elements, day_data, days_of, renamed
from harness.protocol.axdr import Data, DataType

__all__ = ["Season", "composed", "special_day_data", "starting"]

_DAYS_OF_WEEK = 7
_ANY_YEAR, _ANY = b"\xff\xff", 0xFF
_TIME = slice(5, 9)
_MIDNIGHT = bytes(4)
_OPEN_TAIL = b"\x80\x00\xff"
_UNNAMED = Data(DataType.OCTET_STRING, b"1")
_DATE_TIME_OCTETS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """From a day of each year on a day profile holds on all days of the week but those that have their own."""

    month: int = 1
    day: int = 1
    profile: int = 0
    """Position among the days of the calendar."""
    own: Mapping[int, int] = field(default_factory=dict)
    """Day of the week, 1 being Monday -> position of its own profile."""


def composed(
    before: Part, days: Sequence[Sequence[Shift]], seasons: Sequence[Season] = (Season(),)
) -> tuple[Part, tuple[int, ...]]:
    """A calendar of these days and seasons, and the numbers of the days; ``before`` shows how the device names them."""
    numbers = _numbers(before, len(days))
    known_seasons, known_weeks = array_elements(before.seasons), array_elements(before.weeks)
    season_name = array_elements(known_seasons[0])[0] if known_seasons else _UNNAMED
    week_name = array_elements(known_weeks[0])[0] if known_weeks else _UNNAMED
    time = _time_of_start(array_elements(known_seasons[0])[1]) if known_seasons else _MIDNIGHT
    season_parts, week_parts = [], []
    for position, season in enumerate(seasons):
        if position:
            season_name, week_name = renamed(season_name), renamed(week_name)
        start = _ANY_YEAR + bytes((season.month, season.day, _ANY)) + time + _OPEN_TAIL
        season_parts.append(_structure(season_name, Data(DataType.OCTET_STRING, start), week_name))
        week = [season.own.get(weekday, season.profile) for weekday in range(1, _DAYS_OF_WEEK + 1)]
        week_parts.append(_structure(week_name, *(Data(DataType.UNSIGNED, numbers[profile]) for profile in week)))
    part = Part(
        name=renamed(before.name),
        seasons=_array(season_parts),
        weeks=_array(week_parts),
        days=_array([day_data(number, shifts) for number, shifts in zip(numbers, days, strict=True)]),
    )
    return part, tuple(numbers)


def starting(on: date, profile: int) -> Season:
    """The season that begins on a date of each year."""
    return Season(month=on.month, day=on.day, profile=profile)


def special_day_data(on: date, number: int) -> Data:
    """A table of special days with one date, on which the day of a number holds."""
    octets = on.year.to_bytes(2) + bytes((on.month, on.day, _ANY))
    entry = _structure(
        Data(DataType.LONG_UNSIGNED, 1), Data(DataType.OCTET_STRING, octets), Data(DataType.UNSIGNED, number)
    )
    return _array([entry])


def _numbers(before: Part, count: int) -> list[int]:
    """Numbers of days: first those that the device has."""
    known = [number.value for number, _ in days_of(before.days) if isinstance(number.value, int)]
    return [*dict.fromkeys(known), *(one for one in range(1, 0x100) if one not in known)][:count]


def _time_of_start(start: Data) -> bytes:
    """The time of day in the device's own seasons where it is midnight or left open, else midnight."""
    octets = start.value[_TIME] if isinstance(start.value, bytes) and len(start.value) == _DATE_TIME_OCTETS else b""
    return octets if octets and set(octets) <= {0, _ANY} else _MIDNIGHT


def _array(elements: Sequence[Data]) -> Data:
    return Data(DataType.ARRAY, tuple(elements))


def _structure(*elements: Data) -> Data:
    return Data(DataType.STRUCTURE, elements)
