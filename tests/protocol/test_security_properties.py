import dataclasses
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.acse import Mechanism
from harness.protocol.security import (
    SUITES,
    BadTag,
    Challenges,
    Ciphered,
    CipherKeys,
    Form,
    HlsKeys,
    KeyId,
    NotAuthentic,
    ProtectionMismatch,
    SecurityControl,
    SuiteId,
    Underprotected,
    check_response,
    check_signature,
    ciphered_tag,
    private_key_of,
    protect,
    public_key_of,
    response,
    sign,
    unprotect,
    unwrap_key,
    wrap_key,
)

TITLE = b"CFM\x00\x00\x00\x00\x01"
SERVER = b"CFM\x00\x00\x00\x00\x02"
PLAIN_TAGS = st.sampled_from([0x01, 0x08, 0x0E, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC7])
APDUS = st.builds(lambda tag, rest: bytes((tag,)) + rest, PLAIN_TAGS, st.binary(max_size=300))
COUNTERS = st.integers(0, 0xFFFFFFFF)
PROTECTED = [(True, False), (False, True), (True, True)]


def keys_of(suite: SuiteId, first: int = 0) -> CipherKeys:
    octets = SUITES[suite].key_octets
    return CipherKeys(
        encryption=bytes(range(first, first + octets)), authentication=bytes(range(first + 100, first + 100 + octets))
    )


@given(
    apdu=APDUS,
    suite=st.sampled_from(SuiteId),
    form=st.sampled_from(Form),
    applied=st.sampled_from(PROTECTED),
    broadcast=st.booleans(),
    counter=COUNTERS,
)
def test_what_is_protected_comes_back(
    apdu: bytes, suite: SuiteId, form: Form, applied: tuple[bool, bool], broadcast: bool, counter: int
) -> None:
    control = SecurityControl(suite=suite, authenticated=applied[0], encrypted=applied[1], broadcast=broadcast)
    keys = keys_of(suite)
    octets = protect(apdu, form=form, control=control, keys=keys, system_title=TITLE, counter=counter)
    assert unprotect(octets, demanded=control, keys=keys, system_title=TITLE) == apdu
    ciphered = Ciphered.from_bytes(octets)
    assert (ciphered.counter, ciphered.control, ciphered.form) == (counter, control, form)
    assert ciphered.system_title == (TITLE if form.general else None)
    if control.authenticated:
        for wrong in (keys_of(suite, 1), dataclasses.replace(keys, authentication=keys.encryption)):
            with pytest.raises(BadTag):
                unprotect(octets, demanded=control, keys=wrong, system_title=TITLE)


@settings(max_examples=60)
@given(apdu=APDUS, form=st.sampled_from(Form), applied=st.sampled_from(PROTECTED), data=st.data())
def test_one_flipped_bit_is_refused_where_authenticated(
    apdu: bytes, form: Form, applied: tuple[bool, bool], data: st.DataObject
) -> None:
    control = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=applied[1])
    keys = keys_of(SuiteId.AES_GCM_128)
    octets = bytearray(protect(apdu, form=form, control=control, keys=keys, system_title=TITLE, counter=7))
    bit = data.draw(st.integers(0, len(octets) * 8 - 1))
    octets[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProtocolViolation):
        unprotect(bytes(octets), demanded=control, keys=keys, system_title=TITLE)


@given(octets=st.binary(max_size=80))
def test_any_octets_are_refused_with_a_reason(octets: bytes) -> None:
    control = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True)
    with pytest.raises(ProtocolViolation):
        unprotect(octets, demanded=control, keys=keys_of(SuiteId.AES_GCM_128), system_title=TITLE)


@given(octet=st.integers(0, 255))
def test_control_octets_come_back(octet: int) -> None:
    if octet & 0x0F > 2:
        with pytest.raises(DecodeError, match="security suite"):
            SecurityControl.from_octet(octet)
    else:
        assert SecurityControl.from_octet(octet).to_octet() == octet


def test_less_protection_than_demanded_is_reported_with_what_was_said() -> None:
    keys = keys_of(SuiteId.AES_GCM_128)
    both = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True)
    for control in (dataclasses.replace(both, encrypted=False), dataclasses.replace(both, authenticated=False)):
        octets = protect(b"\xc4\x01", form=Form.GLO, control=control, keys=keys, system_title=TITLE, counter=1)
        with pytest.raises(Underprotected) as caught:
            unprotect(octets, demanded=both, keys=keys, system_title=TITLE)
        assert caught.value.apdu == b"\xc4\x01"


def test_other_suite_other_key_set_and_other_title_are_no_match() -> None:
    keys = keys_of(SuiteId.AES_GCM_128)
    both = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True)
    octets = protect(b"\xc4\x01", form=Form.GENERAL_GLO, control=both, keys=keys, system_title=TITLE, counter=1)
    for demanded in (
        dataclasses.replace(both, suite=SuiteId.ECDH_ECDSA_AES_GCM_128),
        dataclasses.replace(both, broadcast=True),
    ):
        with pytest.raises(ProtectionMismatch):
            unprotect(octets, demanded=demanded, keys=keys, system_title=TITLE)
    with pytest.raises(ProtectionMismatch, match="system title"):
        unprotect(octets, demanded=both, keys=keys, system_title=SERVER)


def test_compression_keys_of_wrong_length_and_services_without_form_are_our_mistakes() -> None:
    keys = keys_of(SuiteId.AES_GCM_128)
    both = SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True)
    with pytest.raises(ProtectionMismatch, match="compress"):
        protect(
            b"\xc0",
            form=Form.GLO,
            control=dataclasses.replace(both, compressed=True),
            keys=keys,
            system_title=TITLE,
            counter=1,
        )
    with pytest.raises(ValueError, match="32 octets"):
        protect(
            b"\xc0",
            form=Form.GLO,
            control=dataclasses.replace(both, suite=SuiteId.ECDH_ECDSA_AES_GCM_256),
            keys=keys,
            system_title=TITLE,
            counter=1,
        )
    with pytest.raises(ValueError, match="data-notification"):
        protect(b"\x0f", form=Form.GLO, control=both, keys=keys, system_title=TITLE, counter=1)
    with pytest.raises(ValueError, match="8 octets"):
        protect(b"\xc0", form=Form.GLO, control=both, keys=keys, system_title=b"short", counter=1)
    assert ciphered_tag(0x0F, Form.GENERAL_DED) == 0xDC


def test_keys_and_secrets_are_never_shown() -> None:
    keys = keys_of(SuiteId.AES_GCM_128)
    shown = repr(HlsKeys(secret=b"very secret", keys=keys)) + repr(keys)
    assert "very secret" not in shown
    assert "encryption=" not in shown
    with pytest.raises(ValueError, match="keys of 16") as caught:
        protect(
            b"\xc0",
            form=Form.GLO,
            control=SecurityControl(suite=SuiteId.AES_GCM_128, authenticated=True, encrypted=True),
            keys=CipherKeys(encryption=b"abc-key", authentication=b"def-key"),
            system_title=TITLE,
            counter=1,
        )
    assert "key'" not in str(caught.value)
    assert "abc" not in str(caught.value)


SHARED = HlsKeys(secret=b"0123456789abcdef")
CLIENT_SIDE = Challenges(received=b"of the server", sent=b"of the client", own_title=TITLE, peer_title=SERVER)
SERVER_SIDE = Challenges(received=b"of the client", sent=b"of the server", own_title=SERVER, peer_title=TITLE)


@pytest.mark.parametrize("mechanism", [Mechanism.HIGH, Mechanism.HIGH_MD5, Mechanism.HIGH_SHA1, Mechanism.HIGH_SHA256])
def test_answers_by_shared_secret(mechanism: Mechanism) -> None:
    answer = response(mechanism, CLIENT_SIDE, SHARED)
    check_response(mechanism, answer, CLIENT_SIDE, SHARED)
    for challenges, keys in ((SERVER_SIDE, SHARED), (CLIENT_SIDE, HlsKeys(secret=b"another"))):
        with pytest.raises(NotAuthentic):
            check_response(mechanism, answer, challenges, keys)
    with pytest.raises(NotAuthentic):
        check_response(mechanism, answer + b"\x00", CLIENT_SIDE, SHARED)
    with pytest.raises(ValueError, match="needs a secret"):
        response(mechanism, CLIENT_SIDE, HlsKeys())


def test_what_the_digests_are_taken_over() -> None:
    secret = b"0123456789abcdef"
    assert response(Mechanism.HIGH_MD5, CLIENT_SIDE, SHARED) == hashlib.md5(b"of the server" + secret).digest()
    assert response(Mechanism.HIGH_SHA1, CLIENT_SIDE, SHARED) == hashlib.sha1(b"of the server" + secret).digest()
    of_client = secret + TITLE + SERVER + b"of the server" + b"of the client"
    of_server = secret + SERVER + TITLE + b"of the client" + b"of the server"
    assert response(Mechanism.HIGH_SHA256, CLIENT_SIDE, SHARED) == hashlib.sha256(of_client).digest()
    assert response(Mechanism.HIGH_SHA256, SERVER_SIDE, SHARED) == hashlib.sha256(of_server).digest()


@pytest.mark.parametrize("suite", [SuiteId.ECDH_ECDSA_AES_GCM_128, SuiteId.ECDH_ECDSA_AES_GCM_256])
def test_answers_by_signature(suite: SuiteId) -> None:
    curve = SUITES[suite].curve
    assert curve is not None
    ours, theirs = ec.generate_private_key(curve), ec.generate_private_key(curve)
    answer = response(Mechanism.HIGH_ECDSA, CLIENT_SIDE, HlsKeys(suite=suite, signing_key=ours))
    assert len(answer) == 2 * SUITES[suite].coordinate_octets
    check_response(Mechanism.HIGH_ECDSA, answer, CLIENT_SIDE, HlsKeys(suite=suite, peer_key=ours.public_key()))
    with pytest.raises(NotAuthentic):
        check_response(Mechanism.HIGH_ECDSA, answer, CLIENT_SIDE, HlsKeys(suite=suite, peer_key=theirs.public_key()))
    with pytest.raises(NotAuthentic):
        check_response(Mechanism.HIGH_ECDSA, answer, SERVER_SIDE, HlsKeys(suite=suite, peer_key=ours.public_key()))
    with pytest.raises(DecodeError):
        check_response(Mechanism.HIGH_ECDSA, answer[1:], CLIENT_SIDE, HlsKeys(suite=suite, peer_key=ours.public_key()))


def test_keys_of_signatures_are_numbers_and_points() -> None:
    suite = SUITES[SuiteId.ECDH_ECDSA_AES_GCM_128]
    private = private_key_of((7).to_bytes(32, "big"), suite)
    numbers = private.public_key().public_numbers()
    public = public_key_of(numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"), suite)
    check_signature(sign(b"text", key=private, suite=suite), b"text", key=public, suite=suite)
    with pytest.raises(DecodeError, match="no point"):
        public_key_of(bytes(63) + b"\x01", suite)
    with pytest.raises(DecodeError, match="64"):
        public_key_of(bytes(63), suite)
    for wrong in (bytes(32), b"\xff" * 32, b"short"):
        with pytest.raises(ValueError, match="private key of suite 1") as caught:
            private_key_of(wrong, suite)
        assert wrong.hex() not in str(caught.value)
    with pytest.raises(ValueError, match="suite 0"):
        private_key_of(bytes(16), SUITES[SuiteId.AES_GCM_128])
    with pytest.raises(ValueError, match="no signatures"):
        sign(b"text", key=private, suite=SUITES[SuiteId.ECDH_ECDSA_AES_GCM_256])


@given(answer=st.binary(max_size=40))
def test_any_answer_to_a_gmac_challenge_is_refused_with_a_reason(answer: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        check_response(Mechanism.HIGH_GMAC, answer, SERVER_SIDE, HlsKeys(keys=keys_of(SuiteId.AES_GCM_128)))


@given(key=st.sampled_from([16, 32]).flatmap(lambda octets: st.binary(min_size=octets, max_size=octets)))
def test_wrapped_keys_come_back(key: bytes) -> None:
    wrapped = wrap_key(key, master_key=bytes(16))
    assert len(wrapped) == len(key) + 8
    assert unwrap_key(wrapped, master_key=bytes(16)) == key
    assert [key_id.value for key_id in KeyId] == [0, 1, 2, 3]
