"""Checks of telegrams: form, pace, contents, values, times."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from harness.checks.consumer import (
    all_well_formed,
    has_form,
    keeps_period,
    lies_between,
    shows_time,
    steady,
    tells_only,
)
from harness.checks.judged import Breach, Undecided

NOON = datetime(2026, 3, 2, 12)


def test_one_damaged_telegram_may_be_the_lines_doing() -> None:
    one = ["line 3", None, None]
    assert isinstance(all_well_formed(one, unspoilt=[False] * 3, line_errs=True), Undecided)
    assert isinstance(all_well_formed(one, unspoilt=[False] * 3, line_errs=False), Breach)
    assert isinstance(all_well_formed(one, unspoilt=[True, True, True], line_errs=True), Breach)
    assert isinstance(all_well_formed(["a", "b"], unspoilt=[False] * 2, line_errs=True), Breach)
    assert isinstance(all_well_formed(["a", "b", None], unspoilt=[False] * 3, line_errs=True), Breach)
    assert isinstance(all_well_formed(["a", None], unspoilt=[False] * 2, line_errs=True), Undecided)
    assert all_well_formed([None, None], unspoilt=[False] * 2, line_errs=True) is None


@pytest.mark.parametrize(
    ("begins", "wrong"),
    [
        ([0.0, 1.0, 2.0, 3.0], False),
        ([0.0, 1.1, 2.0, 3.2], False),
        ([0.0, 10.0, 20.0], True),
        ([0.0, 0.5, 1.0], True),
        ([float(at) for at in range(20)] + [22.5], True),
    ],
)
def test_pace(begins: list[float], wrong: bool) -> None:
    judged = keeps_period(begins, 1.0, 0.2, uncertainty_s=0.0)
    assert isinstance(judged, Breach) is wrong


def test_pace_near_its_limit_is_undecided_on_an_uncertain_line() -> None:
    assert isinstance(keeps_period([0.0, 1.18, 2.36], 1.0, 0.2, uncertainty_s=0.1), Undecided)


def test_contents() -> None:
    assert tells_only(["a", "b"], ["a", "b", "c"], ["c"]) is None
    assert isinstance(tells_only(["a", "b", "d"], ["a", "b"], []), Breach)
    assert isinstance(tells_only(["a"], ["a", "b"], []), Breach)


def test_values() -> None:
    def judged(value: str) -> object:
        return lies_between(
            Decimal(value), Decimal(100), Decimal(103), resolution=Decimal(1), may_move=Decimal(2), about="energy"
        )

    assert judged("97") is None
    assert judged("106") is None
    assert isinstance(judged("96"), Breach)
    assert isinstance(judged("107"), Breach)
    assert steady(Decimal(3000), Decimal(3050), Decimal(1), "power") is None
    assert isinstance(steady(Decimal(3000), Decimal(3100), Decimal(1), "power"), Undecided)


def test_times() -> None:
    after = NOON + timedelta(seconds=2)
    assert shows_time(NOON - timedelta(seconds=1), False, NOON, after, {False}, old_s=1) is None
    assert isinstance(shows_time(NOON - timedelta(seconds=2), False, NOON, after, {False}, old_s=1), Breach)
    assert isinstance(shows_time(NOON + timedelta(seconds=4), None, NOON, after, {False}, old_s=1), Breach)
    assert isinstance(shows_time(NOON, True, NOON, after, {False}, old_s=1), Breach)
    assert shows_time(NOON, True, NOON, after, {False, True}, old_s=1) is None


@pytest.mark.parametrize(
    ("value", "form", "wrong"),
    [
        ("000123.456*kWh", "000000.000*kWh", False),
        ("123.456*kWh", "000000.000*kWh", True),
        ("000123.45*kWh", "000000.000*kWh", True),
        ("000123456*Wh", "000000.000*kWh", True),
        ("16*A", "000*A", True),
        ("016*A", "000*A", False),
        ("000123x456*kWh", "000000.000*kWh", True),
    ],
)
def test_numbers_have_their_form(value: str, form: str, wrong: bool) -> None:
    assert isinstance(has_form(value, form, "1-0:1.8.1"), Breach) is wrong
