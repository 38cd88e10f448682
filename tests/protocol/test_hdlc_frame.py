import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.hdlc import (
    Control,
    Frame,
    FrameKind,
    Parameters,
    ServerAddress,
    check_sequence,
    client_address_octets,
)

VECTORS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "hdlc.toml").read_text(encoding="utf-8")
)


def cases(table: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", VECTORS[table], ids=lambda vector: str(vector["name"]))


def frame_of(vector: dict[str, Any]) -> Frame:
    return Frame(
        destination=bytes.fromhex(vector["destination"]),
        source=bytes.fromhex(vector["source_address"]),
        control=vector["control"],
        segmented=vector.get("segmented", False),
        information=bytes.fromhex(vector.get("information", "")),
    )


@cases("vector")
def test_reference_frame_decodes(vector: dict[str, Any]) -> None:
    frame = Frame.from_bytes(bytes.fromhex(vector["hex"]))
    assert frame == frame_of(vector)
    assert frame.describe(response=vector.get("response", False)) == vector["description"]


@cases("vector")
def test_reference_frame_is_what_the_encoder_gives(vector: dict[str, Any]) -> None:
    assert frame_of(vector).to_bytes() == bytes.fromhex(vector["hex"])


@cases("check_sequence")
def test_check_sequence_has_the_published_value(vector: dict[str, Any]) -> None:
    assert check_sequence(bytes.fromhex(vector["hex"])) == bytes.fromhex(vector["check"])


@given(st.binary(max_size=300))
def test_check_sequence_leaves_the_good_residue(octets: bytes) -> None:
    # 0xF0B8 in the register is what a receiver finds behind a good frame; the complement goes out.
    assert check_sequence(octets + check_sequence(octets)) == (0xF0B8 ^ 0xFFFF).to_bytes(2, "little")


@cases("client_address")
def test_client_address_encodes(vector: dict[str, Any]) -> None:
    assert client_address_octets(vector["client"]) == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("client", [-1, 128])
def test_client_address_beyond_seven_bits_is_refused(client: int) -> None:
    with pytest.raises(ValueError, match="0 to 127"):
        client_address_octets(client)


@cases("server_address")
def test_server_address_in_both_directions(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    address = ServerAddress(upper=vector["upper"], lower=vector.get("lower"), octets=len(octets))
    assert address.to_bytes() == octets
    assert ServerAddress.from_bytes(octets) == address


@pytest.mark.parametrize(
    ("upper", "lower", "octets"),
    [(1, 1, 1), (1, None, 2), (1, None, 4), (1, 1, 3), (128, None, 1), (1, 128, 2), (0x4000, 1, 4), (1, -1, 2)],
)
def test_impossible_server_address_is_refused(upper: int, lower: int | None, octets: int) -> None:
    with pytest.raises(ValueError, match="address"):
        ServerAddress(upper=upper, lower=lower, octets=octets)


@pytest.mark.parametrize("octets", ["", "02", "03 03", "02 02", "02 02 03", "02 02 03 03", "02 02 02 02 03"])
def test_wrong_address_octets_do_not_decode(octets: str) -> None:
    with pytest.raises(DecodeError):
        ServerAddress.from_bytes(bytes.fromhex(octets))


@given(st.integers(0, 255))
def test_every_control_octet_decodes_and_known_ones_come_back(octet: int) -> None:
    control = Control.from_octet(octet)
    if control.kind is FrameKind.UNKNOWN:
        with pytest.raises(ValueError, match="unknown"):
            control.to_octet()
    else:
        assert control.to_octet() == octet


def test_sequence_number_above_seven_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 7"):
        Control(kind=FrameKind.I, poll_final=True, send_number=8).to_octet()


@pytest.mark.parametrize(
    ("control", "text"),
    [
        (0x51, "RR N(R)=2 F"),
        (0x55, "RNR N(R)=2 F"),
        (0x59, "REJ N(R)=2 F"),
        (0x41, "RR N(R)=2"),
        (0x03, "UI"),
        (0x13, "UI F"),
        (0xFF, "unknown control FF"),
    ],
)
def test_response_is_described(control: int, text: str) -> None:
    frame = Frame(destination=b"\x21", source=b"\x03", control=control)
    assert frame.describe(response=True) == text


def test_frame_longer_than_the_length_field_is_refused() -> None:
    largest = Frame(destination=b"\x03", source=b"\x21", control=0x10, information=bytes(2038))
    assert len(largest.to_bytes()) == 2047 + 2
    with pytest.raises(ValueError, match="2048"):
        Frame(destination=b"\x03", source=b"\x21", control=0x10, information=bytes(2039)).to_bytes()


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("A0 07 03 21 93 0F 01 7E", "opening flag"),
        ("7E A0 07 03 21 93 0F 01", "not what the length field states"),
        ("7E A0 07 03 21 93 0F 01 7E 7E", "not what the length field states"),
        ("7E A0 07", "not what the length field states"),
        ("7E A0 07 03 21 93 0F 00 7E", "wrong FCS"),
        ("7E A0 07 03 21 93 0F 01 7F", "closing flag"),
        ("7E B0 07 03 21 93 0F 01 7E", "format type B0"),
        ("7E A0 06 03 21 93 0F 7E", "length 6"),
        ("7E A0 08 03 21 93 0F 01 00 7E", "too short"),
        ("7E A0 09 03 21 93 0F 01 00 00 7E", "too short"),
        ("7E A0 09 02 02 03 21 93 0F 01 7E", "illegal destination address of 3 octets"),
        ("7E A0 09 03 02 02 21 93 0F 01 7E", "illegal source address of 3 octets"),
        ("7E A0 0B 02 02 02 02 03 21 93 0F 01 7E", "without an end"),
        ("7E A0 19 03 21 10 7F DB E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E", "wrong HCS"),
    ],
)
def test_wrong_frame_is_refused_with_its_reason(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        Frame.from_bytes(bytes.fromhex(octets))


ADDRESSES = st.sampled_from([b"\x03", b"\x02\x23", b"\x00\x02\x00\x21", b"\x48\x68\xfe\xff", b"\x7f"])


@given(
    st.builds(
        Frame,
        destination=ADDRESSES,
        source=ADDRESSES,
        control=st.integers(0, 255),
        segmented=st.booleans(),
        information=st.binary(max_size=2030),
    )
)
def test_frame_comes_back_as_it_went(frame: Frame) -> None:
    octets = frame.to_bytes()
    assert Frame.from_bytes(octets) == frame
    if frame.information:
        assert octets[frame.information_at :].startswith(frame.information)


def parameters_of(vector: dict[str, Any]) -> Parameters:
    return Parameters(
        max_information_transmit=vector["transmit"],
        max_information_receive=vector["receive"],
        window_transmit=vector["window_transmit"],
        window_receive=vector["window_receive"],
    )


@cases("parameters")
def test_parameters_in_both_directions(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    assert Parameters.from_bytes(octets) == parameters_of(vector)
    if vector.get("canonical", True):
        assert parameters_of(vector).to_bytes() == octets


@pytest.mark.parametrize(
    "octets",
    [
        "81",
        "81 80",
        "80 80 00",
        "81 80 04 05 01 80",
        "81 80 02 05 01 80",
        "81 80 03 09 01 80",
        "81 80 05 05 03 00 00 80",
        "81 80 03 07 01 01",
        "81 80 01 05",
        "81 80 02 05 00",
        "81 80 03 05 02 01",
        "81 80 06 05 01 80 05 01 80",
        "81 80 06 07 04 00 00 00 00",
        "81 80 06 07 04 00 00 00 08",
        "81 80 03 05 01 00",
        "81 80 04 05 02 07 EF",
    ],
)
def test_wrong_parameters_do_not_decode(octets: str) -> None:
    with pytest.raises(DecodeError):
        Parameters.from_bytes(bytes.fromhex(octets))


@given(
    st.builds(
        Parameters,
        max_information_transmit=st.integers(1, 2030),
        max_information_receive=st.integers(1, 2030),
        window_transmit=st.integers(1, 7),
        window_receive=st.integers(1, 7),
    )
)
def test_parameters_come_back_as_they_went(parameters: Parameters) -> None:
    assert Parameters.from_bytes(parameters.to_bytes()) == parameters
    assert parameters.as_seen_from_other_side().as_seen_from_other_side() == parameters
