"""Associations with ciphering and high level security."""

import copy
import re
from typing import Any

import pytest

from harness.declaration import Declaration, parse_declaration, without_secrets
from harness.errors import DeclarationError

TITLE = "4D4D4D0000BC614E"
KEYS = {
    "client_system_title": TITLE,
    "encryption_key": "hex:000102030405060708090A0B0C0D0E0F",
    "authentication_key": "hex:D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF",
}
DATA: dict[str, Any] = {
    "schema": 1,
    "test_keys": True,
    "identity": {
        "name": "n",
        "manufacturer": "M",
        "type": "T",
        "serial": "1",
        "firmware": "1",
        "medium": "electricity",
        "roles": ["meter"],
    },
    "doors": [{"id": "wrapper", "protocol": "wrapper", "url": "loop://reference"}],
    "associations": [
        {"id": "public", "role": "public", "client_sap": 16, "mechanism": "none"},
        {
            "id": "reading",
            "role": "reading",
            "client_sap": 2,
            "mechanism": "hls-gmac",
            "context": "ln-ciphered",
            "security": KEYS,
        },
    ],
    "objects": {"logical_device_name": {"class": 1, "obis": "0.0.42.0.0.255"}},
}


def load(reading: dict[str, Any] | None = None, **security: object) -> Declaration:
    """Load with changes; None removes a key."""
    data = copy.deepcopy(DATA)
    association = data["associations"][1]
    association["security"] = {k: v for k, v in {**KEYS, **security}.items() if v is not None}
    association.update(reading or {})
    data["associations"][1] = {key: value for key, value in association.items() if value is not None}
    return parse_declaration(data, name="d", check_url=lambda url, protocol: None)


def test_a_ciphered_association_with_defaults() -> None:
    declared = load().association("reading")
    security = declared.security
    assert security is not None
    assert (declared.mechanism_id, declared.ciphered) == (5, True)
    assert (security.suite, security.policy, security.counter) == (0, "authenticated-encrypted", "store")
    assert (security.authenticated, security.encrypted) == (True, True)
    assert (security.client_title, security.server_title) == (bytes.fromhex(TITLE), None)
    assert security.encryption_key is not None
    assert security.encryption_key.reveal() == bytes(range(16))


def test_keys_are_secrets_and_never_shown() -> None:
    declaration = load()
    assert [path[-1] for path, _ in declaration.secrets()] == ["encryption_key", "authentication_key"]
    assert "000102" not in repr(declaration) + declaration.model_dump_json()
    text = '[[associations]]\n[associations.security]\nencryption_key = "hex:000102030405060708090A0B0C0D0E0F"\n'
    assert without_secrets(text) == '[[associations]]\n[associations.security]\nencryption_key = "withheld:16"\n'


@pytest.mark.parametrize(
    ("mechanism", "number"),
    [("hls-manufacturer", 2), ("hls-md5", 3), ("hls-sha1", 4), ("hls-sha256", 6)],
)
def test_mechanisms_with_a_shared_secret(mechanism: str, number: int) -> None:
    assert load({"mechanism": mechanism, "secret": "text:shared"}).association("reading").mechanism_id == number
    with pytest.raises(DeclarationError, match=f"secret: is missing, because mechanism is {mechanism}"):
        load({"mechanism": mechanism})


def test_ecdsa_needs_keys_of_its_suite() -> None:
    declared = load(
        {"mechanism": "hls-ecdsa"}, suite=1, signing_key="hex:" + "07" * 32, server_public_key="04" * 64
    ).association("reading")
    assert declared.mechanism_id == 7
    assert declared.security is not None
    assert declared.security.server_point == b"\x04" * 64
    with pytest.raises(DeclarationError, match=r"signing_key: is missing, because mechanism is hls-ecdsa"):
        load({"mechanism": "hls-ecdsa"}, suite=1, server_public_key="04" * 64)
    with pytest.raises(DeclarationError, match="does not fit suite 2"):
        load({"mechanism": "hls-ecdsa"}, suite=2, signing_key="env:KEY", server_public_key="04" * 64)
    with pytest.raises(DeclarationError, match="which has no signatures"):
        load({"mechanism": "hls-ecdsa"}, signing_key="env:KEY", server_public_key="04" * 64)


@pytest.mark.parametrize(
    ("reading", "security", "told"),
    [
        ({"security": None}, {}, "security: is missing, because context is ln-ciphered"),
        ({"security": None, "context": None}, {}, "security: is missing, because mechanism is hls-gmac"),
        ({"context": None, "mechanism": "none"}, {}, "security: has no use with mechanism none and context ln"),
        ({"secret": "text:x"}, {}, "secret: has no use with mechanism hls-gmac"),
        ({}, {"client_system_title": None}, "client_system_title: is missing; allowed: a system title: 16 hex"),
        ({}, {"client_system_title": "4D4D"}, 'client_system_title: is "4D4D"; allowed: a system title: 16 hex'),
        ({}, {"encryption_key": None}, "encryption_key: is missing, because context is ln-ciphered"),
        (
            {"context": None},
            {"authentication_key": None},
            "authentication_key: is missing, because mechanism is hls-gm",
        ),
        ({}, {"master_key": "hex:0011"}, "master_key: has a wrong length (not shown); allowed: 16 octets in suite 0"),
        ({}, {"suite": 2}, "encryption_key: has a wrong length (not shown); allowed: 32 octets in suite 2"),
        ({}, {"general_ciphering": True}, "conformance: lacks GENERAL_PROTECTION"),
        ({}, {"suite": 3}, "suite: is 3; allowed: 0, 1, 2"),
        ({}, {"policy": "none"}, 'policy: is "none"; allowed: authenticated, encrypted, authenticated-encrypted'),
        ({}, {"encryption_key": "0011"}, "encryption_key: is not a reference to a secret (its value is not shown)"),
        ({}, {"counter": "device"}, 'counter: is "device", and objects.invocation_counter is not declared'),
        ({}, {"broadcastkey": "env:X"}, 'broadcastkey: is unknown, did you mean "broadcast_key"?'),
    ],
)
def test_what_is_wrong_is_told(reading: dict[str, Any], security: dict[str, Any], told: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(told)):
        load(reading, **security)
