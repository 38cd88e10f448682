import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.cosem import ClockStatus, DateTime

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "datetime.toml").read_text(encoding="utf-8")
)["vector"]

every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))

OPEN: dict[str, Any] = dict.fromkeys(("year", "month", "day", "hour", "minute", "second"))
NOON = bytes.fromhex("07 E8 02 1D 04 0C 00 00 00 FF C4 00")


@every_vector
def test_vector_decodes_to_its_fields(vector: dict[str, Any]) -> None:
    assert DateTime.from_octets(bytes.fromhex(vector["hex"])) == DateTime(**OPEN | vector["fields"])


@every_vector
def test_fields_encode_to_their_vector(vector: dict[str, Any]) -> None:
    assert DateTime(**OPEN | vector["fields"]).to_octets() == bytes.fromhex(vector["hex"])


@every_vector
def test_utc_is_local_time_plus_deviation(vector: dict[str, Any]) -> None:
    assert DateTime.from_octets(bytes.fromhex(vector["hex"])).utc() == vector.get("utc")


@pytest.mark.parametrize("octets", [0, 5, 11, 13])
def test_another_length_is_refused(octets: int) -> None:
    with pytest.raises(DecodeError, match="has 12 octets"):
        DateTime.from_octets(NOON[:octets].ljust(octets, b"\0"))


@pytest.mark.parametrize(
    ("position", "octet"),
    [(2, 0), (2, 13), (3, 0), (3, 30), (3, 32), (4, 0), (4, 8), (5, 24), (6, 60), (7, 60), (8, 100), (9, 0xF0)],
)
def test_a_field_out_of_its_range_is_refused(position: int, octet: int) -> None:
    octets = bytearray(NOON)
    octets[position] = octet
    with pytest.raises(DecodeError, match="no date-time"):
        DateTime.from_octets(bytes(octets))


@pytest.mark.parametrize("field", [{"year": 0xFFFF}, {"year": -1}, {"clock_status": 256}, {"deviation_min": 1440}])
def test_impossible_fields_are_our_mistake(field: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        DateTime(**OPEN | field)


def test_29_february_needs_a_leap_year_unless_the_year_is_open() -> None:
    assert DateTime.from_octets(NOON).day == 29
    assert DateTime(**OPEN | {"month": 2, "day": 29}).local() is None
    with pytest.raises(ValueError, match="day 29 of month 2"):
        DateTime(**OPEN | {"year": 2023, "month": 2, "day": 29})


def test_a_time_outside_the_calendar_has_no_utc() -> None:
    year_60000 = DateTime.from_octets(bytes.fromhex("EA60 01 01 FF 00 00 00 00 0000 00"))
    end_of_9999 = DateTime.from_octets(bytes.fromhex("270F 0C 1F FF 17 3B 00 00 003C 00"))
    assert (year_60000.local(), year_60000.utc(), end_of_9999.utc()) == (None, None, None)
    assert DateTime(**OPEN | {"year": 0, "month": 1, "day": 1}).local() is None


def test_times_without_deviation_are_comparable_among_themselves() -> None:
    first, second = (
        DateTime.from_octets(bytes.fromhex(f"07E4010{day}FF000000008000FF")).comparable() for day in (1, 2)
    )
    assert first is not None
    assert second is not None
    assert second - first == timedelta(days=1)


def test_a_time_without_deviation_has_that_of_the_clock_beside_it_and_stays_the_same_time() -> None:
    stored, full = (
        DateTime.from_octets(bytes.fromhex(f"07EE 0C 01 07 01 0C 26 00 {deviation} 00"))
        for deviation in ("8000", "0078")
    )
    clock = DateTime.from_octets(bytes.fromhex("07EE 0C 01 07 01 0C 28 00 FFC4 00"))
    placed = stored.beside(clock)
    assert placed.comparable() == datetime(2030, 12, 1, 0, 12, 38, tzinfo=UTC)
    assert placed.utc() is None
    assert placed == stored
    assert str(placed) == str(stored)
    assert full.beside(clock).comparable() == full.utc()
    assert stored.beside(stored).comparable() == stored.comparable()


def test_a_time_of_summer_beside_a_clock_of_winter_is_an_hour_off() -> None:
    summer, winter = (
        DateTime.from_octets(bytes.fromhex(f"07EE 0A 1B 07 02 1E 00 00 8000 {bit}")) for bit in ("80", "00")
    )
    clock, in_summer = (
        DateTime.from_octets(bytes.fromhex(f"07EE 0A 1B 07 03 0A 00 00 {rest}")) for rest in ("FFC4 00", "FF88 80")
    )
    for now in (clock, in_summer):
        assert [one.beside(now).comparable() for one in (summer, winter)] == [
            datetime(2030, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1)
        ]


def test_later_keeps_what_is_open_and_what_is_known() -> None:
    quarter = DateTime.from_octets(bytes.fromhex("07E4 02 1C FF 17 2D 00 FF FFC4 80")).later(900)
    assert quarter.to_octets() == bytes.fromhex("07E4 02 1D FF 00 00 00 FF FFC4 80")
    with pytest.raises(ValueError, match="cannot be moved on"):
        DateTime(**OPEN).later(1)


def test_a_moment_becomes_the_local_time_of_its_deviation() -> None:
    moment = datetime(2021, 6, 3, 13, 9, 23, tzinfo=UTC)
    time = DateTime.from_utc(moment, deviation_min=-60)
    assert time.to_octets() == bytes.fromhex("07 E5 06 03 04 0E 09 17 00 FF C4 00")
    assert DateTime.from_utc(moment.astimezone(timezone(timedelta(hours=9))), deviation_min=-60) == time
    with pytest.raises(ValueError, match="without time zone"):
        DateTime.from_utc(datetime(2021, 6, 3))


def test_times_are_written_for_people() -> None:
    assert str(DateTime.from_octets(NOON)) == "2024-02-29 12:00:00 deviation -60 min status 00"
    assert str(DateTime(**OPEN)) == "****-**-** **:**:** deviation not specified status FF"


def test_status_bits_have_names() -> None:
    assert ClockStatus(0x81) == ClockStatus.DAYLIGHT_SAVING | ClockStatus.INVALID


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(-720, 840),
)
def test_moments_come_back_to_the_hundredth(moment: datetime, deviation_min: int) -> None:
    time = DateTime.from_octets(DateTime.from_utc(moment, deviation_min).to_octets())
    assert time.utc() == moment.replace(microsecond=moment.microsecond // 10_000 * 10_000)


@given(st.binary(min_size=12, max_size=12))
def test_every_accepted_date_time_comes_back(octets: bytes) -> None:
    try:
        time = DateTime.from_octets(octets)
    except DecodeError:
        return
    assert time.to_octets() == octets
    assert str(time)


def test_a_time_without_second_may_be_any_of_its_minute() -> None:
    noon = datetime(2030, 1, 2, 12, tzinfo=UTC)
    time = replace(DateTime.from_utc(noon), second=None, hundredths=None)
    assert time.comparable() is None
    assert time.earliest() == noon
    assert time.nearest(noon - timedelta(seconds=5)) == noon
    assert time.nearest(noon + timedelta(seconds=40)) == noon + timedelta(seconds=40)
    assert time.nearest(noon + timedelta(minutes=2)) == noon + timedelta(seconds=59.99)
    assert replace(time, minute=None).nearest(noon) is None


def test_a_full_time_is_one_moment() -> None:
    noon = datetime(2030, 1, 2, 12, tzinfo=UTC)
    assert DateTime.from_utc(noon).nearest(noon + timedelta(seconds=40)) == noon
