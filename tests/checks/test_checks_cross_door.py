"""The same fact at two doors: what agrees, what does not, and what nobody can tell."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.cross_door import (
    Amount,
    Bracket,
    Flag,
    Moment,
    Offset,
    Word,
    follows_change,
    same_energy,
    same_flag,
    same_power,
    same_tariff,
    same_time,
    same_word,
)
from harness.checks.judged import Breach, Undecided, Verdictless

WINTER = Offset(ahead=timedelta(hours=1), summer=False)
SUMMER = Offset(ahead=timedelta(hours=2), summer=True)


def amount(value: str | Decimal, step: str, door: str = "main", unit: str = "Wh", frame: int = 1) -> Amount:
    return Amount(
        door=door, frame=frame, text=f"{value} {unit}", value=Decimal(value), resolution=Decimal(step), unit=unit
    )


def amounts(before: str, other: Amount, after: str, step: str = "1") -> Bracket[Amount]:
    return Bracket(
        fact="energy_import_total",
        before=amount(before, step, frame=11),
        other=other,
        after=amount(after, step, frame=33),
    )


def judged(one: Bracket[Amount], most_w: str = "0", other_old_s: str = "0", main_old_s: str = "0") -> Verdictless:
    return same_energy(one, most_w=Decimal(most_w), other_old_s=Decimal(other_old_s), main_old_s=Decimal(main_old_s))


@pytest.mark.parametrize(
    ("shown", "step"),
    [("1000", "1"), ("999", "1"), ("1001", "1"), ("1000", "1000"), ("0", "1000"), ("1000.4", "0.1")],
)
def test_cut_off_and_rounded_digits_agree(shown: str, step: str) -> None:
    assert judged(amounts("1000", amount(shown, step, "other"), "1000")) is None


@pytest.mark.parametrize(
    ("shown", "step"), [("997", "1"), ("1003", "1"), ("3000", "1000"), ("10000", "10"), ("1", "1")]
)
def test_another_register_is_named_with_both_doors_and_frames(shown: str, step: str) -> None:
    found = judged(amounts("1000", amount(shown, step, "optical", frame=22), "1000"))
    assert isinstance(found, Breach)
    assert "door main (frames 11 and 33)" in found.expected
    assert found.observed == f"{shown} Wh at door optical (frame 22)"


@given(
    true=st.integers(0, 10**9),
    rise=st.integers(0, 10**4),
    part=st.floats(0, 1),
    steps=st.tuples(st.sampled_from((1, 10, 100, 1000)), st.sampled_from((1, 10, 100, 1000))),
    rounding=st.tuples(st.booleans(), st.booleans()),
)
def test_no_alarm_for_a_register_that_moves_in_between(
    true: int, rise: int, part: float, steps: tuple[int, int], rounding: tuple[bool, bool]
) -> None:
    def shown(wh: int, step: int, rounded: bool) -> str:
        return str((wh + (step // 2 if rounded else 0)) // step * step)

    other = amount(shown(true + int(part * rise), steps[1], rounding[1]), str(steps[1]), "other")
    before, after = (shown(wh, steps[0], rounding[0]) for wh in (true, true + rise))
    assert judged(amounts(before, other, after, str(steps[0]))) is None


def test_old_values_are_allowed_as_far_as_energy_can_have_flowed() -> None:
    one = amounts("1000", amount("980", "1", "other"), "1000")
    assert isinstance(judged(one, most_w="3000", other_old_s="10"), Breach)
    assert judged(one, most_w="3000", other_old_s="30") is None
    ahead = amounts("1000", amount("1009", "1", "other"), "1000")
    assert isinstance(judged(ahead, most_w="3000", other_old_s="30"), Breach)
    assert judged(ahead, most_w="3000", main_old_s="10") is None


def test_another_unit_under_the_same_code_is_a_finding() -> None:
    assert isinstance(judged(amounts("1000", amount("1000", "1", "other", unit="W"), "1000")), Breach)


def test_power_is_compared_while_it_stands_still() -> None:
    def power(before: str, other: str, after: str) -> Verdictless:
        return same_power(amounts(before, amount(other, "1", "other"), after))

    assert power("3000", "3020", "3010") is None
    assert isinstance(power("3000", "1000", "3000"), Breach)
    assert isinstance(power("3000", "0", "3000"), Breach)
    assert isinstance(power("3000", "3000", "2000"), Undecided)
    assert power("0", "0", "0") is None


def moments(
    before: datetime,
    local: datetime,
    *,
    resolution_s: int = 1,
    summer: bool | None = None,
    instant: datetime | None = None,
) -> Bracket[Moment]:
    def main(instant: datetime) -> Moment:
        return Moment(door="main", frame=1, text=str(instant), local=instant.replace(tzinfo=None), instant=instant)

    other = Moment(
        door="other", frame=2, text=str(local), local=local, resolution_s=resolution_s, summer=summer, instant=instant
    )
    return Bracket(fact="clock", before=main(before), other=other, after=main(before + timedelta(seconds=5)))


NOON = datetime(2026, 7, 1, 10, 0, 30, tzinfo=UTC)


def at(one: Bracket[Moment], *offsets: Offset, old_s: float = 0.0) -> Verdictless:
    return same_time(one, offsets or (SUMMER,), tolerance_s=2.0, other_old_s=old_s)


def test_local_time_fits_its_offset() -> None:
    assert at(moments(NOON, datetime(2026, 7, 1, 12, 0, 32), summer=True)) is None
    assert isinstance(at(moments(NOON, datetime(2026, 7, 1, 11, 0, 32))), Breach)
    assert isinstance(at(moments(NOON, datetime(2026, 7, 1, 12, 0, 20))), Breach)
    assert at(moments(NOON, datetime(2026, 7, 1, 12, 0, 20)), old_s=10.0) is None


def test_minutes_may_be_cut_off() -> None:
    assert at(moments(NOON, datetime(2026, 7, 1, 12, 0, 0), resolution_s=60)) is None
    assert isinstance(at(moments(NOON, datetime(2026, 7, 1, 11, 58, 0), resolution_s=60)), Breach)


def test_the_flag_of_summer_time_has_to_fit() -> None:
    found = at(moments(NOON, datetime(2026, 7, 1, 12, 0, 32), summer=False))
    assert isinstance(found, Breach)
    assert "summer time" in found.expected


def test_declared_standard_time_and_utc_are_no_alarm() -> None:
    assert at(moments(NOON, datetime(2026, 7, 1, 11, 0, 32)), Offset(ahead=WINTER.ahead, summer=None)) is None
    assert at(moments(NOON, datetime(2026, 7, 1, 10, 0, 32)), Offset(ahead=timedelta(), summer=None)) is None


def test_around_a_change_either_side_fits() -> None:
    change = datetime(2026, 10, 25, 0, 59, 58, tzinfo=UTC)
    for local, summer in ((datetime(2026, 10, 25, 2, 59, 59), True), (datetime(2026, 10, 25, 2, 0, 1), False)):
        assert at(moments(change, local, summer=summer), SUMMER, WINTER) is None
    assert isinstance(at(moments(change, datetime(2026, 10, 25, 2, 0, 1), summer=True), SUMMER, WINTER), Breach)


def test_digits_in_another_order_and_instants() -> None:
    wrong, right = datetime(2001, 7, 26, 12, 0, 32), datetime(2026, 7, 1, 12, 0, 32)
    one = moments(NOON, wrong)
    other = Moment(door="other", frame=2, text="", local=wrong, otherwise=(right,))
    assert isinstance(at(one), Breach)
    assert at(Bracket(fact="clock", before=one.before, other=other, after=one.after)) is None
    assert at(moments(NOON, datetime(2026, 7, 1, 5, 0, 32), instant=NOON)) is None
    assert isinstance(at(moments(NOON, datetime(2026, 7, 1, 12, 0, 32), instant=NOON - timedelta(hours=1))), Breach)


def test_without_known_offsets_nothing_can_be_said() -> None:
    one = moments(NOON, datetime(2026, 7, 1, 12, 0, 32))
    assert isinstance(same_time(one, (), tolerance_s=2.0, other_old_s=0.0), Undecided)


def codes(before: int | str, other: int | str, after: int | str) -> Bracket[Word]:
    def word(value: int | str, door: str) -> Word:
        return Word(door=door, frame=1, text=str(value), value=value)

    return Bracket(
        fact="active_tariff", before=word(before, "main"), other=word(other, "other"), after=word(after, "main")
    )


def test_tariffs_are_compared_by_the_values_of_each_door() -> None:
    assert same_tariff(codes(1, "0001", 1), (1, 2), None) is None
    assert same_tariff(codes("T1", "A", "T1"), ("T1", "T2"), ("A", "B")) is None
    assert isinstance(same_tariff(codes("T1", "B", "T1"), ("T1", "T2"), ("A", "B")), Breach)
    assert isinstance(same_tariff(codes(1, 2, 1), (1, 2), None), Undecided)
    assert isinstance(same_tariff(codes(1, 1, 2), (1, 2), (1, 2)), Undecided)
    assert isinstance(same_tariff(codes(7, 1, 7), (1, 2), (1, 2)), Undecided)


def test_a_change_of_tariff_shows_at_both_doors() -> None:
    before = codes(1, "day", 1)
    assert follows_change(before, codes(2, "night", 2)) is None
    assert isinstance(follows_change(before, codes(2, "day", 2)), Breach)
    assert isinstance(follows_change(before, codes(1, "day", 1)), Undecided)


def test_bits_and_states_are_equal() -> None:
    assert same_word(codes(5, "05", 5)) is None
    assert isinstance(same_word(codes(5, 4, 5)), Breach)
    assert isinstance(same_word(codes(5, 4, 4)), Undecided)
    on, off = (Flag(door="main", frame=1, text=str(value), value=value) for value in (True, False))
    assert same_flag(Bracket(fact="switch", before=on, other=on, after=on)) is None
    assert isinstance(same_flag(Bracket(fact="switch", before=on, other=off, after=on)), Breach)
    assert isinstance(same_flag(Bracket(fact="switch", before=on, other=off, after=off)), Undecided)
