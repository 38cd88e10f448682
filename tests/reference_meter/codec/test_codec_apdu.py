"""ACSE and xDLMS APDUs of the reference meter's codec."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_meter.codec import acse, conformance, initiate, request, response
from reference_meter.codec.acse import Aare
from reference_meter.codec.general_block import GeneralBlock, decode_general_block, encode_general_block
from reference_meter.codec.initiate import InitiateResponse
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import (
    ActionBlock,
    ActionFirstBlock,
    ActionList,
    ActionListFirstBlock,
    AttributeDescriptor,
    Block,
    MethodDescriptor,
    Request,
    SetBlock,
    SetFirstBlock,
    SetList,
    SetListFirstBlock,
    SetNormal,
)
from reference_meter.codec.request_decoder import decode_data_list, decode_request

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors" / "meter_codec.toml").read_text(encoding="utf-8"))[
    "vector"
]


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["name"]) for entry in VECTORS if entry["kind"] == kind]


def octets_or_none(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


@pytest.mark.parametrize("vector", of_kind("aarq"))
def test_aarq_vector(vector: dict[str, Any]) -> None:
    aarq = acse.decode_aarq(bytes.fromhex(vector["hex"]))
    assert aarq.context == bytes.fromhex(vector["context"])
    assert aarq.mechanism == octets_or_none(vector.get("mechanism"))
    assert aarq.authentication_unit == ("mechanism" in vector)
    assert aarq.calling_value == octets_or_none(vector.get("secret"))
    assert aarq.calling_ap_title == octets_or_none(vector.get("title"))
    assert aarq.protocol_version_1
    assert aarq.user_information is not None
    assert aarq.user_information[0] == (0x21 if "title" in vector else 0x01)


@pytest.mark.parametrize("vector", of_kind("aare"))
def test_aare_vector(vector: dict[str, Any]) -> None:
    aare = Aare(
        result=vector["result"],
        diagnostic=vector["diagnostic"],
        mechanism=octets_or_none(vector.get("mechanism")),
        responding_value=octets_or_none(vector.get("value")),
        user_information=bytes.fromhex(vector["user_information"]),
    )
    assert acse.encode_aare(aare) == bytes.fromhex(vector["hex"])


def test_aare_of_the_provider_and_with_title() -> None:
    refused = acse.encode_aare(Aare(result=1, source=acse.PROVIDER, diagnostic=2))
    assert refused == bytes.fromhex("61 17 A1 09 06 07 60 85 74 05 08 01 01 A2 03 02 01 01 A3 05 A2 03 02 01 02")
    titled = acse.encode_aare(Aare(result=0, responding_ap_title=b"MMM\x00\x00\xbcaN"))
    assert titled.endswith(bytes.fromhex("A4 0A 04 08 4D 4D 4D 00 00 BC 61 4E"))


def test_release_vectors() -> None:
    assert acse.decode_rlrq(bytes.fromhex("6203800100")).reason == 0
    assert acse.decode_rlrq(bytes.fromhex("6200")).reason is None
    assert acse.encode_rlre() == bytes.fromhex("6303800100")
    assert acse.encode_rlre(0, b"\x08") == bytes.fromhex("6308800100BE03040108")
    with pytest.raises(Malformed):
        acse.decode_rlrq(bytes.fromhex("620480020000"))


@pytest.mark.parametrize(
    ("version", "version_1"), [("80020780", True), ("80020284", True), ("80020204", False), ("80020640", False)]
)
def test_aarq_protocol_version(version: str, version_1: bool) -> None:
    body = bytes.fromhex(version + "A109060760857405080101")
    assert acse.decode_aarq(bytes([0x60, len(body)]) + body).protocol_version_1 is version_1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="no context"),
        pytest.param("A109060760857405080101 A109060760857405080101", id="field twice"),
        pytest.param("8B0760857405080201 A109060760857405080101", id="fields out of order"),
        pytest.param("A10A060760857405080101", id="field cut short"),
        pytest.param("A10906076085740508010100", id="context left over"),
        pytest.param("800107 A109060760857405080101", id="version cut short"),
        pytest.param("A109060760857405080101 0203020100", id="no context-specific tag"),
        pytest.param("A109060760857405080101 AC04A2023132", id="secret of another choice"),
    ],
)
def test_wrong_aarqs_do_not_decode(body: str) -> None:
    octets = bytes.fromhex(body)
    with pytest.raises(Malformed):
        acse.decode_aarq(bytes([0x60, len(octets)]) + octets)


def test_initiate_vectors() -> None:
    plain = initiate.decode_initiate_request(
        bytes.fromhex("01011000112233445566778899AABBCCDDEEFF0000065F1F0400007E1F04B0")
    )
    assert plain.dedicated_key == bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    assert (plain.version, plain.conformance, plain.client_max_receive_pdu_size) == (6, 0x007E1F, 1200)
    assert plain.response_allowed
    with_everything = initiate.decode_initiate_request(bytes.fromhex("0100 0100 0155 07 5F1F04 00FFFFFF 0000"))
    assert (with_everything.response_allowed, with_everything.version) == (False, 7)
    answer = InitiateResponse(conformance=0x007C1F, server_max_receive_pdu_size=1024)
    assert initiate.encode_initiate_response(answer) == bytes.fromhex("0800065F1F0400007C1F04000007")
    assert initiate.encode_initiate_error(1) == bytes.fromhex("0E010601")


@pytest.mark.parametrize(
    "octets",
    [
        "21",
        "01000000065F1F0400007E1F04",
        "01000000065F1F0400007E1F04B000",
        "01020000065F1F0400007E1F04B0",
        "01000000065F1F0300007E1F04B0",
    ],
)
def test_wrong_initiate_requests_do_not_decode(octets: str) -> None:
    with pytest.raises(Malformed):
        initiate.decode_initiate_request(bytes.fromhex(octets))


def test_conformance_bits_count_from_the_first() -> None:
    assert conformance.mask(9, 10, 11, 12, 13, 14, 19, 20, 21, 22, 23) == 0x007E1F
    assert conformance.mask(9, 11, 19, 20, 21, 22, 23) == 0x00501F
    with pytest.raises(ValueError, match="24"):
        conformance.mask(24)


@pytest.mark.parametrize("vector", of_kind("request"))
def test_request_vector(vector: dict[str, Any]) -> None:
    assert decode_request(bytes.fromhex(vector["hex"])) == eval(vector["message"], vars(request))


CLOCK_TIME = "0008 0000010000FF 02"
CLOCK = AttributeDescriptor(class_id=8, obis=bytes.fromhex("0000010000FF"), attribute=2)
RESET = MethodDescriptor(class_id=7, obis=bytes.fromhex("0100630100FF"), method=1)
FIRST = Block(last=False, number=1, raw=b"\xaa\xbb")

WRITTEN_BY_HAND: list[tuple[str, Request]] = [
    (f"C101C1 {CLOCK_TIME}00 1105", SetNormal(invoke=0xC1, attribute=CLOCK, data=(17, 5))),
    (f"C102C1 {CLOCK_TIME}00 00 00000001 02AABB", SetFirstBlock(invoke=0xC1, attribute=CLOCK, block=FIRST)),
    ("C103C1 00 00000001 02AABB", SetBlock(invoke=0xC1, block=FIRST)),
    (
        f"C104C1 02 {CLOCK_TIME}00 {CLOCK_TIME}00 02 1105 00",
        SetList(invoke=0xC1, attributes=(CLOCK, CLOCK), values=((17, 5), (0, None))),
    ),
    (
        f"C105C1 01 {CLOCK_TIME}00 00 00000001 02AABB",
        SetListFirstBlock(invoke=0xC1, attributes=(CLOCK,), block=FIRST),
    ),
    (
        "C303C1 01 0007 0100630100FF 01 01 1200 00",
        ActionList(invoke=0xC1, methods=(RESET,), parameters=((18, 0),)),
    ),
    ("C304C1 0007 0100630100FF 01 00 00000001 02AABB", ActionFirstBlock(invoke=0xC1, method=RESET, block=FIRST)),
    (
        "C305C1 01 0007 0100630100FF 01 00 00000001 02AABB",
        ActionListFirstBlock(invoke=0xC1, methods=(RESET,), block=FIRST),
    ),
    ("C306C1 00 00000001 02AABB", ActionBlock(invoke=0xC1, block=FIRST)),
]


@pytest.mark.parametrize(("octets", "message"), WRITTEN_BY_HAND)
def test_request_written_by_hand(octets: str, message: Request) -> None:
    assert decode_request(bytes.fromhex(octets)) == message


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param("C0", id="only a tag"),
        pytest.param("C07FC1", id="unknown choice"),
        pytest.param("C001C100080000010000FF02", id="cut short"),
        pytest.param("C001C100080000010000FF020000", id="left over"),
        pytest.param("C001C100080000010000FF0202", id="wrong presence octet"),
        pytest.param("C003C1FF", id="count without elements"),
        pytest.param("C104C101 00080000010000FF0200 00", id="attributes and values differ in number"),
        pytest.param("C303C101 00080000010000FF01 00", id="methods and parameters differ in number"),
    ],
)
def test_wrong_requests_do_not_decode(octets: str) -> None:
    with pytest.raises(Malformed):
        decode_request(bytes.fromhex(octets))


@pytest.mark.parametrize("vector", of_kind("response"))
def test_response_vector(vector: dict[str, Any]) -> None:
    message = eval(vector["message"], vars(response))
    assert response.encode_response(message) == bytes.fromhex(vector["hex"])


def test_lists_of_responses() -> None:
    got = response.GetResponseList(invoke=0xC1, results=bytes.fromhex("0200110501 04"))
    assert response.encode_response(got) == bytes.fromhex("C403C1 02 00 1105 01 04")
    done = response.ActionResponseList(invoke=0xC1, outcomes=bytes.fromhex("0100 00"))
    assert response.encode_response(done) == bytes.fromhex("C703C1 01 00 00")


def test_data_list_of_blocks() -> None:
    assert decode_data_list(bytes.fromhex("02 1105 00")) == ((17, 5), (0, None))


def test_general_block_in_both_directions() -> None:
    single = bytes.fromhex("E0 80 0001 0000 03 C00102")
    block = GeneralBlock(last=True, streaming=False, window=0, number=1, acknowledged=0, data=bytes.fromhex("C00102"))
    assert decode_general_block(single) == block
    assert encode_general_block(block) == single
    streaming = bytes.fromhex("E0 45 0007 0003 00")
    assert encode_general_block(decode_general_block(streaming)) == streaming
    with pytest.raises(Malformed):
        decode_general_block(single + b"\x00")


@given(st.binary(max_size=80))
def test_any_octets_are_a_message_or_malformed(octets: bytes) -> None:
    decoded = 0
    for tag, decode in (
        (b"\x60", acse.decode_aarq),
        (b"\x62", acse.decode_rlrq),
        (b"\x01", initiate.decode_initiate_request),
        (b"\xe0", decode_general_block),
        *((bytes([tag]), decode_request) for tag in (0xC0, 0xC1, 0xC3)),
    ):
        try:
            decode(tag + octets)
        except Malformed:
            decoded += 1
    assert decoded <= 7
