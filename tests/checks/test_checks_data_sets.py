"""Checks of stored sets and of the cadence of channels."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.cadence import keeps_cadence
from harness.checks.data_sets import (
    Column,
    MarkedSets,
    came_since,
    counter_stepped,
    late_set,
    no_set,
    once_or_marked,
    one_set_at,
    values_between,
)
from harness.checks.judged import Breach, Undecided
from harness.checks.profile import ProfileRow

START = datetime(2026, 3, 31, 22, tzinfo=UTC)
LATEST = START + timedelta(hours=2)


def row(seconds: float, *values: object) -> ProfileRow:
    return ProfileRow(time=START + timedelta(seconds=seconds), values=values or (seconds,))


def sets(marked: bool | None, *seconds: float) -> MarkedSets:
    return MarkedSets(rows=tuple(map(row, seconds)), marked=(marked,) * len(seconds))


@given(st.lists(st.integers(0, 50), max_size=20, unique=True), st.integers(0, 20), st.integers(1, 12))
def test_rows_that_came_are_found_in_a_ring_of_any_length(times: list[int], new: int, ring: int) -> None:
    rows = [row(time) for time in times]
    split = max(0, len(rows) - new)
    before, after = rows[:split][-ring:], rows[-ring:]
    assert came_since(before, after) == rows[split:][-ring:]


def test_one_set_and_no_other() -> None:
    assert one_set_at([row(1)], START, jitter_s=1) is None
    for rows in ([], [row(2)], [row(0), row(1)]):
        assert isinstance(one_set_at(rows, START, jitter_s=1), Breach)
    assert no_set([], "at all") is None
    assert isinstance(no_set([row(0)], "at all"), Breach)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (sets(False, 3600), type(None)),
        (sets(None, 3600), type(None)),
        (sets(True, 0), type(None)),
        (sets(False, 0), Breach),
        (sets(None, 0), Undecided),
        (sets(True, -3600), Breach),
        (sets(True, 9000), Breach),
        (sets(True), Breach),
        (sets(True, 3600, 3700), Breach),
    ],
)
def test_a_late_set_is_told_by_its_time_or_its_status(found: MarkedSets, kind: type) -> None:
    assert isinstance(late_set(found, START, earliest=START + timedelta(minutes=1), latest=LATEST), kind)


@pytest.mark.parametrize(
    ("found", "policy", "kind"),
    [
        (sets(None), None, type(None)),
        (sets(None), "once", type(None)),
        (sets(None), "marked", Breach),
        (sets(True, 0), None, type(None)),
        (sets(True, 0), "marked", type(None)),
        (sets(True, 0), "once", Breach),
        (sets(False, 0), None, Breach),
        (sets(None, 0), None, Undecided),
        (sets(True, 0, 1), None, Breach),
    ],
)
def test_what_comes_again_has_no_set_or_a_marked_one(found: MarkedSets, policy: str | None, kind: type) -> None:
    assert isinstance(once_or_marked(found, policy=policy), kind)


def test_values_lie_between_the_readings() -> None:
    def column(stored: int) -> Column:
        return Column(name="1.0.1.8.0.255", before=Decimal(10), stored=Decimal(stored), after=Decimal(12))

    assert values_between([column(10), column(11), column(12)]) is None
    assert isinstance(values_between([column(11), column(9)]), Breach)
    assert isinstance(values_between([column(13)]), Breach)


def test_a_maximum_that_begins_anew_is_bounded_by_the_reading_before_alone() -> None:
    def column(stored: int) -> Column:
        reading = {"before": Decimal(3000), "stored": Decimal(stored), "after": Decimal(0)}
        return Column(name="1.0.1.6.0.255", begins_anew=True, **reading)

    assert values_between([column(3000), column(3100)]) is None
    assert isinstance(values_between([column(2999)]), Breach)


def test_a_counter_begins_anew_at_its_end() -> None:
    assert counter_stepped(4, 5, step=1, modulus=256) is None
    assert counter_stepped(255, 0, step=1, modulus=256) is None
    for after in (4, 6):
        assert isinstance(counter_stepped(4, after, step=1, modulus=256), Breach)


@pytest.mark.parametrize(
    ("seconds", "kind"),
    [
        ((100, 200, 300), type(None)),
        ((115, 200, 300), type(None)),
        ((122, 200, 300), Undecided),
        ((150, 250), Breach),
        ((100, 300), Breach),
        ((100, 200), Breach),
        ((), Breach),
    ],
)
def test_updates_come_within_their_period_and_a_fifth(seconds: tuple[int, ...], kind: type) -> None:
    judged = keeps_cadence(
        "a channel",
        [START + timedelta(seconds=one) for one in seconds],
        begin=START,
        end=START + timedelta(seconds=350),
        period_s=100,
        uncertainty_s=5,
    )
    assert isinstance(judged, kind)
