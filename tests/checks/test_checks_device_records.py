from datetime import UTC, datetime

import pytest

from harness.checks.device_records import (
    Booked,
    booked_as_due,
    booked_in_order,
    each_listed_once,
    times_right,
    whole_records,
)
from harness.checks.judged import Breach, Undecided

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def of(*devices: str | None, at: datetime | None = AT) -> list[Booked]:
    return [Booked(device=device, at=at, text="11") for device in devices]


def test_every_device_once_on_the_list() -> None:
    assert each_listed_once({"a": 1, "b": 1}) is None
    found = each_listed_once({"a": 1, "b": 0, "c": 2})
    assert isinstance(found, Breach)
    assert found.observed == "b 0 times, c 2 times"


@pytest.mark.parametrize(
    ("found", "due", "more", "good"),
    [
        (of("a"), {"a": 1, "b": 0}, 0, True),
        (of("a", "b", "a"), {"a": 2, "b": 1}, 0, True),
        (of(), {"a": 0, "b": 0}, 0, True),
        (of("a", "a"), {"a": 1, "b": 0}, 1, True),
        (of("a", "a"), {"a": 1, "b": 0}, 0, False),
        (of("a", "a", "a"), {"a": 1, "b": 0}, 1, False),
        (of(), {"a": 1, "b": 0}, 1, False),
        (of("b"), {"a": 1, "b": 0}, 0, False),
        (of("a", "b"), {"a": 1, "b": 0}, 1, False),
        (of("a", None), {"a": 1, "b": 0}, 0, False),
        (of(None), {"a": 0, "b": 0}, 0, False),
    ],
)
def test_records_stand_under_the_right_names(found: list[Booked], due: dict[str, int], more: int, good: bool) -> None:
    assert (booked_as_due("reading", found, due, more=more) is None) is good


def test_order_is_that_of_what_happened() -> None:
    assert booked_in_order("reading", of("a", "b", "a"), ["a", "b", "a"]) is None
    assert isinstance(booked_in_order("reading", of("b", "a", "a"), ["a", "b", "a"]), Breach)


@pytest.mark.parametrize(
    ("shift_s", "good"), [(0, True), (2, True), (-2, True), (3, False), (-3, False), (3600, False)]
)
def test_time_is_that_of_detection(shift_s: float, good: bool) -> None:
    at = datetime.fromtimestamp(AT.timestamp() + shift_s, UTC)
    found = times_right("silence", of("a", at=at), earliest=AT, latest=AT, tolerance_s=2.0)
    assert (found is None) is good


def test_time_that_is_not_full_decides_nothing() -> None:
    found = times_right("silence", of("a", at=None), earliest=AT, latest=AT, tolerance_s=2.0)
    assert isinstance(found, Undecided)


def test_half_records_lack_what_others_have() -> None:
    whole = (AT, b"time", 20, b"flat 1")
    assert whole_records("log", [whole], [whole]) is None
    assert whole_records("log", [], [whole]) is None
    for half in ((None, b"time", 20, b"flat 1"), (AT, b"time", 20, b""), (AT, b"time", None, b"flat 1")):
        judged = whole_records("log", [whole, half], [whole])
        assert isinstance(judged, Breach)
        assert judged.expected == "whole records in log"
        assert whole_records("log", [half], [half]) is None
