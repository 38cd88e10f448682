"""The entries of a cut of the supply."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.judged import Breach, Undecided
from harness.checks.outages import entries_of_outage
from harness.protocol.cosem import DateTime

_NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
_LOST, _BACK = 101, 102


def at(seconds: float) -> DateTime:
    return DateTime.from_utc(_NOON + timedelta(seconds=seconds), 60)


def judged(*entries: tuple[int, float], began: DateTime | None = None) -> type:
    made = [(code, at(seconds)) for code, seconds in entries]
    between = (began or at(0), at(120))
    return type(entries_of_outage(made, codes=(_LOST, _BACK), between=between, tolerance_s=10))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (((_LOST, 0), (_BACK, 120)), type(None)),
        (((_LOST, 1), (_BACK, 140)), type(None)),
        (((_LOST, 1),), Breach),
        (((_BACK, 120),), Breach),
        ((), Breach),
        (((_BACK, 120), (_LOST, 121)), Breach),
        (((_LOST, 0), (_BACK, 120), (_BACK, 120)), Breach),
        (((_LOST, -11), (_BACK, 120)), Breach),
        (((_LOST, 0), (_BACK, 141)), Breach),
    ],
)
def test_a_cut_leaves_one_entry_of_each(entries: tuple[tuple[int, float], ...], expected: type) -> None:
    assert judged(*entries) is expected


def test_a_clock_that_is_not_specified_decides_nothing() -> None:
    open_time = DateTime(year=None, month=None, day=None, hour=12, minute=0, second=0)
    assert judged((_LOST, 0), (_BACK, 120), began=open_time) is Undecided
