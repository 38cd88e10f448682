"""Shifts found by looking: early and late ones, those within the tolerance, and looks that cannot tell."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.tariff_shifts import DueShift, Look, Plan, follows

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def look(offset_s: float, rate: int, took_s: float = 0) -> Look:
    began = AT + timedelta(seconds=offset_s)
    return Look(began=began, ended=began + timedelta(seconds=took_s), rate=rate)


def judged(*looks: Look, around_s: float = 0) -> Verdictless:
    around = timedelta(seconds=around_s)
    plan = Plan(first=0, shifts=(DueShift(earliest=AT - around, latest=AT + around, rate=1),))
    return follows(plan, looks, tolerance_s=1, resolution_s=1)


def test_old_before_and_new_after_is_right() -> None:
    assert judged(look(-2, 0), look(2, 1)) is None


@pytest.mark.parametrize(("offset_s", "rate"), [(-2, 1), (-60, 1), (2, 0), (1, 0), (600, 0)])
def test_a_shift_beyond_the_tolerance_is_a_breach(offset_s: float, rate: int) -> None:
    assert isinstance(judged(look(-3, 0), look(offset_s, rate), look(3, 1)), Breach)


@pytest.mark.parametrize(("offset_s", "rate"), [(-1, 1), (0, 0), (0.9, 0)])
def test_within_tolerance_and_resolution_either_side_is_right(offset_s: float, rate: int) -> None:
    assert judged(look(-3, 0), look(offset_s, rate), look(3, 1)) is None


def test_a_slow_look_over_the_shift_allows_both() -> None:
    for rate in (0, 1):
        assert judged(look(-9, 0), look(-5, rate, took_s=8), look(9, 1)) is None


def test_looks_that_all_cover_the_shift_tell_nothing() -> None:
    assert isinstance(judged(look(-5, 0, took_s=20), look(20, 1)), Undecided)
    assert isinstance(judged(look(-5, 0)), Undecided)
    assert isinstance(judged(look(-3600, 0), look(3, 1)), Undecided)


def test_within_a_window_both_are_right_and_outside_one() -> None:
    right = look(-1810, 0), look(1810, 1)
    for rate in (0, 1):
        assert judged(*right, look(-600, rate), look(600, rate), around_s=1800) is None
    assert isinstance(judged(*right, look(-1805, 1), around_s=1800), Breach)
    assert isinstance(judged(*right, look(1805, 0), around_s=1800), Breach)
