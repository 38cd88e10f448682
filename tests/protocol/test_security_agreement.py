"""Key agreement: published secrets and keys, and what is no key at all."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from harness.errors import DecodeError
from harness.protocol.security import (
    SUITES,
    AgreedKey,
    BadSignature,
    Scheme,
    SuiteId,
    agreed_key,
    announced_key,
    one_pass,
    point_of,
    private_key_of,
    public_key_of,
    shared_secret,
    sign,
    static_party,
)

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "agreement.toml").read_text(encoding="utf-8")
)["vector"]
WITH_CURVES = [SuiteId.ECDH_ECDSA_AES_GCM_128, SuiteId.ECDH_ECDSA_AES_GCM_256]
TITLE = bytes.fromhex("4D4D4D0000BC614E")


def of_part(part: str) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in VECTORS if vector["part"] == part]


def signer(suite: SuiteId, number: int = 7) -> ec.EllipticCurvePrivateKey:
    return private_key_of(number.to_bytes(SUITES[suite].coordinate_octets, "big"), SUITES[suite])


@pytest.mark.parametrize("vector", of_part("secret"))
def test_published_shared_secrets(vector: dict[str, Any]) -> None:
    suite = SUITES[SuiteId(vector["suite"])]
    own = private_key_of(bytes.fromhex(vector["private_key"]), suite)
    peer = public_key_of(bytes.fromhex(vector["peer_key"]), suite)
    assert shared_secret(own, peer) == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("vector", of_part("key"))
def test_published_agreed_keys(vector: dict[str, Any]) -> None:
    suite = SUITES[SuiteId(vector["suite"])]
    originator, recipient = bytes.fromhex(vector["originator"]), bytes.fromhex(vector["recipient"])
    made = agreed_key(bytes.fromhex(vector["secret"]), suite=suite, originator=originator, recipient=recipient)
    assert made == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("suite", WITH_CURVES)
@pytest.mark.parametrize("signed", [False, True])
def test_ephemeral_key_comes_back_signed_and_unsigned(suite: SuiteId, signed: bool) -> None:
    own = signer(suite, 11)
    key = one_pass(own, suite=SUITES[suite], signing_key=signer(suite) if signed else None)
    assert len(key.ciphered) == SUITES[suite].coordinate_octets * (4 if signed else 2)
    again = announced_key(key, suite=SUITES[suite], peer_key=signer(suite).public_key())
    assert point_of(again) == point_of(own.public_key())


def test_ephemeral_key_that_is_signed_alone_is_good_too() -> None:
    suite = SUITES[SuiteId.ECDH_ECDSA_AES_GCM_128]
    point = point_of(signer(suite.id, 11).public_key())
    signature = sign(point, key=signer(suite.id), suite=suite)
    key = AgreedKey(parameters=Scheme.ONE_PASS.parameters, ciphered=point + signature)
    assert point_of(announced_key(key, suite=suite, peer_key=signer(suite.id).public_key())) == point


def test_signature_of_somebody_else_is_refused() -> None:
    suite = SUITES[SuiteId.ECDH_ECDSA_AES_GCM_256]
    key = one_pass(signer(suite.id, 11), suite=suite, signing_key=signer(suite.id))
    with pytest.raises(BadSignature):
        announced_key(key, suite=suite, peer_key=signer(suite.id, 8).public_key())
    assert announced_key(key, suite=suite, peer_key=None)


@pytest.mark.parametrize("octets", [0, 1, 63, 65, 127, 129])
def test_octets_of_another_number_are_no_ephemeral_key(octets: int) -> None:
    key = AgreedKey(parameters=Scheme.ONE_PASS.parameters, ciphered=bytes(octets))
    with pytest.raises(DecodeError, match="ephemeral key of"):
        announced_key(key, suite=SUITES[SuiteId.ECDH_ECDSA_AES_GCM_128], peer_key=None)


def test_octets_off_the_curve_are_no_ephemeral_key() -> None:
    key = AgreedKey(parameters=Scheme.ONE_PASS.parameters, ciphered=b"\x01" * 64)
    with pytest.raises(DecodeError, match="no point of the curve"):
        announced_key(key, suite=SUITES[SuiteId.ECDH_ECDSA_AES_GCM_128], peer_key=None)


def test_transaction_makes_another_key_of_the_same_secret() -> None:
    suite = SUITES[SuiteId.ECDH_ECDSA_AES_GCM_256]
    made = {
        agreed_key(bytes(48), suite=suite, originator=static_party(TITLE, transaction), recipient=TITLE)
        for transaction in (b"", b"\x00", b"\x01", bytes(8))
    }
    assert len(made) == 4
    assert {len(key) for key in made} == {32}


def test_suite_0_has_no_key_agreement() -> None:
    suite = SUITES[SuiteId.AES_GCM_128]
    with pytest.raises(ValueError, match="suite 0 has no key agreement"):
        agreed_key(bytes(32), suite=suite, originator=TITLE, recipient=TITLE)
