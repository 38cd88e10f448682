"""Times at which sets are due, and readings collected by schedule."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.profile import ProfileRow
from harness.errors import ProtocolViolation
from harness.headend.calendar import SummerTime, Zone
from harness.headend.collecting import Collector, Gap
from harness.headend.data_sets import Interval, counter_of, next_boundary, next_execution, time_data
from harness.protocol.axdr import Data, DataType
from harness.protocol.date_time import DateTime

ZONE = Zone(
    standard=timedelta(hours=1),
    summer=SummerTime(
        begin=DateTime.from_octets(bytes.fromhex("FFFF03FE0702000000800000")),
        end=DateTime.from_octets(bytes.fromhex("FFFF0AFE0703000000800080")),
        shift=timedelta(hours=1),
    ),
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("interval", "after", "due"),
    [
        ("day", utc(2026, 7, 1, 12), utc(2026, 7, 1, 22)),
        ("week", utc(2026, 7, 1, 12), utc(2026, 7, 5, 22)),
        ("month", utc(2026, 7, 1, 12), utc(2026, 7, 31, 22)),
        ("month", utc(2026, 12, 5), utc(2026, 12, 31, 23)),
        ("month", utc(2026, 12, 31, 23), utc(2027, 1, 31, 23)),
        ("year", utc(2026, 7, 1, 12), utc(2026, 12, 31, 23)),
    ],
)
def test_intervals_end_in_the_devices_calendar(interval: Interval, after: datetime, due: datetime) -> None:
    assert next_boundary(ZONE, after, interval, week_day=1, month_day=1) == due


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        (time_data(0, 0, day=1), utc(2026, 7, 31, 22)),
        (time_data(0, 0, day=0xFE), utc(2026, 7, 30, 22)),
        (time_data(0, 0, day=0xFD), utc(2026, 7, 29, 22)),
        (time_data(3, 17), utc(2026, 7, 2, 1, 17)),
        (time_data(0, 0, month=2, day=29), utc(2028, 2, 28, 23)),
        (time_data(0, 0, month=2, day=31), None),
    ],
)
def test_a_schedule_says_when_it_is_due_next(entry: Data, due: datetime | None) -> None:
    assert next_execution(ZONE, utc(2026, 7, 1, 12), Data(DataType.ARRAY, (entry,))) == due


def test_what_is_no_execution_time_is_a_violation() -> None:
    for wrong in (Data(DataType.UNSIGNED, 1), time_data(0xFF, 0)):
        with pytest.raises(ProtocolViolation):
            next_execution(ZONE, utc(2026, 7, 1), Data(DataType.ARRAY, (wrong,)))


def test_counters_say_where_they_begin_anew() -> None:
    assert counter_of(Data(DataType.UNSIGNED, 255)) == (255, 256)
    assert counter_of(Data(DataType.LONG_UNSIGNED, 7)) == (7, 65_536)
    with pytest.raises(ProtocolViolation):
        counter_of(Data(DataType.OCTET_STRING, b"\x01"))


def test_gaps_are_found_and_polled_for_alone() -> None:
    due = [utc(2026, 7, day) for day in range(1, 8)]
    rows = [ProfileRow(time=one, values=(number,)) for number, one in enumerate(due)]
    polls: list[tuple[datetime, datetime]] = []

    def poll(since: datetime, until: datetime) -> list[ProfileRow]:
        polls.append((since, until))
        return [row for row in rows[:-1] if since <= row.time <= until]

    collector = Collector(poll)
    collector.keep([rows[0], rows[3], rows[3]])
    gaps = [Gap(first=due[1], last=due[2]), Gap(first=due[4], last=due[6])]
    assert collector.gaps(due) == gaps
    assert collector.fill(due) == [Gap(first=due[6], last=due[6])]
    assert polls == [(gap.first, gap.last) for gap in gaps]
    assert collector.sets == rows[:-1]
    collector.collect(due[0], due[-1])
    assert collector.sets == rows[:-1]
