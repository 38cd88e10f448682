"""The HDLC link of the server against golden frames and frames put together by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.codec.hdlc import FrameScanner, HdlcFrame, encode_frame
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import Send
from reference_meter.server.server import Server
from reference_meter.server.settings import HdlcSettings

Values = dict[tuple[int, str, int], Any]

SNRM = bytes.fromhex("7EA0070321930F017E")
UA = bytes.fromhex("7EA00721037301407E")
DISC = bytes.fromhex("7EA00703215303C77E")
DM = bytes.fromhex("7EA00721031F6BE97E")
RR_1 = bytes.fromhex("7EA00703213117877E")
AARQ = bytes.fromhex("7EA02B032110FBAFE6E600601DA109060760857405080101BE10040E01000000065F1F0400007E1FFFFF99C87E")
GET_CLOCK = bytes.fromhex("7EA0190321326FD8E6E600C001C100080000010000FF0200601A7E")
AARE_INFORMATION = "e6e7006129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400005e1f04000007"

GET_NAME = "e6e600c001c100010000600100ff0200"
GOT_NAME = "e6e700c401c1000908" + b"METER001".hex()


def octets(control: int, information: str = "", *, segmented: bool = False, server: str = "03") -> bytes:
    """Put a frame of client 16 together."""
    return encode_frame(
        HdlcFrame(
            destination=bytes.fromhex(server),
            source=b"\x21",
            control=control,
            information=bytes.fromhex(information),
            segmented=segmented,
        )
    )


def say(link: HdlcLink, data: bytes, line_now: float = 0.0) -> list[tuple[int, str, bool]]:
    """Send octets and give control, information and segmentation of the frames that come back."""
    link.receive(data, line_now)
    frames = []
    for event in link.take_events():
        assert isinstance(event, Send)
        assert event.due == line_now + link.settings.reaction_s
        (frame,) = FrameScanner().scan(event.data)
        assert frame.destination == b"\x21"
        frames.append((frame.control, frame.information.hex(), frame.segmented))
    return frames


def raw(link: HdlcLink, data: bytes, line_now: float = 0.0) -> list[bytes]:
    link.receive(data, line_now)
    return [event.data for event in link.take_events() if isinstance(event, Send)]


@pytest.fixture
def make_link(make_server: Callable[..., Server]) -> Callable[..., HdlcLink]:
    """Make a link; the arguments are those of ``HdlcSettings``."""
    return lambda **settings: HdlcLink(make_server(hdlc=HdlcSettings(**settings)))


@pytest.fixture
def associated(make_link: Callable[..., HdlcLink]) -> Callable[..., HdlcLink]:
    """Make a link with an association of client 16, which has sent and received one I frame."""

    def make(parameters: str = "", **settings: Any) -> HdlcLink:
        link = make_link(**settings)
        say(link, octets(0x93, parameters))
        answer = say(link, AARQ)
        while answer[-1][2]:
            answer += say(link, octets(0x11 | (answer[-1][0] >> 1 & 7) + 1 << 5))
        assert "".join(information for _, information, _ in answer) == AARE_INFORMATION
        return link

    return make


def test_session_of_golden_frames(make_link: Callable[..., HdlcLink]) -> None:
    link = make_link()
    assert raw(link, AARQ) == [DM]
    assert raw(link, SNRM) == [UA]
    assert say(link, AARQ) == [(0x30, AARE_INFORMATION, False)]
    assert say(link, GET_CLOCK) == [(0x52, "e6e700c401c1001105", False)]
    assert raw(link, DISC) == [UA]
    assert raw(link, DISC) == [DM]


@pytest.mark.parametrize(
    ("asked", "settings", "granted"),
    [
        pytest.param("", {"max_info_transmit": 64}, "8180120501400601800704000000010804 00000001", id="defaults"),
        pytest.param(
            "818014050207EE060207EE07040000000708040000 0007", {}, "81801205018006018007040000000108 0400000001",
            id="all that HDLC allows",
        ),
        pytest.param(
            "818012050120060140070400000003080400000005",
            {"max_info_transmit": 2030, "max_info_receive": 2030, "window_transmit": 7, "window_receive": 7},
            "818012050140060120070400000005080400000003",
            id="each side has its own view",
        ),
        pytest.param("818003060120", {}, "81801205012006018007040000000108 0400000001", id="one parameter"),
    ],
)  # fmt: skip
def test_negotiation(make_link: Callable[..., HdlcLink], asked: str, settings: dict[str, int], granted: str) -> None:
    link = make_link(**settings)
    assert say(link, octets(0x93, asked)) == [(0x73, bytes.fromhex(granted).hex(), False)]


def test_parameters_that_cannot_be_read_are_refused(make_link: Callable[..., HdlcLink]) -> None:
    link = make_link()
    assert raw(link, octets(0x93, "8180030501")) == [DM]
    assert raw(link, AARQ) == [DM]


@pytest.mark.parametrize(
    ("size", "lower", "address"), [(1, 0, "03"), (2, 17, "0223"), (4, 17, "00020023"), (4, 0x3FFE, "0002FEFD")]
)
def test_address_of_the_server(make_link: Callable[..., HdlcLink], size: int, lower: int, address: str) -> None:
    link = make_link(address_octets=size, lower_address=lower)
    link.receive(octets(0x93, server=address), 0.0)
    (event,) = link.take_events()
    assert isinstance(event, Send)
    assert event.data[3:-4] == b"\x21" + bytes.fromhex(address)
    for other in ("05", "FF", "0225", "02FF", "00020025", "0002FFFF"):
        assert say(link, octets(0x93, server=other)) == []


@pytest.mark.parametrize(
    "silent",
    [
        pytest.param(SNRM[:-3] + b"\x00\x00\x7e", id="wrong FCS"),
        pytest.param(AARQ[:6] + b"\x00\x00" + AARQ[8:], id="wrong HCS"),
        pytest.param(SNRM[1:-1], id="no flags"),
        pytest.param(octets(0x93, server="05"), id="other server"),
        pytest.param(octets(0x93, server="FF"), id="broadcast"),
        pytest.param(
            encode_frame(HdlcFrame(destination=b"\x02\x02\x03", source=b"\x21", control=0x93)),
            id="address of three octets",
        ),
        pytest.param(
            encode_frame(HdlcFrame(destination=b"\x03", source=b"\x20\x21", control=0x93)),
            id="client address of two octets",
        ),
        pytest.param(octets(0x83), id="SNRM without P"),
        pytest.param(octets(0x43), id="DISC without P"),
        pytest.param(octets(0x01), id="RR without P"),
        pytest.param(octets(0x13, GET_NAME), id="UI without connection"),
        pytest.param(b"\x7e", id="a flag"),
    ],
)
def test_silence_and_then_a_good_connection(make_link: Callable[..., HdlcLink], silent: bytes) -> None:
    link = make_link()
    assert raw(link, silent) == []
    assert raw(link, SNRM, 1.0) == [UA]


@pytest.mark.parametrize(
    ("frame", "information"),
    [
        pytest.param(octets(0xFF), "ff2201", id="control FF"),
        pytest.param(octets(0x73), "732201", id="UA from the client"),
        pytest.param(octets(0x39), "392201", id="REJ"),
        pytest.param(octets(0x52, GET_NAME), "522208", id="N(R) never sent"),
        pytest.param(octets(0x51), "512208", id="RR with N(R) never sent"),
        pytest.param(octets(0x31, "00"), "312203", id="RR with information"),
        pytest.param(octets(0x32, 129 * "00"), "322204", id="information too long"),
    ],
)
def test_frame_reject_until_the_client_connects(
    associated: Callable[..., HdlcLink], frame: bytes, information: str
) -> None:
    link = associated()
    assert say(link, frame) == [(0x97, information, False)]
    assert say(link, GET_CLOCK) == [(0x97, information, False)]
    assert raw(link, SNRM) == [UA]
    assert say(link, AARQ) == [(0x30, AARE_INFORMATION, False)]


def test_frame_reject_as_the_golden_frame_has_it(make_link: Callable[..., HdlcLink]) -> None:
    link = make_link(frmr_information=False)
    raw(link, SNRM)
    assert raw(link, octets(0xFF)) == [bytes.fromhex("7EA0072103972BE17E")]
    assert raw(link, DISC) == [UA]
    assert raw(link, octets(0xFF)) == [DM]


def test_reject_without_poll_waits_for_the_poll(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    assert say(link, octets(0xEF)) == []
    assert say(link, RR_1) == [(0x97, "ef2201", False)]


def test_new_connection_ends_the_association(
    associated: Callable[..., HdlcLink], journal: list[tuple[Any, ...]]
) -> None:
    link = associated()
    assert raw(link, SNRM) == [UA]
    assert journal[-1] == ("ended", 16, link.link_id)
    assert say(link, octets(0x10, GET_NAME)) == [(0x30, "e6e700d80101", False)]


def test_polling_without_data(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    assert say(link, RR_1) == [(0x31, "", False)]
    assert say(link, octets(0x35)) == [(0x31, "", False)]
    assert say(link, octets(0x21)) == []


def test_answer_is_sent_again_until_acknowledged(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    answer = [(0x52, "e6e700c401c1001105", False)]
    assert say(link, GET_CLOCK) == answer
    assert say(link, octets(0x31)) == answer
    assert say(link, GET_CLOCK) == answer
    assert say(link, octets(0x51)) == [(0x51, "", False)]
    assert say(link, octets(0x54, GET_NAME)) == [(0x74, GOT_NAME, False)]


def test_frame_out_of_sequence_is_dropped(associated: Callable[..., HdlcLink], journal: list[tuple[Any, ...]]) -> None:
    link = associated()
    assert say(link, octets(0x36, GET_NAME)) == [(0x31, "", False)]
    assert say(link, octets(0x30, GET_NAME)) == [(0x31, "", False)]
    assert journal[-1][0] == "opened"
    assert say(link, octets(0x32, GET_NAME)) == [(0x52, GOT_NAME, False)]


def test_busy_client_gets_no_data(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    assert say(link, octets(0x22, GET_NAME)) == []
    assert say(link, octets(0x35)) == [(0x51, "", False)]
    assert say(link, octets(0x31)) == [(0x52, GOT_NAME, False)]


def test_request_in_segments(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    assert say(link, octets(0x32, GET_NAME[:10], segmented=True)) == [(0x51, "", False)]
    assert say(link, octets(0x24, GET_NAME[10:20], segmented=True)) == []
    assert say(link, octets(0x36, GET_NAME[20:])) == [(0x92, GOT_NAME, False)]


def test_answer_in_segments_one_by_one(associated: Callable[..., HdlcLink]) -> None:
    link = associated("818003060108")
    assert say(link, octets(0xD2, GET_NAME)) == [(0x5C, GOT_NAME[:16], True)]
    assert say(link, octets(0xF1)) == [(0x5E, GOT_NAME[16:32], True)]
    assert say(link, octets(0x11)) == [(0x50, GOT_NAME[32:], False)]
    assert say(link, octets(0x31)) == [(0x51, "", False)]


def test_answer_in_a_window_with_a_lost_frame(associated: Callable[..., HdlcLink], values: Values) -> None:
    values[1, "0000600100ff", 2] = (9, bytes(range(28)))
    link = associated("81800906010C080400000003", window_transmit=7)
    parts = ["e6e700c401c100091c000102", bytes(range(3, 15)).hex(), bytes(range(15, 27)).hex(), "1b"]
    assert say(link, octets(0x92, GET_NAME)) == [
        (0x48, parts[0], True),
        (0x4A, parts[1], True),
        (0x5C, parts[2], True),
    ]
    # The client acknowledges one frame only: the rest comes again, and the window has room for one more.
    assert say(link, octets(0xB1)) == [(0x4A, parts[1], True), (0x4C, parts[2], True), (0x5E, parts[3], False)]
    assert say(link, octets(0x11)) == [(0x51, "", False)]


def test_numbers_wrap(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    sent = received = 1
    for _ in range(20):
        control = received << 5 | 0x10 | sent << 1
        sent = (sent + 1) % 8
        assert say(link, octets(control, GET_NAME)) == [(sent << 5 | 0x10 | received << 1, GOT_NAME, False)]
        received = (received + 1) % 8


def test_request_longer_than_the_server_takes(make_server: Callable[..., Server]) -> None:
    link = HdlcLink(make_server(server_max_receive_pdu_size=64))
    raw(link, SNRM)
    assert say(link, AARQ)[0][1].endswith("0800065f1f0400005e1f00400007")
    for number in range(1, 8):
        say(link, octets(0x30 | number << 1, 100 * "00" if number > 1 else "e6e600c0", segmented=True))
        (connection,) = link.connections.values()
        assert len(connection.assembly.octets) <= 3 + 64 + 1
    assert say(link, octets(0x30, "00")) == [(0x32, "e6e700d80104", False)]


def test_apdu_without_llc_header_is_dropped(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    assert say(link, octets(0x32, "e6e700c001c100010000600100ff0200")) == [(0x51, "", False)]
    assert say(link, octets(0x34, GET_NAME)) == [(0x72, GOT_NAME, False)]


def test_unnumbered_information_is_executed_without_answer(associated: Callable[..., HdlcLink], values: Values) -> None:
    link = associated()
    assert say(link, octets(0x13, "e6e600c1018100080000010000ff02001109")) == []
    assert values[8, "0000010000ff", 2] == (17, 9)
    assert raw(link, SNRM) == [UA]
    assert say(link, octets(0x13, "e6e600c1018100080000010000ff02001105")) == []
    assert values[8, "0000010000ff", 2] == (17, 9)


def test_inactivity_disconnects(associated: Callable[..., HdlcLink], journal: list[tuple[Any, ...]]) -> None:
    link = associated()
    assert link.next_due() == 120.0
    assert say(link, octets(0x31), 119.0) == [(0x31, "", False)]
    assert link.next_due() == 239.0
    link.tick(238.9)
    assert journal[-1][0] == "opened"
    link.tick(239.0)
    assert journal[-1][0] == "ended"
    assert link.next_due() is None
    assert raw(link, octets(0x31), 240.0) == [DM]


def test_inactivity_counts_without_a_tick(associated: Callable[..., HdlcLink]) -> None:
    assert raw(associated(), GET_CLOCK, 120.0) == [DM]


def test_pause_within_a_frame_gives_it_up(make_link: Callable[..., HdlcLink]) -> None:
    link = make_link()
    assert raw(link, SNRM[:5], 0.0) == []
    assert raw(link, SNRM[5:], 0.1) == [UA]
    assert raw(link, b"\x7e\xa7\xff", 1.0) == []
    assert raw(link, SNRM, 1.1) == []
    assert raw(link, SNRM, 1.4) == [UA]


def test_clients_have_connections_of_their_own(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    other = HdlcFrame(destination=b"\x03", source=b"\x05", control=0x93)
    assert raw(link, encode_frame(other)) == [
        encode_frame(HdlcFrame(destination=b"\x05", source=b"\x03", control=0x73))
    ]
    assert say(link, GET_CLOCK) == [(0x52, "e6e700c401c1001105", False)]


def test_notification_waits_for_the_poll(associated: Callable[..., HdlcLink]) -> None:
    link = associated("818009060180080400000003", window_transmit=3)
    event = bytes.fromhex("c20000080000010000ff021105")
    assert link.server.notify(bytes.fromhex("0f00000001001105"), 1.0) == 0
    assert link.server.notify(event, 1.0) == 1
    assert link.take_events() == []
    assert say(link, octets(0x32, GET_NAME)) == [
        (0x42, "e6e700" + event.hex(), False),
        (0x54, GOT_NAME, False),
    ]


def test_unfetched_answers_do_not_pile_up(associated: Callable[..., HdlcLink]) -> None:
    link = associated()
    for number in range(1, 100):
        say(link, octets(0x20 | number % 8 << 1, GET_NAME))
    (connection,) = link.connections.values()
    assert len(connection.window.outbox) == 8
    assert say(link, octets(0x31)) == [(0x92, GOT_NAME, False)]


def test_settings_that_make_no_sense() -> None:
    wrongs: tuple[dict[str, Any], ...] = (
        {"address_octets": 3},
        {"max_info_transmit": 2031},
        {"max_info_receive": 0},
        {"window_transmit": 8},
        {"window_receive": 0},
    )
    for wrong in wrongs:
        with pytest.raises(ValueError, match="not"):
            HdlcSettings(**wrong)
