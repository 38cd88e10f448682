"""The activity calendar (class 20): shift times in force, and others that take their place at a designated time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock, instant_from_data
from reference_meter.model.data import Pair, array, octet_string
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject, DataAccessResult, Method
from reference_meter.model.tariff.register_activation import RegisterActivation, mask_name
from reference_meter.model.tariff.settings import TariffSettings
from reference_meter.model.tariff.shift_times import (
    Calendar,
    Capacity,
    Day,
    Season,
    Shift,
    Week,
    days_around,
    elements,
    name_from_data,
)
from reference_meter.model.tariff.special_days import SpecialDays
from reference_meter.model.timed import NEVER, Timed
from reference_meter.model.written import INTEGER, OCTET_STRING, out_of_range, written
from reference_meter.server.model_port import AccessRefused

__all__ = ["NOT_SPECIFIED", "ActivityCalendar"]

NOT_SPECIFIED = bytes((0xFF,)) * 8 + bytes((0xFF, 0x80, 0x00, 0xFF))
_DATE_AND_TIME, _YEAR = slice(0, 8), slice(0, 2)
_ANY_YEAR = b"\xff\xff"
_YEARS_AHEAD = 3


class ActivityCalendar(Timed):
    """Follows the active part, and lets the passive one take its place once its time has come."""

    def __init__(
        self,
        clock: Clock,
        activation: RegisterActivation,
        active: Calendar,
        *,
        settings: TariffSettings | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        self.active = active
        self.passive = active
        self.activation_time = NOT_SPECIFIED
        self.pending: datetime | None = None
        """When the passive part takes effect."""
        self.capacity = capacity or Capacity()
        self.special_days = SpecialDays(lambda: self.plan())
        self.record: Callable[[EventRole], None] = lambda role: None
        """Notes an event."""
        self.execute: Callable[[int], None] = lambda selector: activation.activate(mask_name(selector))
        """Executes a script of the tariff script table."""
        self.accepts: Callable[[Shift], bool] = lambda shift: True
        """Says whether the script that a shift names exists."""
        self._clock = clock
        self._activation = activation
        self._settings = settings or TariffSettings()
        self._unchecked: Pair | None = None
        """Days that were taken as the passive ones and cannot be followed."""

    # Following the calendar

    def happen(self) -> None:
        """What is due now follows from the time alone."""
        self.plan()

    def plan(self) -> None:
        """Put the tariff of this instant in force and find the next one; what is overdue takes effect."""
        now = self._clock.now
        if self._clock.invalid:
            self._activation.energy.active_rate = self._activation.default_rate
            self.due = NEVER
            return
        if self.pending is not None and self.pending <= now:
            self.activate()
        self.follow()
        self.due = min(self._next_shift(now), self.pending or NEVER)

    def follow(self) -> None:
        """Execute the script of the last shift before now."""
        shift = self.last_shift(self._clock.rules.local(self._clock.now))
        if shift is None:
            self._activation.energy.active_rate = self._activation.default_rate
        else:
            self.execute(shift.selector)

    def last_shift(self, local: datetime) -> Shift | None:
        """The last shift up to a local time."""
        for on in days_around(local.date()):
            past = [shift for shift in self.shifts_on(on) if datetime.combine(on, shift.at) <= local]
            if past:
                return past[-1]
        return None

    def shifts_on(self, on: date) -> tuple[Shift, ...]:
        """The shifts of a date in their order."""
        day = self.active.day_of(on, self.special_days.day_on(on))
        return () if day is None else day.shifts

    def _next_shift(self, now: datetime) -> datetime:
        """The next shift of today or the beginning of a day, whichever comes first."""
        rules = self._clock.rules
        today = rules.local(now).date()
        days = (today, today + timedelta(days=1), today + timedelta(days=2))
        times = [datetime.combine(on, shift.at) for on in days[:2] for shift in self.shifts_on(on)]
        change = rules.next_change(now)
        locals_ = (*times, *(datetime.combine(on, time()) for on in days[1:]))
        # A time of the doubled hour comes a second time, after the change back has put the shift before it in force.
        candidates = [instant for local in locals_ for instant in rules.instants(local)]
        return min(one for one in (*candidates, change or NEVER) if one > now)

    # Putting the passive part into force

    def activate(self) -> None:
        """Put the passive part into force, unless it refers to what it does not have."""
        self.pending = None
        if not self._can_be_followed():
            return
        self.active = self.passive
        self.record("tariff_activated")

    def _activate_for_client(self, parameter: Pair | None) -> None:
        if written(parameter, INTEGER) != 0:
            raise out_of_range()
        self._check_consistent()
        self.activate()
        self.plan()

    def write_activation_time(self, data: Pair) -> None:
        """Designate a time; one that is not specified designates none."""
        octets: bytes = written(data, OCTET_STRING)
        if len(octets) != len(NOT_SPECIFIED):
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        if set(octets[_DATE_AND_TIME]) == {0xFF}:
            self.activation_time, self.pending = octets, None
        else:
            instant = self._instant(octets)
            if instant <= self._clock.now and not self._settings.past_is_immediate:
                raise out_of_range()
            self._check_consistent()
            self.activation_time, self.pending = octets, instant
        self.plan()

    def _instant(self, octets: bytes) -> datetime:
        """The instant that a designated time means, without a year the next one."""
        now, rules = self._clock.now, self._clock.rules
        if octets[_YEAR] != _ANY_YEAR or not self._settings.takes_any_year:
            return instant_from_data((OCTET_STRING, octets), rules)
        year = rules.local(now).year
        # The day of the week is that of another year.
        rest = octets[2:4] + b"\xff" + octets[5:]
        dated = ((OCTET_STRING, one.to_bytes(2) + rest) for one in range(year, year + _YEARS_AHEAD))
        return next(instant for one in dated if (instant := instant_from_data(one, rules)) >= now)

    def _can_be_followed(self) -> bool:
        return self._unchecked is None and self.passive.is_consistent()

    def _check_consistent(self) -> None:
        if not self._can_be_followed():
            raise out_of_range()

    # The object

    def object(self, obis: bytes, audit: Audit) -> CosemObject:
        """The instance of class 20; only the passive part can be written."""
        attributes = {
            index + 2: Attribute(read=read, readers=MEASURING) for index, read in enumerate(_reads(lambda: self.active))
        }
        writes = (self._write_name, self._write_seasons, self._write_weeks, self._write_days)
        reads = (*_reads(lambda: self.passive)[:-1], self._read_passive_days)
        passive = [*zip(reads, writes, strict=True)]
        passive.append((lambda: octet_string(self.activation_time), self.write_activation_time))
        for index, (read, write) in enumerate(passive):
            attributes[index + 6] = Attribute(
                read=read,
                readers=MEASURING,
                write=audit.writing(read, write, event="passive_tariff_changed"),
                writers=MANAGING,
            )
        return CosemObject(
            class_id=20,
            version=0,
            obis=obis,
            attributes=attributes,
            methods={1: Method(invoke=self._activate_for_client, callers=MANAGING)},
        )

    def _write_name(self, data: Pair) -> None:
        self.passive = replace(self.passive, name=name_from_data(data))

    def _write_seasons(self, data: Pair) -> None:
        seasons = tuple(map(Season.from_data, elements(data, self.capacity.seasons)))
        _check_unique([season.name for season in seasons])
        self.passive = replace(self.passive, seasons=seasons)

    def _write_weeks(self, data: Pair) -> None:
        weeks = tuple(map(Week.from_data, elements(data, self.capacity.weeks)))
        _check_unique([week.name for week in weeks])
        self.passive = replace(self.passive, weeks=weeks)

    def _read_passive_days(self) -> Pair:
        return self._unchecked or array(day.to_data() for day in self.passive.days)

    def _write_days(self, data: Pair) -> None:
        try:
            days = self._checked_days(data)
        except AccessRefused as refused:
            if refused.result != DataAccessResult.OTHER_REASON or not self._settings.checks_at_activation:
                raise
            self._unchecked = data
            return
        self._unchecked = None
        self.passive = replace(self.passive, days=days)

    def _checked_days(self, data: Pair) -> tuple[Day, ...]:
        days = tuple(map(Day.from_data, elements(data, self.capacity.days)))
        _check_unique([day.number for day in days])
        too_many = any(len(day.shifts) > self.capacity.switches for day in days)
        if too_many or not all(self.accepts(shift) for day in days for shift in day.shifts):
            raise out_of_range()
        return days


def _reads(part: Callable[[], Calendar]) -> tuple[Callable[[], Pair], ...]:
    return (
        lambda: octet_string(part().name),
        lambda: array(season.to_data() for season in part().seasons),
        lambda: array(week.to_data() for week in part().weeks),
        lambda: array(day.to_data() for day in part().days),
    )


def _check_unique(names: list[bytes] | list[int]) -> None:
    if len(set(names)) != len(names):
        raise out_of_range()
