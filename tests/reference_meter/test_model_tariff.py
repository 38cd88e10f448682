"""The meter's activity calendar: which shift is in force, special days, seasons, and activation."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from reference_meter.model.clock import Clock
from reference_meter.model.data import array, octet_string
from reference_meter.model.date_time import LocalTime, date_time_to_octets
from reference_meter.model.energy import EnergyMeter
from reference_meter.model.tariff.activity_calendar import NOT_SPECIFIED, ActivityCalendar
from reference_meter.model.tariff.register_activation import RegisterActivation
from reference_meter.model.tariff.settings import TariffSettings
from reference_meter.model.tariff.shift_times import Calendar, Day, Season, Shift, Week, daily_calendar
from reference_meter.model.tariff.special_days import SpecialDay
from reference_meter.server.model_port import AccessRefused

TABLE = bytes((0, 0, 10, 0, 100, 255))
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
OTHER_ALL_DAY = daily_calendar([Shift(at=time(), table=TABLE, selector=2)])


@pytest.fixture
def calendar() -> ActivityCalendar:
    clock = Clock(NOW, LocalTime())
    energy = EnergyMeter(rates=(1, 2), initial_wh=0, active_rate=1)
    shifts = [Shift(at=time(7), table=TABLE, selector=1), Shift(at=time(22), table=TABLE, selector=2)]
    made = ActivityCalendar(clock, RegisterActivation(energy, (1, 2), 1), daily_calendar(shifts))
    made.plan()
    return made


def rate(calendar: ActivityCalendar) -> int:
    return calendar._activation.energy.active_rate


def go(calendar: ActivityCalendar, instant: datetime) -> None:
    calendar._clock.now = instant
    calendar.plan()


def test_before_the_first_shift_of_a_day_that_of_the_day_before_holds(calendar: ActivityCalendar) -> None:
    assert rate(calendar) == 1
    assert calendar.due == datetime(2026, 3, 2, 21, tzinfo=UTC)
    go(calendar, datetime(2026, 3, 3, 5, 59, tzinfo=UTC))
    assert rate(calendar) == 2
    go(calendar, datetime(2026, 3, 3, 6, tzinfo=UTC))
    assert rate(calendar) == 1


def test_a_special_day_comes_before_the_week(calendar: ActivityCalendar) -> None:
    other = Day(number=2, shifts=(Shift(at=time(), table=TABLE, selector=2),))
    calendar.active = Calendar(
        seasons=calendar.active.seasons, weeks=calendar.active.weeks, days=(*calendar.active.days, other)
    )
    calendar.special_days.entries = (SpecialDay(index=1, on=bytes((0xFF, 0xFF, 3, 2, 0xFF)), day=2),)
    calendar.plan()
    assert rate(calendar) == 2


def test_a_season_holds_from_its_start_over_the_new_year() -> None:
    def season(name: bytes, month: int) -> Season:
        start = bytes((0xFF, 0xFF, month, 1, 0xFF, 0, 0, 0, 0, 0x80, 0, 0xFF))
        return Season(name=name, start=start, week=name)

    made = Calendar(
        seasons=(season(b"S", 4), season(b"W", 10)),
        weeks=(Week(name=b"S", days=(1,) * 7), Week(name=b"W", days=(2,) * 7)),
        days=(Day(number=1, shifts=()), Day(number=2, shifts=())),
    )
    numbers = [
        day.number
        for on in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 1))
        if (day := made.day_of(on))
    ]
    assert numbers == [2, 1, 1, 2]


def test_the_designated_time_acts_once_even_if_the_clock_goes_back(calendar: ActivityCalendar) -> None:
    events: list[str] = []
    calendar.record = events.append
    calendar.passive = OTHER_ALL_DAY
    at = NOW + timedelta(seconds=120)
    calendar.write_activation_time(octet_string(date_time_to_octets(at, LocalTime())))
    assert (calendar.due, rate(calendar)) == (at, 1)
    for instant in (at, at - timedelta(hours=1), at):
        go(calendar, instant)
    assert (rate(calendar), events) == (2, ["tariff_activated"])


def test_no_time_means_no_activation_and_an_open_year_is_refused(calendar: ActivityCalendar) -> None:
    calendar.passive = OTHER_ALL_DAY
    calendar.write_activation_time(octet_string(NOT_SPECIFIED))
    assert calendar.pending is None
    wildcard = b"\xff\xff" + date_time_to_octets(NOW, LocalTime())[2:]
    with pytest.raises(AccessRefused):
        calendar.write_activation_time(octet_string(wildcard))
    assert calendar.activation_time == NOT_SPECIFIED


def test_while_nobody_knows_the_time_the_default_tariff_holds(calendar: ActivityCalendar) -> None:
    go(calendar, datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert rate(calendar) == 2
    calendar._clock.invalid = True
    calendar.plan()
    assert rate(calendar) == 1


def test_falling_times_are_refused_and_the_passive_part_stays(calendar: ActivityCalendar) -> None:
    before = calendar.passive
    shifts = (Shift(at=time(12), table=TABLE, selector=1), Shift(at=time(6), table=TABLE, selector=2))
    with pytest.raises(AccessRefused):
        calendar._write_days(array([Day(number=1, shifts=shifts).to_data()]))
    assert calendar.passive == before


def meter_with(settings: TariffSettings, shifts: list[Shift], now: datetime = NOW) -> ActivityCalendar:
    clock = Clock(now, LocalTime())
    energy = EnergyMeter(rates=(1, 2), initial_wh=0, active_rate=1)
    activation = RegisterActivation(energy, (1, 2), 1)
    made = ActivityCalendar(clock, activation, daily_calendar(shifts), settings=settings)
    made.plan()
    return made


def test_a_shift_in_the_doubled_hour_comes_again_after_the_change_back() -> None:
    shifts = [Shift(at=time(), table=TABLE, selector=1), Shift(at=time(2, 30), table=TABLE, selector=2)]
    made = meter_with(TariffSettings(), shifts, datetime(2026, 10, 24, 23, tzinfo=UTC))
    found = []
    while made.due < datetime(2026, 10, 25, 3, tzinfo=UTC):
        go(made, made.due)
        found.append((made._clock.now.time(), rate(made)))
    assert found == [(time(0, 30), 2), (time(1), 1), (time(1, 30), 2)]


def test_a_meter_may_take_a_time_of_any_year_for_the_next_one() -> None:
    made = meter_with(TariffSettings(takes_any_year=True), [])
    for offset, year in ((timedelta(hours=1), 2026), (timedelta(hours=-1), 2027)):
        octets = b"\xff\xff" + date_time_to_octets(NOW + offset, LocalTime())[2:]
        made.passive = OTHER_ALL_DAY
        made.write_activation_time(octet_string(octets))
        assert made.pending == (NOW + offset).replace(year=year)
        assert made.activation_time == octets


def test_a_meter_may_take_days_that_it_refuses_to_activate() -> None:
    made = meter_with(TariffSettings(checks_at_activation=True), [Shift(at=time(), table=TABLE, selector=1)])
    before = made.active
    shifts = (Shift(at=time(12), table=TABLE, selector=1), Shift(at=time(6), table=TABLE, selector=2))
    wrong, right = (array([Day(number=1, shifts=one).to_data()]) for one in (shifts, shifts[::-1]))
    made._write_days(wrong)
    assert made._read_passive_days() == wrong
    with pytest.raises(AccessRefused):
        made._activate_for_client((15, 0))
    assert made.active == before
    made._write_days(right)
    made._activate_for_client((15, 0))
    assert made.active.days[0].shifts == shifts[::-1]
