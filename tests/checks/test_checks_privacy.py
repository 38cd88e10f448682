"""What tells a consumption, in logs and in notifications, and keys in what a device sends."""

from collections.abc import Iterator
from typing import Any

import pytest

from harness.checks.invariants import INVARIANTS, judge
from harness.checks.privacy import consumption_columns, is_consumption, no_consumption, no_finer_than


@pytest.mark.parametrize(
    ("class_id", "obis"),
    [
        (3, "1.0.1.8.0.255"),
        (3, "1.0.2.8.2.255"),
        (4, "1.0.1.6.0.255"),
        (5, "1.0.1.4.0.255"),
        (3, "1.1.21.7.0.255"),
        (3, "1.0.31.7.0.255"),
        (3, "1.0.91.7.0.255"),
        (3, "1.0.1.29.0.255"),
        (1, "1.0.1.8.0.255"),
        (3, "7.0.3.0.0.255"),
        (4, "0.1.24.2.1.255"),
        (7, "0.1.24.2.1.255"),
    ],
)
def test_amounts_power_and_currents_are_consumption(class_id: int, obis: str) -> None:
    assert is_consumption(class_id, obis)


@pytest.mark.parametrize(
    ("class_id", "obis"),
    [
        (8, "0.0.1.0.0.255"),
        (1, "0.0.96.11.0.255"),
        (1, "0.0.96.10.1.255"),
        (3, "1.0.32.7.0.255"),
        (3, "1.0.12.7.0.255"),
        (3, "1.0.14.7.0.255"),
        (3, "1.0.1.35.0.255"),
        (3, "1.0.32.32.0.255"),
        (1, "1.0.0.2.0.255"),
        (1, "1.0.96.5.0.255"),
        (1, "0.0.97.98.0.255"),
        (70, "0.0.96.3.10.255"),
        (72, "0.1.24.1.0.255"),
        (3, "1.0.81.7.1.255"),
        (1, "7.0.0.2.0.255"),
    ],
)
def test_times_codes_voltages_and_thresholds_are_not(class_id: int, obis: str) -> None:
    assert not is_consumption(class_id, obis)


def test_columns_with_a_value_count_and_those_about_it_do_not() -> None:
    columns = [(8, "0.0.1.0.0.255", 2), (3, "1.0.1.8.0.255", 3), (4, "1.0.1.6.0.255", 5), (5, "1.0.1.4.0.255", 3)]
    assert consumption_columns(columns) == ((5, "1.0.1.4.0.255", 3),)
    breach = no_consumption("standard_log", columns)
    assert breach is not None
    assert (breach.expected, breach.observed) == ("no consumption in standard_log", "1.0.1.4.0.255 attribute 3")
    assert no_consumption("standard_log", columns[:3]) is None


def test_floor_of_capture_periods() -> None:
    assert no_finer_than(0, 900, "rows") is None
    assert no_finer_than(900, 900, "rows") is None
    breach = no_finer_than(899, 900, "rows")
    assert breach is not None
    assert breach.observed == "every 899 s"


def _records(*lines: tuple[str, str]) -> Iterator[dict[str, Any]]:
    for number, (kind, data) in enumerate(lines, start=1):
        record: dict[str, Any] = {"n": number, "key": "k", "door": "d", "link": 1, "kind": kind, "data": data}
        masked = data.count("**")
        yield record | {"masked": [[data.index("**") // 2, masked]]} if masked else record


def _judged(id_: str, *lines: tuple[str, str]) -> tuple[int | None, int]:
    (invariant,) = (one for one in INVARIANTS if one.id == id_)
    broken, seen = judge(invariant, _records(*lines), door="d", known_answer=lambda name: True)
    return (None if broken is None else broken.frame), seen


NOTIFIES_ENERGY = "c200" + "0003" + "0100010800ff" + "02" + "0600000001"
NOTIFIES_ALARM = "c200" + "0001" + "0000616200ff" + "02" + "0600000001"


def test_event_notification_with_a_register_breaks_the_invariant() -> None:
    assert _judged("DF.5-I01", ("apdu_rx", NOTIFIES_ALARM), ("apdu_rx", NOTIFIES_ENERGY)) == (2, 2)
    assert _judged("DF.5-I01", ("apdu_rx", NOTIFIES_ALARM), ("apdu_tx", NOTIFIES_ENERGY)) == (None, 1)
    assert _judged("DF.5-I01", ("apdu_rx", NOTIFIES_ENERGY[:-2])) == (None, 1)


def test_key_in_what_the_device_sends_breaks_the_invariant() -> None:
    key = "**" * 16
    assert _judged("DF.6-I01", ("apdu_tx", f"60{key}"), ("apdu_rx", "c401c100"), ("apdu_rx", f"c4{key}")) == (3, 2)
    assert _judged("DF.6-I01", ("apdu_rx", "c4" + "**" * 8)) == (None, 1)
