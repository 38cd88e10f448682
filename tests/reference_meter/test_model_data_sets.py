from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reference_meter.meter import Meter
from reference_meter.model.billing_settings import BillingSettings, Interval
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.row import Row

MANAGEMENT = 1
MONTH_END = datetime(2026, 3, 31, 22, tzinfo=UTC)
SCRIPT = bytes((0, 0, 10, 0, 1, 255))
COUNTER = bytes((0, 0, 0, 1, 0, 255))
CLOCK_ADJUSTED, POWER_DOWN = 0x20, 0x80


@pytest.fixture
def meter() -> Meter:
    return Meter(MeterConfiguration(history_days=0))


def rows(meter: Meter, interval: Interval) -> list[Row]:
    return list(meter.model.parts.data_sets.captures[interval].profile.rows)


def run_to(meter: Meter, instant: datetime) -> None:
    meter.model.metering.advance_to(instant)


def counter(meter: Meter) -> int:
    number: int = meter.model.get(MANAGEMENT, 1, COUNTER, 2, None)[1]
    return number


def execute(meter: Meter, identifier: int) -> int:
    return meter.model.action(MANAGEMENT, 9, SCRIPT, 1, (18, identifier))[0]


def test_each_interval_has_its_sets(meter: Meter) -> None:
    run_to(meter, datetime(2027, 3, 2, 10, tzinfo=UTC))
    assert {one: len(rows(meter, one)) for one in ("day", "week", "month", "year")} == {
        "day": 40,
        "week": 10,
        "month": 12,
        "year": 1,
    }
    assert rows(meter, "month")[0].captured_at == MONTH_END
    assert all(row.captured_at.weekday() == 6 for row in rows(meter, "week"))
    assert rows(meter, "year")[0].captured_at == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert counter(meter) == 12


def test_a_set_that_came_without_power_is_stored_late_once_and_marked(meter: Meter) -> None:
    run_to(meter, MONTH_END - timedelta(hours=1))
    meter.cut_power()
    run_to(meter, MONTH_END + timedelta(hours=30))
    meter.restore_power()
    run_to(meter, MONTH_END + timedelta(hours=40))
    (monthly,) = rows(meter, "month")
    assert monthly.captured_at == MONTH_END + timedelta(hours=30)
    assert monthly.values[1][1] & POWER_DOWN
    assert [row.captured_at for row in rows(meter, "day")][-1] == monthly.captured_at
    assert counter(meter) == 1


def test_without_catching_up_it_is_left_out() -> None:
    meter = Meter(MeterConfiguration(history_days=0, billing=BillingSettings(catches_up=False)))
    run_to(meter, MONTH_END - timedelta(hours=1))
    meter.cut_power()
    run_to(meter, MONTH_END + timedelta(hours=1))
    meter.restore_power()
    assert rows(meter, "month") == []


def test_the_clock_forward_and_back_over_the_end_of_a_month(meter: Meter) -> None:
    run_to(meter, MONTH_END - timedelta(minutes=10))
    meter.model.set_time(MONTH_END + timedelta(minutes=10))
    (monthly,) = rows(meter, "month")
    assert monthly.values[1][1] & CLOCK_ADJUSTED
    meter.model.set_time(MONTH_END - timedelta(minutes=10))
    run_to(meter, MONTH_END + timedelta(minutes=30))
    assert len(rows(meter, "month")) == counter(meter) == 1
    days = len(rows(meter, "day"))
    run_to(meter, MONTH_END + timedelta(hours=12))
    assert len(rows(meter, "day")) == days


def test_a_closing_on_demand_and_the_lock_out(meter: Meter) -> None:
    assert execute(meter, 1) == 0
    assert execute(meter, 1) == 250
    assert counter(meter) == len(rows(meter, "month")) == 1
    meter.model.metering.advance(400)
    assert execute(meter, 1) == 0
    assert execute(meter, 99) == 250
    profile = meter.configuration.billing.month.profile
    assert meter.model.action(MANAGEMENT, 7, profile, 2, (15, 0))[0] == 3


def test_a_year_of_virtual_time_passes_in_a_moment() -> None:
    base = MeterConfiguration()
    meter = Meter(replace(base, profile=replace(base.profile, entries=35_040, most_entries=35_040)))
    run_to(meter, meter.model.metering.now + timedelta(days=366))
    assert len(meter.model.metering.profile.rows) == 35_040
