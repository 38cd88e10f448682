import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol import ber
from harness.protocol.acse import (
    AUTHENTICATION_REQUIREMENT,
    Aare,
    Aarq,
    ApplicationContext,
    AssociationResult,
    Mechanism,
    ProviderDiagnostic,
    Rlre,
    Rlrq,
    UserDiagnostic,
)

Message = Aarq | Aare | Rlrq | Rlre

VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector
    for vector in tomllib.loads((Path(__file__).parents[1] / "vectors" / "acse.toml").read_text(encoding="utf-8"))[
        "vector"
    ]
}

INITIATE_REQUEST = bytes.fromhex("01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0")
INITIATE_RESPONSE = bytes.fromhex("08 00 06 5F 1F 04 00 00 50 1F 01 F4 00 07")
LN = ApplicationContext.LOGICAL_NAME
KINDS: dict[str, type[Aarq] | type[Aare] | type[Rlrq] | type[Rlre]] = {
    "Aarq": Aarq,
    "Aare": Aare,
    "Rlrq": Rlrq,
    "Rlre": Rlre,
}

LOW_LEVEL = Aarq(context=LN, mechanism=1, authentication_value=b"12345678", user_information=INITIATE_REQUEST)
ACCEPTED = Aare(context=LN, result=0, diagnostic_source="user", diagnostic=0, user_information=INITIATE_RESPONSE)
EXPECTED: dict[str, Message] = {
    "aarq-lowest": Aarq(context=LN, user_information=INITIATE_REQUEST),
    "aarq-lowest-pdu-65535": Aarq(context=LN, user_information=INITIATE_REQUEST[:-2] + b"\xff\xff"),
    "aarq-low-level": LOW_LEVEL,
    "aarq-high-level-gmac": Aarq(
        context=LN, mechanism=5, authentication_value=b"K56iVagY", user_information=INITIATE_REQUEST
    ),
    "aarq-ciphered": Aarq(
        context=ApplicationContext.LOGICAL_NAME_CIPHERED,
        calling_ap_title=bytes.fromhex("4D 4D 4D 00 00 BC 61 4E"),
        mechanism=1,
        authentication_value=b"12345678",
        user_information=bytes.fromhex(VECTORS["aarq-ciphered"]["hex"])[-50:],
    ),
    "aare-accepted": ACCEPTED,
    "aare-context-not-supported": replace(ACCEPTED, result=1, diagnostic=2),
    "aare-version-too-low": Aare(
        context=LN,
        result=1,
        diagnostic_source="user",
        diagnostic=1,
        user_information=bytes.fromhex("0E 01 06 01"),
    ),
    "aare-high-level-gmac": Aare(
        context=LN,
        result=0,
        diagnostic_source="user",
        diagnostic=14,
        mechanism=5,
        authentication_value=b"P6wRJ21F",
        user_information=INITIATE_RESPONSE,
    ),
    "rlrq-normal": Rlrq(reason=0),
    "rlre-normal": Rlre(reason=0),
    "rlrq-without-fields": Rlrq(),
}

every_vector = pytest.mark.parametrize("name", VECTORS)


def decode(name: str, octets: bytes) -> Message:
    return KINDS[VECTORS[name]["kind"]].from_bytes(octets)


def octets_of(name: str) -> bytes:
    return bytes.fromhex(VECTORS[name]["hex"])


@every_vector
def test_vector_decodes_to_its_message(name: str) -> None:
    assert decode(name, octets_of(name)) == EXPECTED[name]


@every_vector
def test_message_encodes_to_its_vector(name: str) -> None:
    assert EXPECTED[name].to_bytes() == octets_of(name)


@every_vector
def test_every_truncation_and_extension_is_refused(name: str) -> None:
    octets = octets_of(name)
    for length in range(len(octets)):
        with pytest.raises(DecodeError):
            decode(name, octets[:length])
    with pytest.raises(DecodeError):
        decode(name, octets + b"\x00")


@every_vector
def test_lengths_inside_are_exact(name: str) -> None:
    octets = octets_of(name)
    outer = ber.only_element(octets, octets[0])
    for length in range(1, len(outer)):
        try:
            decode(name, ber.push_element(octets[0], outer[:length]))
        except DecodeError:
            continue
        # What is left of a message is one only when whole optional fields have gone.
        assert len(ber.pull_elements(outer[:length])) < len(ber.pull_elements(outer))


@given(st.sampled_from(sorted(VECTORS)), st.data())
def test_a_changed_octet_never_raises_anything_but_a_decode_error(name: str, draw: st.DataObject) -> None:
    octets = bytearray(octets_of(name))
    octets[draw.draw(st.integers(0, len(octets) - 1))] = draw.draw(st.integers(0, 255))
    try:
        decode(name, bytes(octets))
    except DecodeError:
        return


def aare_with(fields: str) -> bytes:
    return ber.push_element(0x61, bytes.fromhex(fields))


CONTEXT = "A1 09 06 07 60 85 74 05 08 01 01"
RESULT = "A2 03 02 01 00"
DIAGNOSTIC = "A3 05 A1 03 02 01 00"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (RESULT + CONTEXT + DIAGNOSTIC, "twice or out of order"),
        (CONTEXT + RESULT + RESULT + DIAGNOSTIC, "twice or out of order"),
        (RESULT + DIAGNOSTIC, "A1 is missing"),
        (CONTEXT + DIAGNOSTIC, "A2 is missing"),
        (CONTEXT + RESULT, "A3 is missing"),
        (CONTEXT + RESULT + "A3 05 A3 03 02 01 00", "neither user nor provider"),
        (CONTEXT + RESULT + "A3 07 A1 03 02 01 00 05 00", "neither user nor provider"),
        (CONTEXT + RESULT + DIAGNOSTIC + "AA 03 81 01 00", "where 80 is due"),
        (CONTEXT + RESULT + DIAGNOSTIC + "BE 02 08 00", "where 04 is due"),
        (CONTEXT + RESULT + DIAGNOSTIC + "88 02 08 80", "bit string"),
        (CONTEXT + RESULT + DIAGNOSTIC + "88 01 07", "bit string"),
        (CONTEXT + RESULT + DIAGNOSTIC + "88 00", "bit string"),
    ],
)
def test_fields_out_of_order_or_malformed_are_refused(fields: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        Aare.from_bytes(aare_with(fields))


def test_unknown_fields_are_kept_in_their_place() -> None:
    octets = aare_with(CONTEXT + RESULT + DIAGNOSTIC + "A5 03 04 01 07 BD 02 05 00 BF 21 00")
    aare = Aare.from_bytes(octets)
    assert aare.unknown == ((0xA5, b"\x04\x01\x07"), (0xBD, b"\x05\x00"), (0xBF21, b""))
    assert aare.to_bytes() == octets


def test_an_empty_release_field_is_refused() -> None:
    with pytest.raises(DecodeError, match="integer without octets"):
        Rlre.from_bytes(bytes.fromhex("63 02 80 00"))


def test_foreign_names_are_kept_as_text() -> None:
    octets = aare_with("A1 09 06 07 60 85 74 05 08 01 09" + RESULT + DIAGNOSTIC + "89 02 2A 03")
    aare = Aare.from_bytes(octets)
    assert (aare.context, aare.mechanism) == ("2.16.756.5.8.1.9", "1.2.3")
    assert aare.to_bytes() == octets
    assert "2.16.756.5.8.1.9" in aare.describe()
    assert "1.2.3" in Aarq(context=LN, mechanism="1.2.3").describe()


def test_a_mechanism_beyond_the_known_ones_is_a_number() -> None:
    octets = aare_with(CONTEXT + RESULT + DIAGNOSTIC + "89 07 60 85 74 05 08 02 09")
    assert Aare.from_bytes(octets).mechanism == 9


def test_requirements_follow_the_mechanism_unless_given() -> None:
    assert LOW_LEVEL.acse_requirements == AUTHENTICATION_REQUIREMENT
    assert Aarq(context=LN, mechanism=0).acse_requirements is None
    assert replace(LOW_LEVEL, acse_requirements=None).acse_requirements is None


def test_the_password_is_in_no_text() -> None:
    assert "12345678" not in repr(LOW_LEVEL) + LOW_LEVEL.describe()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (LOW_LEVEL, "AARQ: context logical-name, mechanism low"),
        (Aarq(context=LN), "AARQ: context logical-name, mechanism none"),
        (
            replace(ACCEPTED, result=1, diagnostic=13),
            "AARE: rejected-permanent (1), user diagnostic authentication-failure (13), context logical-name",
        ),
        (
            replace(ACCEPTED, result=1, diagnostic_source="provider", diagnostic=2),
            "AARE: rejected-permanent (1), provider diagnostic no-common-acse-version (2), context logical-name",
        ),
        (Rlrq(reason=0), "RLRQ: reason 0"),
        (Rlre(), "RLRE: reason None"),
    ],
)
def test_messages_say_what_they_are(message: Message, text: str) -> None:
    assert message.describe() == text


def test_names_of_codes() -> None:
    assert AssociationResult.name_of(2) == "rejected-transient"
    assert UserDiagnostic.name_of(14) == "authentication-required"
    assert ProviderDiagnostic.name_of(77) == "unknown code 77"
    assert Mechanism.name_of(5) == "high-gmac"


maybe_octets = st.none() | st.binary(max_size=20)


@given(
    st.builds(
        Aarq,
        context=st.sampled_from(ApplicationContext) | st.just("1.2.3"),
        mechanism=st.none() | st.integers(0, 200),
        authentication_value=maybe_octets,
        calling_ap_title=maybe_octets,
        calling_ae_qualifier=maybe_octets,
        calling_ae_invocation_id=st.none() | st.integers(-1000, 100_000),
        user_information=st.binary(max_size=300),
        protocol_version=st.sampled_from([None, b"\x07\x80", b"\x00"]),
        acse_requirements=st.sampled_from([None, b"\x07\x80"]),
        unknown=st.sampled_from([(), ((0xA2, b"\x04\x00"),)]),
    )
)
def test_requests_come_back(aarq: Aarq) -> None:
    assert Aarq.from_bytes(aarq.to_bytes()) == aarq


@given(
    st.builds(
        Aare,
        context=st.sampled_from(ApplicationContext),
        result=st.integers(0, 300),
        diagnostic_source=st.sampled_from(["user", "provider"]),
        diagnostic=st.integers(0, 300),
        responding_ap_title=maybe_octets,
        mechanism=st.none() | st.integers(0, 200),
        authentication_value=maybe_octets,
        user_information=maybe_octets,
        protocol_version=st.sampled_from([None, b"\x02\x84"]),
        acse_requirements=st.sampled_from([None, b"\x07\x80"]),
    )
)
def test_responses_come_back(aare: Aare) -> None:
    assert Aare.from_bytes(aare.to_bytes()) == aare


@given(st.none() | st.integers(0, 40), maybe_octets)
def test_releases_come_back(reason: int | None, user_information: bytes | None) -> None:
    request = Rlrq(reason=reason, user_information=user_information)
    response = Rlre(reason=reason, user_information=user_information)
    assert Rlrq.from_bytes(request.to_bytes()) == request
    assert Rlre.from_bytes(response.to_bytes()) == response
