from datetime import UTC, datetime, timedelta

import pytest

from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import Pair
from reference_meter.model.date_time import LocalTime, date_time_to_octets
from reference_meter.model.model import MeterModel
from reference_meter.server.model_port import (
    AccessRefused,
    ColumnDescriptor,
    EntrySelection,
    RangeSelection,
    RowStream,
    Selection,
    UnknownSelector,
)

READING, MANAGEMENT = 2, 1
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
PROFILE = bytes.fromhex("0100630100FF")
CLOCK = ColumnDescriptor(class_id=8, obis=bytes.fromhex("0000010000FF"), attribute=2, data_index=0)
STATUS = ColumnDescriptor(class_id=1, obis=bytes.fromhex("0000600A01FF"), attribute=2, data_index=0)
IMPORT = ColumnDescriptor(class_id=3, obis=bytes.fromhex("0100010800FF"), attribute=2, data_index=0)
EXPORT = ColumnDescriptor(class_id=3, obis=bytes.fromhex("0100020800FF"), attribute=2, data_index=0)


@pytest.fixture
def model() -> MeterModel:
    """Ten rows, 10:15 to 12:30 UTC."""
    model = MeterModel(MeterConfiguration(history_days=0))
    model.metering.advance(10 * 900)
    return model


def read(model: MeterModel, selection: Selection | None) -> list[list[Pair]]:
    tag, stream = model.get(READING, 7, PROFILE, 2, selection)
    assert tag == 1
    assert isinstance(stream, RowStream)
    rows = list(stream.rows)
    assert len(rows) == stream.count
    assert all(row[0] == 2 for row in rows)
    return [row[1] for row in rows]


def stamp(minutes: float, rules: LocalTime | None = None) -> Pair:
    return (9, date_time_to_octets(START + timedelta(minutes=minutes), rules or LocalTime()))


def between(first_min: float, last_min: float, *columns: ColumnDescriptor) -> RangeSelection:
    return RangeSelection(restricting=CLOCK, from_value=stamp(first_min), to_value=stamp(last_min), columns=columns)


def entries(first: int, last: int, first_column: int = 1, last_column: int = 0) -> EntrySelection:
    return EntrySelection(from_entry=first, to_entry=last, from_column=first_column, to_column=last_column)


def import_of(rows: list[list[Pair]]) -> list[int]:
    return [row[2][1] for row in rows]


def test_whole_buffer_in_order(model: MeterModel) -> None:
    rows = read(model, None)
    assert import_of(rows) == [2_000_000 + 125 * n for n in range(1, 11)]
    assert rows[0] == [stamp(15), (17, 0), (6, 2_000_125), (6, 200_000)]


def test_row_that_takes_time_to_be_stored() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, profile=ProfileSettings(storing_s=3)))
    model.metering.advance(2 * 900)
    assert len(read(model, None)) == 1
    assert model.get(READING, 7, PROFILE, 7, None) == (6, 1)
    model.metering.advance(3)
    assert read(model, None)[1][0] == stamp(30)
    assert model.get(READING, 7, PROFILE, 7, None) == (6, 2)


def test_newest_row_first_with_every_selection() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, profile=ProfileSettings(newest_first=True)))
    model.metering.advance(10 * 900)
    due = [2_000_000 + 125 * n for n in range(10, 0, -1)]
    assert model.get(READING, 7, PROFILE, 5, None) == (22, 2)
    assert import_of(read(model, None)) == due
    assert import_of(read(model, between(15, 60))) == due[-4:]
    assert import_of(read(model, entries(1, 3))) == due[:3]


@pytest.mark.parametrize(
    ("first_min", "last_min", "numbers"),
    [
        (15, 150, range(1, 11)),
        (30, 60, range(2, 5)),
        (30, 30, range(2, 3)),
        (30.01, 60, range(3, 5)),
        (30, 59.99, range(2, 4)),
        (-500, 15, range(1, 2)),
        (150, 5000, range(10, 11)),
        (151, 5000, range(0)),
        (-500, 14, range(0)),
        (60, 30, range(0)),
        (30 + 1 / 60, 30, range(0)),
    ],
)
def test_range_includes_both_bounds(model: MeterModel, first_min: float, last_min: float, numbers: range) -> None:
    assert import_of(read(model, between(first_min, last_min))) == [2_000_000 + 125 * n for n in numbers]


def test_range_gives_the_columns_asked_for_in_their_order(model: MeterModel) -> None:
    rows = read(model, between(15, 30, EXPORT, CLOCK))
    assert rows == [[(6, 200_000), stamp(15)], [(6, 200_000), stamp(30)]]


def test_range_in_utc_and_in_open_deviation_names_the_same_rows(model: MeterModel) -> None:
    utc = LocalTime(zone_deviation_min=0, dst_enabled=False)
    for first, last in (
        (stamp(30, utc), stamp(45, utc)),
        ((9, bytes.fromhex("07EA0302FF0B1E00FF8000FF")), (25, bytes.fromhex("07EA0302FF0B2D00FF8000FF"))),
    ):
        selection = RangeSelection(restricting=CLOCK, from_value=first, to_value=last, columns=())
        assert import_of(read(model, selection)) == [2_000_250, 2_000_375]


@pytest.mark.parametrize(
    ("selection", "result"),
    [
        (RangeSelection(restricting=IMPORT, from_value=(6, 0), to_value=(6, 9), columns=()), 250),
        (RangeSelection(restricting=CLOCK, from_value=(6, 0), to_value=(6, 9), columns=()), 12),
        (RangeSelection(restricting=CLOCK, from_value=(9, b"\x07"), to_value=(9, b""), columns=()), 12),
        (RangeSelection(restricting=CLOCK, from_value=(9, bytes(12)), to_value=stamp(5), columns=()), 250),
        (between(15, 30, ColumnDescriptor(class_id=3, obis=IMPORT.obis, attribute=3, data_index=0)), 250),
        (UnknownSelector(selector=9), 250),
        (entries(0, 5), 250),
        (entries(1, 5, 0, 2), 250),
        (entries(1, 5, 5, 0), 250),
        (entries(1, 5, 3, 2), 250),
    ],
)
def test_refused_selection(model: MeterModel, selection: Selection, result: int) -> None:
    with pytest.raises(AccessRefused) as refusal:
        model.get(READING, 7, PROFILE, 2, selection)
    assert refusal.value.result == result


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        (entries(1, 1), [1]),
        (entries(1, 0), list(range(1, 11))),
        (entries(9, 0), [9, 10]),
        (entries(3, 5), [3, 4, 5]),
        (entries(10, 0xFFFFFFFF), [10]),
        (entries(11, 0), []),
        (entries(5, 4), []),
    ],
)
def test_entry_selection_counts_from_one(model: MeterModel, selection: EntrySelection, numbers: list[int]) -> None:
    assert import_of(read(model, selection)) == [2_000_000 + 125 * n for n in numbers]


def test_entry_selection_takes_a_window_of_columns(model: MeterModel) -> None:
    assert read(model, entries(1, 1, 2, 3)) == [[(17, 0), (6, 2_000_125)]]
    assert read(model, entries(1, 1, 4, 9)) == [[(6, 200_000)]]


def test_stream_gives_the_rows_of_the_request_even_after_later_captures() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, profile=ProfileSettings(entries=3)))
    model.metering.advance(3 * 900)
    _, stream = model.get(READING, 7, PROFILE, 2, None)
    model.metering.advance(5 * 900)
    model.action(MANAGEMENT, 7, PROFILE, 1, (15, 0))
    assert [row[1][2][1] for row in stream.rows] == [2_000_125, 2_000_250, 2_000_375]


def test_compressed_rows_leave_out_what_follows_by_rule() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, profile=ProfileSettings(compressed=True)))
    model.metering.advance(2 * 900)
    model.metering.set_time(START + timedelta(hours=2))
    model.metering.advance(900)
    null: Pair = (0, None)
    assert read(model, None) == [
        [stamp(15), (17, 0), (6, 2_000_125), (6, 200_000)],
        [null, null, (6, 2_000_250), null],
        [stamp(135), (17, 0x20), (6, 2_000_375), null],
    ]
    assert read(model, entries(2, 2)) == [[stamp(30), (17, 0), (6, 2_000_250), (6, 200_000)]]


def test_compressed_time_stamp_is_full_where_the_deviation_changes() -> None:
    model = MeterModel(
        MeterConfiguration(
            history_days=0,
            start=datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
            profile=ProfileSettings(compressed=True),
        )
    )
    model.metering.advance(3 * 900)
    assert [row[0][0] for row in read(model, None)] == [9, 9, 0]


def test_capture_on_demand_and_reset(model: MeterModel) -> None:
    model.metering.advance(100)
    assert model.action(MANAGEMENT, 7, PROFILE, 2, (15, 0)) == (0, None)
    assert model.metering.profile.rows[-1].captured_at == START + timedelta(seconds=9100)
    assert model.action(READING, 7, PROFILE, 1, (15, 0)) == (3, None)
    assert model.action(MANAGEMENT, 7, PROFILE, 1, (15, 0)) == (0, None)
    assert read(model, None) == []


def test_period_zero_captures_only_on_demand() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, profile=ProfileSettings(period_s=0)))
    model.metering.advance(86_400)
    assert read(model, None) == []
    model.action(MANAGEMENT, 7, PROFILE, 2, (15, 0))
    assert len(read(model, None)) == 1


def test_describing_attributes(model: MeterModel) -> None:
    assert model.get(READING, 7, PROFILE, 1, None) == (9, PROFILE)
    _, columns = model.get(READING, 7, PROFILE, 3, None)
    assert columns[0] == (2, [(18, 8), (9, CLOCK.obis), (15, 2), (18, 0)])
    assert [column[1][1][1] for column in columns] == [CLOCK.obis, STATUS.obis, IMPORT.obis, EXPORT.obis]
    assert model.get(READING, 7, PROFILE, 4, None) == (6, 900)
    assert model.get(READING, 7, PROFILE, 5, None) == (22, 1)
    assert model.get(READING, 7, PROFILE, 7, None) == (6, 10)
    assert model.get(READING, 7, PROFILE, 8, None) == (6, 960)
