import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.errors import DecodeError
from harness.protocol import mbus
from harness.protocol.mbus.encryption import (
    Configuration,
    authentication_code,
    check_code,
    checked,
    decrypt,
    derived_key,
    enciphered_key,
    initial_vector,
)

VECTORS = Path(__file__).parents[1] / "vectors"


def vectors(name: str, kind: str = "vector") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((VECTORS / name).read_text(encoding="utf-8"))[kind]
    return found


FRAMES = vectors("mbus.toml")
CIPHERED = {vector["mode"]: vector for vector in vectors("mbus_encryption.toml")}


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("vector", FRAMES, ids=lambda vector: vector["name"])
def test_frames_decode_and_encode(vector: dict[str, Any]) -> None:
    octets = hexed(vector["hex"])
    frame = mbus.frame_from_bytes(octets)
    assert isinstance(frame, mbus.ShortFrame if vector["kind"] == "short" else mbus.LongFrame)
    assert (frame.control, frame.address) == (vector["control"], vector["address"])
    if isinstance(frame, mbus.LongFrame):
        assert frame.information == vector["information"]
    assert frame.to_bytes() == octets


@pytest.mark.parametrize("vector", [one for one in FRAMES if "records" in one], ids=lambda vector: vector["name"])
def test_records_of_published_telegrams(vector: dict[str, Any]) -> None:
    frame = mbus.frame_from_bytes(hexed(vector["hex"]))
    assert isinstance(frame, mbus.LongFrame)
    telegram = mbus.telegram_of(frame)
    assert isinstance(telegram, mbus.Telegram)
    assert str(telegram.header.address) == vector["slave"]
    assert [str(record) for record in telegram.records] == vector["records"]


def test_an_application_error_has_a_name() -> None:
    frame = mbus.frame_from_bytes(hexed("68 04 04 68 08 01 70 01 7A 16"))
    assert isinstance(frame, mbus.LongFrame)
    error = mbus.telegram_of(frame)
    assert isinstance(error, mbus.ApplicationError)
    assert error.name == "unimplemented-ci"
    assert mbus.ApplicationError(code=0x55).name == "code-85"


def test_a_selection_has_the_octets_of_the_address() -> None:
    frame = mbus.frame_from_bytes(hexed("68 0B 0B 68 53 FD 52 78 56 34 12 24 23 01 07 05 16"))
    assert isinstance(frame, mbus.LongFrame)
    address = mbus.SecondaryAddress(identification="12345678", manufacturer="2324", version=1, medium=7)
    assert address.to_bytes() == frame.data
    assert mbus.SecondaryAddress().to_bytes() == b"\xff" * 8
    assert mbus.SecondaryAddress(identification="1234FFFF").matches(address)
    assert not mbus.SecondaryAddress(identification="1235FFFF").matches(address)


def test_mode_5_with_the_published_key() -> None:
    vector = CIPHERED[5]
    address = mbus.SecondaryAddress.from_bytes(hexed(vector["address"]))
    plain = decrypt(hexed(vector["key"]), initial_vector(address, vector["access_number"]), hexed(vector["hex"]))
    assert plain == hexed(vector["plain"])
    configuration, rest = Configuration.pull(hexed(vector["configuration"]))
    assert (configuration.mode, configuration.encrypted_octets, rest) == (5, 32, b"")


def test_mode_5_in_a_telegram() -> None:
    vector = CIPHERED[5]
    data = b"".join(
        (
            hexed(vector["address"]),
            bytes((vector["access_number"], 0)),
            hexed(vector["configuration"]),
            hexed(vector["hex"]),
            hexed("02 FD 17 01 00"),
        )
    )
    frame = mbus.LongFrame(control=0x08, address=1, information=0x72, data=data)
    telegram = mbus.telegram_of(frame, key=hexed(vector["key"]))
    assert isinstance(telegram, mbus.Telegram)
    assert [str(one) for one in telegram.records][::3] == ["volume = 28504.27 m3", "error flags = 1"]
    with pytest.raises(DecodeError, match="no key"):
        mbus.telegram_of(frame)
    with pytest.raises(DecodeError, match="wrong key"):
        mbus.telegram_of(frame, key=bytes(16))


def test_mode_7_in_a_telegram() -> None:
    vector = CIPHERED[7]
    layer = hexed("0F 00 2C") + hexed(vector["control"]) + hexed(vector["counter"]) + hexed(vector["code"])
    address = mbus.SecondaryAddress(identification="12345678", manufacturer="ELS", version=0x33, medium=3)

    def read(data: bytes, key: bytes | None = hexed(vector["key"])) -> list[str]:
        frame = mbus.LongFrame(control=0x08, address=1, information=0x90, data=data)
        telegram = mbus.telegram_of(frame, key=key, address=address)
        assert isinstance(telegram, mbus.Telegram)
        return [str(one) for one in telegram.records]

    message = hexed(vector["header"]) + hexed(vector["hex"])
    assert read(layer + message)[0] == "volume = 28504.27 m3"
    with pytest.raises(DecodeError, match="code"):
        read(layer + message + b"\x2f")
    with pytest.raises(DecodeError, match="code"):
        read(layer[:-1] + b"\x00" + message)
    with pytest.raises(DecodeError, match="no key"):
        read(layer + message, key=None)
    for wrong in (b"", b"\x0f\x00", layer, b"\x0f\x00\x6c" + layer[3:] + message, b"\x0e" + layer[1:] + message):
        with pytest.raises(DecodeError):
            read(wrong)


def test_mode_7_with_the_published_key() -> None:
    vector = CIPHERED[7]
    key, counter, identification = hexed(vector["key"]), hexed(vector["counter"]), hexed(vector["identification"])
    for_code = derived_key(key, counter=counter, identification=identification, for_code=True)
    message = hexed(vector["control"]) + counter + hexed(vector["header"]) + hexed(vector["hex"])
    assert authentication_code(for_code, message) == hexed(vector["code"])
    check_code(for_code, message, hexed(vector["code"]))
    with pytest.raises(DecodeError, match="code"):
        check_code(for_code, message + b"\0", hexed(vector["code"]))
    for_records = derived_key(key, counter=counter, identification=identification)
    assert checked(decrypt(for_records, bytes(16), hexed(vector["hex"]))) == hexed(vector["plain"])
    configuration, _ = Configuration.pull(hexed(vector["configuration"]))
    assert (configuration.mode, configuration.extension, configuration.encrypted_octets) == (7, 0x10, 32)


@pytest.mark.parametrize("vector", vectors("mbus_encryption.toml", "enclosed_key"), ids=lambda vector: vector["name"])
def test_a_key_is_enclosed_under_the_default_key(vector: dict[str, Any]) -> None:
    assert enciphered_key(hexed(vector["key"]), hexed(vector["default_key"])) == hexed(vector["hex"])
