from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from harness.checks.captures import (
    capture_instants,
    due_by_now,
    none_between,
    rising,
    rows_at,
    rows_cleared,
    rows_since,
    stamps_apart,
    weekday_right,
)
from harness.checks.judged import Breach
from harness.checks.profile import ProfileRow
from harness.checks.row_status import states_shown
from harness.checks.selection import Got, selection_answered

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
CHANGE = datetime(2026, 3, 29, 1, tzinfo=UTC)
BITS: dict[str, int | str] = {"err": 0, "civ": 1, "dnv": 2, "dst": 3, "cad": 5, "pdn": "absent"}


def local(instant: datetime) -> datetime:
    """Central European time around one change."""
    return (instant + timedelta(hours=2 if instant >= CHANGE else 1)).replace(tzinfo=None)


def instant(naive: datetime) -> datetime:
    utc = naive.replace(tzinfo=UTC)
    summer = utc - timedelta(hours=2)
    return summer if summer >= CHANGE else utc - timedelta(hours=1)


def due(after: datetime, until: datetime, period_s: int) -> list[datetime]:
    return capture_instants(after, until, period_s=period_s, local=local, instant=instant)


def row(minutes: float, *values: object) -> ProfileRow:
    return ProfileRow(time=START + timedelta(minutes=minutes), values=values or (minutes,))


def rows(*minutes: float) -> list[ProfileRow]:
    return [row(one) for one in minutes]


def at(*minutes: float) -> Sequence[datetime]:
    return [START + timedelta(minutes=one) for one in minutes]


def test_short_periods_count_from_the_full_hour() -> None:
    assert due(START + timedelta(minutes=7), START + timedelta(minutes=45), 900) == list(at(15, 30, 45))
    assert due(START, START + timedelta(minutes=15), 900) == list(at(15))


def test_short_periods_run_on_through_summer_time() -> None:
    found = due(CHANGE - timedelta(minutes=20), CHANGE + timedelta(minutes=20), 900)
    assert [one - CHANGE for one in found] == [timedelta(minutes=minutes) for minutes in (-15, 0, 15)]


def test_long_periods_count_from_local_midnight() -> None:
    found = due(CHANGE - timedelta(hours=3), CHANGE + timedelta(hours=24), 6 * 3600)
    assert [local(one).hour for one in found] == [0, 6, 12, 18, 0]
    assert [local(one).day for one in found] == [29, 29, 29, 29, 30]


def test_newest_capture_need_not_be_there_yet() -> None:
    sure = START + timedelta(minutes=20)
    assert due_by_now(at(15, 30), rows(15), sure_until=sure, jitter_s=1) == list(at(15))
    assert due_by_now(at(15, 30), rows(15, 30), sure_until=sure, jitter_s=1) == list(at(15, 30))
    assert due_by_now(at(15, 30), rows(), sure_until=sure, jitter_s=1) == list(at(15))


def test_each_capture_has_one_row() -> None:
    assert rows_at(at(15, 30), rows(15, 30 + 0.9 / 60), jitter_s=1) is None
    for wrong in (rows(15), rows(15, 31), rows(15, 15, 30), rows(15, 30, 45)):
        assert isinstance(rows_at(at(15, 30), wrong, jitter_s=1), Breach)


def test_old_rows_are_gone_after_a_change() -> None:
    assert rows_cleared(rows(15, 30), START + timedelta(minutes=15), jitter_s=1) is None
    assert isinstance(rows_cleared(rows(14, 30), START + timedelta(minutes=15), jitter_s=1), Breach)


def test_time_stamps_rise() -> None:
    assert rising(rows(15, 30)) is None
    assert isinstance(rising(rows(15, 15)), Breach)


def test_new_rows_are_told_from_old_ones_that_roll_out() -> None:
    assert rows_since(rows(1, 2, 3), rows(1, 2, 3, 4)) == rows(4)
    assert rows_since(rows(1, 2, 3), rows(3, 4, 5)) == rows(4, 5)
    assert rows_since(rows(1, 2), rows(8, 9)) == rows(8, 9)
    assert rows_since([], rows(8, 9)) == rows(8, 9)
    # Set back by two, the clock gives stamps that there are already; other values tell them apart.
    again = [*rows(1, 2, 3), row(2, "again")]
    assert rows_since(rows(1, 2, 3), again) == [row(2, "again")]


def test_stretch_without_rows() -> None:
    first, last = at(15, 30)
    assert none_between(rows(15, 30), first, last, jitter_s=0) is None
    assert isinstance(none_between(rows(20), first, last, jitter_s=0), Breach)


def test_doubled_hour_needs_a_mark() -> None:
    naive = datetime(2026, 10, 25, 2, 15)
    assert stamps_apart([(naive, -120), (naive, -60)]) is None
    assert isinstance(stamps_apart([(naive, None), (naive, None)]), Breach)


def test_states_of_a_row() -> None:
    assert states_shown("a row", 0x28, BITS, {"cad": True, "dst": True, "err": False}) is None
    wrong = states_shown("a row", 0x08, BITS, {"cad": True, "dst": False})
    assert isinstance(wrong, Breach)
    assert wrong.expected == "clock adjusted shown, daylight saving time not shown in a row"
    missing = states_shown("a row", 0xFF, BITS, {"pdn": True})
    assert missing is not None
    assert not isinstance(missing, Breach)


def test_selection_gives_what_is_due_or_an_accepted_error() -> None:
    due_rows = ((1, 2), (3, 4))
    assert selection_answered(due_rows, (), Got(answer="data", rows=due_rows)) is None
    assert selection_answered(due_rows, ("dar:250",), Got(answer="dar:250", rows=())) is None
    assert selection_answered((), (), Got(answer="empty", rows=())) is None
    assert selection_answered(None, ("empty",), Got(answer="empty", rows=())) is None
    for wrong in (
        selection_answered(due_rows, (), Got(answer="data", rows=((1, 2),))),
        selection_answered(due_rows, (), Got(answer="data", rows=((1, 2), (3, 5)))),
        selection_answered(due_rows, (), Got(answer="dar:250", rows=())),
        selection_answered(None, ("dar:250",), Got(answer="empty", rows=())),
        selection_answered(None, ("dar:250",), Got(answer="data", rows=due_rows)),
        selection_answered((), (), Got(answer="dar:3", rows=())),
    ):
        assert isinstance(wrong, Breach)


def test_weekday_is_that_of_the_date_where_there_is_one() -> None:
    monday = datetime(2024, 3, 4, 12)
    assert weekday_right(monday, 1) is None
    assert weekday_right(monday, None) is None
    assert weekday_right(None, 3) is None
    assert isinstance(weekday_right(monday, 2), Breach)
