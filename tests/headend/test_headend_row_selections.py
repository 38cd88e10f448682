"""Ranges of time whose bounds show no deviation, over rows around a change of summer time."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.profile import ProfileRow
from harness.errors import Inconclusive
from harness.headend.known_rows import KnownRows
from harness.headend.profiles import Column
from harness.headend.row_selections import RANGE_SELECTIONS
from harness.protocol.apdu import RangeSelection
from harness.protocol.cosem import DateTime

SUMMER_MIN, WINTER_MIN = -120, -60
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
OPEN = "bounds without deviation"


def _known(first: datetime, count: int) -> KnownRows:
    rows = []
    for number in range(count):
        at = first + number * QUARTER
        stamp = DateTime.from_utc(at, SUMMER_MIN if SPRING <= at < AUTUMN else WINTER_MIN)
        rows.append(ProfileRow(time=at, values=(stamp.to_octets(), number)))
    clock = Column(class_id=8, obis="0.0.1.0.0.255", attribute=2, index=0)
    energy = Column(class_id=3, obis="1.0.1.8.0.255", attribute=2, index=0)
    return KnownRows(
        rows=tuple(rows), columns=(clock, energy), clock_column=0, order="fifo", in_use=count, both_bounds=True
    )


def _asked(known: KnownRows) -> tuple[list[object], list[datetime | None]]:
    """Numbers of the rows that are due, and the local times that bound them."""
    asked = RANGE_SELECTIONS[OPEN](known)
    selection = asked.selection
    assert isinstance(selection, RangeSelection)
    assert asked.rows is not None
    bounds = []
    for data in (selection.from_value, selection.to_value):
        assert isinstance(data.value, bytes)
        stamp = DateTime.from_octets(data.value)
        assert stamp.deviation_min is None
        bounds.append(stamp.local())
    return [row.values[1] for row in asked.rows], bounds


def test_rows_of_one_deviation_are_bounded_by_the_second_and_the_last_but_one() -> None:
    numbers, bounds = _asked(_known(datetime(2026, 7, 1, 8, tzinfo=UTC), 8))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert bounds == [datetime(2026, 7, 1, 10, 15), datetime(2026, 7, 1, 11, 30)]


def test_in_spring_the_longer_part_is_taken() -> None:
    numbers, bounds = _asked(_known(SPRING - 3 * QUARTER, 12))
    assert numbers == [4, 5, 6, 7, 8, 9, 10]
    assert bounds == [datetime(2026, 3, 29, 3, 15), datetime(2026, 3, 29, 4, 45)]


def test_in_autumn_the_hour_that_comes_twice_is_left_out() -> None:
    numbers, bounds = _asked(_known(AUTUMN - 10 * QUARTER, 16))
    assert numbers == [1, 2, 3, 4]
    assert bounds == [datetime(2026, 10, 25, 0, 45), datetime(2026, 10, 25, 1, 30)]


def test_too_few_rows_on_either_side_are_no_basis() -> None:
    with pytest.raises(Inconclusive, match="summer time"):
        _asked(_known(AUTUMN - 6 * QUARTER, 12))
