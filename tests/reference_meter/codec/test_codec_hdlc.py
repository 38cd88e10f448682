"""HDLC and wrapper framing of the reference meter's codec."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_meter.codec import wrapper
from reference_meter.codec.hdlc import (
    FrameScanner,
    HdlcFrame,
    check_sequence,
    decode_frame,
    encode_client_address,
    encode_frame,
    encode_server_address,
)
from reference_meter.codec.hdlc_parameters import HdlcParameters, decode_parameters, encode_parameters
from reference_meter.codec.octets import Malformed
from reference_meter.codec.wrapper import WrapperMessage

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors" / "meter_codec.toml").read_text(encoding="utf-8"))[
    "vector"
]
FRAMES = [pytest.param(entry, id=entry["name"]) for entry in VECTORS if entry["kind"] == "frame"]
ADDRESSES = [pytest.param(entry, id=entry["name"]) for entry in VECTORS if entry["kind"] == "address"]
SNRM = bytes.fromhex("7EA0070321930F017E")


def frame_of(vector: dict[str, Any]) -> HdlcFrame:
    return HdlcFrame(
        destination=bytes.fromhex(vector["destination"]),
        source=bytes.fromhex(vector["address"]),
        control=vector["control"],
        information=bytes.fromhex(vector["information"]),
        segmented=vector["segmented"],
    )


@pytest.mark.parametrize("vector", FRAMES)
def test_frame_vector_in_both_directions(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    assert encode_frame(frame_of(vector)) == octets
    assert decode_frame(octets[1:-1]) == frame_of(vector)
    assert FrameScanner().scan(octets) == [frame_of(vector)]


def test_check_sequence_of_the_check_string() -> None:
    assert check_sequence(b"123456789") == bytes.fromhex("6E90")


@pytest.mark.parametrize("vector", ADDRESSES)
def test_server_address_vector(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    assert encode_server_address(vector["upper"], vector["lower"], len(octets)) == octets


@pytest.mark.parametrize(("client", "octets"), [(16, "21"), (1, "03"), (102, "CD")])
def test_client_address(client: int, octets: str) -> None:
    assert encode_client_address(client) == bytes.fromhex(octets)


@pytest.mark.parametrize(("upper", "lower", "octets"), [(128, 0, 1), (1, 128, 2), (1, 1, 3), (-1, 0, 1)])
def test_addresses_that_do_not_fit_are_our_mistake(upper: int, lower: int, octets: int) -> None:
    with pytest.raises(ValueError, match="address"):
        encode_server_address(upper, lower, octets)


def with_check_sequence(body: str) -> bytes:
    octets = bytes.fromhex(body)
    return octets + check_sequence(octets)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(SNRM[1:-2], id="cut short"),
        pytest.param(SNRM[1:-3] + b"\x0f\x00", id="wrong FCS"),
        pytest.param(with_check_sequence("B007032193"), id="wrong format type"),
        pytest.param(with_check_sequence("A008032193"), id="wrong length"),
        pytest.param(with_check_sequence("A00902020321930000")[:7] + b"\x00\x00", id="FCS over rubbish"),
        pytest.param(with_check_sequence("A0090202032193"), id="three octet address"),
        pytest.param(with_check_sequence("A00B02020202032193"), id="five octet address"),
        pytest.param(with_check_sequence("A007020202"), id="address without end"),
        pytest.param(with_check_sequence("A007022321"), id="no control field"),
        pytest.param(with_check_sequence("A00C032193AAAAE6E6E6"), id="wrong HCS"),
    ],
)
def test_wrong_frames_do_not_decode(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode_frame(body)


def test_frame_longer_than_the_format_field_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="longer"):
        encode_frame(HdlcFrame(destination=b"\x03", source=b"\x21", control=0x10, information=bytes(2040)))


@given(
    # Nothing that could be a flag or, behind a flag, the begin of a format field.
    st.lists(st.lists(st.integers(0, 0x7D), max_size=20).map(bytes), max_size=4),
    st.integers(1, 9),
)
def test_good_frames_are_found_between_rubbish_and_in_any_pieces(rubbish: list[bytes], piece: int) -> None:
    stream = b"".join(octets + SNRM for octets in rubbish)
    scanner = FrameScanner()
    found = [frame for start in range(0, len(stream), piece) for frame in scanner.scan(stream[start : start + piece])]
    assert [frame.control for frame in found] == [0x93] * len(rubbish)


def test_one_flag_closes_and_opens() -> None:
    assert len(FrameScanner().scan(SNRM + SNRM[1:] + SNRM[1:])) == 3


def test_flag_octet_inside_the_information_field() -> None:
    frame = HdlcFrame(destination=b"\x03", source=b"\x21", control=0x10, information=b"\x7e" * 40)
    assert FrameScanner().scan(encode_frame(frame) * 2) == [frame, frame]


@given(st.lists(st.binary(max_size=600), max_size=20))
def test_scanner_holds_no_more_than_one_frame(pieces: list[bytes]) -> None:
    scanner = FrameScanner()
    for piece in pieces:
        scanner.scan(b"\x7e\xa7\xff" + piece)
        assert len(scanner.buffer) <= 2 + 2047 + 603


@pytest.mark.parametrize(
    ("octets", "parameters"),
    [
        ("", HdlcParameters()),
        (
            "81801205018006018007040000000108040000 0001",
            HdlcParameters(max_info_transmit=128, max_info_receive=128, window_transmit=1, window_receive=1),
        ),
        (
            "818014050207EE060207EE07040000000708040000 0007",
            HdlcParameters(max_info_transmit=2030, max_info_receive=2030, window_transmit=7, window_receive=7),
        ),
    ],
)
def test_parameters_in_both_directions(octets: str, parameters: HdlcParameters) -> None:
    assert decode_parameters(bytes.fromhex(octets)) == parameters
    if octets:
        assert encode_parameters(parameters) == bytes.fromhex(octets)


def test_absent_parameters_take_the_defaults() -> None:
    assert decode_parameters(bytes.fromhex("818003060120")) == HdlcParameters(max_info_receive=32)


@pytest.mark.parametrize(
    "octets", ["80", "818001", "818003050100", "8180060501800501 80", "81800405008080", "81800205"]
)
def test_wrong_parameters_do_not_decode(octets: str) -> None:
    with pytest.raises(Malformed):
        decode_parameters(bytes.fromhex(octets))


def test_wrapper_header_in_both_directions() -> None:
    octets = bytes.fromhex("00 01 00 10 00 01 00 1F") + bytes(31)
    header = wrapper.decode_header(octets)
    assert (header.source, header.destination, header.length_octets) == (16, 1, 31)
    assert wrapper.encode(WrapperMessage(source=16, destination=1, apdu=bytes(31))) == octets


@pytest.mark.parametrize("octets", ["000100100001", "000200100001001F"])
def test_wrong_wrapper_headers_do_not_decode(octets: str) -> None:
    with pytest.raises(Malformed):
        wrapper.decode_header(bytes.fromhex(octets))


def test_apdu_too_long_for_the_wrapper_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        wrapper.encode(WrapperMessage(source=1, destination=16, apdu=bytes(65536)))
