"""Event logs in every order, with more columns than two, and after the ring has rolled."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from harness.errors import DeclarationError, Inconclusive, ProtocolViolation, Refused
from harness.headend.client import Client, Item
from harness.headend.event_log import LogEntry, entries_since, log_columns, read_event_log
from harness.protocol.axdr import Data, DataType, Row
from harness.protocol.cosem import DateTime, obis
from tests.headend.conftest import described

CLOCK, CODE, MORE, STATUS = "0.0.1.0.0.255", "0.0.96.11.1.255", "0.0.96.11.10.255", "0.0.96.10.1.255"
COLUMNS = ((8, CLOCK), (1, CODE))


class Canned:
    """A client that knows one log by heart."""

    def __init__(
        self, rows: list[tuple[object, ...]], columns: tuple[tuple[int, str], ...] = COLUMNS, order: int | None = 1
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._order = order

    def read(self, wanted: Item) -> Data:
        if wanted[0].attribute == 3:
            return Data(DataType.ARRAY, tuple(_column(class_id, name) for class_id, name in self._columns))
        assert wanted[0].attribute == 5
        if self._order is None:
            raise Refused("no sort method", "dar:3")
        return Data(DataType.ENUM, self._order)

    def rows(self, wanted: Item) -> Iterator[Row]:
        assert wanted[0].attribute == 2
        assert wanted[1] is None
        for values in self._rows:
            yield Row(tuple(0 if value is None else 9 for value in values), values)


def _column(class_id: int, name: str) -> Data:
    return Data(
        DataType.STRUCTURE,
        (
            Data(DataType.LONG_UNSIGNED, class_id),
            Data(DataType.OCTET_STRING, obis(name)),
            Data(DataType.INTEGER, 2),
            Data(DataType.LONG_UNSIGNED, 0),
        ),
    )


def _at(second: int) -> bytes:
    time = DateTime(year=2026, month=3, day=2, hour=10, minute=0, second=second, hundredths=0, deviation_min=0)
    return time.to_octets()


UNKNOWN_TIME = bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")


def _read(client: Canned, **more: Any) -> list[int]:
    return [entry.code for entry in read_event_log(cast("Client", client), described(**more), "fraud_log")]


def test_order_of_occurrence_follows_the_sort_method() -> None:
    rows: list[tuple[object, ...]] = [(_at(1), 49), (_at(2), 50), (_at(2), 46)]
    assert _read(Canned(rows)) == [49, 50, 46]
    assert _read(Canned(rows, order=2)) == [46, 50, 49]
    assert _read(Canned(rows[::-1], order=3)) == [49, 46, 50]
    assert _read(Canned(rows, order=None)) == [49, 50, 46]
    declared = {"profiles": {"fraud_log": {"period_s": 0, "entries": 9, "order": "lifo"}}}
    assert _read(Canned(rows), **declared) == [46, 50, 49]


def test_a_row_of_the_parameter_monitors_log_is_a_change_whatever_it_holds() -> None:
    objects = {
        "logical_device_name": {"class": 1, "obis": "0.0.42.0.0.255"},
        "parameter_monitor_log": {"class": 7, "obis": "0.0.99.16.0.255"},
    }
    declared = described(objects=objects, events={"parameters_changed": {"code": 47, "log": "parameter_monitor_log"}})
    changed = Data(DataType.STRUCTURE, (Data(DataType.LONG_UNSIGNED, 7),))
    client = Canned([(_at(1), changed), (_at(2), changed)], ((8, CLOCK), (65, "0.0.16.2.0.255")))
    entries = read_event_log(cast("Client", client), declared, "parameter_monitor_log")
    assert [(entry.code, entry.time.second, entry.cells[1]) for entry in entries] == [
        (47, 1, changed),
        (47, 2, changed),
    ]


def test_no_other_event_stands_in_the_parameter_monitors_log() -> None:
    with pytest.raises(DeclarationError, match=r"events\.keys_changed\.log"):
        described(events={"keys_changed": {"code": 48, "log": "parameter_monitor_log"}})


def test_entries_know_their_place_time_and_cells() -> None:
    entries = read_event_log(cast("Client", Canned([(_at(1), 49), (UNKNOWN_TIME, 6)])), described(), "fraud_log")
    assert [(entry.row, entry.time.second, entry.code) for entry in entries] == [(1, 1, 49), (2, None, 6)]
    assert entries[0].cells == (_at(1), 49)


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (((1, CODE), (8, CLOCK)), (7, _at(1))),
        (((8, CLOCK), (1, STATUS), (1, "0.0.96.240.12.255")), (_at(1), 3, 7)),
        (((8, CLOCK), (1, CODE), (1, MORE)), (_at(1), 7, 9)),
        (((8, CLOCK), (1, "0.0.94.31.1.255"), (1, CODE), (3, "1.0.1.8.0.255")), (_at(1), 9, 7, 5)),
    ],
)
def test_code_is_found_among_the_columns(columns: tuple[tuple[int, str], ...], row: tuple[object, ...]) -> None:
    assert _read(Canned([row], columns)) == [7]


def test_where_several_columns_may_be_the_code_the_declaration_says_which() -> None:
    columns = ((8, CLOCK), (1, "0.0.96.240.1.255"), (1, "0.0.96.240.2.255"))
    client = Canned([(_at(1), 9, 7)], columns)
    with pytest.raises(Inconclusive, match=r"2 columns that may hold the event code \(logs.fraud_log.code_column\)"):
        _read(client)
    assert _read(client, logs={"fraud_log": {"code_column": 3}}) == [7]
    with pytest.raises(Inconclusive, match="has 3 columns"):
        _read(client, logs={"fraud_log": {"code_column": 4}})
    with pytest.raises(Inconclusive, match="0 columns"):
        _read(Canned([], ((8, CLOCK),)))


def test_what_is_no_log_is_said() -> None:
    for row in [(_at(1),), (5, 7), (_at(1), b"7"), (_at(1), True)]:
        with pytest.raises(ProtocolViolation):
            _read(Canned([row]))
    with pytest.raises(Inconclusive, match="no object standard_log"):
        read_event_log(cast("Client", Canned([])), described(), "standard_log")


def test_compressed_rows_are_filled_where_that_is_declared() -> None:
    client = Canned([(_at(1), 49), (None, 50)])
    with pytest.raises(ProtocolViolation):
        _read(client)
    declared = {"profiles": {"fraud_log": {"period_s": 0, "entries": 9, "compressed": True}}}
    assert _read(client, **declared) == [49, 50]


def test_columns_can_be_had_alone() -> None:
    columns = log_columns(cast("Client", Canned([])), described(), "fraud_log")
    assert [(column.class_id, column.obis) for column in columns] == list(COLUMNS)


def _entries(*codes: tuple[int, int]) -> tuple[LogEntry, ...]:
    return tuple(
        LogEntry(time=DateTime.from_octets(_at(second)), code=code, row=number)
        for number, (second, code) in enumerate(codes, start=1)
    )


def test_new_entries_also_after_the_ring_has_rolled() -> None:
    before = _entries((1, 49), (2, 50), (3, 49))
    assert entries_since(before, before) == ()
    grown = _entries((1, 49), (2, 50), (3, 49), (3, 49))
    assert [entry.row for entry in entries_since(before, grown)] == [4]
    rolled = _entries((2, 50), (3, 49), (4, 46))
    assert [(entry.row, entry.code) for entry in entries_since(before, rolled)] == [(3, 46)]
    replaced = _entries((5, 1), (6, 2), (7, 3))
    assert entries_since(before, replaced) == replaced
    cleared = _entries((9, 255))
    assert entries_since(before, cleared) == cleared
    assert entries_since((), before) == before
    assert entries_since(before, ()) == ()
