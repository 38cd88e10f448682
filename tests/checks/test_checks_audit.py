"""Checks of the audit trail: one entry at its time, none, counters and dates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.audit import Noted, counted_with, dated_as, names_change, no_entry, one_entry, recorded
from harness.protocol.axdr import Data, DataType

_BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SPAN = (_BEGAN, _BEGAN + timedelta(seconds=4))


def _entry(code: int = 47, after_s: float = 1) -> Noted:
    return Noted(code=code, time=_BEGAN + timedelta(seconds=after_s))


@pytest.mark.parametrize("after_s", [-2, 0, 4, 6])
def test_one_entry_within_the_tolerance_conforms(after_s: float) -> None:
    entries = [_entry(code=9), _entry(after_s=after_s)]
    assert one_entry("a change", entries, codes={47}, span=_SPAN, tolerance_s=2) is None


@pytest.mark.parametrize("after_s", [-2.5, 6.5, 3600])
def test_an_entry_at_another_time_does_not(after_s: float) -> None:
    assert one_entry("a change", [_entry(after_s=after_s)], codes={47}, span=_SPAN, tolerance_s=2) is not None


@pytest.mark.parametrize("number", [0, 2])
def test_no_entry_and_two_entries_do_not(number: int) -> None:
    assert one_entry("a change", [_entry()] * number, codes={47}, span=_SPAN, tolerance_s=2) is not None


@pytest.mark.parametrize(("after_s", "is_right"), [(-58, True), (-61, True), (-63, False), (6, True), (7, False)])
def test_an_entry_without_seconds_is_of_its_minute(after_s: float, is_right: bool) -> None:
    entry = replace(_entry(after_s=after_s), open_s=59.99)
    assert (one_entry("a change", [entry], codes={47}, span=_SPAN, tolerance_s=2) is None) is is_right


def test_an_entry_without_a_full_time_does_not() -> None:
    entry = Noted(code=47, time=None)
    assert one_entry("a change", [entry], codes={47}, span=_SPAN, tolerance_s=2) is not None


def test_entries_of_other_codes_are_no_entries_of_a_change() -> None:
    assert no_entry("a refusal", [_entry(code=9)], codes={47}) is None
    assert no_entry("a refusal", [_entry()], codes={47}) is not None


def test_a_counter_goes_on_by_what_is_allowed() -> None:
    assert counted_with("a change", 4, 5, allowed={1}) is None
    assert counted_with("a change", None, 5, allowed={1}) is None
    assert counted_with("a change", 4, 6, allowed={1}) is not None


def test_a_date_is_that_of_the_change() -> None:
    assert dated_as("a change", _BEGAN, span=_SPAN, tolerance_s=2, shown="") is None
    for date in (None, _BEGAN - timedelta(days=1)):
        assert dated_as("a change", date, span=_SPAN, tolerance_s=2, shown="earlier") is not None


NAME = (7, bytes((1, 0, 99, 1, 0, 255)), 4)


def _changed(value: int, *, attribute: int = 4) -> Data:
    cells = (
        Data(DataType.LONG_UNSIGNED, NAME[0]),
        Data(DataType.OCTET_STRING, NAME[1]),
        Data(DataType.INTEGER, attribute),
        Data(DataType.DOUBLE_LONG_UNSIGNED, value),
    )
    return Data(DataType.STRUCTURE, cells)


def test_a_changed_parameter_is_its_name_and_its_new_value() -> None:
    new = Data(DataType.DOUBLE_LONG_UNSIGNED, 1800)
    assert names_change("the monitor", _changed(1800), NAME, new) is None
    assert names_change("the monitor", _changed(1800), NAME, None) is None


@pytest.mark.parametrize("shown", [_changed(900), _changed(1800, attribute=5), Data(DataType.NULL_DATA, None), 7])
def test_another_value_or_name_or_none_is_no_changed_parameter(shown: object) -> None:
    assert names_change("the monitor", shown, NAME, Data(DataType.DOUBLE_LONG_UNSIGNED, 1800)) is not None


@pytest.mark.parametrize(
    ("entries", "is_right"),
    [
        ([], False),
        ([_entry(code=9)], False),
        ([_entry()], True),
        ([_entry(), _entry(code=9), _entry(after_s=3)], True),
        ([_entry()] * 3, False),
        ([_entry(), _entry(after_s=60)], False),
    ],
)
def test_one_act_that_changes_two_parameters_leaves_one_or_two_entries(entries: list[Noted], is_right: bool) -> None:
    found = recorded("an update", entries, codes={47}, at_most=2, span=_SPAN, tolerance_s=2)
    assert (found is None) is is_right
