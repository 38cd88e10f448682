"""Tariff checks: what is shown, which register runs, and the sum of all."""

from decimal import Decimal

from harness.checks.judged import Breach, Undecided
from harness.checks.tariff import only_one_grows, shows, sum_moves_with_total
from harness.protocol.axdr import Data, DataType

ONE = [Decimal(1), Decimal(1)]
FLOWED = Decimal(250)


def test_a_tariff_may_be_shown_as_number_or_text() -> None:
    assert shows(Data(DataType.UNSIGNED, 2), 2) is None
    assert shows(Data(DataType.OCTET_STRING, b"0002"), "0002") is None
    assert isinstance(shows(Data(DataType.UNSIGNED, 1), 2), Breach)
    assert isinstance(shows(Data(DataType.OCTET_STRING, b"0001"), "0002"), Breach)


def test_only_the_register_in_force_may_run() -> None:
    assert only_one_grows([Decimal(250), Decimal(0)], 0, ONE, total=FLOWED) is None
    assert isinstance(only_one_grows([Decimal(250), Decimal(1)], 0, ONE, total=FLOWED), Breach)
    assert isinstance(only_one_grows([Decimal(0), Decimal(250)], 0, ONE, total=FLOWED), Breach)
    assert isinstance(only_one_grows([Decimal(0), Decimal(0)], 0, ONE, total=FLOWED), Breach)
    assert isinstance(only_one_grows([Decimal(-1), Decimal(0)], 0, ONE, total=FLOWED), Breach)


def test_too_little_energy_tells_nothing() -> None:
    assert isinstance(only_one_grows([Decimal(1), Decimal(0)], 0, ONE, total=Decimal(1)), Undecided)
    coarse = [Decimal(1000), Decimal(1000)]
    assert isinstance(only_one_grows([Decimal(0), Decimal(0)], 0, coarse, total=FLOWED), Undecided)


def test_the_sum_moves_with_the_total_but_for_resolutions() -> None:
    three = [Decimal(1)] * 3
    assert sum_moves_with_total([Decimal(250), Decimal(0)], Decimal(253), three) is None
    assert isinstance(sum_moves_with_total([Decimal(250), Decimal(0)], Decimal(254), three), Breach)


def test_registers_that_are_read_one_after_the_other_may_differ_by_what_flows_in_between() -> None:
    three = [Decimal("0.1")] * 3
    moved = [Decimal(250), Decimal(0)]
    assert isinstance(sum_moves_with_total(moved, Decimal(251), three), Breach)
    assert sum_moves_with_total(moved, Decimal(251), three, apart_wh=Decimal("0.8")) is None
