"""The device's own calendar: its local time, and the next midnight, month, year or change of summer time by it."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from harness.declaration import CosemObject
from harness.errors import Inconclusive, ProtocolViolation, Refused
from harness.headend.client import Client, item
from harness.headend.registers import clock_of, read_clock
from harness.protocol.axdr import Data
from harness.protocol.date_time import ClockStatus, DateTime

__all__ = ["Change", "SummerTime", "Zone", "device_calendar", "device_zone"]

Change = Literal["forward", "back"]

_DST_BEGIN, _DST_END, _DST_DEVIATION, _DST_ENABLED = 5, 6, 7, 8
_LAST_DAY, _LAST_DAY_BUT_ONE = 0xFE, 0xFD
_YEARS_AHEAD = 9
"""Between two leap days lie eight years at most."""
_DAYS_OF_WEEK = 7
_UNTOLD = "the clock shows no deviation, so nobody can tell its instants"
_UNSURE_BEFORE, _UNSURE_AFTER = timedelta(days=3), timedelta(days=1)
"""Around a change of summer time, where times do not say their deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummerTime:
    """When summer time begins and ends, as the clock object says it, and by how much clocks go forward."""

    begin: DateTime
    end: DateTime
    shift: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """How the device makes local time of an instant; instants are aware and in UTC."""

    standard: timedelta
    """Local standard time minus UTC."""
    summer: SummerTime | None = None
    """None where there is none, or where nobody can tell."""
    told: bool = True
    """Whether times say their deviation; without it an instant is a local time that is taken for UTC."""

    def offset(self, instant: datetime) -> timedelta:
        """Local time minus UTC at an instant."""
        if self.summer is None:
            return self.standard
        year = (instant + self.standard).year
        changes = [(when, "forward") for near in (year - 1, year) if (when := self._change(near, "forward"))]
        changes += [(when, "back") for near in (year - 1, year) if (when := self._change(near, "back"))]
        past = [change for change in changes if change[0] <= instant]
        return self.standard + (self.summer.shift if past and max(past)[1] == "forward" else timedelta())

    def local(self, instant: datetime) -> datetime:
        """The local time of an instant, without time zone."""
        return (instant + self.offset(instant)).replace(tzinfo=None)

    def instant(self, local: datetime) -> datetime:
        """The first instant at which a clock shows that local time, or would show it had it not been skipped."""
        naive = local.replace(tzinfo=UTC)
        offsets = {self.standard} | ({self.standard + self.summer.shift} if self.summer else set())
        shown = [naive - offset for offset in offsets if self.offset(naive - offset) == offset]
        return min(shown, default=naive - self.standard)

    def next_midnight(self, after: datetime) -> datetime:
        """The next beginning of a day."""
        return self._first_after(after, (self._midnight(self._day(after), days) for days in (0, 1, 2)))

    def next_weekday(self, after: datetime, weekday: int) -> datetime:
        """The next beginning of a day of the week, 1 being Monday."""
        day = self._day(after)
        ahead = (weekday - day.isoweekday()) % _DAYS_OF_WEEK
        return self._first_after(after, (self._midnight(day, days) for days in (ahead, ahead + _DAYS_OF_WEEK)))

    def next_month_start(self, after: datetime) -> datetime:
        """The next beginning of a month."""
        day = self._day(after)
        months = [(day.year + (day.month - 1 + more) // 12, (day.month - 1 + more) % 12 + 1) for more in (0, 1, 2)]
        return self._first_after(after, (self.instant(datetime(year, month, 1)) for year, month in months))

    def next_year_start(self, after: datetime) -> datetime:
        """The next beginning of a year."""
        year = self._day(after).year
        return self._first_after(after, (self.instant(datetime(year + more, 1, 1)) for more in (0, 1)))

    def next_leap_day(self, after: datetime) -> datetime:
        """The next beginning of a 29th of February."""
        year = self._day(after).year
        leap = [one for one in range(year, year + _YEARS_AHEAD) if calendar.isleap(one)]
        return self._first_after(after, (self.instant(datetime(one, 2, 29)) for one in leap))

    def next_dst_change(self, after: datetime, change: Change) -> datetime | None:
        """The next instant at which clocks go forward or back, None where they never do.

        ``Inconclusive`` where times do not say their deviation.
        """
        if not self.told:
            raise Inconclusive(_UNTOLD, missing="device")
        year = self._day(after).year
        found = [self._change(one, change) for one in range(year, year + 3)]
        return min((one for one in found if one is not None and one > after), default=None)

    def _day(self, instant: datetime) -> date:
        return self.local(instant).date()

    def _midnight(self, day: date, days: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day) + timedelta(days=days)
        return self.instant(midnight)

    @staticmethod
    def _first_after(after: datetime, candidates: Iterable[datetime]) -> datetime:
        return min(one for one in candidates if one > after)

    def _change(self, year: int, change: Change) -> datetime | None:
        if self.summer is None:
            return None
        rule = self.summer.begin if change == "forward" else self.summer.end
        local = _resolved(rule, year)
        if local is None:
            return None
        if rule.deviation_min is not None:
            return (local + timedelta(minutes=rule.deviation_min)).replace(tzinfo=UTC)
        offset = self.standard if change == "forward" else self.standard + self.summer.shift
        return (local - offset).replace(tzinfo=UTC)


def _resolved(rule: DateTime, year: int) -> datetime | None:
    """Local time at which a rule with wildcards holds in a year, None where it holds in no single day of it."""
    if rule.year not in (None, year) or rule.month is None or rule.month > 12 or rule.hour is None:
        return None
    days_in_month = calendar.monthrange(year, rule.month)[1]
    if rule.day in (_LAST_DAY, _LAST_DAY_BUT_ONE):
        day = days_in_month - (rule.day == _LAST_DAY_BUT_ONE) * (1 if rule.weekday is None else _DAYS_OF_WEEK)
        step = -1
    elif rule.day is not None or rule.weekday is not None:
        day, step = rule.day or 1, 1
    else:
        return None
    found = date(year, rule.month, day)
    while rule.weekday is not None and found.isoweekday() != rule.weekday:
        found += timedelta(days=step)
    return datetime(found.year, found.month, found.day, rule.hour, rule.minute or 0, rule.second or 0)


def device_zone(client: Client, clock: CosemObject) -> Zone:
    """Read how the device makes local time; ``Inconclusive`` where its clock shows no deviation.

    The standard time follows from the time itself, whose deviation and summer time flag are what rows are stamped
    with; summer time is unknown where the client may not read its parameters.
    """
    now = read_clock(client, clock)
    if now.deviation_min is None:
        raise Inconclusive(_UNTOLD, missing="device")
    summer = _summer_time(client, clock)
    flagged = now.clock_status != 0xFF and bool(now.clock_status & ClockStatus.DAYLIGHT_SAVING)
    offset = -timedelta(minutes=now.deviation_min)
    return Zone(standard=offset - summer.shift if flagged and summer else offset, summer=summer)


def device_calendar(client: Client, clock: CosemObject) -> Zone:
    """Read the same, or take local times for instants where they say no deviation.

    ``Inconclusive`` around a change of summer time, where an hour of such times is missing or there twice.
    """
    now = read_clock(client, clock)
    if now.deviation_min is not None:
        return device_zone(client, clock)
    moment, summer = now.comparable(), _summer_time(client, clock)
    if moment is None:
        raise Inconclusive(f"the clock says {now}, which is no fully specified time", missing="device")
    if summer is not None:
        around = Zone(standard=timedelta(), summer=summer)
        changes = [around.next_dst_change(moment - _UNSURE_AFTER, change) for change in get_args(Change)]
        if any(change is not None and change < moment + _UNSURE_BEFORE for change in changes):
            raise Inconclusive(f"{_UNTOLD} around a change of summer time", missing="device")
    return Zone(standard=timedelta(), told=False)


def _summer_time(client: Client, clock: CosemObject) -> SummerTime | None:
    try:
        enabled = client.read(item(clock, _DST_ENABLED)).value
        begin, end = (clock_of(client.read(item(clock, number))) for number in (_DST_BEGIN, _DST_END))
        shift = _minutes(client.read(item(clock, _DST_DEVIATION)))
    except Refused:
        return None
    return SummerTime(begin=begin, end=end, shift=shift) if enabled and shift else None


def _minutes(data: Data) -> timedelta:
    if not isinstance(data.value, int):
        raise ProtocolViolation(f"a daylight saving deviation {data}, due is an integer")
    return timedelta(minutes=abs(data.value))
