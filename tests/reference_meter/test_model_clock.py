"""The clock: rules of summer time, ways to adjust it, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import obis
from reference_meter.model.date_time import LocalTime
from reference_meter.model.dst_rule import rule_from_octets
from reference_meter.model.model import MeterModel

MANAGEMENT = 1
CLOCK = obis("0.0.1.0.0.255")
TRIGGER = (15, 0)
START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def model() -> MeterModel:
    return MeterModel(MeterConfiguration(history_days=0))


def codes(model: MeterModel) -> list[object]:
    return [row.values[1][1] for row in model.parts.logs.logs["standard"].profile.rows]


def rule(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize(
    ("octets", "year", "local"),
    [
        ("FFFF 03 FE 07 02 00 00 00 8000 00", 2026, "2026-03-29T02:00:00"),
        ("FFFF 03 FD 07 02 00 00 00 8000 00", 2026, "2026-03-22T02:00:00"),
        ("FFFF 02 FE FF 01 1E 00 00 8000 00", 2028, "2028-02-29T01:30:00"),
        ("FFFF 02 FD FF 01 00 00 00 8000 00", 2027, "2027-02-27T01:00:00"),
        ("FFFF 0A 01 07 02 00 00 00 8000 00", 2026, "2026-10-04T02:00:00"),
        ("FFFF 03 08 07 02 00 00 00 8000 00", 2026, "2026-03-08T02:00:00"),
        ("FFFF 0B FF 07 02 00 00 00 8000 00", 2026, "2026-11-01T02:00:00"),
        ("07EA 04 0F FF 02 00 00 00 8000 00", 2026, "2026-04-15T02:00:00"),
        ("07EA 04 0F FF 02 00 00 00 8000 00", 2027, None),
    ],
)
def test_rules_with_wildcards_name_one_time_of_a_year(octets: str, year: int, local: str | None) -> None:
    expected = None if local is None else datetime.fromisoformat(local)
    assert rule_from_octets(rule(octets)).local(year) == expected


@pytest.mark.parametrize(
    "octets",
    [
        "FFFF FF FE 07 02 00 00 00 8000 00",
        "FFFF 0D FE 07 02 00 00 00 8000 00",
        "FFFF 02 1E FF 02 00 00 00 8000 00",
        "FFFF 03 FE 08 02 00 00 00 8000 00",
        "FFFF 03 FE 07 18 00 00 00 8000 00",
        "FFFF 03 FF FF 02 00 00 00 8000 00",
        "FFFF 03 FE 07 02 00 00 00 0700 00",
    ],
)
def test_rules_that_name_no_time_are_refused(model: MeterModel, octets: str) -> None:
    before = model.get(MANAGEMENT, 8, CLOCK, 5, None)
    assert model.set(MANAGEMENT, 8, CLOCK, 5, None, (9, rule(octets))) == 250
    assert model.get(MANAGEMENT, 8, CLOCK, 5, None) == before


def test_summer_time_of_the_southern_half_runs_over_the_new_year() -> None:
    rules = LocalTime(
        zone_deviation_min=-600,
        dst_begin=rule_from_octets(rule("FFFF 0A 01 07 02 00 00 00 8000 00")),
        dst_end=rule_from_octets(rule("FFFF 04 01 07 03 00 00 00 8000 80")),
    )
    assert rules.is_dst(datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert rules.is_dst(datetime(2027, 1, 1, tzinfo=UTC))
    assert not rules.is_dst(datetime(2027, 7, 1, tzinfo=UTC))
    assert rules.next_change(datetime(2027, 1, 1, tzinfo=UTC)) == datetime(2027, 4, 3, 16, tzinfo=UTC)


def test_written_rules_are_in_force_and_each_change_is_logged(model: MeterModel) -> None:
    assert model.set(MANAGEMENT, 8, CLOCK, 5, None, (9, rule("FFFF 03 03 FF 02 00 00 00 8000 00"))) == 0
    assert model.set(MANAGEMENT, 8, CLOCK, 6, None, (9, rule("FFFF 03 04 FF 03 00 00 00 8000 80"))) == 0
    model.metering.advance_to(datetime(2026, 3, 3, 2, tzinfo=UTC))
    assert model.metering.clock.time_octets().hex() == "07ea03030204000000ff8880"
    model.metering.advance_to(datetime(2026, 3, 4, 2, tzinfo=UTC))
    assert model.metering.clock.time_octets().hex() == "07ea03040303000000ffc400"
    assert codes(model) == [47, 47, 3, 3]


@pytest.mark.parametrize(
    ("method", "ahead_s", "then_s"),
    [(1, 440, 0), (1, 450, 900), (2, 300, 0), (2, 700, 900), (3, 29, 0), (3, 30, 60)],
)
def test_adjusting_goes_to_the_nearest(model: MeterModel, method: int, ahead_s: int, then_s: int) -> None:
    model.metering.advance(ahead_s)
    assert model.action(MANAGEMENT, 8, CLOCK, method, TRIGGER)[0] == 0
    assert model.metering.now == START + timedelta(seconds=then_s)


def date_time(model: MeterModel, seconds: float) -> tuple[int, bytes]:
    return (9, model.metering.clock.stamp(START + timedelta(seconds=seconds)))


def test_preset_time_is_taken_once_and_in_its_interval_only(model: MeterModel) -> None:
    assert model.action(MANAGEMENT, 8, CLOCK, 4, TRIGGER)[0] == 250
    preset = (2, [date_time(model, 7200), date_time(model, 100), date_time(model, 200)])
    assert model.action(MANAGEMENT, 8, CLOCK, 5, preset)[0] == 0
    assert model.action(MANAGEMENT, 8, CLOCK, 4, TRIGGER)[0] == 250
    model.metering.advance(100)
    assert model.action(MANAGEMENT, 8, CLOCK, 4, TRIGGER)[0] == 0
    assert model.metering.now == START + timedelta(seconds=7200)
    assert model.action(MANAGEMENT, 8, CLOCK, 4, TRIGGER)[0] == 250
    reversed_ = (2, [date_time(model, 0), date_time(model, 200), date_time(model, 100)])
    assert model.action(MANAGEMENT, 8, CLOCK, 5, reversed_)[0] == 250


def test_the_largest_shift_is_taken_and_no_larger_one(model: MeterModel) -> None:
    for seconds, result in ((900, 0), (-900, 0), (901, 250), (-901, 250)):
        before = model.metering.now
        assert model.action(MANAGEMENT, 8, CLOCK, 6, (16, seconds))[0] == result
        assert (model.metering.now - before).total_seconds() == (0 if result else seconds)


def test_a_lost_time_is_logged_once_and_over_when_it_is_set(model: MeterModel) -> None:
    model.parts.lose_time()
    model.parts.lose_time()
    assert codes(model) == [6]
    assert model.set(MANAGEMENT, 8, CLOCK, 2, None, date_time(model, 5)) == 0
    assert not model.metering.clock.invalid


def test_a_step_beyond_the_limit_is_logged_as_a_pair(model: MeterModel) -> None:
    for step_s, expected in ((60, []), (61, [4, 5]), (-60, [4, 5]), (-61, [4, 5, 4, 5])):
        now = (model.metering.now - START).total_seconds()
        assert model.set(MANAGEMENT, 8, CLOCK, 2, None, date_time(model, now + step_s)) == 0
        assert codes(model) == expected
