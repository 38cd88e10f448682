"""Every deviation of what is shown of the gas meter shows itself in one scripted exchange; the default never does."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from reference_meter.deviations import children, children_keys, children_registering
from reference_meter.loop import make
from reference_meter.mbus.settings import GAS_DEFAULT_KEY, GAS_KEY
from reference_meter.meter import Meter
from reference_meter.model.data import obis

FAMILIES = [family.name for family in (*children.FAMILIES, *children_registering.FAMILIES, *children_keys.FAMILIES)]
CLIENT, REGISTER, PROFILE = obis("0.1.24.1.0.255"), obis("0.1.24.2.1.255"), obis("0.1.24.3.0.255")
RECORDS, KEY_STATUS = 3, 14
READING, MANAGEMENT = 2, 1
INSTALL, REMOVE, CAPTURE, RESET_ALARM, SYNCHRONIZE, SET_KEY, TRANSFER_KEY = 1, 2, 3, 4, 5, 7, 8
KEY = bytes(range(0x30, 0x40))
NOTHING = (15, 0)
HOURS = 2
"""That pass in the story."""
DENIED = 3


def whole_story(meter: Meter) -> None:
    model, gas = meter.model, meter.model.parts.mbus.gas
    assert gas is not None
    for attribute in range(1, 15):
        model.get(READING, 72, CLIENT, attribute, None)
    meter.control({"op": "advance", "seconds": 1500.0})
    for condition in ("tampered", "tampered", "good"):
        meter.control({"op": "child", "name": "gas", "condition": condition})
        model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)
    model.action(MANAGEMENT, 72, CLIENT, RESET_ALARM, NOTHING)
    for client in (READING, MANAGEMENT):
        gas.contents.set_clock(gas.contents.local().replace(year=2020))
        model.action(client, 72, CLIENT, SYNCHRONIZE, NOTHING)
    model.set(MANAGEMENT, 4, REGISTER, 2, None, (6, 0))
    for client in (READING, MANAGEMENT):
        model.action(client, 72, CLIENT, REMOVE, NOTHING)
        meter.control({"op": "advance", "seconds": 3600.0})
        model.action(client, 72, CLIENT, INSTALL, (17, 2))
    for client in (READING, MANAGEMENT):
        model.action(client, 72, CLIENT, TRANSFER_KEY, (9, KEY))
        model.action(client, 72, CLIENT, SET_KEY, (9, bytes(17)))
        model.action(client, 72, CLIENT, SET_KEY, (9, KEY))
        model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)
        model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)
    model.get(READING, 72, CLIENT, RECORDS, None)
    meter.control({"op": "power_cut"})
    meter.control({"op": "power_restore"})
    model.action(MANAGEMENT, 72, CLIENT, TRANSFER_KEY, (9, cbc(GAS_DEFAULT_KEY, KEY)))
    model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)
    model.get(READING, 72, CLIENT, KEY_STATUS, None)
    model.action(MANAGEMENT, 72, CLIENT, SET_KEY, (9, GAS_KEY))
    model.action(MANAGEMENT, 72, CLIENT, TRANSFER_KEY, (9, cbc(GAS_DEFAULT_KEY, GAS_KEY)))
    model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)


def cbc(key: bytes, block: bytes) -> bytes:
    encryptor = Cipher(AES(key), CBC(bytes(16))).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def test_a_removed_meter_is_neither_shown_nor_fetched() -> None:
    meter = make({})
    assert isinstance(meter, Meter)
    model = meter.model
    before = model.get(READING, 4, REGISTER, 5, None)
    assert model.action(MANAGEMENT, 72, CLIENT, INSTALL, (17, 2))[0] == 250
    assert model.action(READING, 72, CLIENT, REMOVE, NOTHING)[0] == DENIED
    assert model.action(MANAGEMENT, 72, CLIENT, REMOVE, NOTHING)[0] == 0
    assert [model.get(READING, 72, CLIENT, attribute, None)[1] for attribute in range(5, 10)] == [0] * 5
    assert model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)[0] == 250
    meter.control({"op": "advance", "seconds": 7200.0})
    assert model.get(READING, 4, REGISTER, 5, None) == before
    assert model.action(MANAGEMENT, 72, CLIENT, INSTALL, (17, 9))[0] == 250
    assert model.action(MANAGEMENT, 72, CLIENT, INSTALL, (17, 2))[0] == 0
    assert model.get(READING, 72, CLIENT, 5, None) == (17, 2)
    # A removal forgets the key.
    assert model.get(READING, 4, REGISTER, 5, None) == before
    assert model.get(READING, 72, CLIENT, KEY_STATUS, None) == (22, 0)
    assert model.action(MANAGEMENT, 72, CLIENT, SET_KEY, (9, GAS_KEY))[0] == 0
    assert model.get(READING, 72, CLIENT, KEY_STATUS, None) == (22, 1)
    assert model.action(MANAGEMENT, 72, CLIENT, CAPTURE, NOTHING)[0] == 0
    assert model.get(READING, 72, CLIENT, KEY_STATUS, None) == (22, 4)
    assert model.get(READING, 4, REGISTER, 5, None) != before


def test_the_default_meter_shows_what_is_behind_it() -> None:
    meter = make({})
    assert isinstance(meter, Meter)
    model, gas = meter.model, meter.model.parts.mbus.gas
    assert gas is not None
    rows = model.get(READING, 7, PROFILE, 7, None)
    began = gas.contents.local()
    whole_story(meter)
    assert meter.fired() == 0
    assert model.get(READING, 4, REGISTER, 2, None) == (6, gas.contents.registers()[0])
    assert model.get(READING, 72, CLIENT, 12, None) == (17, 0)
    assert model.get(READING, 72, CLIENT, 6, None) == (6, 0x12340001)
    assert model.get(READING, 7, PROFILE, 7, None) == (6, rows[1] + HOURS)
    assert gas.contents.local().date() == began.date()
    assert model.set(MANAGEMENT, 4, REGISTER, 2, None, (6, 0)) == DENIED


def test_a_period_of_fetching_is_written_and_kept() -> None:
    meter = make({})
    assert isinstance(meter, Meter)
    assert meter.model.set(MANAGEMENT, 72, CLIENT, 4, None, (6, 900)) == 0
    assert meter.model.set(MANAGEMENT, 72, CLIENT, 4, None, (6, 7)) == 250
    before = meter.model.get(READING, 4, REGISTER, 5, None)
    meter.control({"op": "advance", "seconds": 901.0})
    assert meter.model.get(READING, 4, REGISTER, 5, None) != before


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_fires_in_the_story(name: str, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    assert isinstance(meter, Meter)
    whole_story(meter)
    assert meter.fired() > 0
