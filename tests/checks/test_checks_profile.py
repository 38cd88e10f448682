"""Checks of profile rows: same rows, rows on schedule, energies from row to row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.energy import EnergyExpectation
from harness.checks.judged import Breach, Undecided
from harness.checks.profile import (
    CaptureSchedule,
    ProfileRow,
    energies_follow_load,
    grid_is_certain,
    on_schedule,
    regular_row,
    rows_kept,
    same_rows,
)

START = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
PERIOD_S = 900
JITTER_S = 5


def row(seconds: float, *values: object) -> ProfileRow:
    return ProfileRow(time=START + timedelta(seconds=seconds), values=values or (seconds,))


def schedule(
    *, newest_s: float = 0, known_s: float | None = None, storing_s: float = 0, entries: int = 960
) -> CaptureSchedule:
    return CaptureSchedule(
        anchor=START,
        newest=row(newest_s),
        known_at=at(newest_s if known_s is None else known_s),
        period_s=PERIOD_S,
        jitter_s=JITTER_S,
        storing_s=storing_s,
        entries=entries,
    )


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def judged(
    *seconds: float, now_s: float, answered_s: float | None = None, of: CaptureSchedule | None = None
) -> Breach | None:
    found = on_schedule(
        of or schedule(),
        [row(one) for one in seconds],
        asked=at(now_s),
        answered=at(now_s if answered_s is None else answered_s),
    )
    assert found is None or isinstance(found, Breach)
    return found


def scheduled(*seconds: float, now_s: float) -> bool:
    return judged(*seconds, now_s=now_s) is None


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
        place = data.draw(st.integers(0, count - 1))
        assert not scheduled(*rows[:place], *rows[place + 1 :], now_s=now_s), "missing"
        assert not scheduled(*rows[: place + 1], *rows[place:], now_s=now_s), "doubled"
        shift = data.draw(st.sampled_from([-1, 1])) * data.draw(st.integers(JITTER_S + 1, PERIOD_S // 2))
        nominal = (place + 1) * PERIOD_S
        assert not scheduled(*rows[:place], nominal + shift, *rows[place + 1 :], now_s=now_s), "shifted"
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
    found = judged(1800, now_s=2000)
    assert found is not None
    assert "due at 2026-03-02 12:15:00" in found.expected
    assert "2026-03-02 12:30:00" in found.observed


def test_row_that_comes_while_rows_are_read_may_be_among_them_or_not() -> None:
    before_s, after_s = PERIOD_S - JITTER_S - 2, PERIOD_S + JITTER_S + 2
    assert judged(now_s=before_s, answered_s=after_s) is None
    assert judged(PERIOD_S, now_s=before_s, answered_s=after_s) is None
    assert judged(now_s=after_s, answered_s=after_s) is not None


def test_row_may_take_its_time_to_be_stored_but_not_for_ever() -> None:
    slow = schedule(storing_s=30)
    assert judged(now_s=PERIOD_S + 29, of=slow) is None
    assert judged(now_s=PERIOD_S + 30, of=slow) is not None
    assert judged(PERIOD_S + 20, now_s=PERIOD_S + 30, of=slow) is not None, "the time stamp has no such allowance"


def test_newest_row_off_the_grid_leaves_the_grid_where_it_was() -> None:
    assert judged(PERIOD_S, 2 * PERIOD_S, now_s=2 * PERIOD_S + 60, of=schedule(newest_s=425)) is None
    assert judged(425 + PERIOD_S, now_s=2 * PERIOD_S + 60, of=schedule(newest_s=425)) is not None


def test_row_off_the_grid_just_before_a_capture() -> None:
    of = schedule(newest_s=PERIOD_S - 2)
    assert judged(PERIOD_S, 2 * PERIOD_S, now_s=2 * PERIOD_S + 60, of=of) is None


def test_captures_missed_before_are_not_held_against_the_device() -> None:
    of = schedule(known_s=10_000 * PERIOD_S + 60)
    first_s = 10_001 * PERIOD_S
    assert judged(first_s, first_s + PERIOD_S, now_s=first_s + PERIOD_S + 60, of=of) is None
    assert judged(first_s + PERIOD_S, now_s=first_s + PERIOD_S + 60, of=of) is not None
    assert judged(now_s=first_s - 60, of=of) is None


def test_row_that_was_not_yet_stored_at_the_beginning_may_come() -> None:
    of = schedule(known_s=PERIOD_S + 2, storing_s=10)
    assert judged(PERIOD_S, 2 * PERIOD_S, now_s=2 * PERIOD_S + 60, of=of) is None
    assert judged(2 * PERIOD_S, now_s=2 * PERIOD_S + 60, of=of) is None


def test_device_that_keeps_few_rows_need_not_have_the_older_ones() -> None:
    few = schedule(entries=2)
    now_s = 4 * PERIOD_S + 60
    assert judged(3 * PERIOD_S, 4 * PERIOD_S, now_s=now_s, of=few) is None
    assert judged(4 * PERIOD_S, now_s=now_s, of=few) is not None
    assert judged(3 * PERIOD_S, 4 * PERIOD_S, now_s=5 * PERIOD_S, of=few) is None, "the newest is not yet stored"


@pytest.mark.parametrize(
    ("seconds", "newest_s"),
    [
        ([0, 900, 1800], 1800),
        ([0, 900, 1325], 900),
        ([0, 900, 903, 1800, 2225], 1800),
        ([425, 425, 425, 900, 1800], 1800),
        ([], None),
        ([425], None),
        ([0, 425], None),
        ([0, 425, 900, 1325], None),
        ([425, 425], None),
    ],
    ids=str,
)
def test_regular_row_is_the_newest_of_the_grid_that_most_share(seconds: list[float], newest_s: float | None) -> None:
    found = regular_row([row(one) for one in seconds], period_s=PERIOD_S, jitter_s=JITTER_S)
    assert (found.time if found else None) == (None if newest_s is None else at(newest_s))


@pytest.mark.parametrize("period_s", [1, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400, 604_800])
def test_grid_of_usual_periods_is_certain(period_s: int) -> None:
    assert grid_is_certain(period_s) is None


@pytest.mark.parametrize("period_s", [7, 420, 2700, 5400, 25_200, 90_000])
def test_grid_of_periods_that_may_begin_anew_is_undecided(period_s: int) -> None:
    assert isinstance(grid_is_certain(period_s), Undecided)


def test_rows_of_before_are_kept_but_for_those_that_new_ones_displace() -> None:
    before = [row(0, 1), row(900, 2), row(1800, 3)]
    new = [row(2700, 4), row(3600, 5)]
    for after in (before, [*before, *new], [*before[2:], *new], [*before[1:], *new]):
        assert rows_kept(before, after, most_new=2) is None
    for after in (before[:2], before[1:], [*before[2:], new[0]], [], [*before[1:], row(900, 9)][:2], new):
        assert isinstance(rows_kept(before, after, most_new=2), Breach)


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


def test_rows_that_were_ahead_of_the_clock_count_once_as_not_come() -> None:
    ahead, alike = row(PERIOD_S, 1), row(PERIOD_S, 2)
    known = replace(schedule(), ahead=(ahead,))
    assert known.come([ahead, alike]) == [alike]
    assert known.come([ahead, ahead]) == [ahead]
    assert known.come([]) == []
