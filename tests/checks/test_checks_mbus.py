from datetime import date
from decimal import Decimal

from harness.checks.judged import Breach
from harness.checks.mbus import error_is_told, registers_kept, set_is_stored

BEFORE = {0: Decimal(1000), 1: Decimal(400), 2: Decimal(600)}
DAY = date(2026, 4, 1)


def test_registers_may_rise_by_what_has_flowed_and_never_fall() -> None:
    assert registers_kept(BEFORE, BEFORE, Decimal(5), "a reset") is None
    assert registers_kept(BEFORE, {**BEFORE, 0: Decimal(1005)}, Decimal(5), "a reset") is None
    for after in ({**BEFORE, 0: Decimal(999)}, {**BEFORE, 1: Decimal(406)}, {0: Decimal(1000)}):
        assert isinstance(registers_kept(BEFORE, after, Decimal(5), "a reset"), Breach)


def test_errors_are_told_in_a_declared_way_with_a_known_code() -> None:
    assert error_is_told("", "telegram", 1, (1,), ("telegram", "status")) is None
    assert error_is_told("", "status", None, (1,), ("telegram", "status")) is None
    assert isinstance(error_is_told("", "telegram", 2, (1,), ("telegram",)), Breach)
    assert isinstance(error_is_told("", "status", None, (1,), ("telegram",)), Breach)
    assert isinstance(error_is_told("", "nothing", None, (1,), ("telegram", "status")), Breach)


def test_a_set_of_the_day_lies_between_two_readings() -> None:
    low, high = Decimal(10), Decimal(12)
    assert set_is_stored([(date(2026, 5, 1), Decimal(3)), (DAY, Decimal(11))], DAY, low, high) is None
    for stored in ([], [(DAY, Decimal(13))], [(date(2026, 4, 2), Decimal(11))]):
        assert isinstance(set_is_stored(stored, DAY, low, high), Breach)
