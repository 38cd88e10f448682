"""Local time of the meter: zone, summer time and the 12 octets of a COSEM date-time.

UTC is local time plus the deviation, so a zone one hour ahead of UTC has the deviation -60.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reference_meter.model.dst_rule import EUROPEAN_BEGIN, EUROPEAN_END, DstRule, changes_around

__all__ = [
    "CLOCK_INVALID",
    "DST_ACTIVE",
    "DateTimeOctets",
    "LocalTime",
    "date_time_from_octets",
    "date_time_to_octets",
]

CLOCK_INVALID = 0x01
DST_ACTIVE = 0x80
DEVIATION_NOT_SPECIFIED = -0x8000
_MOST_YEARS_AHEAD = 5
_MOMENT = timedelta(microseconds=1)


@dataclass(slots=True, kw_only=True)
class LocalTime:
    """The rules from UTC to local time; each meter changes its own copy."""

    zone_deviation_min: int = -60
    """Deviation of normal time in minutes."""
    dst_deviation_min: int = 60
    """What summer time adds to the local time, in minutes."""
    dst_enabled: bool = True
    dst_begin: DstRule = EUROPEAN_BEGIN
    dst_end: DstRule = EUROPEAN_END
    shows_deviation: bool = True
    """Whether times that go out say their deviation."""
    stored_deviation: bool = True
    """Whether times that were stored say it too."""

    def is_dst(self, utc: datetime) -> bool:
        """Whether summer time is in force at this instant."""
        if not self.dst_enabled:
            return False
        in_force = False
        for instant, begins in self._changes(utc.year):
            if instant > utc:
                break
            in_force = begins
        return in_force

    def next_change(self, after: datetime) -> datetime | None:
        """The next instant at which summer time begins or ends, None where it never does."""
        if not self.dst_enabled:
            return None
        for year in range(after.year, after.year + _MOST_YEARS_AHEAD):
            for instant, begins in self._changes(year):
                if instant > after and begins != self.is_dst(instant - _MOMENT):
                    return instant
        return None

    def _changes(self, year: int) -> tuple[tuple[datetime, bool], ...]:
        return changes_around(year, self.dst_begin, self.dst_end, self.zone_deviation_min, self.dst_deviation_min)

    def deviation_min(self, utc: datetime) -> int:
        """The deviation in force at this instant."""
        return self.zone_deviation_min - (self.dst_deviation_min if self.is_dst(utc) else 0)

    def local(self, utc: datetime) -> datetime:
        """The naive local time of an instant."""
        return utc.replace(tzinfo=None) - timedelta(minutes=self.deviation_min(utc))

    def utc(self, local: datetime) -> datetime:
        """The instant of a naive local time; the doubled hour in autumn is taken as summer time."""
        aware = local.replace(tzinfo=UTC)
        summer = aware + timedelta(minutes=self.zone_deviation_min - self.dst_deviation_min)
        if self.is_dst(summer):
            return summer
        return aware + timedelta(minutes=self.zone_deviation_min)

    def instants(self, local: datetime) -> tuple[datetime, ...]:
        """The instants that have a naive local time: two in the doubled hour; a time that is left out has one too."""
        first = self.utc(local)
        second = local.replace(tzinfo=UTC) + timedelta(minutes=self.zone_deviation_min)
        return (first, second) if second != first and self.local(second) == local else (first,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeOctets:
    """A fully specified date-time as it came: local time, deviation and status."""

    local: datetime
    """Naive local time."""
    deviation_min: int | None
    """None where the sender left it open."""
    status: int | None
    """None where the sender left it open."""

    def utc(self, rules: LocalTime) -> datetime:
        """The instant meant; without a deviation the meter's own rules give it."""
        if self.deviation_min is None:
            return rules.utc(self.local)
        return self.local.replace(tzinfo=UTC) + timedelta(minutes=self.deviation_min)


def date_time_from_octets(octets: bytes) -> DateTimeOctets:
    """Read the 12 octets; ValueError for another length, an impossible date or an open field of date or time.

    Open hundredths mean zero.
    """
    if len(octets) != 12:
        raise ValueError(f"a date-time has 12 octets, not {len(octets)}")
    year, month, day, weekday, hour, minute, second, hundredths, deviation, status = struct.unpack(
        ">HBBBBBBBhB", octets
    )
    if hundredths != 0xFF and hundredths > 99:
        raise ValueError(f"hundredths {hundredths}")
    microseconds = 0 if hundredths == 0xFF else hundredths * 10_000
    local = datetime(year, month, day, hour, minute, second, microseconds)
    if weekday not in (0xFF, local.isoweekday()):
        raise ValueError(f"weekday {weekday} does not fit {local.date()}")
    if deviation != DEVIATION_NOT_SPECIFIED and abs(deviation) > 840:
        raise ValueError(f"deviation {deviation}")
    return DateTimeOctets(
        local=local,
        deviation_min=None if deviation == DEVIATION_NOT_SPECIFIED else deviation,
        status=None if status == 0xFF else status,
    )


def date_time_to_octets(utc: datetime, rules: LocalTime, *, invalid: bool = False) -> bytes:
    """Write an instant as local time with deviation and status."""
    local = rules.local(utc)
    status = (CLOCK_INVALID if invalid else 0) | (DST_ACTIVE if rules.is_dst(utc) else 0)
    return struct.pack(
        ">HBBBBBBBhB",
        local.year,
        local.month,
        local.day,
        local.isoweekday(),
        local.hour,
        local.minute,
        local.second,
        local.microsecond // 10_000,
        rules.deviation_min(utc) if rules.shows_deviation else DEVIATION_NOT_SPECIFIED,
        status,
    )
