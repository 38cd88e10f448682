"""Wrapper links, the end of links, notifications, settings."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.server.link import Close, Send, ServerLink
from reference_meter.server.model_port import RowStream
from reference_meter.server.octet_source import encode_lazily, largest_content
from reference_meter.server.server import Server
from reference_meter.server.settings import LinkSettings
from reference_meter.server.wrapper_link import WrapperDatagramLink, WrapperLink

HEAD = "000100100001000d"
GET_NAME = bytes.fromhex(HEAD + "c001c100010000600100ff0200")
GOT_NAME = bytes.fromhex("000100010010000ec401c1000908") + b"METER001"
AARQ = bytes.fromhex("000100100001001f601da109060760857405080101be10040e01000000065f1f0400007e1f04b0")
DATA_NOTIFICATION = bytes.fromhex("0f00000001001105")
EVENT_NOTIFICATION = bytes.fromhex("c20000080000010000ff021105")


def sent(link: ServerLink) -> list[bytes]:
    return [event.data for event in link.take_events() if isinstance(event, Send)]


def test_answer_is_due_after_the_reaction_time(make_server: Callable[..., Server]) -> None:
    link = WrapperLink(make_server(reaction_s=0.8))
    link.receive(GET_NAME, 5.0)
    assert link.take_events() == [Send(due=5.8, data=bytes.fromhex("0001000100100003d80101"))]
    assert link.take_events() == []


@pytest.mark.parametrize("piece", [1, 3, 7, 8, 9, 1000])
def test_messages_in_any_pieces(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink], piece: int
) -> None:
    link = associate(make_server())
    stream = GET_NAME * 3
    for start in range(0, len(stream), piece):
        link.receive(stream[start : start + piece], 1.0)
    assert sent(link) == [GOT_NAME] * 3


@pytest.mark.parametrize(
    "silent",
    [
        pytest.param(b"\x00\x02" + GET_NAME[2:], id="version 2"),
        pytest.param(GET_NAME[:5] + b"\x02" + GET_NAME[6:], id="logical device that is not there"),
        pytest.param(GET_NAME[:6] + b"\x00\x00", id="length 0"),
        pytest.param(GET_NAME[:-1], id="cut short"),
        pytest.param(GET_NAME[:7] + b"\x0e" + GET_NAME[8:], id="length too great"),
        pytest.param(GET_NAME[:4], id="header cut short"),
    ],
)
def test_silence_and_then_a_good_answer(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink], silent: bytes
) -> None:
    link = associate(make_server())
    link.receive(silent, 1.0)
    assert sent(link) == []
    link.receive(GET_NAME, 3.0)
    assert sent(link) == [GOT_NAME]


def test_datagrams(make_server: Callable[..., Server]) -> None:
    link = WrapperDatagramLink(make_server())
    link.receive(AARQ, 0.0)
    (answer,) = sent(link)
    assert answer[:10] == bytes.fromhex("000100010010002b6129")
    for silent in (AARQ + b"\x00", AARQ[:-1], AARQ[:7], b"\x00\x03" + AARQ[2:], GET_NAME * 2):
        link.receive(silent, 0.0)
        assert sent(link) == []
    link.receive(GET_NAME, 0.0)
    assert sent(link) == [GOT_NAME]
    link.closed_by_peer(1.0)
    link.receive(GET_NAME, 1.0)
    assert sent(link) == []


def test_cut_link_sends_nothing_more(
    make_server: Callable[..., Server],
    associate: Callable[..., ServerLink],
    journal: list[tuple[Any, ...]],
) -> None:
    link = associate(make_server())
    link.receive(GET_NAME, 1.0)
    link.cut(1.5)
    assert link.take_events() == [Close(due=1.5)]
    assert journal[-1] == ("ended", 16, link.link_id)
    link.cut(1.6)
    link.receive(GET_NAME, 2.0)
    assert link.take_events() == []
    assert link.server.links == {}


def test_client_that_is_gone_gets_nothing_more(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink]
) -> None:
    link = associate(make_server())
    link.receive(GET_NAME, 1.0)
    link.closed_by_peer(1.5)
    assert link.take_events() == []
    assert link.server.associations.open == {}


def test_silent_stream_is_closed(make_server: Callable[..., Server], associate: Callable[..., ServerLink]) -> None:
    link = associate(make_server(tcp_inactivity_timeout_s=60.0))
    assert link.next_due() == 60.0
    link.tick(59.0)
    assert link.take_events() == []
    link.tick(61.0)
    assert link.take_events() == [Close(due=60.0)]
    assert link.next_due() is None
    forever = associate(make_server())
    assert forever.next_due() is None
    forever.tick(1e9)
    assert forever.take_events() == []


def test_notification_goes_to_associations_that_negotiated_it(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink]
) -> None:
    server = make_server()
    both, events_only = associate(server), associate(server, conformance="00001f")
    assert server.notify(DATA_NOTIFICATION, 1.0) == 1
    assert server.notify(EVENT_NOTIFICATION, 2.0, client=16) == 2
    assert server.notify(EVENT_NOTIFICATION, 2.0, client=1) == 0
    head = bytes.fromhex("0001000100100008")
    assert both.take_events()[0] == Send(due=1.0, data=head + DATA_NOTIFICATION)
    assert sent(events_only) == [head[:-1] + b"\x0d" + EVENT_NOTIFICATION]
    with pytest.raises(ValueError, match="0F or C2"):
        server.notify(b"\xc4", 0.0)


def test_unsolicited_apdus_go_before_the_answer(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink]
) -> None:
    server = make_server()
    link = associate(server)
    server.unsolicited = lambda key: [EVENT_NOTIFICATION]  # type: ignore[method-assign] # the seam
    link.receive(GET_NAME, 0.0)
    assert [data[8] for data in sent(link)] == [0xC2, 0xC4]


@pytest.mark.parametrize(
    "wrong",
    [
        {"server_max_receive_pdu_size": 11},
        {"max_send_pdu_size": 65536},
        {"reaction_s": -1.0},
        {"general_block_window": 0},
    ],
)
def test_settings_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        LinkSettings(**wrong)


@pytest.mark.parametrize(
    ("room", "content"),
    [
        (0, 0),
        (1, 0),
        (2, 1),
        (128, 127),
        (129, 127),
        (130, 128),
        (257, 255),
        (258, 255),
        (65538, 65535),
        (10**6, 65535),
    ],
)
def test_content_beside_its_length_field(room: int, content: int) -> None:
    assert largest_content(room) == content


def test_rows_have_to_be_as_many_as_announced() -> None:
    with pytest.raises(ValueError, match="1 rows came where 2"):
        list(encode_lazily((1, RowStream(count=2, rows=iter([(17, 1)])))))
