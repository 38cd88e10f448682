"""When a demand period may end, and which load makes a new maximum."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.demand import makes_new_maximum, next_period_end
from harness.checks.judged import Undecided

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now_s", "period_s", "started_s", "end_s"),
    [
        (600, 900, 0, 900),
        (900, 900, 900, 1800),
        (600, 900, 420, 900),  # begun by a power-up: the period may still end on the quarter
        (600, 1800, None, 900),  # a local time may be half an hour off
        (610, 420, 550, 660),  # the grid of 420 s and quarters of an hour is one of whole minutes
        (610, 420, 200, 620),
        (3005, 60, 2950, 3010),
        (3005, 60, None, 3060),
    ],
)
def test_end_counts_from_the_start_or_lies_on_the_grid(
    now_s: int, period_s: int, started_s: int | None, end_s: int
) -> None:
    started = None if started_s is None else MIDNIGHT + timedelta(seconds=started_s)
    end = next_period_end(MIDNIGHT + timedelta(seconds=now_s), period_s=period_s, started=started)
    assert end == MIDNIGHT + timedelta(seconds=end_s)


@given(now_s=st.integers(0, 10**6), started_s=st.integers(0, 10**6), period_s=st.sampled_from([60, 300, 900, 3600]))
def test_end_is_ahead_and_no_further_than_one_period(now_s: int, started_s: int, period_s: int) -> None:
    now = MIDNIGHT + timedelta(seconds=now_s)
    for started in (None, MIDNIGHT + timedelta(seconds=started_s)):
        end = next_period_end(now, period_s=period_s, started=started)
        assert now < end <= now + timedelta(seconds=period_s)


@pytest.mark.parametrize(
    ("load_w", "maximum_w", "new"),
    [
        (1500, 1000, True),
        (1000, 0, True),
        (1000, 979, True),
        (1000, 980, False),
        (1000, 1000, False),
        (1000, 2500, False),
    ],
)
def test_only_a_load_well_above_the_maximum_makes_a_new_one(load_w: int, maximum_w: int, *, new: bool) -> None:
    judged = makes_new_maximum(Decimal(load_w), Decimal(maximum_w), accuracy_percent=2.0)
    if new:
        assert judged is None
    else:
        assert isinstance(judged, Undecided)
        assert judged.missing == "bench"
        assert f"{maximum_w} W" in judged.reason


def test_what_is_missing_is_said_in_whole_watts() -> None:
    judged = makes_new_maximum(Decimal("30000.0"), Decimal("3.2E+4"), accuracy_percent=2.0)
    assert isinstance(judged, Undecided)
    assert judged.reason == "needs a demand above the maximum so far, 32000 W; the load is 30000 W"
