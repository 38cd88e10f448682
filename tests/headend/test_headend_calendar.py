"""The calendar of a device, held against the zone data of the standard library."""

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.calendar import SummerTime, Zone, device_calendar, device_zone
from harness.headend.client import Client, Item
from harness.protocol.axdr import Data, DataType
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


class Clock:
    """A clock in Central Europe, to be read only."""

    def __init__(self, time: str) -> None:
        octets = {2: time, 5: "FFFF 03 FE 07 02 00 00 00 8000 00", 6: "FFFF 0A FE 07 03 00 00 00 8000 80"}
        self.values = {number: Data(DataType.OCTET_STRING, bytes.fromhex(one)) for number, one in octets.items()}
        self.values |= {7: Data(DataType.INTEGER, 60), 8: Data(DataType.BOOLEAN, True)}

    def read(self, one: Item) -> Data:
        return self.values[one[0].attribute]

    def calendar(self, *, telling: bool) -> Zone:
        target = CosemObject.model_validate({"class": 8, "obis": "0.0.1.0.0.255"})
        return (device_zone if telling else device_calendar)(cast("Client", self), target)


def test_times_without_deviation_are_taken_for_instants_far_from_summer_time_changes() -> None:
    clock = Clock("07EA 06 0F 01 0C 00 00 00 8000 FF")
    zone = clock.calendar(telling=False)
    noon = datetime(2026, 6, 15, 12, tzinfo=UTC)
    assert zone.local(noon) == datetime(2026, 6, 15, 12)
    assert zone.next_midnight(noon) == datetime(2026, 6, 16, tzinfo=UTC)
    with pytest.raises(Inconclusive, match="no deviation"):
        zone.next_dst_change(noon, "back")
    with pytest.raises(Inconclusive, match="no deviation"):
        clock.calendar(telling=True)


@pytest.mark.parametrize("day", ["03 1A 04", "03 1D 07", "0A 16 04", "0A 19 07"])
def test_around_a_change_of_summer_time_nothing_is_told_by_times_without_deviation(day: str) -> None:
    with pytest.raises(Inconclusive, match="around a change"):
        Clock(f"07EA {day} 0C 00 00 00 8000 FF").calendar(telling=False)


def test_a_time_with_deviation_tells_the_same_either_way() -> None:
    clock = Clock("07EA 06 0F 01 0C 00 00 00 FF88 80")
    assert clock.calendar(telling=False) == clock.calendar(telling=True) == CENTRAL
