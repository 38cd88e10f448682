"""The ACCESS service, requests that want no answer, broadcasts, and clients that need not associate."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.codec.hdlc import HdlcFrame, encode_frame, encode_server_address
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import ServerLink
from reference_meter.server.model_port import AccessRefused, ClientProfile, RowStream
from reference_meter.server.server import Server
from reference_meter.server.settings import ALL_SERVICES, HdlcSettings
from reference_meter.server.wrapper_link import WrapperLink

NAME = "00010000600100ff02"
CLOCK = "00080000010000ff02"
UNKNOWN = "00030000000000ff02"
PROFILE = "00070100630100ff02"
RESET = "00070100630100ff01"
NAME_DATA = "0908" + b"METER001".hex()
SET_CLOCK_QUIETLY = f"c10181{CLOCK}001107"

Values = dict[tuple[int, str, int], Any]
Associate = Callable[..., ServerLink]
Ask = Callable[..., str]


@pytest.mark.parametrize(
    ("request_apdu", "answer"),
    [
        pytest.param(
            f"d9 40000001 00 02 01{NAME} 01{CLOCK} 02 00 00",
            f"da 40000001 00 00 02 {NAME_DATA} 1105 02 0100 0100",
            id="two reads",
        ),
        pytest.param(
            f"d9 c0abcdef 00 02 02{CLOCK} 01{CLOCK} 02 1108 00",
            "da c0abcdef 00 00 02 00 1108 02 0200 0100",
            id="a write and then a read",
        ),
        pytest.param(f"d9 40000001 00 01 03{RESET} 01 0f01", "da 40000001 00 00 01 1109 01 0300", id="a method"),
        pytest.param(f"d9 40000001 00 01 03{RESET} 01 00", "da 40000001 00 00 01 1109 01 0300", id="no parameter"),
        pytest.param("d9 40000001 00 00 00", "da 40000001 00 00 00 00", id="nothing"),
        pytest.param(
            f"d9 40000001 0c 07ea0302010a00000000ffc4 01 01{CLOCK} 01 00",
            "da 40000001 00 00 01 1105 01 0100",
            id="with date and time",
        ),
        pytest.param(
            f"d9 50000001 00 01 01{CLOCK} 01 00",
            f"da 50000001 00 01 01 01{CLOCK} 01 1105 01 0100",
            id="self-descriptive",
        ),
        pytest.param(
            f"d9 40000001 00 03 01{UNKNOWN} 02{UNKNOWN} 01{CLOCK} 03 00 1101 00",
            "da 40000001 00 00 03 00 00 1105 03 0104 0204 0100",
            id="errors in between",
        ),
        pytest.param(
            f"d9 60000001 00 04 01{NAME} 01{UNKNOWN} 02{CLOCK} 03{RESET} 04 00 00 1101 00",
            f"da 60000001 00 00 04 {NAME_DATA} 00 00 00 04 0100 0104 02fa 03fa",
            id="the first error ends it",
        ),
        pytest.param(
            f"d9 40000001 00 01 04{PROFILE} 09 00 01 00", "da 40000001 00 00 01 00 01 01fa", id="selective access"
        ),
        pytest.param(f"d9 00000001 00 01 02{CLOCK} 01 1108", "", id="unconfirmed"),
        pytest.param(f"d9 40000001 00 01 01{CLOCK} 00", "d8 02 03", id="data missing"),
        pytest.param(f"d9 40000001 00 01 06{CLOCK} 01 00", "d8 02 03", id="unknown choice"),
        pytest.param(f"d9 40000001 01 00 01 01{CLOCK} 01 00", "d8 02 03", id="date and time of one octet"),
        pytest.param("d9 40000001 00 84ffffffff", "d8 02 03", id="too many to be true"),
        pytest.param(f"d9 40000001 00 01 01{CLOCK} 01 00 00", "d8 02 03", id="octets left over"),
        pytest.param("d9", "d8 02 03", id="only a tag"),
    ],
)
def test_access(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    values: Values,
    request_apdu: str,
    answer: str,
) -> None:
    values[7, "0100630100ff", -1] = (0, (17, 9))
    values[7, "0100630100ff", 2] = 250
    link = associate(make_server())
    assert ask(link, request_apdu) == answer.replace(" ", "")
    assert ask(link, f"c001c1{NAME}00") == "c401c100" + NAME_DATA


def test_access_writes_what_it_was_told(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server())
    for apdu in (f"d90000000100 0102{CLOCK} 01 1109", f"d96000000100 0201{UNKNOWN}02{CLOCK} 02 00 1101"):
        ask(link, apdu)
        assert values[8, "0000010000ff", 2] == (17, 9)


@pytest.mark.parametrize("missing", [17, 21])
def test_access_that_was_not_negotiated(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    journal: list[tuple[Any, ...]],
    missing: int,
) -> None:
    link = associate(make_server(), conformance=f"{0xFFFFFF & ~(1 << 23 - missing):06x}")
    assert ask(link, f"d940000001000104{PROFILE}01000100") == "d80102"
    assert [entry[0] for entry in journal] == ["opened"]


def test_access_whose_answer_is_long(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    values[1, "0000600100ff", 2] = (9, bytes(40))
    request_apdu = f"d9400000010002 01{NAME} 01{CLOCK} 02 00 00"
    link = associate(make_server(), pdu_size=30, conformance="00405d")
    assert ask(link, request_apdu) == "da400000010000020011050201fa0100"
    in_blocks = associate(make_server(), pdu_size=30, conformance="20405d")
    assert ask(in_blocks, request_apdu).startswith("e0040001000017da40000001")
    narrow = associate(make_server(), pdu_size=12, conformance="00405d")
    assert ask(narrow, f"d9400000010002 02{CLOCK} 02{CLOCK} 02 1107 1107") == "d80101"
    assert values[8, "0000010000ff", 2] == (17, 5)


def test_access_of_rows_that_break_off(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    def rows() -> Any:
        yield (9, bytes(4))
        raise AccessRefused(2)

    values[7, "0100630100ff", 2] = lambda: (1, RowStream(count=2, rows=rows()))
    assert ask(associate(make_server()), f"d9400000010001 01{PROFILE} 01 00") == "da400000010000010001010f"


@pytest.mark.parametrize(
    "apdu",
    [
        f"c00181{CLOCK}00",
        f"c00181{UNKNOWN}00",
        SET_CLOCK_QUIETLY,
        f"c10181{UNKNOWN}001107",
        f"c10181{CLOCK}",
        f"c10481 01{CLOCK}00 01 1107",
        "c3018100080000010000ff0100",
        "c07f81",
        f"d90000000100 0102{UNKNOWN} 01 1109",
        "d900000001",
    ],
)
def test_unconfirmed_requests_are_never_answered(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, apdu: str
) -> None:
    server = make_server()
    assert ask(WrapperLink(server), apdu) == ""
    assert ask(associate(server), apdu) == ""
    assert ask(associate(server, conformance="000002"), apdu) == ""


class TestPreEstablished:
    """Client 102, for which an association always stands."""

    @pytest.fixture
    def server(self, make_server: Callable[..., Server], model: Any) -> Server:
        model.clients[102] = ClientProfile(mechanism=0, conformance=ALL_SERVICES, pre_established=True)
        return make_server()

    def test_set_and_action_without_an_answer(
        self, server: Server, ask: Ask, values: Values, journal: list[tuple[Any, ...]]
    ) -> None:
        values[7, "0100630100ff", -1] = (0, None)
        link = WrapperLink(server)
        assert ask(link, SET_CLOCK_QUIETLY, client=102) == ""
        assert values[8, "0000010000ff", 2] == (17, 7)
        assert ask(link, f"c30181{RESET}00", client=102) == ""
        assert ask(link, f"c10481 01{CLOCK}00 01 1108", client=102) == ""
        assert values[8, "0000010000ff", 2] == (17, 8)
        assert [entry[0] for entry in journal] == ["set", "action", "set"]

    @pytest.mark.parametrize(
        ("apdu", "answer"),
        [
            pytest.param("601da109060760857405080101be10040e01000000065f1f0400007e1fffff", "6117", id="associate"),
            pytest.param("6203800100", "d80101", id="release"),
            pytest.param(f"c101c1{CLOCK}001107", "d80101", id="confirmed set"),
            pytest.param(f"c301c1{RESET}00", "d80101", id="confirmed action"),
            pytest.param(f"c001c1{CLOCK}00", "d80102", id="get"),
            pytest.param(f"c00181{CLOCK}00", "", id="unconfirmed get"),
            pytest.param(f"d900000001000101{CLOCK}0100", "", id="access"),
            pytest.param(f"c10281{CLOCK}000100000001021107", "", id="set in blocks"),
        ],
    )
    def test_everything_else_is_refused(
        self,
        server: Server,
        ask: Ask,
        journal: list[tuple[Any, ...]],
        apdu: str,
        answer: str,
    ) -> None:
        link = WrapperLink(server)
        assert ask(link, apdu, client=102)[: len(answer) or None] == answer
        assert journal == []
        assert ask(link, SET_CLOCK_QUIETLY, client=102) == ""
        assert [entry[0] for entry in journal] == ["set"]

    def test_associations_of_a_lost_link_are_forgotten(self, server: Server, ask: Ask) -> None:
        link = WrapperLink(server)
        ask(link, SET_CLOCK_QUIETLY, client=102)
        assert len(server.associations.standing.used) == 1
        link.closed_by_peer(1.0)
        assert server.associations.standing.used == {}

    @pytest.mark.parametrize("connected", [False, True])
    def test_unnumbered_frames_need_no_connection(self, server: Server, values: Values, connected: bool) -> None:
        link = HdlcLink(server)
        source = bytes([102 << 1 | 1])
        if connected:
            link.receive(encode_frame(HdlcFrame(destination=b"\x03", source=source, control=0x93)), 0.0)
            assert len(link.take_events()) == 1
        information = bytes.fromhex("e6e600" + SET_CLOCK_QUIETLY)
        frame = HdlcFrame(destination=b"\x03", source=source, control=0x13, information=information)
        link.receive(encode_frame(frame), 0.0)
        assert link.take_events() == []
        assert values[8, "0000010000ff", 2] == (17, 7)


class TestBroadcast:
    """Requests to all stations."""

    @pytest.fixture
    def make(self, make_server: Callable[..., Server], model: Any) -> Callable[..., Server]:
        model.clients[102] = ClientProfile(mechanism=0, conformance=ALL_SERVICES, pre_established=True)
        return make_server

    @pytest.mark.parametrize("client", [102, 16])
    @pytest.mark.parametrize("destination", ["007f", "3fff"])
    def test_over_the_wrapper(
        self, make: Callable[..., Server], associate: Associate, values: Values, client: int, destination: str
    ) -> None:
        link = associate(make())
        apdu = bytes.fromhex(SET_CLOCK_QUIETLY)
        head = f"0001{client:04x}{destination}{len(apdu):04x}"
        link.receive(bytes.fromhex(head) + apdu, 0.0)
        assert link.take_events() == []
        assert values[8, "0000010000ff", 2] == (17, 7)

    @pytest.mark.parametrize(
        "apdu",
        [
            f"c101c1{CLOCK}001107",
            f"c10181{UNKNOWN}001107",
            "601da109060760857405080101be10040e01000000065f1f0400007e1fffff",
            "6203800100",
            "",
            "d8",
        ],
    )
    def test_is_never_answered(self, make: Callable[..., Server], associate: Associate, ask: Ask, apdu: str) -> None:
        link = associate(make())
        assert ask(link, apdu, server=0x7F) == ""
        assert ask(link, f"c001c1{CLOCK}00") == "c401c1001105"

    def test_of_a_client_without_association(self, make: Callable[..., Server], ask: Ask, values: Values) -> None:
        assert ask(WrapperLink(make()), SET_CLOCK_QUIETLY, server=0x7F) == ""
        assert values[8, "0000010000ff", 2] == (17, 5)

    @pytest.mark.parametrize(
        ("octets", "upper", "lower"),
        [
            pytest.param(1, 0x7F, 0, id="one octet"),
            pytest.param(2, 0x7F, 0x7F, id="two octets"),
            pytest.param(2, 1, 0x7F, id="two octets, logical device named"),
            pytest.param(2, 0x7F, 17, id="two octets, station named"),
            pytest.param(4, 0x3FFF, 0x3FFF, id="four octets"),
            pytest.param(4, 0x7F, 0x3FFF, id="four octets, all logical devices"),
            pytest.param(4, 1, 0x3FFF, id="four octets, logical device named"),
        ],
    )
    def test_over_hdlc(self, make: Callable[..., Server], values: Values, octets: int, upper: int, lower: int) -> None:
        link = HdlcLink(make(hdlc=HdlcSettings(address_octets=octets)))
        frame = HdlcFrame(
            destination=encode_server_address(upper, lower, octets),
            source=bytes([102 << 1 | 1]),
            control=0x13,
            information=bytes.fromhex("e6e600" + SET_CLOCK_QUIETLY),
        )
        link.receive(encode_frame(frame), 0.0)
        assert link.take_events() == []
        assert values[8, "0000010000ff", 2] == (17, 7)
        assert link.connections == {}
