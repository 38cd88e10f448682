import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.acse import Mechanism
from harness.protocol.security import (
    BadTag,
    Challenges,
    Ciphered,
    CipherKeys,
    Form,
    HlsKeys,
    NotAuthentic,
    ProtectionMismatch,
    SecurityControl,
    check_response,
    counter_of_response,
    protect,
    response,
    seal,
    unprotect,
    unseal,
    unwrap_key,
    wrap_key,
)

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "security.toml").read_text(encoding="utf-8")
)["vector"]
KEYS = CipherKeys(encryption=bytes(range(16)), authentication=bytes(range(0xD0, 0xE0)))
TITLE = bytes.fromhex("4D4D4D0000BC614E")
COUNTER = 0x01234567
BOTH = SecurityControl.from_octet(0x30)
ENCRYPTED = SecurityControl.from_octet(0x20)


def of_part(part: str) -> pytest.MarkDecorator:
    chosen = [vector for vector in VECTORS if vector["part"] == part]
    return pytest.mark.parametrize("vector", chosen, ids=[vector["name"] for vector in chosen])


def octets_of(vector: dict[str, Any], key: str = "hex") -> bytes:
    return bytes.fromhex(vector[key])


@of_part("apdu")
def test_apdus_are_protected_as_published(vector: dict[str, Any]) -> None:
    protected = protect(
        octets_of(vector, "plain"),
        form=Form(vector["form"]),
        control=SecurityControl.from_octet(vector["control"]),
        keys=KEYS,
        system_title=TITLE,
        counter=COUNTER,
    )
    assert protected == octets_of(vector)


@of_part("apdu")
def test_published_apdus_are_read(vector: dict[str, Any]) -> None:
    ciphered = Ciphered.from_bytes(octets_of(vector))
    assert ciphered.counter == COUNTER
    assert ciphered.control.to_octet() == vector["control"]
    assert ciphered.form == vector["form"]
    assert ciphered.to_bytes() == octets_of(vector)
    demanded = SecurityControl.from_octet(vector["control"])
    plain = unprotect(octets_of(vector), demanded=demanded, keys=KEYS, system_title=TITLE)
    assert plain == octets_of(vector, "plain")


@of_part("content")
def test_contents_of_other_suites(vector: dict[str, Any]) -> None:
    keys = CipherKeys(
        encryption=octets_of(vector, "encryption_key"), authentication=octets_of(vector, "authentication_key")
    )
    control = SecurityControl.from_octet(vector["control"])
    content = octets_of(vector)[5:]
    plain = octets_of(vector, "plain")
    assert seal(plain, control=control, keys=keys, system_title=TITLE, counter=COUNTER) == content
    assert unseal(content, control=control, keys=keys, system_title=TITLE, counter=COUNTER) == plain


@of_part("gmac")
def test_answers_to_challenges(vector: dict[str, Any]) -> None:
    challenges = Challenges(
        received=octets_of(vector, "received"),
        sent=octets_of(vector, "sent"),
        own_title=octets_of(vector, "own_title"),
        peer_title=octets_of(vector, "peer_title"),
    )
    keys = HlsKeys(keys=KEYS)
    answer = response(Mechanism.HIGH_GMAC, challenges, keys, counter=vector["counter"])
    assert answer == octets_of(vector)
    assert counter_of_response(answer) == vector["counter"]
    check_response(Mechanism.HIGH_GMAC, octets_of(vector), challenges, keys)
    other = Challenges(
        received=challenges.sent, sent=challenges.received, own_title=challenges.own_title, peer_title=b""
    )
    with pytest.raises(NotAuthentic):
        check_response(Mechanism.HIGH_GMAC, octets_of(vector), other, keys)


@of_part("wrap")
def test_keys_are_wrapped(vector: dict[str, Any]) -> None:
    master_key, key = octets_of(vector, "master_key"), octets_of(vector, "plain")
    assert wrap_key(key, master_key=master_key) == octets_of(vector)
    assert unwrap_key(octets_of(vector), master_key=master_key) == key
    with pytest.raises(BadTag):
        unwrap_key(octets_of(vector), master_key=bytes(16))
    with pytest.raises(DecodeError):
        unwrap_key(octets_of(vector)[:-1], master_key=master_key)
    with pytest.raises(DecodeError):
        unwrap_key(b"", master_key=master_key)


@pytest.mark.parametrize("name", [vector["name"] for vector in VECTORS if vector.get("control", 0) & 0x1F == 0x10])
def test_every_flipped_bit_of_an_authenticated_apdu_is_refused(name: str) -> None:
    vector = next(vector for vector in VECTORS if vector["name"] == name)
    octets = octets_of(vector)
    for bit in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[bit // 8] ^= 0x80 >> bit % 8
        with pytest.raises(ProtocolViolation):
            unprotect(
                bytes(flipped),
                demanded=SecurityControl.from_octet(vector["control"]),
                keys=KEYS,
                system_title=TITLE,
            )


def test_every_shortened_and_lengthened_apdu_is_refused() -> None:
    octets = octets_of(next(vector for vector in VECTORS if vector["name"] == "get-general-glo"))
    for length in range(len(octets)):
        with pytest.raises(DecodeError):
            unprotect(octets[:length], demanded=BOTH, keys=KEYS, system_title=TITLE)
    with pytest.raises(DecodeError):
        unprotect(octets + b"\x00", demanded=BOTH, keys=KEYS, system_title=TITLE)


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        ("C8 04 30 01 23 45", DecodeError),
        ("C8 05 30 01 23 45 67", DecodeError),
        ("C8 10 30 01 23 45 67 00 00 00 00 00 00 00 00 00 00 00", DecodeError),
        (
            "C8 1E 33 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B",
            DecodeError,
        ),
        (
            "C8 1E B0 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B",
            ProtectionMismatch,
        ),
        ("C9 12 20 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC", ProtectionMismatch),
        ("DB 07 4D 4D 4D 00 00 BC 61 1E 30 01 23 45 67", DecodeError),
        ("DB 00 05 30 01 23 45 67", DecodeError),
        ("C0 01 C1", DecodeError),
        ("", DecodeError),
    ],
)
def test_malformed_protection_is_refused(octets: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        unprotect(bytes.fromhex(octets), demanded=ENCRYPTED, keys=KEYS, system_title=TITLE)
