"""Dissection trees and scapy's second opinion on reference frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wire.apdu_layers import apdu_layer
from harness.wire.dissection import FrameProtocol, dissect, second_opinion
from harness.wire.fields import check_sequence
from harness.wire.frame_layers import DlmsWrapper, HdlcFrame, Llc

# Frames of the usual DLMS/COSEM examples for client 16 and server 1, lengths and check sequences worked out by hand.
SNRM = "7E A0 07 03 21 93 0F 01 7E"
SNRM_PARAMETERS = "7E A0 1E 03 21 93 CD 3B 81 80 12 05 01 80 06 01 80 07 04 00 00 00 01 08 04 00 00 00 01 53 3B 7E"
GET_CLOCK = "7E A0 19 03 21 10 7F DA E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E"
DISC_TWO_OCTETS = "7E A0 08 02 23 21 53 B1 A2 7E"
AARQ = (
    "0001 0010 0001 001F 60 1D A1 09 06 07 60 85 74 05 08 01 01 BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0"
)
GET_ERROR = "0001 0001 0010 0005 C4 01 C1 01 04"
GLO_GET = (
    "0001 0010 0001 0020 C8 1E 30 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27"
    " C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B"
)
LIST = "C0 03 C1 02 00 01 00 00 2A 00 00 FF 02 00 00 08 00 00 01 00 00 FF 02 00"
ACCESS = "0001 0010 0001 0013 D9 40000001 00 01 01 0001 00002A0000FF 02 01 00"

TREES: list[tuple[FrameProtocol, str, list[str]]] = [
    ("hdlc", SNRM, ["SNRM", "length    = 7", "(good)"]),
    ("hdlc", SNRM_PARAMETERS, ["HDLC parameters", "050180060180070400000001080400000001"]),
    ("hdlc", GET_CLOCK, ["I N(S)=0 N(R)=0 P/F", "to server", "get-request", "0.0.1.0.0.255", "attribute = 2"]),
    ("hdlc", DISC_TWO_OCTETS, ["1/17", "DISC"]),
    ("wrapper", AARQ, ["AARQ", "application-context-name", "060760857405080101", "user-information"]),
    ("wrapper", GET_ERROR, ["get-response", "object-undefined"]),
    ("wrapper", GLO_GET, ["glo-get-request", "security_control= 0x30", "invocation_counter= 19088743"]),
    ("wrapper", "0001 0001 0010 0003 D8 01 05", ["exception-response", "deciphering-error"]),
    ("wrapper", "0001 0001 0010 0004 0E 01 06 01", ["confirmed-service-error", "category  = 6"]),
    ("wrapper", "0001 0010 0001 0007 C0 02 C1 00 00 00 03", ["next", "block_number= 3"]),
    ("wrapper", "0001 0001 0010 000B C4 02 C1 01 00 00 00 01 00 01 00", ["with-datablock", "last_block= 1"]),
    ("wrapper", "0001 0010 0001 0018 " + LIST, ["with-list", "count     = 2"]),
    ("wrapper", "0001 0001 0010 0004 C5 01 C1 00", ["set-response", "success"]),
    ("wrapper", "0001 0001 0010 0005 C7 01 C1 00 00", ["action-response", "action_result= 0"]),
    ("wrapper", "0001 0001 0010 0009 E0 80 00 01 00 00 02 D8 01", ["general-block-transfer", "d801"]),
    ("wrapper", ACCESS, ["access-request", "long_invoke_id_and_priority= 0x40000001", "count     = 1"]),
    ("wrapper", "0001 0001 0010 000C DA 40000001 00 00 01 00 01 01 0B", ["access-response", "self_descriptive= 0"]),
]


@pytest.mark.parametrize(("protocol", "frame", "texts"), TREES)
def test_tree_shows_what_the_frame_carries(protocol: FrameProtocol, frame: str, texts: list[str]) -> None:
    tree = dissect(bytes.fromhex(frame), protocol)
    for text in texts:
        assert text in tree


@pytest.mark.parametrize(("protocol", "frame", "texts"), TREES)
def test_dissected_frame_is_built_again_to_the_same_octets(
    protocol: FrameProtocol, frame: str, texts: list[str]
) -> None:
    octets = bytes.fromhex(frame)
    layer = DlmsWrapper(octets) if protocol == "wrapper" else HdlcFrame(octets)
    layer.clear_cache()
    assert bytes(layer) == octets


def test_wrong_check_sequence_is_shown_as_wrong() -> None:
    octets = bytearray.fromhex(SNRM)
    octets[-2] ^= 0xFF
    assert "wrong, 0x010f would be right" in dissect(bytes(octets), "hdlc")


def test_shared_flag_is_completed() -> None:
    assert dissect(bytes.fromhex(SNRM)[1:], "hdlc") == dissect(bytes.fromhex(SNRM), "hdlc")


def test_check_sequence_of_the_usual_check_string() -> None:
    assert check_sequence(b"123456789") == 0x906E


def test_second_opinion_on_wrapper() -> None:
    opinion = second_opinion(bytes.fromhex(AARQ), "wrapper")
    assert opinion is not None
    assert (opinion.length_octets, opinion.source.hex(), opinion.destination.hex()) == (31, "0010", "0001")
    assert (opinion.apdu_tag, opinion.check_sequences_good) == (0x60, None)


def test_second_opinion_on_hdlc() -> None:
    opinion = second_opinion(bytes.fromhex(GET_CLOCK), "hdlc")
    assert opinion is not None
    assert (opinion.length_octets, opinion.source.hex(), opinion.destination.hex()) == (25, "21", "03")
    assert (opinion.apdu_tag, opinion.check_sequences_good) == (0xC0, True)


def test_second_opinion_sees_a_damaged_frame() -> None:
    octets = bytearray.fromhex(GET_CLOCK)
    octets[20] ^= 1
    opinion = second_opinion(bytes(octets), "hdlc")
    assert opinion is not None
    assert opinion.check_sequences_good is False


def test_second_opinion_on_too_few_octets_is_none() -> None:
    assert second_opinion(b"\x00\x01", "wrapper") is None
    assert "no whole wrapper frame" in dissect(b"\x00\x01", "wrapper")


def test_frame_built_from_its_parts_gets_lengths_and_check_sequences() -> None:
    request = apdu_layer(b"\xc0")(
        choice=1, class_id=8, instance=bytes.fromhex("0000010000FF"), attribute=2, rest=b"\x00"
    )
    assert bytes(HdlcFrame(control=0x10, information=Llc() / request)) == bytes.fromhex(GET_CLOCK)
    assert bytes(HdlcFrame()) == bytes.fromhex(SNRM)
    assert bytes(DlmsWrapper(source=16, destination=1) / request)[:8] == bytes.fromhex("0001 0010 0001 000D")


def test_length_given_by_hand_is_kept() -> None:
    assert bytes(HdlcFrame(length=9))[1:3] == bytes.fromhex("A009")


def test_unknown_protocol_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="wrapper, hdlc"):
        dissect(b"", "mbus")  # type: ignore[arg-type]  # the wrong argument is the test


@given(st.binary(max_size=80), st.sampled_from(["wrapper", "hdlc"]))
def test_garbage_never_raises(octets: bytes, protocol: FrameProtocol) -> None:
    assert dissect(octets, protocol)
    second_opinion(octets, protocol)


@given(st.sampled_from([bytes.fromhex(frame) for _, frame, _ in TREES]), st.data())
def test_damaged_frame_never_raises(frame: bytes, data: st.DataObject) -> None:
    octets = bytearray(frame)
    octets[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(octets[: data.draw(st.integers(0, len(frame)))])
    for protocol in ("wrapper", "hdlc"):
        assert dissect(cut, protocol)
        second_opinion(cut, protocol)
