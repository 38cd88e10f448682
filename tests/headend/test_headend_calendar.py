"""The calendar of a device, held against the zone data of the standard library."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.headend.calendar import SummerTime, Zone
from harness.protocol.date_time import DateTime

BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")


def rule(octets: str) -> DateTime:
    return DateTime.from_octets(bytes.fromhex(octets))


CENTRAL = Zone(
    standard=timedelta(hours=1),
    summer=SummerTime(
        begin=rule("FFFF 03 FE 07 02 00 00 00 8000 00"),
        end=rule("FFFF 0A FE 07 03 00 00 00 8000 80"),
        shift=timedelta(hours=1),
    ),
)
# First Sunday of October and of April: a day of the month and a day of the week, the day being the earliest one.
SOUTHERN = Zone(
    standard=timedelta(hours=10),
    summer=SummerTime(
        begin=rule("FFFF 0A 01 07 02 00 00 00 8000 00"),
        end=rule("FFFF 04 01 07 03 00 00 00 8000 80"),
        shift=timedelta(hours=1),
    ),
)

instants = st.datetimes(datetime(2010, 1, 1), datetime(2036, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))


@given(instants)
@pytest.mark.parametrize(("zone", "truth"), [(CENTRAL, BERLIN), (SOUTHERN, SYDNEY)])
def test_local_time_is_that_of_the_zone(zone: Zone, truth: ZoneInfo, instant: datetime) -> None:
    assert zone.local(instant) == instant.astimezone(truth).replace(tzinfo=None)


@given(instants)
@pytest.mark.parametrize("zone", [CENTRAL, SOUTHERN])
def test_an_instant_is_found_by_its_local_time(zone: Zone, instant: datetime) -> None:
    found = zone.instant(zone.local(instant))
    assert instant - found in (timedelta(), timedelta(hours=1))
    assert zone.local(found) == zone.local(instant)


def test_next_instants_of_the_calendar() -> None:
    after = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert CENTRAL.next_midnight(after) == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert CENTRAL.next_month_start(after) == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert CENTRAL.next_year_start(after) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert CENTRAL.next_leap_day(after) == datetime(2028, 2, 28, 23, tzinfo=UTC)
    assert CENTRAL.next_weekday(after, 1) == datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert CENTRAL.next_dst_change(after, "forward") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert CENTRAL.next_dst_change(after, "back") == datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_what_is_reached_already_is_not_next() -> None:
    midnight = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert CENTRAL.next_midnight(midnight) == midnight + timedelta(days=1)
    assert CENTRAL.next_month_start(midnight) == datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert CENTRAL.next_year_start(midnight) == datetime(2027, 12, 31, 23, tzinfo=UTC)


def test_a_rule_with_its_own_deviation_names_an_instant() -> None:
    summer = SummerTime(
        begin=rule("FFFF 03 FE 07 01 00 00 00 0000 00"),
        end=rule("FFFF 0A FE 07 01 00 00 00 0000 00"),
        shift=timedelta(hours=1),
    )
    zone = Zone(standard=timedelta(hours=1), summer=summer)
    after = datetime(2026, 3, 2, tzinfo=UTC)
    assert zone.next_dst_change(after, "forward") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_without_summer_time_clocks_never_change() -> None:
    assert Zone(standard=timedelta()).next_dst_change(datetime(2026, 3, 2, tzinfo=UTC), "back") is None
