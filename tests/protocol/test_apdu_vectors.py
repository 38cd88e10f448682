import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.answer_name import answer_names
from harness.protocol.apdu import (
    AccessAction,
    AccessGet,
    AccessOutcome,
    AccessRequest,
    AccessResponse,
    AccessSet,
    ActionRequestNormal,
    ActionResponseNormal,
    Answer,
    AttributeDescriptor,
    CaptureColumn,
    ConfirmedServiceError,
    Conformance,
    EntrySelection,
    ExceptionResponse,
    GeneralBlockTransfer,
    GetRequestNext,
    GetRequestNormal,
    GetRequestWithList,
    GetResponseNormal,
    GetResponseWithDatablock,
    InitiateRequest,
    InitiateResponse,
    MethodDescriptor,
    RangeSelection,
    Request,
    SetResponseNormal,
    decode_answer,
    decode_request,
    describe_request,
)
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis

VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector
    for vector in tomllib.loads((Path(__file__).parents[1] / "vectors" / "apdu.toml").read_text(encoding="utf-8"))[
        "vector"
    ]
}
ASSOCIATION = {
    vector["name"]: vector
    for vector in tomllib.loads((Path(__file__).parents[1] / "vectors" / "acse.toml").read_text(encoding="utf-8"))[
        "vector"
    ]
}

CLOCK_TIME = AttributeDescriptor(8, obis("0.0.1.0.0.255"), 2)
LOAD_PROFILE = AttributeDescriptor(7, obis("1.0.99.1.0.255"), 2)
SIX_SERVICES = (
    Conformance.GET
    | Conformance.SET
    | Conformance.SELECTIVE_ACCESS
    | Conformance.EVENT_NOTIFICATION
    | Conformance.ACTION
)
PROPOSED = SIX_SERVICES | Conformance.named(
    ["PRIORITY", "ATTRIBUTE0_GET", "BLOCK_GET", "BLOCK_SET", "BLOCK_ACTION", "MULTIPLE_REFERENCES"]
)

MESSAGES: dict[str, Request | Answer | InitiateRequest | InitiateResponse] = {
    "get-clock-time": GetRequestNormal(invoke=0xC1, attribute=CLOCK_TIME),
    "get-clock-time-unconfirmed": GetRequestNormal(invoke=0, attribute=CLOCK_TIME),
    "get-next-block-3": GetRequestNext(invoke=0xC1, block_number=3),
    "get-list-device-name-and-clock": GetRequestWithList(
        invoke=0xC1, items=((AttributeDescriptor(1, obis("0.0.42.0.0.255"), 2), None), (CLOCK_TIME, None))
    ),
    "get-load-profile-by-range": GetRequestNormal(
        invoke=0xC1,
        attribute=LOAD_PROFILE,
        selection=RangeSelection(
            restricting_class=8,
            restricting_obis=obis("0.0.1.0.0.255"),
            restricting_attribute=2,
            from_value=Data(DataType.OCTET_STRING, bytes.fromhex("07E4010103000000008000FF")),
            to_value=Data(DataType.OCTET_STRING, bytes.fromhex("07E4010204000000008000FF")),
        ),
    ),
    "get-load-profile-by-entry": GetRequestNormal(
        invoke=0xC1, attribute=LOAD_PROFILE, selection=EntrySelection(from_entry=1, to_entry=2)
    ),
    "action-authentication-pass-3": ActionRequestNormal(
        invoke=0xC1,
        method=MethodDescriptor(15, obis("0.0.40.0.0.255"), 1),
        parameter=bytes.fromhex("09 11 10 00 00 00 01 1A 52 FE 7D D3 E7 27 48 97 3C 1E 28"),
    ),
    "get-response-5009": GetResponseNormal(invoke=0xC1, data=bytes.fromhex("06 00 00 13 91")),
    "get-response-object-undefined": GetResponseNormal(invoke=0xC1, result=4),
    "get-response-block": GetResponseWithDatablock(
        invoke=0xC1, last=False, block_number=2, raw=bytes.fromhex("DE AD BE EF")
    ),
    "get-response-block-refused": GetResponseWithDatablock(invoke=0xC1, last=True, block_number=3, result=19),
    "set-response-success": SetResponseNormal(invoke=0xC1, result=0),
    "action-response-success": ActionResponseNormal(invoke=0xC1, result=0),
    "action-authentication-pass-4": ActionResponseNormal(
        invoke=0xC1,
        result=0,
        return_data=bytes.fromhex("09 11 10 01 23 45 67 FE 14 66 AF B3 DB CD 4F 93 89 E2 B7"),
    ),
    "access-two-reads-and-a-write": AccessRequest(
        long_invoke=0x40000001,
        specifications=(
            AccessGet(attribute=AttributeDescriptor(1, obis("0.0.42.0.0.255"), 2)),
            AccessGet(attribute=CLOCK_TIME),
            AccessSet(attribute=AttributeDescriptor(1, obis("0.0.96.13.0.255"), 2), data=bytes.fromhex("09 01 41")),
        ),
    ),
    "access-read-of-rows-and-method": AccessRequest(
        long_invoke=0x70000002,
        date_time=bytes.fromhex("07E4010103000000008000FF"),
        specifications=(
            AccessGet(attribute=LOAD_PROFILE, selection=EntrySelection(from_entry=1, to_entry=2)),
            AccessAction(method=MethodDescriptor(7, obis("1.0.99.1.0.255"), 1), data=bytes.fromhex("0F 00")),
        ),
    ),
    "access-response-of-three": AccessResponse(
        long_invoke=0x40000001,
        outcomes=(
            AccessOutcome(kind=1, result=0, data=bytes.fromhex("09 03 43 46 4D")),
            AccessOutcome(kind=1, result=11),
            AccessOutcome(kind=2, result=0),
        ),
    ),
    "access-response-that-describes-itself": AccessResponse(
        long_invoke=0x50000002,
        specifications=(AccessAction(method=MethodDescriptor(7, obis("1.0.99.1.0.255"), 1)),),
        outcomes=(AccessOutcome(kind=3, result=3),),
    ),
    "exception-deciphering-error": ExceptionResponse(state_error=1, service_error=5),
    "exception-invocation-counter": ExceptionResponse(state_error=1, service_error=6, invocation_counter=0x01234568),
    "confirmed-service-error-version": ConfirmedServiceError(service=1, category=6, error=1),
    "general-block-last": GeneralBlockTransfer(
        last=True,
        streaming=False,
        window=0,
        block_number=1,
        block_number_ack=0,
        data=bytes.fromhex("C5 01 C1 00"),
    ),
    "initiate-request": InitiateRequest(conformance=PROPOSED, client_max_receive_pdu_size=1200),
    "initiate-request-dedicated-key": InitiateRequest(
        dedicated_key=bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
        conformance=PROPOSED,
        client_max_receive_pdu_size=1200,
    ),
    "initiate-response": InitiateResponse(
        conformance=PROPOSED & ~Conformance.MULTIPLE_REFERENCES, server_max_receive_pdu_size=1024
    ),
    "initiate-response-50-1f": InitiateResponse(
        conformance=SIX_SERVICES | Conformance.PRIORITY | Conformance.BLOCK_GET, server_max_receive_pdu_size=500
    ),
}

plain = pytest.mark.parametrize("name", [name for name in VECTORS if VECTORS[name]["part"] != "ciphered"])
ciphered = pytest.mark.parametrize("name", [name for name in VECTORS if VECTORS[name]["part"] == "ciphered"])


def octets_of(name: str) -> bytes:
    return bytes.fromhex(VECTORS[name]["hex"])


def decode(name: str, octets: bytes) -> object:
    match VECTORS[name]["part"]:
        case "request":
            return decode_request(octets)
        case "answer":
            return decode_answer(octets)
    return type(MESSAGES[name]).from_bytes(octets)  # type: ignore[union-attr]  # both initiate messages have it


@plain
def test_vector_decodes_to_its_message(name: str) -> None:
    assert decode(name, octets_of(name)) == MESSAGES[name]


@plain
def test_message_encodes_to_its_vector(name: str) -> None:
    assert MESSAGES[name].to_bytes() == octets_of(name)


@plain
def test_every_truncation_and_extension_is_refused(name: str) -> None:
    octets = octets_of(name)
    for length in range(len(octets)):
        with pytest.raises(DecodeError):
            decode(name, octets[:length])
    with pytest.raises(DecodeError):
        decode(name, octets + b"\x00")


@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_a_changed_octet_never_raises_anything_but_a_decode_error(name: str, draw: st.DataObject) -> None:
    octets = bytearray(octets_of(name))
    octets[draw.draw(st.integers(0, len(octets) - 1))] = draw.draw(st.integers(0, 255))
    try:
        decode(name, bytes(octets))
    except DecodeError:
        return


@ciphered
def test_ciphered_forms_are_named_and_not_read(name: str) -> None:
    octets = octets_of(name)
    due = name.removesuffix("-authenticated").removesuffix("-encrypted").removesuffix("-both")
    assert describe_request(octets) == f"{due}, {len(octets)} octets"
    for read in (decode_request, decode_answer):
        with pytest.raises(DecodeError, match=due):
            read(octets)


@ciphered
def test_the_length_inside_a_ciphered_form_is_that_of_the_vector(name: str) -> None:
    octets = octets_of(name)
    position = 10 if octets[0] == 0xDB else 1
    assert octets[position] == len(octets) - position - 1


@pytest.mark.parametrize("name", ASSOCIATION)
def test_association_messages_are_requests_or_answers(name: str) -> None:
    octets = bytes.fromhex(ASSOCIATION[name]["hex"])
    is_request = octets[0] in (0x60, 0x62)
    right, wrong = (decode_request, decode_answer) if is_request else (decode_answer, decode_request)
    assert right(octets).to_bytes() == octets
    with pytest.raises(DecodeError, match="is no"):
        wrong(octets)


def test_conformance_has_the_numbers_of_the_standard() -> None:
    assert Conformance.from_octets(bytes.fromhex("00 7E 1F")) == PROPOSED
    assert Conformance.GENERAL_PROTECTION.to_octets() == bytes.fromhex("40 00 00")
    assert Conformance.ACTION.to_octets() == bytes.fromhex("00 00 01")
    with pytest.raises(DecodeError, match="2 octets"):
        Conformance.from_octets(b"\0\0")
    with pytest.raises(ValueError, match="READS is no conformance bit"):
        Conformance.named(["READS"])


def test_conformance_says_its_bits_reserved_ones_too() -> None:
    assert (Conformance.GET | Conformance.BLOCK_GET).describe() == "block-get, get"
    assert Conformance.from_octets(bytes.fromhex("81 00 01")).describe() == "action, reserved bit 0, reserved bit 7"
    assert Conformance(0).describe() == "nothing"


def test_a_column_in_a_range_is_four_cells() -> None:
    column = CaptureColumn(3, obis("1.0.1.8.0.255"), 2)
    assert str(column) == "3/1.0.1.8.0.255/2/0"
    with pytest.raises(DecodeError, match="no column definition"):
        CaptureColumn.from_data(Data(DataType.UNSIGNED, 3))


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        ("D9 40000001 00 01 06 0001 00002A0000FF 02 01 00", "access of unknown choice 6"),
        ("D9 40000001 00 01 01 0001 00002A0000FF 02 00", "0 data for 1 specifications"),
        ("D9 40000001 05 0000000000 00 00", "a time of 5 octets"),
        ("DA 40000001 00 00 01 00 01 04 00", "unknown choice 4"),
        ("DA 40000001 00 00 01 00 00", "1 data and 0 results"),
        ("DA 40000001 00 02 01 00 01 01 00", "02 where 00 or 01 is due"),
    ],
)
def test_malformed_access_is_refused(octets: str, told: str) -> None:
    raw = bytes.fromhex(octets)
    with pytest.raises(DecodeError, match=told):
        (decode_request if raw[0] == 0xD9 else decode_answer)(raw)


def test_access_says_what_is_asked_and_what_it_comes_to() -> None:
    request = decode_request(octets_of("access-read-of-rows-and-method"))
    assert request.describe() == (
        "access-request id 2: get class 7 1.0.99.1.0.255 attribute 2, action class 7 1.0.99.1.0.255 method 1"
    )
    answer = decode_answer(octets_of("access-response-of-three"))
    assert answer.describe() == "access-response id 1: get success (0), get object-unavailable (11), set success (0)"
    assert answer_names(answer) == ("dar:11",)
    assert answer_names(decode_answer(octets_of("access-response-that-describes-itself"))) == ("action:3",)
