"""COSEM date-time: twelve octets, of which every field may be unspecified."""

import calendar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from struct import Struct
from typing import Final

from harness.errors import DecodeError

__all__ = ["ClockStatus", "DateTime"]

_LAYOUT: Final = Struct(">HBBBBBBBhB")
_YEAR_OPEN: Final = 0xFFFF
_OPEN: Final = 0xFF
_DEVIATION_OPEN: Final = -0x8000
_LEAP_YEAR: Final = 2000
_HOUR_MIN: Final = 60
_DAY_MIN: Final = 24 * 60
_OPEN_SECOND_S: Final = 59.99
_RANGES: Final = {
    "month": (1, 12),
    "day": (1, 31),
    "weekday": (1, 7),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
    "hundredths": (0, 99),
}
_SPECIAL: Final = {"month": (0xFD, 0xFE), "day": (0xFD, 0xFE)}


class ClockStatus(IntFlag):
    """Bits of the clock status; all of them set (FF) says that the status is not specified."""

    INVALID = 0x01
    DOUBTFUL = 0x02
    DIFFERENT_BASE = 0x04
    INVALID_STATUS = 0x08
    DAYLIGHT_SAVING = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTime:
    """A date-time as its fields; None where a field is not specified. UTC is local time plus ``deviation_min``.

    ``month`` may be 0xFD (end of daylight saving time) or 0xFE (its begin), ``day`` 0xFD (last but one of the
    month) or 0xFE (last); they are kept as they are. ``str()`` gives a line for people.
    """

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None = None
    """1 is Monday."""
    hour: int | None
    minute: int | None
    second: int | None
    hundredths: int | None = None
    deviation_min: int | None = None
    clock_status: int = _OPEN
    """Bits of ``ClockStatus``; 0xFF is not specified."""
    beside_min: int | None = field(default=None, compare=False, repr=False)
    """Deviation that the clock beside it shows, for a time that leaves its own open."""

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem is not None:
            raise ValueError(problem)

    def _problem(self) -> str | None:
        """Return what no date-time can hold, or None."""
        if self.year is not None and not 0 <= self.year < _YEAR_OPEN:
            return f"year {self.year}"
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high and value not in _SPECIAL.get(name, ()):
                return f"{name} {value}"
        if self.day is not None and self.month is not None and self.day <= 31 and self.month <= 12:
            year = _LEAP_YEAR if self.year is None or self.year < 1 else self.year
            if self.day > calendar.monthrange(year, self.month)[1]:
                return f"day {self.day} of month {self.month}"
        if self.deviation_min is not None and abs(self.deviation_min) >= _DAY_MIN:
            return f"deviation of {self.deviation_min} minutes"
        return None if 0 <= self.clock_status <= _OPEN else f"clock status {self.clock_status}"

    @classmethod
    def from_octets(cls, octets: bytes) -> "DateTime":
        """Read the twelve octets; raises ``DecodeError`` for another length or a field out of its range."""
        if len(octets) != _LAYOUT.size:
            raise DecodeError(f"a date-time has {_LAYOUT.size} octets, not {len(octets)}")
        year, *fields, deviation_min, clock_status = _LAYOUT.unpack(octets)
        month, day, weekday, hour, minute, second, hundredths = (None if field == _OPEN else field for field in fields)
        try:
            return cls(
                year=None if year == _YEAR_OPEN else year,
                month=month,
                day=day,
                weekday=weekday,
                hour=hour,
                minute=minute,
                second=second,
                hundredths=hundredths,
                deviation_min=None if deviation_min == _DEVIATION_OPEN else deviation_min,
                clock_status=clock_status,
            )
        except ValueError as error:
            raise DecodeError(f"no date-time: {error} in {octets.hex(' ')}") from None

    def to_octets(self) -> bytes:
        """Return the twelve octets."""
        fields = (self.month, self.day, self.weekday, self.hour, self.minute, self.second, self.hundredths)
        return _LAYOUT.pack(
            _YEAR_OPEN if self.year is None else self.year,
            *(_OPEN if field is None else field for field in fields),
            _DEVIATION_OPEN if self.deviation_min is None else self.deviation_min,
            self.clock_status,
        )

    @classmethod
    def from_utc(cls, moment: datetime, deviation_min: int = 0, clock_status: int = 0) -> "DateTime":
        """Return ``moment`` (with a time zone) as the local time that has this deviation from UTC."""
        if moment.tzinfo is None:
            raise ValueError("a moment without time zone")
        return cls._of_local(moment.astimezone(UTC) - timedelta(minutes=deviation_min), deviation_min, clock_status)

    @classmethod
    def _of_local(cls, local: datetime, deviation_min: int | None, clock_status: int) -> "DateTime":
        return cls(
            year=local.year,
            month=local.month,
            day=local.day,
            weekday=local.isoweekday(),
            hour=local.hour,
            minute=local.minute,
            second=local.second,
            hundredths=local.microsecond // 10_000,
            deviation_min=deviation_min,
            clock_status=clock_status,
        )

    def local(self) -> datetime | None:
        """Return the local time without time zone, or None unless year to second are specified and plain."""
        if None in (self.year, self.month, self.day, self.hour, self.minute, self.second):
            return None
        hundredths = self.hundredths or 0
        try:
            return datetime(
                self.year or 0,
                self.month or 0,
                self.day or 0,
                self.hour or 0,
                self.minute or 0,
                self.second or 0,
                hundredths * 10_000,
            )
        except ValueError:
            return None  # a special month or day, or a year beyond what datetime can hold

    def utc(self) -> datetime | None:
        """Return the moment in UTC, or None where time or deviation is not specified."""
        return None if self.deviation_min is None else self._shifted(self.deviation_min)

    def comparable(self) -> datetime | None:
        """Return the moment in UTC; a time without deviation has that of the clock beside it, else none.

        Without any it is good for the distance between two times of one device whose deviation is unknown but the same.
        """
        return self._shifted((self.beside_min if self.deviation_min is None else self.deviation_min) or 0)

    @property
    def open_s(self) -> float:
        """How much later than ``earliest`` it may be: the rest of a minute whose second is not specified."""
        return _OPEN_SECOND_S if self.second is None else 0.0

    def earliest(self) -> datetime | None:
        """Return what ``comparable`` does, and the begin of the minute where only the second is not specified."""
        return (replace(self, second=0, hundredths=0) if self.second is None else self).comparable()

    def nearest(self, moment: datetime) -> datetime | None:
        """Return the one nearest to a moment of all those that the time may be; None where it is none."""
        earliest = self.earliest()
        return None if earliest is None else min(max(moment, earliest), earliest + timedelta(seconds=self.open_s))

    def beside(self, clock: "DateTime") -> "DateTime":
        """Return this time as one that stands beside this reading of the clock, whose zone it shares.

        Where only one of both is of summer time, as their status says, that is taken to be one hour.
        """
        if self.deviation_min is not None or clock.deviation_min is None:
            return self
        summer, clock_summer = (
            0 if time.clock_status == _OPEN else time.clock_status & ClockStatus.DAYLIGHT_SAVING
            for time in (self, clock)
        )
        hours = (clock_summer > summer) - (clock_summer < summer)
        return replace(self, beside_min=clock.deviation_min + hours * _HOUR_MIN)

    def _shifted(self, minutes: int) -> datetime | None:
        local = self.local()
        if local is None:
            return None
        try:
            return local.replace(tzinfo=UTC) + timedelta(minutes=minutes)
        except OverflowError:
            return None

    def later(self, seconds: float) -> "DateTime":
        """Return the time so much later, at the same deviation; raises ``ValueError`` where it is not specified."""
        local = self.local()
        if local is None:
            raise ValueError(f"{self} cannot be moved on")
        moved = self._of_local(local + timedelta(seconds=seconds), self.deviation_min, self.clock_status)
        return replace(
            moved,
            weekday=None if self.weekday is None else moved.weekday,
            hundredths=None if self.hundredths is None else moved.hundredths,
            beside_min=self.beside_min,
        )

    def __str__(self) -> str:
        def shown(value: int | None, digits: int) -> str:
            return "*" * digits if value is None else f"{value:0{digits}d}"

        date = f"{shown(self.year, 4)}-{shown(self.month, 2)}-{shown(self.day, 2)}"
        time = f"{shown(self.hour, 2)}:{shown(self.minute, 2)}:{shown(self.second, 2)}"
        deviation = "not specified" if self.deviation_min is None else f"{self.deviation_min} min"
        return f"{date} {time} deviation {deviation} status {self.clock_status:02X}"
