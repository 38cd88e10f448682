"""What a device shows of the meters behind it, against what they say themselves."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.children import clock_is_set, identity_is_shown, no_row_beside, shown_as_counted
from harness.checks.judged import Breach, Undecided

NOON = datetime(2026, 3, 2, 12)
_CUBIC_METRES, _WATT_HOURS = 13, 30


@given(st.decimals("0", "1000", places=3), st.decimals("0", "10", places=3), st.decimals("0", "1", places=3))
def test_a_value_between_both_readings_is_right(before: Decimal, risen: Decimal, share: Decimal) -> None:
    shown = (before + risen * share).quantize(Decimal("0.001"))
    judged = shown_as_counted(shown, _CUBIC_METRES, "volume", before, before + risen, Decimal("0.001"))
    assert judged is None


@pytest.mark.parametrize("shown", ["0.9", "1.301", "10"])
def test_a_value_outside_is_wrong(shown: str) -> None:
    judged = shown_as_counted(Decimal(shown), _CUBIC_METRES, "volume", Decimal("1.0"), Decimal("1.2"), Decimal("0.1"))
    assert isinstance(judged, Breach)
    assert shown in judged.observed


def test_an_unknown_unit_decides_nothing() -> None:
    judged = shown_as_counted(Decimal(1), _WATT_HOURS, "volume", Decimal(1), Decimal(1), Decimal(1))
    assert isinstance(judged, Undecided)


@pytest.mark.parametrize("number", [12340001, 0x12340001])
def test_digits_may_be_a_number_or_stand_one_by_one(number: int) -> None:
    shown = {"identification number": number, "version": 1}
    assert identity_is_shown(shown, {"identification number": "12340001", "version": 1}) is None
    wrong = identity_is_shown(shown, {"identification number": "12340002", "version": 1})
    assert isinstance(wrong, Breach)
    assert isinstance(identity_is_shown(shown, {"version": 2}), Breach)


def test_a_clock_may_show_local_or_standard_time() -> None:
    due = (NOON, NOON - timedelta(hours=1))
    for shown in (NOON + timedelta(seconds=59), NOON - timedelta(hours=1)):
        assert clock_is_set(shown, due, 60) is None
    wrong = clock_is_set(NOON - timedelta(hours=2), due, 60)
    assert isinstance(wrong, Breach)
    assert "12:00:00 or 2026-03-02 11:00:00" in wrong.expected


@pytest.mark.parametrize(
    ("minutes", "fine"), [((60,), True), ((60, 120), True), ((90,), False), ((60, 60.5), False), ((), True)]
)
def test_new_rows_stand_at_the_ends_of_periods(minutes: tuple[float, ...], fine: bool) -> None:
    before = [NOON, NOON + timedelta(minutes=7)]
    after = [*before, *(NOON + timedelta(minutes=one) for one in minutes)]
    assert (no_row_beside(before, after, 3600, 10) is None) is fine


def test_rows_that_were_there_before_are_not_judged() -> None:
    beside = NOON + timedelta(minutes=7)
    assert no_row_beside([beside], [beside], 3600, 10) is None
