"""What doors of each kind show of a fact, in the forms in which meters show it."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.checks.cross_door import Amount, Flag, Moment, Shown, Word
from harness.checks.value import ScalerUnit
from harness.declaration import CosemObject, HardwareFault
from harness.declaration.door_iec62056_21 import OpticalParameters
from harness.declaration.door_mbus import MBusParameters
from harness.headend.facts import Fact, Kind, ReadoutFacts, SlaveFacts, TelegramFacts
from harness.headend.facts.fact import shown_as_data
from harness.headend.mbus.reading import Reading
from harness.headend.optical import Readout
from harness.protocol import mbus
from harness.protocol.axdr import Data, DataType
from harness.protocol.iec62056_21 import Identification, parse_data_sets
from harness.protocol.p1 import Telegram

FAULT = HardwareFault(bits=0x100)


def fact(kind: Kind, role: str, obis: str, class_id: int = 3) -> Fact:
    target = CosemObject.model_validate({"class": class_id, "obis": obis})
    return Fact(name=role, kind=kind, role=role, target=target)


IMPORT = fact("energy", "energy_import_total", "1.0.1.8.0.255")
RATE_2 = Fact(
    name="energy_import_tariffs 2",
    kind="energy",
    role="energy_import_tariffs",
    target=CosemObject.model_validate({"class": 3, "obis": "1.0.1.8.2.255"}),
)
EXPORT = fact("energy", "energy_export_total", "1.0.2.8.0.255")
POWER_IN = fact("power", "power_import", "1.0.1.7.0.255")
POWER_OUT = fact("power", "power_export", "1.0.2.7.0.255")
TIME = fact("time", "clock", "0.0.1.0.0.255", 8)
TARIFF = fact("tariff", "active_tariff", "0.0.96.14.0.255", 1)
ERRORS = fact("registers", "error_register", "0.0.97.97.0.255", 1)
BROKEN = Fact(name="fault", kind="fault", role="error_register", target=ERRORS.target)
SWITCH = fact("switch", "disconnector", "0.0.96.3.10.255", 70)


# Readouts


def read_out(text: str, wanted: Fact, **settings: Any) -> Shown | str:
    port = SimpleNamespace(
        door=SimpleNamespace(id="optical"),
        settings=OpticalParameters.model_validate(settings),
        judged_readout=lambda: Readout(
            identification=cast("Identification", None), sets=parse_data_sets(text), frame=7
        ),
        close_all=lambda: None,
    )
    return ReadoutFacts(cast("Any", port), FAULT).read([wanted])[wanted.name]


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("1.8.0(001234.567*kWh)", "1234567", "1"),
        ("1.8.0(001234*kWh)", "1234000", "1000"),
        ("1-0:1.8.0*255(1234567*Wh)", "1234567", "1"),
        ("1-0:1.8.0*01(000001*kWh)1-0:1.8.0*255(0000123.4*kWh)", "123400", "100"),
    ],
)
def test_energy_in_a_readout(text: str, value: str, step: str) -> None:
    found = read_out(text, IMPORT, registers={})
    assert isinstance(found, Amount)
    assert (found.value, found.resolution, found.unit, found.frame) == (Decimal(value), Decimal(step), "Wh", 7)


def test_declared_addresses_come_first_and_codes_of_tariffs_are_found() -> None:
    text = "1.8.0(1*kWh)15.8.0(2*kWh)1.8.2(3*kWh)"
    found = read_out(text, IMPORT, registers={"energy_import_total": "15.8.0"})
    assert isinstance(found, Amount)
    assert found.value == 2000
    of_rate = read_out(text, RATE_2)
    assert isinstance(of_rate, Amount)
    assert of_rate.value == 3000


@pytest.mark.parametrize("text", ["2.8.0(1*kWh)", "1.8.0(12)", "1.8.0(error*kWh)", "1-1:1.8.0(1*kWh)"])
def test_what_is_no_energy_in_a_readout_is_said(text: str) -> None:
    assert isinstance(read_out(text, IMPORT, registers={}), str)


@pytest.mark.parametrize(
    ("text", "summer", "step"),
    [
        ("0.9.1(12:30:15)0.9.2(26-07-01)", None, 1),
        ("0.9.1(1123015)0.9.2(1260701)", True, 1),
        ("0.9.1(0123015)0.9.2(0260701)", False, 1),
        ("0.9.1(12:30:15)0.9.2(01.07.26)", None, 1),
    ],
)
def test_time_in_a_readout(text: str, summer: bool | None, step: int) -> None:
    found = read_out(text, TIME)
    assert isinstance(found, Moment)
    assert datetime(2026, 7, 1, 12, 30, 15) in (found.local, *found.otherwise)
    assert (found.summer, found.resolution_s) == (summer, step)


def test_tariff_errors_and_faults_in_a_readout() -> None:
    text = "F.F(00000101)96.14.0(0002)"
    tariff, errors, fault = (read_out(text, each) for each in (TARIFF, ERRORS, BROKEN))
    assert isinstance(tariff, Word)
    assert tariff.value == "0002"
    assert isinstance(errors, Word)
    assert errors.value == 0x101
    assert isinstance(fault, Flag)
    assert fault.value
    assert isinstance(read_out("F.F(zz)", ERRORS), str)
    assert isinstance(read_out(text, SWITCH), str)


# M-Bus


def over_mbus(records: str, wanted: Fact, *, status: int = 0, **settings: Any) -> Shown | str:
    data = bytes.fromhex("78563412FA3001022A") + bytes([status]) + bytes(2) + bytes.fromhex(records)
    octets = mbus.LongFrame(control=8, address=1, information=0x72, data=data).to_bytes()
    frame = mbus.frame_from_bytes(octets)
    assert isinstance(frame, mbus.LongFrame)
    telegram = mbus.telegram_of(frame)
    assert isinstance(telegram, mbus.Telegram)
    parameters = MBusParameters.model_validate({"primary": 1, **settings})
    reading = Reading(telegrams=(telegram,), octets=(b"",), settings=parameters, frame=9)
    master = SimpleNamespace(
        door=SimpleNamespace(id="mbus"), settings=parameters, judged_read=lambda: reading, close_all=lambda: None
    )
    return SlaveFacts(cast("Any", master), FAULT).read([wanted])[wanted.name]


@pytest.mark.parametrize(
    ("records", "wanted", "value", "step"),
    [
        ("040340E20100", IMPORT, 123456, 1),
        ("0406 7B000000", IMPORT, 123000, 1000),
        ("0403 01000000 04833B 02000000 04833C 03000000", IMPORT, 2, 1),
        ("0403 01000000 04833C 03000000", EXPORT, 3, 1),
        ("84200330BB0100", RATE_2, 113456, 1),
        ("042B B80B0000", POWER_IN, 3000, 1),
        ("042B 30F8FFFF", POWER_OUT, 2000, 1),
        ("042B 30F8FFFF", POWER_IN, 0, 1),
    ],
)
def test_amounts_over_mbus(records: str, wanted: Fact, value: int, step: int) -> None:
    found = over_mbus(records, wanted)
    assert isinstance(found, Amount)
    assert (found.value, found.resolution) == (Decimal(value), Decimal(step))


@pytest.mark.parametrize(
    ("records", "wanted"),
    [("040340E20100", EXPORT), ("440340E20100", IMPORT), ("042B B80B0000", POWER_OUT), ("", TIME), ("", TARIFF)],
)
def test_what_no_record_shows_is_said(records: str, wanted: Fact) -> None:
    assert isinstance(over_mbus(records, wanted), str)


def test_time_status_and_flags_over_mbus() -> None:
    time = over_mbus("046D 1E0CC137", TIME)
    assert isinstance(time, Moment)
    assert (time.resolution_s, time.summer) == (60, None)
    assert isinstance(over_mbus("046D 9E0CC137", TIME), str)
    sound, broken = (over_mbus("", BROKEN, status=status) for status in (0x10, 0x08))
    assert isinstance(sound, Flag)
    assert not sound.value
    assert isinstance(broken, Flag)
    assert broken.value
    flags = over_mbus("04FD17 05000000", ERRORS, error_flags="error_register")
    assert isinstance(flags, Word)
    assert flags.value == 5
    assert isinstance(over_mbus("04FD17 05000000", ERRORS), str)


# Telegrams


def told(lines: str, wanted: Fact) -> Shown | str:
    octets = f"/ABC5XYZ\r\n\r\n{lines}\r\n!\r\n".encode("ascii")
    telegram = Telegram.parse(octets, checksum=False)
    heard = SimpleNamespace(last=SimpleNamespace(telegram=lambda: telegram, frame=5))
    port = SimpleNamespace(
        door=SimpleNamespace(id="consumer"),
        settings=SimpleNamespace(oldest_s=1.0, period_s=1.0),
        longer=(),
        hear=lambda count: heard,
    )
    return TelegramFacts(cast("Any", port), longest_s=900).read([wanted])[wanted.name]


def test_facts_of_a_telegram() -> None:
    lines = "0-0:1.0.0(260701123015S)\r\n1-0:1.8.2(000123.456*kWh)\r\n1-0:1.7.0(03.00*kW)\r\n0-0:96.14.0(0002)"
    lines += "\r\n0-0:96.3.10(1)"
    energy, power, time = (told(lines, each) for each in (RATE_2, POWER_IN, TIME))
    assert isinstance(energy, Amount)
    assert (energy.value, energy.resolution) == (Decimal(123456), Decimal(1))
    assert isinstance(power, Amount)
    assert (power.value, power.resolution, power.unit) == (Decimal(3000), Decimal(10), "W")
    assert isinstance(time, Moment)
    assert time.summer is True
    tariff, switch = told(lines, TARIFF), told(lines, SWITCH)
    assert isinstance(tariff, Word)
    assert tariff.value == 2
    assert isinstance(switch, Flag)
    assert switch.value
    assert isinstance(told(lines, IMPORT), str)
    assert isinstance(told("1-0:1.8.0(000123.456*kWh)", TIME), str)


# COSEM values


def test_facts_as_cosem_values() -> None:
    unit = ScalerUnit(scaler=1, unit=30)
    energy = shown_as_data(IMPORT, Data(DataType.DOUBLE_LONG_UNSIGNED, 12), unit, door="wan", frame=1)
    assert isinstance(energy, Amount)
    assert (energy.value, energy.resolution, energy.unit) == (Decimal(120), Decimal(10), "Wh")
    text = shown_as_data(TARIFF, Data(DataType.OCTET_STRING, b"0002"), None, door="wan", frame=1)
    number = shown_as_data(TARIFF, Data(DataType.OCTET_STRING, b"\x02"), None, door="wan", frame=1)
    assert isinstance(text, Word)
    assert text.value == "0002"
    assert isinstance(number, Word)
    assert number.value == 2
    switch = shown_as_data(SWITCH, Data(DataType.BOOLEAN, False), None, door="wan", frame=1)
    assert isinstance(switch, Flag)
    assert not switch.value
    bits = Data(DataType.DOUBLE_LONG_UNSIGNED, 0x101)
    fault = shown_as_data(BROKEN, bits, None, door="wan", frame=1, fault_bits=0x100)
    assert isinstance(fault, Flag)
    assert fault.value
    clock = bytes.fromhex("07EA0701030C1E0F00FF8880")
    time = shown_as_data(TIME, Data(DataType.OCTET_STRING, clock), None, door="wan", frame=1)
    assert isinstance(time, Moment)
    assert time.instant is not None
    assert time.summer is True
    assert isinstance(shown_as_data(IMPORT, Data(DataType.OCTET_STRING, b"x"), unit, door="wan", frame=1), str)
    assert isinstance(shown_as_data(TIME, Data(DataType.OCTET_STRING, b"x"), None, door="wan", frame=1), str)
