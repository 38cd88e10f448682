from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_meter.model.configuration import TariffSwitch
from reference_meter.model.date_time import LocalTime, date_time_from_octets, date_time_to_octets
from reference_meter.model.schedule import active_rate, next_boundary, next_switch

CET = LocalTime()
SCHEDULE = (TariffSwitch(at=time(7), rate=1), TariffSwitch(at=time(22), rate=2))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# 2026-03-29 and 2026-10-25 are last Sundays; the others are from the domain's example of a date-time.
OCTETS = [
    ("2026-03-02T10:00:00", "07EA 03 02 01 0B 00 00 00 FFC4 00"),
    ("2026-03-29T00:59:59", "07EA 03 1D 07 01 3B 3B 00 FFC4 00"),
    ("2026-03-29T01:00:00", "07EA 03 1D 07 03 00 00 00 FF88 80"),
    ("2026-10-25T00:30:00", "07EA 0A 19 07 02 1E 00 00 FF88 80"),
    ("2026-10-25T01:30:00", "07EA 0A 19 07 02 1E 00 00 FFC4 00"),
]


@pytest.mark.parametrize(("instant", "octets"), OCTETS)
def test_date_time_octets_both_ways(instant: str, octets: str) -> None:
    assert date_time_to_octets(utc(instant), CET) == bytes.fromhex(octets)
    assert date_time_from_octets(bytes.fromhex(octets)).utc(CET) == utc(instant)


def test_published_date_time_is_read() -> None:
    # 2021-06-03, Thursday, 14:09:23, deviation -60
    read = date_time_from_octets(bytes.fromhex("07E5 06 03 04 0E 09 17 00 FFC4 00"))
    assert read.local == datetime(2021, 6, 3, 14, 9, 23)
    assert read.utc(CET) == utc("2021-06-03T13:09:23")


def test_invalid_clock_shows_in_the_status() -> None:
    assert date_time_to_octets(utc("2026-03-02T10:00:00"), CET, invalid=True)[11] == 0x01
    assert date_time_to_octets(utc("2026-07-02T10:00:00"), CET, invalid=True)[11] == 0x81


@pytest.mark.parametrize(
    "octets",
    [
        "07EA 03 02 01 0B 00 00 00 FFC4",
        "07EA 0D 02 01 0B 00 00 00 FFC4 00",
        "07EA 02 1E FF 0B 00 00 00 FFC4 00",
        "07EA 03 02 02 0B 00 00 00 FFC4 00",
        "07EA 03 02 01 18 00 00 00 FFC4 00",
        "07EA 03 02 01 FF 00 00 00 FFC4 00",
        "FFFF 03 02 01 0B 00 00 00 FFC4 00",
        "07EA 03 02 01 0B 00 00 64 FFC4 00",
        "07EA 03 02 01 0B 00 00 00 0349 00",
    ],
)
def test_impossible_date_time_is_refused(octets: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        date_time_from_octets(bytes.fromhex(octets))


def test_open_deviation_means_local_time() -> None:
    winter = date_time_from_octets(bytes.fromhex("07EA 03 02 FF 0B 00 00 FF 8000 FF"))
    summer = date_time_from_octets(bytes.fromhex("07EA 07 02 FF 0B 00 00 FF 8000 FF"))
    assert winter.deviation_min is None
    assert winter.status is None
    assert winter.utc(CET) == utc("2026-03-02T10:00:00")
    assert summer.utc(CET) == utc("2026-07-02T09:00:00")


def test_doubled_hour_without_deviation_is_summer_time() -> None:
    doubled = date_time_from_octets(bytes.fromhex("07EA 0A 19 FF 02 1E 00 00 8000 FF"))
    assert doubled.utc(CET) == utc("2026-10-25T00:30:00")


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30)))
def test_every_instant_survives_its_octets(naive: datetime) -> None:
    instant = naive.replace(microsecond=naive.microsecond // 10_000 * 10_000, tzinfo=UTC)
    assert date_time_from_octets(date_time_to_octets(instant, CET)).utc(CET) == instant


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30)))
def test_without_summer_time_local_is_a_fixed_hour_ahead(naive: datetime) -> None:
    rules = LocalTime(dst_enabled=False)
    assert rules.local(naive.replace(tzinfo=UTC)) - naive == timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "period_s", "boundary"),
    [
        ("2026-03-02T10:00:00", 900, "2026-03-02T10:15:00"),
        ("2026-03-02T10:14:59", 900, "2026-03-02T10:15:00"),
        ("2026-03-02T10:00:00", 3600, "2026-03-02T11:00:00"),
        ("2026-03-02T10:00:00", 60, "2026-03-02T10:01:00"),
        ("2026-03-02T10:00:00", 86400, "2026-03-02T23:00:00"),
        ("2026-03-02T23:00:00", 86400, "2026-03-03T23:00:00"),
        # The day of the change to summer time has 23 hours, the one back has 25.
        ("2026-03-28T23:00:00", 86400, "2026-03-29T22:00:00"),
        ("2026-10-24T22:00:00", 86400, "2026-10-25T23:00:00"),
        ("2026-03-29T00:45:00", 900, "2026-03-29T01:00:00"),
    ],
)
def test_next_boundary(now: str, period_s: int, boundary: str) -> None:
    assert next_boundary(utc(now), period_s, CET) == utc(boundary)


@pytest.mark.parametrize(
    ("now", "rate", "switch"),
    [
        ("2026-03-02T10:00:00", 1, "2026-03-02T21:00:00"),
        ("2026-03-02T20:59:59", 1, "2026-03-02T21:00:00"),
        ("2026-03-02T21:00:00", 2, "2026-03-03T06:00:00"),
        ("2026-03-03T05:59:59", 2, "2026-03-03T06:00:00"),
        ("2026-03-03T06:00:00", 1, "2026-03-03T21:00:00"),
        ("2026-03-28T21:00:00", 2, "2026-03-29T05:00:00"),
        ("2026-10-24T20:00:00", 2, "2026-10-25T06:00:00"),
    ],
)
def test_tariff_follows_local_time(now: str, rate: int, switch: str) -> None:
    assert active_rate(utc(now), SCHEDULE, CET) == rate
    assert next_switch(utc(now), SCHEDULE, CET) == utc(switch)
