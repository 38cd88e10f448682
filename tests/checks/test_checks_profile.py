"""Checks of profile rows: same rows, rows on schedule, energies from row to row."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.energy import EnergyExpectation
from harness.checks.judged import Breach, Undecided
from harness.checks.profile import ProfileRow, energies_follow_load, on_schedule, same_rows

START = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
PERIOD_S = 900
JITTER_S = 5


def row(seconds: float, *values: object) -> ProfileRow:
    return ProfileRow(time=START + timedelta(seconds=seconds), values=values or (seconds,))


def scheduled(*seconds: float, now_s: float) -> bool:
    judged = on_schedule(
        [row(one) for one in seconds],
        last_before=START,
        now=START + timedelta(seconds=now_s),
        period_s=PERIOD_S,
        jitter_s=JITTER_S,
    )
    assert judged is None or isinstance(judged, Breach)
    return judged is None


@given(
    count=st.integers(0, 20),
    rest_s=st.integers(JITTER_S + 1, PERIOD_S - JITTER_S - 1),
    data=st.data(),
)
def test_rows_within_the_jitter_hold_and_any_missing_doubled_or_shifted_one_breaks(
    count: int, rest_s: int, data: st.DataObject
) -> None:
    now_s = count * PERIOD_S + rest_s
    jitters = data.draw(st.lists(st.integers(-JITTER_S, JITTER_S), min_size=count, max_size=count))
    rows = [number * PERIOD_S + jitter for number, jitter in enumerate(jitters, start=1)]
    assert scheduled(*rows, now_s=now_s)
    if rows:
        at = data.draw(st.integers(0, count - 1))
        assert not scheduled(*rows[:at], *rows[at + 1 :], now_s=now_s), "missing"
        assert not scheduled(*rows[: at + 1], *rows[at:], now_s=now_s), "doubled"
        shift = data.draw(st.sampled_from([-1, 1])) * data.draw(st.integers(JITTER_S + 1, PERIOD_S // 2))
        nominal = (at + 1) * PERIOD_S
        assert not scheduled(*rows[:at], nominal + shift, *rows[at + 1 :], now_s=now_s), "shifted"
    extra = data.draw(st.integers(0, count)) * PERIOD_S + rest_s
    assert not scheduled(*sorted([*rows, extra]), now_s=now_s), "besides the schedule"


@pytest.mark.parametrize("now_s", [PERIOD_S - JITTER_S, PERIOD_S, PERIOD_S + JITTER_S - 1])
def test_row_due_about_now_may_be_there_or_not(now_s: int) -> None:
    assert scheduled(now_s=now_s)
    assert scheduled(PERIOD_S, now_s=now_s)


def test_row_due_is_missed_as_soon_as_the_jitter_is_over() -> None:
    assert not scheduled(now_s=PERIOD_S + JITTER_S)
    assert not scheduled(PERIOD_S, now_s=PERIOD_S - JITTER_S - 1)


def test_nothing_due_and_nothing_there_holds() -> None:
    assert scheduled(now_s=0)


def test_breach_says_what_was_due_and_what_is_there() -> None:
    judged = on_schedule(
        [row(1800)], last_before=START, now=START + timedelta(seconds=2000), period_s=PERIOD_S, jitter_s=JITTER_S
    )
    assert isinstance(judged, Breach)
    assert "due at 2026-03-02 12:15:00" in judged.expected
    assert "2026-03-02 12:30:00" in judged.observed


def test_same_rows() -> None:
    rows = [row(0, 1, b"\x01"), row(900, 2, b"\x02")]
    assert same_rows(rows, list(rows)) is None
    assert same_rows([], []) is None


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ([], "no rows"),
        ([row(0, 1)], "1 row of"),
        ([row(0, 1), row(900, 3)], "row 2 with cells 3"),
        ([row(900, 2), row(0, 1)], "row 1 with cells 2"),
        ([row(0, 1), row(900, 2), row(1800, 3)], "3 rows from"),
        ([row(0, 1, 1), row(900, 2)], "row 1 with cells 1, 1"),
    ],
    ids=range(6),
)
def test_other_rows_are_a_breach(observed: list[ProfileRow], shown: str) -> None:
    judged = same_rows([row(0, 1), row(900, 2)], observed)
    assert isinstance(judged, Breach)
    assert shown in judged.observed


EXPECTATION = EnergyExpectation(
    power_w=Decimal(4000),
    seconds=Decimal(PERIOD_S),
    time_uncertainty_s=Decimal(0),
    power_uncertainty_percent=Decimal(0),
    accuracy_percent=Decimal(1),
    resolution_wh=Decimal(1),
)


def energies(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_energies_follow_the_load_row_by_row() -> None:
    rows = [row(0), row(900), row(1800)]
    assert energies_follow_load(rows, energies(0, 1000, 2000), EXPECTATION) is None
    assert energies_follow_load(rows[:1], energies(0), EXPECTATION) is None
    judged = energies_follow_load(rows, energies(0, 1000, 1000), EXPECTATION)
    assert isinstance(judged, Breach)
    assert "from 2026-03-02 12:15:00 to 2026-03-02 12:30:00" in judged.expected


def test_energies_of_too_little_load_are_undecided() -> None:
    small = EnergyExpectation(
        power_w=Decimal(1),
        seconds=Decimal(PERIOD_S),
        time_uncertainty_s=Decimal(0),
        power_uncertainty_percent=Decimal(0),
        accuracy_percent=Decimal(1),
        resolution_wh=Decimal(1),
    )
    assert isinstance(energies_follow_load([row(0), row(900)], energies(0, 0), small), Undecided)
