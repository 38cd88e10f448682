"""Checks of values, energies, clocks and times at their limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks.clock import clock_agrees, moved_on, runs_between, says_valid, status_agrees
from harness.checks.demand import capture_time_within, peak_interval, same_capture_time
from harness.checks.energy import (
    EnergyExpectation,
    between,
    follows_load,
    shows_power,
    snapshots_are_consistent,
    stands_still,
)
from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.timing import answered_in_time
from harness.checks.unchanged import unchanged
from harness.checks.value import ScalerUnit, number_of, numeric, scaler_unit, unit_belongs
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import DateTime

NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
D = Decimal


def kind(judged: Verdictless) -> str:
    return {Breach: "breach", Undecided: "undecided", type(None): "pass"}[type(judged)]


def at(seconds: float, *, deviation_min: int = 0) -> DateTime:
    return DateTime.from_utc(NOON + timedelta(seconds=seconds), deviation_min)


def unspecified() -> DateTime:
    return DateTime(year=None, month=None, day=None, hour=12, minute=0, second=0)


@pytest.mark.parametrize(
    ("off_s", "uncertainty_s", "expected"),
    [
        (0, 0, "pass"),
        (10, 0, "pass"),
        (11, 0, "breach"),
        (-10, 0, "pass"),
        (-11, 0, "breach"),
        (9, 1, "pass"),
        (10, 1, "undecided"),
        (11, 1, "undecided"),
        (12, 1, "breach"),
        (-12, 1, "breach"),
    ],
)
@pytest.mark.parametrize("deviation_min", [0, -60, 120])
def test_clock_against_due_time(off_s: int, uncertainty_s: int, expected: str, deviation_min: int) -> None:
    shown = at(off_s, deviation_min=deviation_min)
    assert kind(clock_agrees(shown, NOON, tolerance_s=10, uncertainty_s=uncertainty_s, limit_s=10)) == expected


def test_clock_without_deviation_from_utc_cannot_be_compared() -> None:
    shown = DateTime(year=2026, month=3, day=2, hour=12, minute=0, second=0)
    assert kind(clock_agrees(shown, NOON, tolerance_s=1e9, uncertainty_s=0, limit_s=1e9)) == "undecided"


@pytest.mark.parametrize(
    ("moved_s", "expected"),
    [(100, "pass"), (105, "pass"), (95, "pass"), (106, "breach"), (94, "breach"), (0, "breach")],
)
def test_clock_moves_as_time_does(moved_s: int, expected: str) -> None:
    assert kind(moved_on(at(0), at(moved_s), 100.0, tolerance_s=5)) == expected
    assert kind(moved_on(unspecified(), at(moved_s), 100.0, tolerance_s=5)) == "undecided"


@pytest.mark.parametrize(
    ("in_time", "attribute", "expected"),
    [
        (0, 0, "pass"),
        (1, 1, "pass"),
        (1, 0, "breach"),
        (0, 1, "breach"),
        (0x80, 0, "pass"),
        (0xFF, 0, "pass"),
        (0xFF, 1, "pass"),
    ],
)
def test_status_of_time_and_attribute(in_time: int, attribute: int, expected: str) -> None:
    assert kind(status_agrees(DateTime.from_utc(NOON, 0, in_time), attribute)) == expected


@pytest.mark.parametrize(
    ("captured_s", "expected"),
    [(-3, "breach"), (-2, "pass"), (0, "pass"), (900, "pass"), (902, "pass"), (903, "breach")],
)
def test_capture_time_of_a_maximum(captured_s: int, expected: str) -> None:
    assert kind(capture_time_within(at(captured_s), at(0), at(900), tolerance_s=2)) == expected


def test_capture_time_that_cannot_be_compared_is_undecided() -> None:
    local = DateTime(year=2026, month=3, day=2, hour=12, minute=5, second=0)
    assert kind(capture_time_within(unspecified(), at(0), at(900), tolerance_s=2)) == "undecided"
    assert kind(capture_time_within(local, at(0), at(900), tolerance_s=2)) == "undecided"


def test_a_set_keeps_the_time_of_its_maximum() -> None:
    assert kind(same_capture_time(at(0), at(0))) == "pass"
    assert kind(same_capture_time(at(0, deviation_min=-60), at(0, deviation_min=-120))) == "pass"
    assert kind(same_capture_time(unspecified(), unspecified())) == "pass"
    assert kind(same_capture_time(at(1), at(0))) == "breach"
    assert kind(same_capture_time(unspecified(), at(0))) == "undecided"


def expectation(**changes: Decimal) -> EnergyExpectation:
    given = {
        "power_w": D(3600),
        "seconds": D(1000),
        "time_uncertainty_s": D(1),
        "power_uncertainty_percent": D(1),
        "accuracy_percent": D(1),
        "resolution_wh": D(1),
    }
    return EnergyExpectation(**{**given, **changes})


def test_energy_and_its_uncertainty() -> None:
    assert expectation().energy_wh == 1000
    assert expectation().uncertainty_wh == 20 + 1 + 1


@pytest.mark.parametrize(
    ("observed_wh", "expected"),
    [(1000, "pass"), (1022, "pass"), (978, "pass"), (1023, "breach"), (977, "breach"), (0, "breach")],
)
def test_energy_follows_load(observed_wh: int, expected: str) -> None:
    assert kind(follows_load(D(observed_wh), expectation())) == expected


def test_energy_too_small_to_judge_by_is_undecided_also_for_a_dead_register() -> None:
    small = expectation(seconds=D(1))
    assert kind(follows_load(D(0), small)) == kind(follows_load(D(1), small)) == "undecided"
    assert kind(follows_load(D(0), expectation(power_w=D(0)))) == "undecided"


@given(
    power=st.integers(100, 20_000), seconds=st.integers(60, 86_400), bend=st.sampled_from([D("0"), D("0.5"), D("2")])
)
def test_register_that_is_off_by_a_factor_never_passes(power: int, seconds: int, bend: Decimal) -> None:
    exact = expectation(power_w=D(power), seconds=D(seconds))
    assert kind(follows_load(exact.energy_wh, exact)) in ("pass", "undecided")
    assert kind(follows_load(exact.energy_wh * bend, exact)) in ("breach", "undecided")


@pytest.mark.parametrize(
    ("after_wh", "expected"), [("100", "pass"), ("110", "pass"), ("110.1", "breach"), ("99.9", "breach")]
)
def test_register_without_load(after_wh: str, expected: str) -> None:
    assert kind(stands_still(D(100), D(after_wh), D(10))) == expected


@pytest.mark.parametrize(
    ("observed_w", "power_w", "uncertainty_w", "expected"),
    [
        ("3000", 3000, 31, "pass"),
        ("3031", 3000, 31, "pass"),
        ("3031.1", 3000, 31, "breach"),
        ("0", 3000, 31, "breach"),
        ("-3000", 3000, 31, "breach"),
        ("0", 0, 31, "pass"),
        ("31", 0, 31, "pass"),
        ("32", 0, 31, "breach"),
        ("10", 10, 6, "undecided"),
        ("0", 10, 6, "undecided"),
    ],
)
def test_power_shown_is_the_one_that_flows(observed_w: str, power_w: int, uncertainty_w: int, expected: str) -> None:
    assert kind(shows_power(D(observed_w), D(power_w), D(uncertainty_w))) == expected


@pytest.mark.parametrize(("value", "expected"), [(5, "pass"), (7, "pass"), (9, "pass"), (4, "breach"), (10, "breach")])
def test_value_between_two_readings(value: int, expected: str) -> None:
    assert kind(between("register", D(5), D(value), D(9))) == expected


@pytest.mark.parametrize(
    ("last_total", "load_varied", "expected"),
    [
        (350, True, "pass"),
        (353, True, "pass"),
        (354, True, "breach"),
        (346, True, "breach"),
        (350, False, "pass"),
        (354, False, "breach"),
    ],
)
def test_total_moves_with_its_tariffs(last_total: int, load_varied: bool, expected: str) -> None:
    lists = [(D(300), D(100), D(200)), (D(320), D(100), D(220)), (D(last_total), D(120), D(230))]
    assert kind(snapshots_are_consistent(lists, D(3), load_varied=load_varied)) == expected


@pytest.mark.parametrize(("load_varied", "expected"), [(True, "pass"), (False, "undecided")])
def test_total_with_a_history_of_its_own(load_varied: bool, expected: str) -> None:
    lists = [(D(1300), D(100), D(200)), (D(1350), D(120), D(230))]
    assert kind(snapshots_are_consistent(lists, D(3), load_varied=load_varied)) == expected


@pytest.mark.parametrize(
    ("code", "unit", "fits"),
    [
        ("1.0.1.8.0.255", 30, True),
        ("1.0.1.8.0.255", 27, False),
        ("1.0.1.8.0.255", 32, False),
        ("1.0.3.8.1.255", 32, True),
        ("1.0.9.8.0.255", 31, True),
        ("1.0.1.7.0.255", 27, True),
        ("1.0.21.7.0.255", 27, True),
        ("1.0.1.6.0.255", 30, False),
        ("1.0.32.7.0.255", 35, True),
        ("7.0.3.0.0.255", 13, True),
    ],
)
def test_unit_of_a_quantity(code: str, unit: int, fits: bool) -> None:
    assert (unit_belongs(unit, code) is None) is fits


@pytest.mark.parametrize(
    ("taken_s", "expected"), [(0, "pass"), (10, "pass"), (-1, "pass"), (11, "pass"), (-2, "breach"), (12, "breach")]
)
def test_time_taken_between_two_readings(taken_s: int, expected: str) -> None:
    assert kind(runs_between(at(0), at(taken_s), at(10))) == expected


@pytest.mark.parametrize(
    ("in_time", "attribute", "expected"),
    [(0, 0, "pass"), (0x80, 0x80, "pass"), (0xFF, 0, "pass"), (1, 0, "breach"), (0, 1, "breach"), (0xFF, 1, "breach")],
)
def test_right_clock_calls_itself_valid(in_time: int, attribute: int, expected: str) -> None:
    assert kind(says_valid(DateTime.from_utc(NOON, 0, in_time), attribute)) == expected


@pytest.mark.parametrize(
    ("off_s", "expected"), [(1, "pass"), (2, "pass"), (3, "undecided"), (60, "undecided"), (61, "breach")]
)
def test_clock_that_nobody_has_set(off_s: int, expected: str) -> None:
    judged = clock_agrees(at(off_s), NOON, tolerance_s=2, uncertainty_s=0, limit_s=60)
    assert kind(judged) == expected


@pytest.mark.parametrize(
    ("took_s", "expected"), [(0.0, "pass"), (1.0, "pass"), (1.05, "undecided"), (1.1, "undecided"), (1.2, "breach")]
)
def test_response_time(took_s: float, expected: str) -> None:
    assert kind(answered_in_time("it", took_s, limit_s=1.0, uncertainty_s=0.1)) == expected


def test_unchanged_names_what_has_changed() -> None:
    assert unchanged({"a": 1, "b": b"\x01"}, {"a": 1, "b": b"\x01", "c": 2}) is None
    breach = unchanged({"a": 1, "b": b"\x01"}, {"a": 1, "b": b"\x02"})
    assert breach == Breach(expected="b unchanged: 01", observed="02")


NUMBERS = [
    (DataType.DOUBLE_LONG, -5),
    (DataType.DOUBLE_LONG_UNSIGNED, 5),
    (DataType.INTEGER, -1),
    (DataType.LONG, -300),
    (DataType.UNSIGNED, 1),
    (DataType.LONG_UNSIGNED, 300),
    (DataType.LONG64, -1),
    (DataType.LONG64_UNSIGNED, 1 << 63),
    (DataType.FLOAT32, 0.5),
    (DataType.FLOAT64, 0.25),
]


@pytest.mark.parametrize(("data_type", "value"), NUMBERS)
def test_numbers_are_numeric(data_type: DataType, value: float) -> None:
    data = Data(data_type, value)
    assert numeric(data) is None
    assert number_of(data) == Decimal(str(value))


@pytest.mark.parametrize(
    "data",
    [
        Data(DataType.NULL_DATA, None),
        Data(DataType.OCTET_STRING, b"\x01"),
        Data(DataType.BOOLEAN, value=True),
        Data(DataType.ENUM, 5),
        Data(DataType.STRUCTURE, ()),
    ],
    ids=lambda data: str(data.type.name),
)
def test_other_types_are_not(data: Data) -> None:
    breach = numeric(data)
    assert isinstance(breach, Breach)
    assert data.type.name.lower() in breach.observed
    with pytest.raises(ValueError, match="not numeric"):
        number_of(data)


def structure(*cells: Data) -> Data:
    return Data(DataType.STRUCTURE, cells)


def test_scaler_unit_applies_exactly() -> None:
    found = scaler_unit(structure(Data(DataType.INTEGER, -3), Data(DataType.ENUM, 30)))
    assert found == ScalerUnit(scaler=-3, unit=30)
    assert isinstance(found, ScalerUnit)
    assert found.applied(Data(DataType.DOUBLE_LONG_UNSIGNED, 1234567)) == D("1234.567")
    assert (found.resolution, found.unit_name, found.is_known) == (D("0.001"), "Wh", True)
    assert not ScalerUnit(scaler=0, unit=200).is_known


@pytest.mark.parametrize(
    "data",
    [
        structure(),
        structure(Data(DataType.INTEGER, 0)),
        structure(Data(DataType.UNSIGNED, 0), Data(DataType.ENUM, 30)),
        structure(Data(DataType.INTEGER, 0), Data(DataType.UNSIGNED, 30)),
        structure(Data(DataType.INTEGER, 0), Data(DataType.ENUM, 30), Data(DataType.ENUM, 30)),
        Data(DataType.ARRAY, (Data(DataType.INTEGER, 0), Data(DataType.ENUM, 30))),
        Data(DataType.NULL_DATA, None),
    ],
    ids=range(7),
)
def test_anything_else_is_no_scaler_unit(data: Data) -> None:
    assert isinstance(scaler_unit(data), Breach)


@pytest.mark.parametrize(
    ("told", "captured_s", "expected"),
    [
        ("end", 899, "breach"),
        ("end", 900, "pass"),
        ("end", 1800, "pass"),
        ("start", 0, "pass"),
        ("start", 901, "breach"),
    ],
)
def test_a_peak_lies_where_a_whole_period_of_the_load_can(
    told: Literal["end", "start"], captured_s: float, expected: str
) -> None:
    began, ended = peak_interval(at(0), at(1800), period_s=900, told=told)
    assert kind(capture_time_within(at(captured_s), began, ended, tolerance_s=0)) == expected
