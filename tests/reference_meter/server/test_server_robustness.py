"""No octets whatever disturb a link: it answers or is silent, stays small, and a fresh start always works."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference_meter.codec.hdlc import HdlcFrame, encode_frame
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import Close, Send
from reference_meter.server.model_port import ClientProfile
from reference_meter.server.server import Server
from reference_meter.server.settings import ALL_SERVICES, HdlcSettings
from reference_meter.server.wrapper_link import WrapperDatagramLink, WrapperLink

# The fixtures only make new servers, so that running many examples on one fixture is right.
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

AARQ = bytes.fromhex("601da109060760857405080101be10040e01000000065f1f0400ffffff04b0")
GET = bytes.fromhex("c001c100010000600100ff0200")
SNRM = bytes.fromhex("7EA0070321930F017E")

SEEDS = [
    AARQ,
    GET,
    bytes.fromhex("c002c100000001"),
    bytes.fromhex("c003c10200010000600100ff020000080000010000ff0200"),
    bytes.fromhex("c102c100010000600100ff02000000000001020902"),
    bytes.fromhex("c304c100070100630100ff010000000001020902"),
    bytes.fromhex("c001c100070100630100ff020102020406000000010600000002120001120000"),
    bytes.fromhex("e081000100000dc001c100010000600100ff0200"),
    bytes.fromhex("6203800100"),
    bytes.fromhex("d94000000100020100010000600100ff0202000800000100 00ff0202001107"),
    bytes.fromhex("d97000000100010300070100630100ff01010f00"),
    bytes.fromhex("c1018100080000010000ff02001107"),
]


@st.composite
def apdus(draw: st.DrawFn) -> bytes:
    """Give good APDUs, damaged ones and rubbish."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=60))
    octets = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 3))):
        octets[draw(st.integers(0, len(octets) - 1))] = draw(st.integers(0, 255))
    return bytes(octets[: draw(st.integers(0, len(octets)))] if draw(st.booleans()) else octets)


def wrapped(apdu: bytes, client: int = 16, server: int = 1) -> bytes:
    ports = client.to_bytes(2, "big") + server.to_bytes(2, "big")
    return b"\x00\x01" + ports + len(apdu).to_bytes(2, "big") + apdu


def framed(control: int, information: bytes = b"", *, segmented: bool = False) -> bytes:
    return encode_frame(
        HdlcFrame(destination=b"\x03", source=b"\x21", control=control, information=information, segmented=segmented)
    )


frames = st.builds(
    framed,
    st.integers(0, 255),
    st.one_of(st.just(b""), apdus().map(lambda apdu: b"\xe6\xe6\x00" + apdu), st.binary(max_size=40)),
    segmented=st.booleans(),
)


@many
@given(st.lists(st.one_of(apdus().map(wrapped), st.binary(max_size=40))))
def test_stream_survives_anything(make_server: Callable[..., Server], pieces: list[bytes]) -> None:
    link = WrapperLink(make_server(server_max_receive_pdu_size=100))
    for piece in pieces:
        link.receive(piece, 0.0)
        assert all(isinstance(event, Send) for event in link.take_events())
        assert len(link.buffer) <= 8 + 0xFFFF
    link.receive(wrapped(AARQ) + wrapped(GET), 10.0)
    answers = [event.data for event in link.take_events() if isinstance(event, Send)]
    assert answers[0][8] == 0x61
    assert answers[1][8:] == bytes.fromhex("c401c1000908") + b"METER001"


@many
@given(st.lists(st.tuples(apdus(), st.sampled_from([16, 102]), st.sampled_from([1, 0x7F, 0x3FFF, 2]))))
def test_what_wants_no_answer_gets_none(
    make_server: Callable[..., Server], model: Any, pieces: list[tuple[bytes, int, int]]
) -> None:
    model.clients[102] = ClientProfile(mechanism=0, conformance=ALL_SERVICES, pre_established=True)
    link = WrapperLink(make_server())
    link.receive(wrapped(AARQ), 0.0)
    link.take_events()
    for apdu, client, server in pieces:
        link.receive(wrapped(apdu, client, server), 0.0)
        answers = [event.data[8:] for event in link.take_events() if isinstance(event, Send)]
        assert server == 1 or answers == []
        assert client == 16 or all(answer[0] in (0x61, 0xD8) for answer in answers)


@many
@given(st.lists(st.one_of(apdus().map(wrapped), st.binary(max_size=40))))
def test_datagrams_survive_anything(make_server: Callable[..., Server], pieces: list[bytes]) -> None:
    link = WrapperDatagramLink(make_server())
    for piece in pieces:
        link.receive(piece, 0.0)
        assert not any(isinstance(event, Close) for event in link.take_events())
    link.receive(wrapped(AARQ), 0.0)
    assert len(link.take_events()) == 1


@many
@given(st.lists(st.one_of(frames, st.binary(max_size=40), st.just(SNRM))), st.booleans())
def test_hdlc_survives_anything(make_server: Callable[..., Server], pieces: list[bytes], connected: bool) -> None:
    link = HdlcLink(make_server(hdlc=HdlcSettings(window_transmit=7)))
    if connected:
        link.receive(SNRM + framed(0x10, b"\xe6\xe6\x00" + AARQ), 0.0)
    for piece in pieces:
        link.receive(piece, 0.0)
        assert all(isinstance(event, Send) for event in link.events)
        assert len(link.scanner.buffer) <= 2049 + len(piece)
        assert all(len(each.assembly.octets) <= 1024 + 4 for each in link.connections.values())
    link.take_events()
    link.receive(SNRM, 10.0)
    link.receive(framed(0x10, b"\xe6\xe6\x00" + AARQ), 10.0)
    link.receive(framed(0x32, b"\xe6\xe6\x00" + GET), 10.0)
    answers = [event.data for event in link.take_events() if isinstance(event, Send)]
    assert answers[0][5] == 0x73
    assert bytes.fromhex("e6e7006129") in answers[1]
    assert b"METER001" in answers[2]


@many
@given(st.lists(apdus(), max_size=8), st.integers(12, 60))
def test_answers_keep_the_limit_of_the_client(
    make_server: Callable[..., Server], requests: list[bytes], limit: int
) -> None:
    link = WrapperLink(make_server())
    opening = AARQ[:-2] + limit.to_bytes(2, "big")
    link.receive(wrapped(opening), 0.0)
    link.take_events()
    for request in requests:
        if request[:1] in (b"\x60", b"\x62"):
            continue
        link.receive(wrapped(request), 0.0)
        for event in link.take_events():
            assert isinstance(event, Send)
            assert len(event.data) - 8 <= limit


def test_deep_nesting_is_answered(make_server: Callable[..., Server]) -> None:
    link = WrapperLink(make_server(server_max_receive_pdu_size=0xFFFF))
    link.receive(wrapped(AARQ), 0.0)
    bomb = bytes.fromhex("c101c100010000600100ff0200") + b"\x01\x01" * 30000
    link.receive(wrapped(bomb), 0.0)
    link.receive(wrapped(GET), 0.0)
    answers = [event.data[8:] for event in link.take_events() if isinstance(event, Send)]
    assert answers[1] == bytes.fromhex("d80203")
    assert answers[2][:4] == bytes.fromhex("c401c100")


@pytest.mark.slow
def test_a_long_stream_of_damaged_frames_takes_little_time(make_server: Callable[..., Server]) -> None:
    link = HdlcLink(make_server())
    for _ in range(50):
        link.receive(b"\x7e\xa7\xff" * 1000, 0.0)
    link.receive(SNRM, 10.0)
    assert len(link.take_events()) == 1
