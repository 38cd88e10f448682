"""What management writes of the load profile, what is refused, and what cuts and faults leave in its rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reference_meter.loop import make
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import Pair
from reference_meter.model.model import MeterModel

MANAGEMENT, READING = 1, 2
PROFILE = bytes.fromhex("0100630100FF")
CLOCK = (2, [(18, 8), (9, bytes.fromhex("0000010000FF")), (15, 2), (18, 0)])
IMPORT = (2, [(18, 3), (9, bytes.fromhex("0100010800FF")), (15, 2), (18, 0)])
NOTHING = (2, [(18, 3), (9, bytes.fromhex("010063070AFF")), (15, 2), (18, 0)])
OBJECTS, PERIOD, ENTRIES = 3, 4, 8
CONFIGURATION = MeterConfiguration(history_days=0)


@pytest.fixture
def model() -> MeterModel:
    model = MeterModel(CONFIGURATION)
    model.metering.advance(4 * 900)
    return model


def write(model: MeterModel, attribute: int, data: Pair, client: int = MANAGEMENT) -> int:
    return model.set(client, 7, PROFILE, attribute, None, data)


def events(model: MeterModel) -> list[int]:
    return [row.values[1][1] for row in model.parts.logs.logs["standard"].profile.rows]


def status(model: MeterModel) -> list[int]:
    return [row.values[1][1] for row in model.metering.profile.rows]


def test_other_objects_clear_the_buffer_and_are_captured(model: MeterModel) -> None:
    assert write(model, OBJECTS, (1, [CLOCK, IMPORT])) == 0
    assert len(model.metering.profile.rows) == 0
    model.metering.advance(900)
    assert [len(row.values) for row in model.metering.profile.rows] == [2]
    assert events(model) == [47]


def test_other_period_clears_the_buffer_and_comes_at_its_multiples(model: MeterModel) -> None:
    model.metering.advance(100)
    assert write(model, PERIOD, (6, 300)) == 0
    model.metering.advance(600)
    minutes = [row.captured_at.minute for row in model.metering.profile.rows]
    assert minutes == [5, 10]


def test_same_values_change_nothing(model: MeterModel) -> None:
    rows = tuple(model.metering.profile.rows)
    for attribute in (OBJECTS, PERIOD, ENTRIES):
        assert write(model, attribute, model.get(MANAGEMENT, 7, PROFILE, attribute, None)[:2]) == 0
    assert tuple(model.metering.profile.rows) == rows
    assert events(model) == []


@pytest.mark.parametrize(
    ("attribute", "data", "result"),
    [
        (OBJECTS, (1, [CLOCK, NOTHING]), 250),
        (OBJECTS, (1, []), 250),
        (OBJECTS, (1, [IMPORT]), 250),
        (OBJECTS, (1, [CLOCK] * 17), 250),
        (OBJECTS, (9, b"\x00"), 12),
        (PERIOD, (6, 59), 250),
        (PERIOD, (6, 7), 250),
        (PERIOD, (18, 60), 12),
        (ENTRIES, (6, 0), 250),
        (ENTRIES, (6, 10_001), 250),
        (ENTRIES, (18, 10), 12),
    ],
)
def test_refused_changes_leave_no_trace(model: MeterModel, attribute: int, data: Pair, result: int) -> None:
    profile = model.metering.profile
    before = (tuple(profile.rows), profile.columns, profile.period_s, profile.entries)
    assert write(model, attribute, data) == result
    assert write(model, attribute, data, client=READING) == 3
    assert (tuple(profile.rows), profile.columns, profile.period_s, profile.entries) == before
    assert events(model) == []


def test_depth_beyond_the_largest_is_clipped_where_configured() -> None:
    settings = ProfileSettings(most_entries=50, clips_entries=True, entries=10)
    model = MeterModel(replace(CONFIGURATION, profile=settings))
    assert write(model, ENTRIES, (6, 51)) == 0
    assert model.get(MANAGEMENT, 7, PROFILE, ENTRIES, None) == (6, 50)
    assert write(model, ENTRIES, (6, 0)) == 250


def test_clearing_is_logged_and_period_zero_captures_on_demand_only(model: MeterModel) -> None:
    assert model.action(MANAGEMENT, 7, PROFILE, 1, (15, 0)) == (0, None)
    assert events(model) == [254]
    assert write(model, PERIOD, (6, 0)) == 0
    model.metering.advance(86_400)
    assert len(model.metering.profile.rows) == 0
    assert model.action(MANAGEMENT, 7, PROFILE, 2, (15, 0)) == (0, None)
    assert len(model.metering.profile.rows) == 1


def test_dark_periods_have_no_rows_and_the_next_one_is_marked(model: MeterModel) -> None:
    model.metering.advance(300)
    model.parts.cut_power()
    model.metering.advance(3 * 900)
    model.parts.restore_power()
    model.metering.advance(2 * 900)
    times = [row.captured_at for row in model.metering.profile.rows]
    assert times[-2] - times[-3] == timedelta(seconds=4 * 900)
    assert status(model)[-3:] == [0, 0x80, 0]


def test_fault_shows_while_it_is_there() -> None:
    meter = make({})
    for present in (True, False):
        assert meter.control({"op": "fault", "set": present}) == {"ok": True}
        meter.control({"op": "advance", "seconds": 900})
        assert status(meter.model)[-1] == int(present)
    assert meter.control({"op": "fault", "set": 1})["ok"] is False


def test_compact_rows() -> None:
    model = MeterModel(replace(CONFIGURATION, profile=ProfileSettings(compact=True)))
    tag, value = model.get(READING, 7, PROFILE, 2, None)
    assert tag == 1
    assert value.count == 0
    model.metering.advance(900)
    tag, value = model.get(READING, 7, PROFILE, 2, None)
    assert tag == 19
    assert [cell[0] for cell in value[0][1]] == [9, 17, 6, 6]
