"""A clock that was set: within tolerance, in the grey zone, off; drift; weekday; sides of a change."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.clock_setting import Reading, Setting, drifts, goes_on_from, nearest, shows_zone, weekday_fits
from harness.checks.judged import Breach, Undecided
from harness.protocol.date_time import DateTime

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def reading(shown_s: float, began_s: float = 0.0, ended_s: float | None = None) -> Reading:
    return Reading(
        time=DateTime.from_utc(START + seconds(shown_s), -60),
        began=START + seconds(began_s),
        ended=START + seconds(began_s if ended_s is None else ended_s),
    )


SETTING = Setting(due=START + seconds(3600), began=START, ended=START)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (reading(3610.5, 10), type(None)),
        (reading(3612.0, 10), type(None)),
        (reading(3608.0, 10), type(None)),
        (reading(3612.5, 10), Breach),
        (reading(3600.0, 10), Breach),
        (reading(3613.5, 10, 12), Undecided),
        (reading(3615.5, 10, 12), Breach),
    ],
)
def test_a_clock_goes_on_from_what_it_was_set_to(shown: Reading, verdict: type) -> None:
    assert isinstance(goes_on_from(SETTING, shown, tolerance_s=2.0, about="setting"), verdict)


@pytest.mark.parametrize(
    ("off_s", "uncertainty_s", "verdict"),
    [
        (0.3, 0.1, type(None)),
        (-0.3, 0.1, type(None)),
        (0.45, 0.1, Undecided),
        (0.7, 0.1, Breach),
        (0.0, 2.0, Undecided),
    ],
)
def test_drift_is_told_beyond_its_uncertainty(off_s: float, uncertainty_s: float, verdict: type) -> None:
    day = 86_400
    found = drifts(reading(0), reading(day + off_s, day), limit_s_per_day=0.5, uncertainty_s=uncertainty_s)
    assert isinstance(found, verdict)


def test_nearest_multiple_counts_from_midnight() -> None:
    at = datetime(2026, 3, 2, 10, 22, 31)
    assert nearest(at, 900) == datetime(2026, 3, 2, 10, 30)
    assert nearest(at, 60) == datetime(2026, 3, 2, 10, 23)
    assert nearest(at, 7200) == datetime(2026, 3, 2, 10)


def test_weekday_is_that_of_the_date_where_one_is_given() -> None:
    monday = reading(0).time
    assert weekday_fits(monday) is None
    octets = bytearray(monday.to_octets())
    for weekday, wrong in ((2, True), (0xFF, False)):
        octets[4] = weekday
        assert isinstance(weekday_fits(DateTime.from_octets(bytes(octets))), Breach) is wrong


def test_deviation_and_flag_tell_the_side_of_a_change() -> None:
    winter = DateTime.from_utc(START, -60)
    summer = DateTime.from_utc(START, -120, 0x80)
    open_ = DateTime.from_octets(winter.to_octets()[:9] + bytes.fromhex("8000FF"))
    assert shows_zone(winter, deviation_min=-60, summer=False, when="now") is None
    assert shows_zone(summer, deviation_min=-120, summer=True, when="now") is None
    assert shows_zone(open_, deviation_min=-120, summer=True, when="now") is None
    assert shows_zone(winter, deviation_min=-120, summer=True, when="now") is not None
    assert shows_zone(summer, deviation_min=-120, summer=False, when="now") is not None
