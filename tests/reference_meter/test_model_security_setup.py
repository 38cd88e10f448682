"""Security setups as objects: both versions, the consumer's own, and what is noted of changes."""

from dataclasses import replace

import pytest

from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, obis
from reference_meter.model.model import MeterModel
from reference_meter.play_keys import CONSUMER_KEYS, TEST_SECURITY
from reference_meter.security.key_wrap import wrap_key

PUBLIC, READING, MANAGEMENT = 16, 2, 1
SETUP, CONSUMER = obis("0.0.43.0.0.255"), obis("0.0.43.0.1.255")
NEW_KEY = bytes(range(0x70, 0x80))


def made(version: int = 1, policy: int = 0x6C) -> MeterModel:
    security = replace(TEST_SECURITY, policy=policy)
    configuration = MeterConfiguration(history_days=0, security=security)
    return MeterModel(replace(configuration, security_setup_version=1 if version else 0))


def noted(model: MeterModel) -> tuple[list[int], int]:
    _, stream = model.get(READING, 7, obis("0.0.99.98.0.255"), 2, None)
    changes = model.get(PUBLIC, 1, obis("0.0.96.2.0.255"), 2, None)[1]
    return [row[1][1][1] for row in stream.rows], changes


def transfer(master: bytes, key_id: int = 0) -> Pair:
    return (1, [(2, [(22, key_id), (9, wrap_key(master, NEW_KEY))])])


@pytest.mark.parametrize(
    ("version", "bits", "shown"),
    [(1, 0x6C, 0x6C), (1, 0x00, 0x00), (0, 0x6C, 3), (0, 0x48, 2), (0, 0x24, 1), (0, 0x00, 0)],
)
def test_policy_is_shown_as_its_version_says(version: int, bits: int, shown: int) -> None:
    model = made(version, bits)
    assert model.get(READING, 64, SETUP, 2, None) == (22, shown)
    element = next(
        item[1] for item in model.get(READING, 15, obis("0.0.40.0.0.255"), 2, None)[1] if item[1][2][1] == SETUP
    )
    assert element[1] == (17, version)
    attributes = [attribute[1][0][1] for attribute in element[3][1][0][1]]
    assert sorted(attributes) == [1, 2, 3, 4, 5, *([6] if version else [])]


@pytest.mark.parametrize(
    ("version", "bits", "wrong", "stronger", "becomes"),
    [(0, 0x24, (0, 2, 4, 0x6C), 3, 0x6C), (1, 0x24, (0, 0x48, 3), 0x2C, 0x2C), (0, 0x00, (4,), 1, 0x24)],
)
def test_policy_only_becomes_stronger_and_that_is_noted(
    version: int, bits: int, wrong: tuple[int, ...], stronger: int, becomes: int
) -> None:
    model = made(version, bits)
    assert model.security is not None
    for policy in wrong:
        assert model.action(MANAGEMENT, 64, SETUP, 1, (22, policy)) == (250, None)
    assert model.action(MANAGEMENT, 64, SETUP, 1, (17, stronger)) == (12, None)
    assert model.action(READING, 64, SETUP, 1, (22, stronger)) == (3, None)
    assert (model.security.policy, noted(model)) == (bits, ([], 0))
    for _ in range(2):
        assert model.action(MANAGEMENT, 64, SETUP, 1, (22, stronger)) == (0, None)
    assert (model.security.policy, noted(model)) == (becomes, ([47], 1))


@pytest.mark.parametrize("version", [0, 1])
def test_key_transfer_is_noted_once(version: int) -> None:
    model = made(version)
    assert model.security is not None
    assert model.action(MANAGEMENT, 64, SETUP, 2, transfer(CONSUMER_KEYS.master)) == (250, None)
    assert noted(model) == ([], 0)
    assert model.action(MANAGEMENT, 64, SETUP, 2, transfer(TEST_SECURITY.keys.master)) == (0, None)
    assert model.security.keys == replace(TEST_SECURITY.keys, unicast=NEW_KEY)
    assert noted(model) == ([48], 0)


def test_consumer_setup_is_apart_and_for_management_only() -> None:
    model = made()
    assert model.security is not None
    assert model.parts.consumer_security is not None
    assert model.get(MANAGEMENT, 64, CONSUMER, 5, None) == (9, TEST_SECURITY.system_title)
    assert not model.objects[CONSUMER].visible_to("reading")
    assert model.set(MANAGEMENT, 64, CONSUMER, 4, None, (9, bytes(8))) == 3
    assert model.action(READING, 64, CONSUMER, 2, transfer(CONSUMER_KEYS.master)) == (3, None)
    assert model.action(MANAGEMENT, 64, CONSUMER, 2, transfer(TEST_SECURITY.keys.master)) == (250, None)
    assert model.action(MANAGEMENT, 64, CONSUMER, 2, transfer(CONSUMER_KEYS.master, 1)) == (0, None)
    assert model.parts.consumer_security.keys == replace(CONSUMER_KEYS, broadcast=NEW_KEY)
    assert model.security.keys == TEST_SECURITY.keys
