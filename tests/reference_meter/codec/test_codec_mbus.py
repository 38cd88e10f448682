import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reference_meter.codec import mbus
from reference_meter.codec.mbus_encryption import encipher, message_code, message_key, vector_of_header
from reference_meter.codec.octets import Malformed

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((VECTORS / name).read_text(encoding="utf-8"))["vector"]
    return found


@pytest.mark.parametrize("vector", vectors("mbus.toml"), ids=lambda vector: vector["name"])
def test_frames_of_a_master_are_read_whole_only(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    request = mbus.request_from_octets(octets)
    assert request is not None
    assert (request.control, request.address) == (vector["control"], vector["address"])
    assert request.information == vector.get("information")
    assert mbus.request_from_octets(octets[:-1]) is None
    for damaged in (octets[:-1] + b"\x17", octets[:-2] + bytes((octets[-2] ^ 1,)) + octets[-1:], octets + b"\0"):
        with pytest.raises(Malformed):
            mbus.request_from_octets(damaged)
    if request.information is not None:
        again = mbus.long_frame(request.control, request.address, request.information, request.data)
        assert again == octets


def test_records_with_storage_and_tariff() -> None:
    assert mbus.record(4, b"\x03", b"\x40\xe2\x01\x00").hex(" ") == "04 03 40 e2 01 00"
    assert mbus.record(4, b"\x03", b"\x10\x27\x00\x00", tariff=1).hex(" ") == "84 10 03 10 27 00 00"
    assert mbus.record(2, b"\x6c", mbus.date_octets(datetime(2011, 1, 5)), storage=1).hex(" ") == "42 6c 65 11"
    assert mbus.record(0xC, b"\x06", mbus.bcd(1, 4), storage=33, tariff=4).hex(" ") == "cc 80 11 06 01 00 00 00"


def test_numbers_dates_and_letters() -> None:
    assert mbus.bcd(12345678, 4).hex() == "78563412"
    assert mbus.manufacturer_octets("KAM").hex() == "2d2c"
    moment = datetime(2011, 1, 5, 15, 26)
    octets = mbus.date_time_octets(moment, invalid=False, summer=False)
    assert octets.hex(" ") == "1a 2f 65 11".replace("2f", "0f")
    assert mbus.date_time_from_octets(octets) == moment
    with pytest.raises(Malformed):
        mbus.date_time_from_octets(bytes(4))


def test_encryption_as_published() -> None:
    mode_5, mode_7 = vectors("mbus_encryption.toml")
    h = bytes.fromhex
    vector = vector_of_header(h(mode_5["address"]), mode_5["access_number"])
    assert encipher(h(mode_5["key"]), vector, h(mode_5["plain"])) == h(mode_5["hex"])
    counter = int.from_bytes(h(mode_7["counter"]), "little")
    keys = [message_key(h(mode_7["key"]), purpose, counter, h(mode_7["identification"])) for purpose in (0, 1)]
    assert encipher(keys[0], bytes(16), h(mode_7["plain"])) == h(mode_7["hex"])
    message = h(mode_7["control"]) + h(mode_7["counter"]) + h(mode_7["header"]) + h(mode_7["hex"])
    assert message_code(keys[1], message) == h(mode_7["code"])
