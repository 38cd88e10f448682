"""Calendars that the head end composes: named like the device's own, and whole in themselves."""

from datetime import UTC, date, datetime, time

from harness.checks.tariff_parts import refers_to_what_exists
from harness.headend.tariff.calendar import Part
from harness.headend.tariff.composed import Season, composed, special_day_data, starting
from harness.headend.tariff.references import references_of
from harness.headend.tariff.shift_times import Shift, array_elements, days_of, designated, instant_designated
from harness.protocol.axdr import Data, DataType

SHIFT = Shift(start=bytes(4), table=bytes((0, 0, 10, 0, 100, 255)), selector=1)


def octets(value: bytes) -> Data:
    return Data(DataType.OCTET_STRING, value)


def array(*elements: Data) -> Data:
    return Data(DataType.ARRAY, elements)


def structure(*elements: Data) -> Data:
    return Data(DataType.STRUCTURE, elements)


def device_part(start: str = "FFFF0101FFFFFFFFFF8000FF") -> Part:
    """A calendar with one season, one week and days 7 and 3."""
    days = [structure(Data(DataType.UNSIGNED, number), array(SHIFT.to_data())) for number in (7, 3)]
    week = structure(octets(b"WEEK"), *[Data(DataType.UNSIGNED, 7)] * 7)
    season = structure(octets(b"WINTER"), octets(bytes.fromhex(start)), octets(b"WEEK"))
    return Part(name=octets(b"CAL"), seasons=array(season), weeks=array(week), days=array(*days))


def test_days_have_the_numbers_that_the_device_has_and_then_free_ones() -> None:
    part, numbers = composed(device_part(), [[SHIFT], [SHIFT.at(time(6))], []])
    assert numbers == (7, 3, 1)
    assert [(number.value, len(shifts)) for number, shifts in days_of(part.days)] == [(7, 1), (3, 1), (1, 0)]


def test_each_season_has_a_week_of_its_own_day() -> None:
    part, _ = composed(device_part(), [[SHIFT], [SHIFT]], [Season(), starting(date(2026, 7, 15), 1)])
    assert refers_to_what_exists(references_of(part)) is None
    seasons = [array_elements(one) for one in array_elements(part.seasons)]
    assert [season[0].value for season in seasons] == [b"WINTER", b"WINTEB"]
    assert [season[1].value for season in seasons] == [
        bytes.fromhex("FFFF 01 01 FF FF FF FF FF 8000 FF"),
        bytes.fromhex("FFFF 07 0F FF FF FF FF FF 8000 FF"),
    ]
    weeks = {array_elements(one)[0].value: array_elements(one)[1:] for one in array_elements(part.weeks)}
    assert [day.value for day in weeks[b"WEEB"]] == [3] * 7


def test_a_day_of_the_week_may_have_its_own() -> None:
    part, _ = composed(device_part(), [[SHIFT], [SHIFT]], [Season(own={1: 1, 7: 1})])
    (week,) = array_elements(part.weeks)
    assert [day.value for day in array_elements(week)[1:]] == [3, 7, 7, 7, 7, 7, 3]


def test_a_season_that_begins_within_a_day_is_no_pattern_for_others() -> None:
    part, _ = composed(device_part("FFFF0101FF06000000800000"), [[SHIFT]])
    start = array_elements(array_elements(part.seasons)[0])[1]
    assert start.value == bytes.fromhex("FFFF 01 01 FF 00 00 00 00 8000 FF")


def test_a_special_day_names_date_and_day() -> None:
    table = special_day_data(date(2026, 12, 24), 3)
    index, on, number = array_elements(array_elements(table)[0])
    assert (index.value, on.value, number.value) == (1, bytes.fromhex("07EA 0C 18 FF"), 3)


def test_a_designated_time_is_read_as_it_was_written() -> None:
    at = datetime(2026, 7, 1, 10, 20, 37, tzinfo=UTC)
    assert instant_designated(designated(at, -120)) == at
    without_deviation = octets(bytes.fromhex("07EA 07 01 03 0C 14 25 00 8000 FF"))
    assert instant_designated(without_deviation) == datetime(2026, 7, 1, 12, 20, 37)


def test_without_a_year_the_rest_stays() -> None:
    found = designated(datetime(2026, 7, 1, 10, 20, 37, tzinfo=UTC), -120, any_year=True)
    assert found == octets(bytes.fromhex("FFFF 07 01 FF 0C 14 25 00 FF88 FF"))
