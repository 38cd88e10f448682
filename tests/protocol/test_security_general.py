import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.security import (
    SUITES,
    BadSignature,
    BadTag,
    CipherKeys,
    GeneralCiphering,
    GeneralHeader,
    GeneralSigning,
    IdentifiedKey,
    SecurityControl,
    SuiteId,
)

ORIGINATOR, RECIPIENT = b"CFM\x00\x00\x00\x00\x01", b"CFM\x00\x00\x00\x00\x02"
KEYS = CipherKeys(encryption=bytes(range(16)), authentication=bytes(range(16, 32)))
BOTH = SecurityControl(suite=SuiteId.ECDH_ECDSA_AES_GCM_128, authenticated=True, encrypted=True)
HEADER = GeneralHeader(transaction_id=bytes(7) + b"\x01", originator=ORIGINATOR, recipient=RECIPIENT)
GET = bytes.fromhex("C001C100080000010000FF0200")
HEADERS = st.builds(
    GeneralHeader,
    transaction_id=st.binary(max_size=8),
    originator=st.just(ORIGINATOR),
    recipient=st.sampled_from([b"", RECIPIENT]),
    date_time=st.sampled_from([b"", bytes(12)]),
    other_information=st.binary(max_size=200),
)


def sealed(apdu: bytes = GET, header: GeneralHeader = HEADER) -> GeneralCiphering:
    return GeneralCiphering.seal(
        apdu, header=header, key=IdentifiedKey.GLOBAL_UNICAST, control=BOTH, keys=KEYS, counter=5
    )


def signer(suite: SuiteId, number: int = 7) -> ec.EllipticCurvePrivateKey:
    curve = SUITES[suite].curve
    assert curve is not None
    return ec.derive_private_key(number, curve)


def test_the_layout_of_general_ciphering() -> None:
    octets = sealed().to_bytes()
    head = "DD 08 0000000000000001 08 43464D0000000001 08 43464D0000000002 00 00 01 00 00 1E 31 00000005"
    assert octets[: len(bytes.fromhex(head))] == bytes.fromhex(head)
    assert len(octets) == len(bytes.fromhex(head)) + len(GET) + 12


@given(apdu=st.binary(max_size=300), header=HEADERS, key=st.sampled_from([None, *IdentifiedKey]))
def test_general_ciphering_comes_back(apdu: bytes, header: GeneralHeader, key: IdentifiedKey | None) -> None:
    message = GeneralCiphering.seal(apdu, header=header, key=key, control=BOTH, keys=KEYS, counter=9)
    again = GeneralCiphering.from_bytes(message.to_bytes())
    assert again == message
    assert again.open(demanded=BOTH, keys=KEYS) == apdu


def test_the_header_is_authenticated() -> None:
    message = sealed()
    for header in (
        dataclasses.replace(HEADER, transaction_id=b"\x02"),
        dataclasses.replace(HEADER, recipient=b""),
        dataclasses.replace(HEADER, other_information=b"x"),
        dataclasses.replace(HEADER, originator=RECIPIENT),
    ):
        with pytest.raises(BadTag):
            dataclasses.replace(message, header=header).open(demanded=BOTH, keys=KEYS)


def test_every_flipped_bit_is_refused_but_that_of_the_key_which_the_receiver_chooses() -> None:
    octets = sealed().to_bytes()
    key_at = octets.index(bytes((1, 0, 0, 0x1E))) + 2
    for bit in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[bit // 8] ^= 0x80 >> bit % 8
        if bit // 8 == key_at and flipped[key_at] == 1:
            assert GeneralCiphering.from_bytes(bytes(flipped)).key is IdentifiedKey.GLOBAL_BROADCAST
            continue
        with pytest.raises(ProtocolViolation):
            GeneralCiphering.from_bytes(bytes(flipped)).open(demanded=BOTH, keys=KEYS)


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        ("DD", DecodeError),
        ("DD 00 07 43464D00000000 00 00 00 00 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 01 00 00 00 00 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 02 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 01 03 00 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 01 00 02 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 01 01 00 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 01 02 01 01 05 30 00000001", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 00 04 30 000000", DecodeError),
        ("DD 00 08 43464D0000000001 00 00 00 00 05 30 00000001 00", DecodeError),
    ],
)
def test_malformed_general_ciphering_is_refused(octets: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        GeneralCiphering.from_bytes(bytes.fromhex(octets))


@settings(max_examples=30)
@given(
    apdu=st.binary(max_size=300),
    header=HEADERS,
    suite=st.sampled_from([SuiteId.ECDH_ECDSA_AES_GCM_128, SuiteId.ECDH_ECDSA_AES_GCM_256]),
)
def test_general_signing_comes_back(apdu: bytes, header: GeneralHeader, suite: SuiteId) -> None:
    key = signer(suite)
    message = GeneralSigning.sign(apdu, header=header, key=key, suite=suite)
    again = GeneralSigning.from_bytes(message.to_bytes())
    assert again == message
    assert again.open(key=key.public_key(), suite=suite) == apdu
    with pytest.raises(BadSignature):
        again.open(key=signer(suite, 8).public_key(), suite=suite)


def test_every_flipped_bit_of_a_signed_apdu_is_refused() -> None:
    suite = SuiteId.ECDH_ECDSA_AES_GCM_128
    key = signer(suite)
    octets = GeneralSigning.sign(GET, header=HEADER, key=key, suite=suite).to_bytes()
    for bit in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[bit // 8] ^= 0x80 >> bit % 8
        with pytest.raises(ProtocolViolation):
            GeneralSigning.from_bytes(bytes(flipped)).open(key=key.public_key(), suite=suite)
