from datetime import UTC, datetime

import pytest

from harness.checks.judged import Breach, Undecided
from harness.checks.passed_on import passed_on
from harness.protocol.axdr import Data, DataType
from harness.protocol.date_time import DateTime


def number(value: int) -> Data:
    return Data(DataType.DOUBLE_LONG_UNSIGNED, value)


def time(second: int) -> Data:
    at = DateTime.from_utc(datetime(2026, 3, 2, 12, 0, second, tzinfo=UTC), 0)
    return Data(DataType.OCTET_STRING, at.to_octets())


def text(value: bytes) -> Data:
    return Data(DataType.OCTET_STRING, value)


@pytest.mark.parametrize(
    ("before", "through", "after"),
    [
        (number(5), number(5), number(5)),
        (number(5), number(6), number(7)),
        (number(7), number(6), number(5)),
        (time(1), time(2), time(3)),
        (time(1), time(5), time(3)),
        (text(b"one"), text(b"one"), text(b"other")),
    ],
)
def test_what_lies_between_direct_readings_was_passed_on(before: Data, through: Data, after: Data) -> None:
    assert passed_on("it", before, through, after, tolerance_s=2) is None


@pytest.mark.parametrize(
    ("before", "through", "after"),
    [
        (number(5), number(4), number(7)),
        (number(5), number(50), number(7)),
        (number(5), text(b"five"), number(5)),
        (time(10), time(1), time(20)),
        (text(b"one"), text(b"two"), text(b"one")),
    ],
)
def test_anything_else_was_not(before: Data, through: Data, after: Data) -> None:
    assert isinstance(passed_on("it", before, through, after, tolerance_s=2), Breach)


def test_what_has_no_order_and_changes_cannot_be_judged() -> None:
    assert isinstance(passed_on("it", text(b"one"), text(b"two"), text(b"three"), tolerance_s=2), Undecided)
