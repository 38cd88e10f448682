"""Image transfer: blocks, bitmap, signature, activation."""

import hashlib
import hmac
from typing import Any

import pytest

from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, obis
from reference_meter.model.firmware import APPLICATION, LEGALLY_RELEVANT, build_image, parse_image
from reference_meter.model.image_transfer import BLOCK_OCTETS
from reference_meter.model.model import MeterModel
from reference_meter.play_keys import IMAGE_KEY

READING, MANAGEMENT = 2, 1
IMAGE, FIRMWARE, APPLICATION_ID = obis("0.0.44.0.0.255"), obis("1.0.0.2.0.255"), obis("1.1.0.2.0.255")
ZERO = (15, 0)
PROGRAM = bytes(range(256)) * 2


@pytest.fixture
def model() -> MeterModel:
    return Meter(MeterConfiguration(history_days=0)).model


def image(part: int = APPLICATION, key: bytes = IMAGE_KEY) -> bytes:
    return build_image(part=part, firmware_id=b"A2.0.0", program=PROGRAM, key=key)


def read(model: MeterModel, attribute: int) -> Any:
    return model.get(READING, 18, IMAGE, attribute, None)[1]


def call(model: MeterModel, method: int, parameter: Pair | None = ZERO, client: int = MANAGEMENT) -> int:
    return model.action(client, 18, IMAGE, method, parameter)[0]


def initiate(model: MeterModel, size_octets: int) -> int:
    return call(model, 1, (2, [(9, b"new"), (6, size_octets)]))


def block(number: int, octets: bytes) -> Pair:
    return (2, [(6, number), (9, octets)])


def transfer(model: MeterModel, octets: bytes) -> None:
    assert initiate(model, len(octets)) == 0
    for number in range(-(-len(octets) // BLOCK_OCTETS)):
        assert call(model, 2, block(number, octets[number * BLOCK_OCTETS :][:BLOCK_OCTETS])) == 0


def codes(model: MeterModel) -> list[int]:
    _, stream = model.get(READING, 7, obis("0.0.99.98.0.255"), 2, None)
    return [row[1][1][1] for row in stream.rows]


def ids(model: MeterModel) -> list[bytes]:
    return [model.get(READING, 1, code, 2, None)[1] for code in (FIRMWARE, APPLICATION_ID)]


def test_an_image_is_what_its_description_says() -> None:
    content = b"CFMI\x02\x06A2.0.0" + PROGRAM
    assert image() == content + hmac.new(IMAGE_KEY, content, hashlib.sha256).digest()
    found = parse_image(image(), IMAGE_KEY)
    assert found is not None
    assert (found.part, found.firmware_id) == (APPLICATION, b"A2.0.0")
    for wrong in (b"", image()[:-1], image(key=b"other"), image(part=3), bytes(40)):
        assert parse_image(wrong, IMAGE_KEY) is None
    short = b"CFMI\x02\x06A2"
    assert parse_image(short + hmac.new(IMAGE_KEY, short, hashlib.sha256).digest(), IMAGE_KEY) is None


def test_good_image_is_taken_block_by_block_and_activated(model: MeterModel) -> None:
    octets = image()
    assert (read(model, 2), read(model, 3), read(model, 4), read(model, 6)) == (BLOCK_OCTETS, (0, b""), 0, 0)
    assert initiate(model, len(octets)) == 0
    count = len(octets) // BLOCK_OCTETS + 1
    assert (read(model, 3), read(model, 4), read(model, 6)) == ((count, bytes(1)), 0, 1)
    for number in (0, 2):
        assert call(model, 2, block(number, octets[number * BLOCK_OCTETS :][:BLOCK_OCTETS])) == 0
    assert (read(model, 3), read(model, 4)) == ((count, b"\xa0"), 1)
    assert call(model, 3) == 250
    assert read(model, 6) == 1
    for number in range(count):
        assert call(model, 2, block(number, octets[number * BLOCK_OCTETS :][:BLOCK_OCTETS])) == 0
    assert (read(model, 3), read(model, 4)) == ((count, b"\xf8"), count)
    assert call(model, 4) == 250
    assert call(model, 3) == 0
    assert read(model, 6) == 3
    assert read(model, 7) == [(2, [(6, len(octets)), (9, b"new"), (9, octets[-32:])])]
    assert call(model, 2, block(0, octets[:BLOCK_OCTETS])) == 250
    assert call(model, 4) == 0
    assert read(model, 6) == 6
    assert ids(model) == [b"1.0.0", b"A2.0.0"]
    assert codes(model) == []


@pytest.mark.parametrize("part", [LEGALLY_RELEVANT, APPLICATION])
def test_wrong_signature_is_refused_and_noted(model: MeterModel, part: int) -> None:
    transfer(model, image(part, key=b"somebody else's"))
    assert call(model, 3) == 250
    assert read(model, 6) == 4
    assert read(model, 7) == []
    assert call(model, 3) == 250
    assert call(model, 4) == 250
    assert read(model, 6) == 4
    assert codes(model) == [51]
    assert ids(model) == [b"1.0.0", b"A1.0.0"]


def test_image_of_the_legally_relevant_part_is_never_activated(model: MeterModel) -> None:
    transfer(model, image(LEGALLY_RELEVANT))
    assert call(model, 3) == 0
    assert call(model, 4) == 250
    assert read(model, 6) == 7
    assert ids(model) == [b"1.0.0", b"A1.0.0"]
    assert codes(model) == []


@pytest.mark.parametrize(
    ("method", "parameter", "result"),
    [
        (1, ZERO, 12),
        (1, None, 12),
        (1, (2, [(9, b"new"), (18, 100)]), 12),
        (1, (2, [(9, b"new"), (6, 0)]), 250),
        (1, (2, [(9, b"new"), (6, 1 << 24)]), 250),
        (1, (2, [(9, bytes(49)), (6, 100)]), 250),
        (2, (2, [(6, 0)]), 12),
        (2, block(5, bytes(BLOCK_OCTETS)), 250),
        (2, block(0, bytes(BLOCK_OCTETS - 1)), 250),
        (2, block(4, bytes(BLOCK_OCTETS)), 250),
        (3, (17, 0), 12),
        (4, None, 12),
        (5, ZERO, 11),
    ],
)
def test_wrong_call_leaves_the_transfer_alone(model: MeterModel, method: int, parameter: Pair, result: int) -> None:
    assert initiate(model, 550) == 0
    assert call(model, method, parameter, READING) == (11 if method == 5 else 3)
    assert call(model, method, parameter) == result
    assert (read(model, 3), read(model, 6)) == ((5, b"\x00"), 1)


def test_disabled_transfer_takes_nothing(model: MeterModel) -> None:
    assert model.set(READING, 18, IMAGE, 5, None, (3, False)) == 3
    assert model.set(MANAGEMENT, 18, IMAGE, 5, None, (3, False)) == 0
    assert initiate(model, 550) == 250
    assert read(model, 6) == 0
    assert model.set(MANAGEMENT, 18, IMAGE, 5, None, (3, True)) == 0
    assert initiate(model, 550) == 0


@pytest.mark.parametrize("times", [1, 2])
def test_an_update_at_the_meter_brings_one_special_day_and_notes_it_once(times: int) -> None:
    meter = Meter(MeterConfiguration(history_days=0))
    model, changed = meter.model, meter.model.parts.audit.changes
    days = model.get(MANAGEMENT, 11, obis("0.0.11.0.0.255"), 2, None)[1]
    for _ in range(times):
        assert meter.control({"op": "firmware", "installed": "other"}) == {"ok": True}
    assert ids(model) == [b"1.0.0", b"A2.0.0"]
    assert len(model.get(MANAGEMENT, 11, obis("0.0.11.0.0.255"), 2, None)[1]) == len(days) + 1
    assert changed.number == 1
    assert codes(model)[-1] == 47
    assert meter.control({"op": "firmware", "installed": "former"}) == {"ok": True}
    assert ids(model) == [b"1.0.0", b"A1.0.0"]
    assert changed.number == 1
    assert "other or former" in meter.control({"op": "firmware", "installed": "newest"})["error"]
