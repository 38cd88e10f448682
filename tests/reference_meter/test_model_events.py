from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, obis
from reference_meter.model.event_settings import Event, EventSettings, LockOut
from reference_meter.model.model import MeterModel
from reference_meter.server.model_port import AccessRefused, EntrySelection

PUBLIC, READING, MANAGEMENT, PRE_ESTABLISHED = 16, 2, 1, 102
CLOCK, PROFILE, DEMAND = obis("0.0.1.0.0.255"), obis("1.0.99.1.0.255"), obis("1.0.1.4.0.255")
STANDARD, FRAUD = obis("0.0.99.98.0.255"), obis("0.0.99.98.1.255")
COUNTER, DATE = obis("0.0.96.2.0.255"), obis("0.0.96.2.1.255")
PROTECTED_COUNTER, PROTECTED_DATE = obis("0.0.96.2.10.255"), obis("0.0.96.2.11.255")
ALARMS, ERRORS = obis("0.0.97.98.0.255"), obis("0.0.97.97.0.255")
RATIO, SEAL = obis("1.0.0.4.2.255"), obis("0.0.96.2.4.255")
AT_TEN = (9, bytes.fromhex("07EA0302 01 0B000000 FFC400"))
ZERO = (15, 0)


@pytest.fixture
def meter() -> Meter:
    return Meter(MeterConfiguration(history_days=0))


@pytest.fixture
def model(meter: Meter) -> MeterModel:
    return meter.model


def entries(model: MeterModel, log: bytes = STANDARD) -> list[tuple[Pair, int]]:
    _, stream = model.get(READING, 7, log, 2, None)
    return [(row[1][0], row[1][1][1]) for row in stream.rows]


def codes(model: MeterModel, log: bytes = STANDARD) -> list[int]:
    return [code for _, code in entries(model, log)]


def read(model: MeterModel, class_id: int, code: bytes, attribute: int = 2, client: int = READING) -> Any:
    return model.get(client, class_id, code, attribute, None)


@pytest.mark.parametrize(
    ("class_id", "code", "attribute", "value"),
    [
        (7, PROFILE, 4, (6, 1800)),
        (7, PROFILE, 8, (6, 100)),
        (5, DEMAND, 8, (6, 300)),
        (8, CLOCK, 3, (16, 0)),
        (8, CLOCK, 7, (15, 30)),
        (8, CLOCK, 8, (3, False)),
        (64, obis("0.0.43.0.0.255"), 4, (9, b"HES\x00\x00\x00\x00\x02")),
    ],
)
def test_change_of_a_parameter_is_counted_dated_and_logged(
    model: MeterModel, class_id: int, code: bytes, attribute: int, value: Pair
) -> None:
    before = read(model, class_id, code, attribute)
    model.metering.advance(60)
    assert model.set(MANAGEMENT, class_id, code, attribute, None, before) == 0
    assert (read(model, 1, COUNTER), codes(model)) == ((6, 0), [])
    assert model.set(MANAGEMENT, class_id, code, attribute, None, value) == 0
    assert read(model, class_id, code, attribute) == value
    stamp = (9, model.metering.clock.time_octets())
    assert read(model, 1, COUNTER, client=PUBLIC) == (6, 1)
    assert read(model, 1, DATE, client=PUBLIC) == stamp
    assert entries(model) == [(stamp, 47)]
    assert read(model, 1, obis("0.0.96.11.0.255")) == (17, 47)
    assert read(model, 1, PROTECTED_COUNTER, client=PUBLIC) == (6, 0)


@pytest.mark.parametrize(
    ("class_id", "code", "attribute", "value", "result"),
    [
        (7, PROFILE, 4, (18, 1800), 12),
        (7, PROFILE, 4, (6, 1801), 250),
        (7, PROFILE, 8, (6, 0), 250),
        (7, PROFILE, 8, (6, 10_001), 250),
        (7, PROFILE, 3, (1, []), 250),
        (7, PROFILE, 3, (1, [(2, [(18, 3)])]), 12),
        (7, PROFILE, 2, (1, []), 3),
        (7, PROFILE, 7, (6, 0), 3),
        (7, STANDARD, 2, (1, []), 3),
        (7, STANDARD, 8, (6, 5), 3),
        (5, DEMAND, 8, (6, 7), 250),
        (5, DEMAND, 8, (17, 60), 12),
        (5, DEMAND, 9, (18, 2), 250),
        (8, CLOCK, 3, (16, 721), 250),
        (8, CLOCK, 4, (17, 0), 3),
        (8, CLOCK, 5, (9, bytes(12)), 250),
        (8, CLOCK, 5, (9, bytes(11)), 12),
        (8, CLOCK, 8, (17, 1), 12),
        (8, CLOCK, 9, (22, 2), 250),
        (1, RATIO, 2, (18, 5), 3),
        (1, COUNTER, 2, (6, 5), 3),
        (1, ALARMS, 2, (6, 1), 250),
        (1, ALARMS, 2, (18, 0), 12),
        (18, obis("0.0.44.0.0.255"), 5, (17, 0), 12),
    ],
)
def test_refused_write_leaves_no_trace(
    model: MeterModel, class_id: int, code: bytes, attribute: int, value: Pair, result: int
) -> None:
    for client, expected in ((MANAGEMENT, result), (READING, 3), (PUBLIC, 3), (PRE_ESTABLISHED, 3)):
        assert model.set(client, class_id, code, attribute, None, value) == expected
    assert (read(model, 1, COUNTER), codes(model), codes(model, FRAUD)) == ((6, 0), [], [])


def listed(model: MeterModel, client: int) -> list[tuple[int, bytes, int, int]]:
    """Class, code, attribute and access mode of everything that a client is told."""
    _, elements = model.get(client, 15, obis("0.0.40.0.0.255"), 2, None)
    return [
        (element[1][0][1], element[1][2][1], attribute[1][0][1], attribute[1][1][1])
        for element in elements
        for attribute in element[1][3][1][0][1]
    ]


@pytest.mark.parametrize("seal_open", [False, True])
def test_everything_announced_as_writable_takes_what_was_read(model: MeterModel, seal_open: bool) -> None:
    assert model.parts.seal is not None
    model.parts.seal.move(to_open=seal_open)
    logged = codes(model)
    written = 0
    for client in (PUBLIC, READING, MANAGEMENT):
        for class_id, code, attribute, mode in listed(model, client):
            if mode & 2:
                value = model.get(client, class_id, code, attribute, None)
                assert model.set(client, class_id, code, attribute, None, value) == 0, (code, attribute)
                written += 1
            elif attribute != 1 and not (class_id == 7 and attribute == 2):
                assert model.set(client, class_id, code, attribute, None, (0, None)) == 3
    assert written >= (18 if seal_open else 16)
    assert codes(model) == logged
    assert read(model, 1, COUNTER) == (6, 0)


def test_pre_established_client_may_set_the_clock_and_nothing_else(model: MeterModel) -> None:
    with pytest.raises(AccessRefused) as refused:
        model.get(PRE_ESTABLISHED, 1, COUNTER, 2, None)
    assert refused.value.result == 3
    assert [item.class_id for item in model.objects.values() if item.visible_to("pre_established")] == [8]


def test_capture_objects_can_be_chosen_and_old_rows_go(model: MeterModel) -> None:
    model.metering.capture.capture_row()
    _, columns = read(model, 7, PROFILE, 3)
    chosen = [columns[0], (2, [(18, 3), (9, obis("1.0.1.7.0.255")), (15, 2), (18, 0)])]
    for wrong in ([columns[2]], [columns[0], (2, [(18, 7), (9, PROFILE), (15, 2), (18, 0)])], columns[:1] * 17):
        assert model.set(MANAGEMENT, 7, PROFILE, 3, None, (1, wrong)) == 250
    assert model.set(MANAGEMENT, 7, PROFILE, 3, None, (1, chosen)) == 0
    assert read(model, 7, PROFILE, 7) == (6, 0)
    model.metering.advance(900)
    _, stream = read(model, 7, PROFILE)
    assert [row[1][1] for row in stream.rows] == [(6, 500)]
    assert codes(model) == [47]


def test_a_new_capture_period_and_size_are_in_force_at_once(model: MeterModel) -> None:
    assert model.set(MANAGEMENT, 7, PROFILE, 4, None, (6, 300)) == 0
    model.metering.advance(900)
    assert read(model, 7, PROFILE, 7) == (6, 3)
    assert model.set(MANAGEMENT, 7, PROFILE, 8, None, (6, 2)) == 0
    _, stream = read(model, 7, PROFILE)
    assert [row[1][0][1][6] for row in stream.rows] == [10, 15]


def test_the_highest_demand_keeps_its_value_when_the_period_changes(model: MeterModel) -> None:
    model.metering.advance(900)
    assert model.set(MANAGEMENT, 5, DEMAND, 8, None, (6, 300)) == 0
    assert read(model, 4, obis("1.0.1.6.0.255")) == (6, 500)
    assert read(model, 5, DEMAND, 3) == (6, 500)
    model.metering.energy.set_load(import_w=600.0, export_w=0.0)
    model.metering.advance(300)
    assert read(model, 4, obis("1.0.1.6.0.255")) == (6, 600)


@pytest.mark.parametrize(("seconds", "noted"), [(59, []), (61, [4, 5])])
def test_a_clock_set_far_is_noted_with_both_times(model: MeterModel, seconds: int, noted: list[int]) -> None:
    assert model.action(MANAGEMENT, 8, CLOCK, 6, (16, seconds)) == (0, None)
    assert codes(model) == noted
    if noted:
        assert [stamp for stamp, _ in entries(model)] == [AT_TEN, (9, model.metering.clock.time_octets())]


@pytest.mark.parametrize(("log", "event"), [(STANDARD, "parameters_changed"), (FRAUD, "replay")])
def test_cleared_log_begins_with_its_clearing(model: MeterModel, log: bytes, event: Any) -> None:
    model.parts.logs.record(event)
    for client in (PUBLIC, READING):
        assert model.action(client, 7, log, 1, ZERO) == (3, None)
    assert model.action(MANAGEMENT, 7, log, 1, (17, 0)) == (12, None)
    assert model.action(MANAGEMENT, 7, log, 1, None) == (12, None)
    assert model.action(MANAGEMENT, 7, log, 2, ZERO) == (11, None)
    assert len(codes(model, log)) == 1
    assert model.action(MANAGEMENT, 7, log, 1, ZERO) == (0, None)
    assert codes(model, log) == [255]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_full_log_loses_its_oldest_entries(newest_first: bool) -> None:
    events = EventSettings(entries=3, newest_first=newest_first)
    model = MeterModel(MeterConfiguration(history_days=0, events=events))
    for role in ("power_down", "power_up", "parameters_changed", "keys_changed"):
        model.parts.logs.record(role)
    assert codes(model) == ([48, 47, 2] if newest_first else [2, 47, 48])
    assert read(model, 7, STANDARD, 5) == (22, 2 if newest_first else 1)
    assert read(model, 7, STANDARD, 7) == read(model, 7, STANDARD, 8) == (6, 3)
    last = EntrySelection(from_entry=1, to_entry=1, from_column=1, to_column=0)
    _, stream = model.get(READING, 7, STANDARD, 2, last)
    assert [row[1][1][1] for row in stream.rows] == [48 if newest_first else 2]


def test_attacks_are_logged_after_the_nth_and_raise_the_alarm() -> None:
    events = EventSettings(authentication_failures=3, decryption_failures=2, replays=1)
    model = MeterModel(MeterConfiguration(history_days=0, events=events))
    for _ in range(2):
        model.authentication_failed(READING)
        model.authentication_failed(MANAGEMENT)
    model.association_changed(READING, 1, opened=True)
    model.authentication_failed(READING)
    assert codes(model, FRAUD) == []
    assert read(model, 1, ALARMS) == (6, 0)
    model.authentication_failed(MANAGEMENT)
    for _ in range(4):
        model.deciphering_failed(READING)
    model.replayed(READING)
    assert codes(model, FRAUD) == [46, 49, 49, 50]
    assert codes(model) == []
    assert read(model, 1, obis("0.0.96.11.1.255")) == (17, 50)
    assert read(model, 1, ALARMS) == (6, 1 << 13)
    assert model.set(READING, 1, ALARMS, 2, None, (6, 0)) == 3
    assert model.set(MANAGEMENT, 1, ALARMS, 2, None, (6, 0)) == 0
    assert read(model, 1, ALARMS) == (6, 0)


def test_an_invalid_clock_stands_in_both_registers(model: MeterModel) -> None:
    model.metering.clock.invalid = True
    assert read(model, 1, ALARMS) == read(model, 1, ERRORS) == (6, 1)
    assert model.set(MANAGEMENT, 1, ERRORS, 2, None, (6, 0)) == 0
    assert read(model, 1, ERRORS) == (6, 1)
    assert model.set(MANAGEMENT, 8, CLOCK, 2, None, AT_TEN) == 0
    assert read(model, 1, ERRORS) == (6, 0)


def test_events_without_a_code_are_not_logged() -> None:
    events = EventSettings(events={"authentication_failure": Event(code=46)})
    model = MeterModel(MeterConfiguration(history_days=0, events=events))
    model.replayed(READING)
    model.authentication_failed(READING)
    model.parts.audit.changed()
    assert (codes(model), codes(model, FRAUD)) == ([46], [])


def test_lock_out_lasts_its_time_and_touches_one_client() -> None:
    lock_out = LockOut(failures=3, seconds=60.0, diagnostic=1)
    meter = Meter(MeterConfiguration(history_days=0, events=EventSettings(lock_out=lock_out)))
    model = meter.model
    meter.open("hdlc", 0.0).receive(b"\x00", 100.0)
    for _ in range(2):
        model.authentication_failed(READING)
    model.association_changed(READING, 1, opened=True)
    for _ in range(3):
        assert model.lock_out_diagnostic(READING) == 0
        model.authentication_failed(READING)
    assert (model.lock_out_diagnostic(READING), model.lock_out_diagnostic(MANAGEMENT)) == (1, 0)
    meter.open("wrapper-udp", 159.0).receive(b"\x00", 159.9)
    assert model.lock_out_diagnostic(READING) == 1
    meter.open("wrapper", 159.9).receive(b"\x00", 160.0)
    assert model.lock_out_diagnostic(READING) == 0


def test_sealed_parameter_follows_the_seal(meter: Meter) -> None:
    model = meter.model
    assert read(model, 1, SEAL) == (4, (8, b"\x00"))
    assert (1, RATIO, 2, 1) in listed(model, MANAGEMENT)
    assert model.set(MANAGEMENT, 1, RATIO, 2, None, (18, 5)) == 3
    assert meter.control({"op": "seal", "open": True}) == {"ok": True}
    assert read(model, 1, SEAL) == (4, (8, b"\x80"))
    assert (1, RATIO, 2, 3) in listed(model, MANAGEMENT)
    assert (1, RATIO, 2, 1) in listed(model, READING)
    assert model.set(READING, 1, RATIO, 2, None, (18, 5)) == 3
    assert model.set(MANAGEMENT, 1, RATIO, 2, None, (18, 0)) == 250
    assert model.set(MANAGEMENT, 1, RATIO, 2, None, (6, 5)) == 12
    assert model.set(MANAGEMENT, 1, RATIO, 2, None, (18, 5)) == 0
    meter.control({"op": "seal", "open": False})
    meter.control({"op": "seal", "open": False})
    assert model.set(MANAGEMENT, 1, RATIO, 2, None, (18, 1)) == 3
    assert read(model, 1, RATIO) == (18, 5)
    assert (codes(model), codes(model, FRAUD)) == ([47], [44, 45])
    assert (read(model, 1, PROTECTED_COUNTER), read(model, 1, COUNTER)) == ((6, 1), (6, 0))
    assert read(model, 1, PROTECTED_DATE) == AT_TEN
    assert read(model, 1, ALARMS) == (6, 1 << 13)


def test_meter_without_a_seal_has_nothing_behind_it() -> None:
    meter = Meter(replace(MeterConfiguration(history_days=0), has_seal=False))
    answer = meter.control({"op": "seal", "open": True})
    assert answer == {"ok": False, "error": "this meter has no seal"}
    assert not {SEAL, PROTECTED_COUNTER, PROTECTED_DATE} & set(meter.model.objects)
    assert meter.model.set(MANAGEMENT, 1, RATIO, 2, None, (18, 5)) == 3


def test_power_cut_keeps_what_is_not_volatile() -> None:
    meter = make({})
    model = meter.model
    model.set(MANAGEMENT, 7, PROFILE, 8, None, (6, 500))
    energy = read(model, 3, obis("1.0.1.8.0.255"))
    rows = model.metering.profile.rows[-1]
    model.association_changed(READING, 1, opened=True)
    assert meter.control({"op": "power_cut"}) == {"ok": True}
    assert meter.control({"op": "power_cut"}) == {"ok": True}
    meter.control({"op": "advance", "seconds": 2000})
    assert meter.control({"op": "power_restore"}) == {"ok": True}
    assert meter.control({"op": "power_restore"}) == {"ok": True}
    assert model.metering.now == datetime(2026, 3, 2, 10, 33, 20, tzinfo=UTC)
    assert codes(model) == [47, 1, 2]
    down, up = (stamp[1] for stamp, _ in entries(model)[1:])
    assert (down.hex(), up.hex()) == ("07ea0302010b000000ffc400", "07ea0302010b211400ffc400")
    assert read(model, 3, obis("1.0.1.8.0.255")) == energy
    assert model.metering.profile.rows[-1] == rows
    meter.control({"op": "advance", "seconds": 700})
    last = model.metering.profile.rows[-1]
    assert last.captured_at == datetime(2026, 3, 2, 10, 45, tzinfo=UTC)
    assert last.values[1] == (17, 0x80)
    meter.control({"op": "advance", "seconds": 900})
    assert model.metering.profile.rows[-1].values[1] == (17, 0)


def test_a_log_may_tell_which_client_made_a_change() -> None:
    model = Meter(replace(MeterConfiguration(history_days=0), events=EventSettings(tells_client=True))).model
    assert model.set(MANAGEMENT, 7, PROFILE, 4, None, (6, 1800)) == 0
    model.parts.logs.record("clock_invalid")
    _, stream = model.get(READING, 7, STANDARD, 2, None)
    told = [row[1][2] for row in stream.rows]
    assert told == [(2, [(15, MANAGEMENT), (18, 1)]), (2, [(15, 0), (18, 0)])]
