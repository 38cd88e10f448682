"""The reference meter's ciphering against octets that others worked out."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from reference_meter.codec.octets import Malformed
from reference_meter.security import hls
from reference_meter.security.ciphering import CipherKeys, Header, Undecipherable, seal, unseal
from reference_meter.security.hls import Dialogue
from reference_meter.security.key_wrap import unwrap_key, wrap_key
from reference_meter.security.protected_apdu import (
    DEDICATED_OF_PLAIN,
    GLOBAL_OF_PLAIN,
    ProtectedApdu,
    decode_protected,
    encode_protected,
)

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors" / "meter_security.toml").read_text(encoding="utf-8"))[
    "vector"
]
TITLE = bytes.fromhex("4D4D4D0000BC614E")
KEYS = {
    0: CipherKeys(encryption=bytes(range(16)), authentication=bytes(range(0xD0, 0xE0))),
    2: CipherKeys(encryption=bytes(range(32)), authentication=bytes(range(0xD0, 0xF0))),
}
DIALOGUE = Dialogue(
    own_title=b"CLIENT01", other_title=b"SERVER01", own_challenge=b"CtoSCtoS", other_challenge=b"StoCStoC", secret=b"s3"
)


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["name"]) for entry in VECTORS if entry["kind"] == kind]


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("vector", of_kind("apdu"))
def test_protected_apdu_opens_and_comes_out_alike(vector: dict[str, Any]) -> None:
    message = decode_protected(octets(vector["hex"]))
    keys = KEYS[vector["suite"]]
    header = Header(control=message.control, title=TITLE, counter=message.counter)
    assert unseal(message.body, header, keys) == octets(vector["plain"])
    assert seal(octets(vector["plain"]), header, keys) == message.body
    assert encode_protected(message) == octets(vector["hex"])
    assert message.title in (None, TITLE)


@pytest.mark.parametrize("vector", of_kind("gmac"))
def test_gmac_reply(vector: dict[str, Any]) -> None:
    reply, challenge, title = (octets(vector[name]) for name in ("hex", "challenge", "title"))
    counter = hls.check_gmac(reply, challenge, 0, title, KEYS[0])
    assert hls.gmac_reply(challenge, Header(control=0x10, title=title, counter=counter), KEYS[0]) == reply
    with pytest.raises(Undecipherable):
        hls.check_gmac(reply, challenge[::-1], 0, title, KEYS[0])
    with pytest.raises(Undecipherable):
        hls.check_gmac(reply, challenge, 2, title, KEYS[0])
    with pytest.raises(Undecipherable):
        hls.check_gmac(reply[:-1], challenge, 0, title, KEYS[0])


@pytest.mark.parametrize("vector", of_kind("wrap"))
def test_wrapped_key(vector: dict[str, Any]) -> None:
    master, key, wrapped = (octets(vector[name]) for name in ("master", "key", "hex"))
    assert unwrap_key(master, wrapped) == key
    assert wrap_key(master, key) == wrapped
    for wrong in (wrapped[:-1], wrapped[:-1] + b"\0", b"", bytes(8)):
        with pytest.raises(Undecipherable):
            unwrap_key(master, wrong)


@pytest.mark.parametrize("name", ["get-authentication-only", "get-both", "get-both-suite-2"])
def test_no_bit_can_be_turned(name: str) -> None:
    vector = next(entry for entry in VECTORS if entry["name"] == name)
    message = decode_protected(octets(vector["hex"]))
    keys = KEYS[vector["suite"]]
    for bit in range(8 * len(message.body)):
        turned = bytearray(message.body)
        turned[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Undecipherable):
            unseal(bytes(turned), Header(control=message.control, title=TITLE, counter=message.counter), keys)
    for control, title, counter in (
        (message.control ^ 1, TITLE, message.counter),
        (message.control ^ 0x40, TITLE, message.counter),
        (message.control, TITLE[::-1], message.counter),
        (message.control, TITLE, message.counter + 1),
    ):
        with pytest.raises(Undecipherable):
            unseal(message.body, Header(control=control, title=title, counter=counter), keys)
    with pytest.raises(Undecipherable):
        unseal(message.body[-11:], Header(control=message.control, title=TITLE, counter=message.counter), keys)


def test_no_protection_is_neither_made_nor_opened() -> None:
    header = Header(control=0, title=TITLE, counter=1)
    with pytest.raises(ValueError, match="no protection"):
        seal(b"x", header, KEYS[0])
    with pytest.raises(Undecipherable):
        unseal(bytes(20), header, KEYS[0])
    with pytest.raises(ValueError, match="system title"):
        seal(b"x", Header(control=0x30, title=TITLE[:7], counter=1), KEYS[0])


@given(
    st.binary(max_size=300), st.sampled_from([0x10, 0x20, 0x30]), st.integers(0, 0xFFFFFFFF), st.sampled_from([0, 2])
)
def test_what_is_sealed_opens(plain: bytes, protection: int, counter: int, suite: int) -> None:
    header = Header(control=protection | suite, title=TITLE, counter=counter)
    body = seal(plain, header, KEYS[suite])
    assert unseal(body, header, KEYS[suite]) == plain
    assert len(body) == len(plain) + (12 if protection & 0x10 else 0)


@given(
    st.sampled_from([*GLOBAL_OF_PLAIN.values(), *DEDICATED_OF_PLAIN.values(), 0xDB, 0xDC]),
    st.integers(0, 255),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=300),
)
def test_protected_apdu_comes_back(tag: int, control: int, counter: int, body: bytes) -> None:
    title = TITLE if tag in (0xDB, 0xDC) else None
    message = ProtectedApdu(tag=tag, control=control, counter=counter, body=body, title=title)
    assert decode_protected(encode_protected(message)) == message


@pytest.mark.parametrize(
    "apdu",
    [
        "C8",
        "C8 04 30 01 23 45",
        "C8 06 30 01 23 45 67",
        "C8 05 30 01 23 45 67 00",
        "C0 05 30 01 23 45 67",
        "DB 07 4D 4D 4D 00 00 BC 61 05 30 01 23 45 67",
        "DB 00 05 30 01 23 45 67",
        "DB 08 4D 4D 4D",
    ],
)
def test_malformed_protection_is_refused(apdu: str) -> None:
    with pytest.raises(Malformed):
        decode_protected(octets(apdu))


def test_general_apdu_needs_a_title() -> None:
    with pytest.raises(ValueError, match="system title"):
        encode_protected(ProtectedApdu(tag=0xDB, control=0x30, counter=1, body=b""))


@pytest.mark.parametrize(
    ("mechanism", "command", "text"),
    [(3, "md5sum", "StoCStoCs3"), (4, "sha1sum", "StoCStoCs3"), (6, "sha256sum", "s3CLIENT01SERVER01StoCStoCCtoSCtoS")],
)
def test_digests_equal_those_of_the_system(mechanism: int, command: str, text: str) -> None:
    told = subprocess.run([command], input=text.encode(), capture_output=True, check=True).stdout
    assert hls.digest_reply(mechanism, DIALOGUE).hex() == told.split()[0].decode()


def test_dialogue_turned_is_the_other_side() -> None:
    assert DIALOGUE.turned().octets == b"SERVER01CLIENT01CtoSCtoSStoCStoC"
    assert DIALOGUE.turned().turned() == DIALOGUE
    with pytest.raises(ValueError, match="mechanism 5"):
        hls.digest_reply(5, DIALOGUE)


@pytest.mark.parametrize(("suite", "curve", "length"), [(1, ec.SECP256R1(), 64), (2, ec.SECP384R1(), 96)])
def test_signature_of_mechanism_7(suite: int, curve: ec.EllipticCurve, length: int) -> None:
    private = ec.generate_private_key(curve)
    number = private.private_numbers().private_value.to_bytes(length // 2, "big")
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    signature = hls.sign(DIALOGUE.octets, suite, number)
    assert len(signature) == length
    hls.check_signature(signature, DIALOGUE.octets, suite, point)
    for wrong, signed in ((signature, DIALOGUE.turned().octets), (signature[:-1], DIALOGUE.octets)):
        with pytest.raises(Undecipherable):
            hls.check_signature(wrong, signed, suite, point)


def test_keys_do_not_show() -> None:
    assert "encryption" not in repr(KEYS[0])
    assert "s3" not in repr(DIALOGUE)
