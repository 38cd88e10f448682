"""GET, SET and ACTION over an open association, in one piece and in blocks."""

import tracemalloc
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.codec import axdr
from reference_meter.server.link import ServerLink
from reference_meter.server.model_port import (
    AccessRefused,
    ColumnDescriptor,
    EntrySelection,
    RangeSelection,
    RowStream,
    UnknownSelector,
)
from reference_meter.server.server import Server

NAME = "00010000600100ff02"
CLOCK = "00080000010000ff02"
UNKNOWN = "00030000000000ff02"
PROFILE = "00070100630100ff02"

Values = dict[tuple[int, str, int], Any]
Associate = Callable[..., ServerLink]
Ask = Callable[..., str]


@pytest.mark.parametrize(
    ("request_apdu", "answer"),
    [
        pytest.param(f"c001c1{CLOCK}00", "c401c1001105", id="get"),
        pytest.param(f"c00142{CLOCK}00", "c40142001105", id="get with another invoke id"),
        pytest.param(f"c001c1{UNKNOWN}00", "c401c10104", id="get unknown"),
        pytest.param(f"c003c103{CLOCK}00{UNKNOWN}00{CLOCK}00", "c403c1030011050104001105", id="get list"),
        pytest.param("c003c100", "c403c100", id="get empty list"),
        pytest.param("c002c100000001", "c402c101000000010110", id="get next without long get"),
        pytest.param(f"c101c1{CLOCK}001107", "c501c100", id="set"),
        pytest.param(f"c101c1{UNKNOWN}001107", "c501c104", id="set unknown"),
        pytest.param(f"c104c102{CLOCK}00{UNKNOWN}000211071107", "c505c1020004", id="set list"),
        pytest.param("c103c10000000002021107", "c503c11200000002", id="set block without first"),
        pytest.param("c301c100080000010000ff0100", "c701c10400", id="action unknown"),
        pytest.param("c302c100000001", "c701c11000", id="action next without long action"),
        pytest.param("c306c10000000002021107", "c701c11000", id="action block without first"),
        pytest.param("7a", "d80202", id="unknown tag"),
        pytest.param("c07fc1", "d80203", id="unknown choice"),
        pytest.param("c001c10008000001", "d80203", id="cut short"),
        pytest.param("c0", "d80203", id="only a tag"),
        pytest.param("c401c1001105", "d80202", id="a response"),
        pytest.param(f"c00181{CLOCK}00", "", id="unconfirmed get"),
        pytest.param(f"c10181{CLOCK}001107", "", id="unconfirmed set"),
    ],
)
def test_answer(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, request_apdu: str, answer: str
) -> None:
    link = associate(make_server())
    assert ask(link, request_apdu) == answer
    assert ask(link, f"c001c1{NAME}00") == "c401c1000908" + b"METER001".hex()


def test_unconfirmed_set_is_executed(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    assert ask(associate(make_server()), f"c10181{CLOCK}001107") == ""
    assert values[8, "0000010000ff", 2] == (17, 7)


@pytest.mark.parametrize(
    ("missing", "request_apdu"),
    [
        pytest.param(19, f"c001c1{CLOCK}00", id="get"),
        pytest.param(20, f"c101c1{CLOCK}001107", id="set"),
        pytest.param(23, "c301c100080000010000ff0100", id="action"),
        pytest.param(14, f"c003c101{CLOCK}00", id="get list"),
        pytest.param(14, f"c104c101{CLOCK}00011107", id="set list"),
        pytest.param(14, "c303c10100080000010000ff010100", id="action list"),
        pytest.param(11, "c002c100000001", id="get next"),
        pytest.param(12, f"c102c1{CLOCK}000000000001021107", id="set first block"),
        pytest.param(12, f"c105c101{CLOCK}000000000001021107", id="set list first block"),
        pytest.param(13, "c304c100080000010000ff010000000001021107", id="action first block"),
        pytest.param(21, f"c001c1{PROFILE}010100", id="selective access"),
        pytest.param(2, "e080000100000bc001c1" + CLOCK + "00", id="general blocks"),
    ],
)
def test_service_that_was_not_negotiated(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    journal: list[tuple[Any, ...]],
    missing: int,
    request_apdu: str,
) -> None:
    link = associate(make_server(), conformance=f"{0xFFFFFF & ~(1 << 23 - missing):06x}")
    assert ask(link, request_apdu) == "d80102"
    assert [entry[0] for entry in journal] == ["opened"]


def test_request_longer_than_the_server_takes(
    make_server: Callable[..., Server], associate: Associate, ask: Ask
) -> None:
    link = associate(make_server(server_max_receive_pdu_size=64))
    exact = f"c101c1{NAME}00" + "0932" + 50 * "aa"
    assert len(bytes.fromhex(exact)) == 65
    assert ask(link, exact) == "d80104"
    assert ask(link, f"c101c1{NAME}00" + "0931" + 49 * "aa") == "c501c100"


@pytest.mark.parametrize(
    ("parameters", "selection"),
    [
        pytest.param(
            "01020402041200080906 0000010000ff0f0212000009 0101 0901 02 0100",
            RangeSelection(
                restricting=ColumnDescriptor(class_id=8, obis=bytes.fromhex("0000010000ff"), attribute=2, data_index=0),
                from_value=(9, b"\x01"),
                to_value=(9, b"\x02"),
                columns=(),
            ),
            id="range",
        ),
        pytest.param(
            "0202040600000001 0600000002 120001 120000",
            EntrySelection(from_entry=1, to_entry=2, from_column=1, to_column=0),
            id="entries",
        ),
        pytest.param("0900", UnknownSelector(selector=9), id="unknown selector"),
    ],
)
def test_selection_reaches_the_model(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    journal: list[tuple[Any, ...]],
    parameters: str,
    selection: object,
) -> None:
    link = associate(make_server())
    assert ask(link, f"c001c1{PROFILE}01{parameters}") == "c401c10104"
    assert journal[-1] == ("get", 16, 7, "0100630100ff", 2, selection)


@pytest.mark.parametrize("parameters", ["0100", "0200", "02020411011102120001120000", "010204020011001100 1100"])
def test_selection_of_wrong_types_is_refused(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, parameters: str
) -> None:
    assert ask(associate(make_server()), f"c001c1{PROFILE}01{parameters}") == "c401c1010c"


def fetch(link: ServerLink, ask: Ask, request_apdu: str, limit: int) -> bytes:
    """Fetch a long GET answer and give its raw data; every answer has at most ``limit`` octets."""
    raw, number = b"", 0
    answer = bytes.fromhex(ask(link, request_apdu))
    while True:
        number += 1
        assert len(answer) <= limit
        assert answer[:3] == b"\xc4\x02\xc1"
        assert int.from_bytes(answer[4:8], "big") == number
        assert answer[8] == 0
        size, start = (answer[9], 10) if answer[9] < 0x80 else (answer[10], 11)
        if answer[9] == 0x82:
            size, start = int.from_bytes(answer[10:12], "big"), 12
        assert len(answer) == start + size
        raw += answer[start:]
        if answer[3]:
            return raw
        answer = bytes.fromhex(ask(link, f"c002c1{number:08x}"))


@pytest.mark.parametrize("limit", [12, 13, 64, 128, 137, 138, 139, 140, 265, 266, 267, 268, 1000])
def test_get_in_blocks_keeps_the_limit(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values, limit: int
) -> None:
    link = associate(make_server(), pdu_size=limit)
    # Octets of the answer around the octet string: c401c100 09 len.
    overhead = 6 if limit - 6 < 0x80 else 7 if limit - 7 < 0x100 else 8
    values[1, "0000600100ff", 2] = (9, bytes(limit - overhead))
    whole = bytes.fromhex(ask(link, f"c001c1{NAME}00"))
    assert len(whole) == limit
    assert whole[:4] == b"\xc4\x01\xc1\x00"
    for more in (1, 2, limit, 3 * limit):
        value = (9, bytes(range(256)) * 20)[:2]
        value = (9, value[1][: limit - overhead + more])
        values[1, "0000600100ff", 2] = value
        assert fetch(link, ask, f"c001c1{NAME}00", limit) == axdr.encode(value)
        assert ask(link, "c002c100000001").endswith("0110")


def test_own_limit_of_the_server_is_kept(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server(max_send_pdu_size=64), pdu_size=0)
    values[1, "0000600100ff", 2] = (9, bytes(300))
    assert fetch(link, ask, f"c001c1{NAME}00", 64) == axdr.encode((9, bytes(300)))


def test_get_list_in_blocks(make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values) -> None:
    link = associate(make_server(), pdu_size=19)
    results = fetch(link, ask, f"c003c103{NAME}00{UNKNOWN}00{CLOCK}00", 19)
    assert results == bytes.fromhex("03000908" + b"METER001".hex() + "0104001105")


def test_wrong_block_number_ends_the_long_get(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server(), pdu_size=20)
    values[1, "0000600100ff", 2] = (9, bytes(30))
    assert ask(link, f"c001c1{NAME}00").startswith("c402c100")
    assert ask(link, "c002c100000002") == "c402c101000000020113"
    assert ask(link, "c002c100000001") == "c402c101000000010110"
    assert ask(link, f"c001c1{NAME}00").startswith("c402c100")
    assert ask(link, f"c001c1{CLOCK}00") == "c401c1001105"
    assert ask(link, "c002c100000001") == "c402c101000000010110"


def test_long_answer_without_any_block_transfer(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server(), pdu_size=20, conformance="00001f")
    values[1, "0000600100ff", 2] = (9, bytes(30))
    assert ask(link, f"c001c1{NAME}00") == "c401c101fa"


def test_rows_are_made_while_they_are_fetched(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    count = 35040
    made: Counter[str] = Counter()

    def rows() -> Any:
        for number in range(count):
            made["rows"] += 1
            yield (2, [(9, bytes(12)), (17, 0), (6, number), (6, 0)])

    values[7, "0100630100ff", 2] = lambda: (1, RowStream(count=count, rows=rows()))
    link = associate(make_server(), pdu_size=500)
    tracemalloc.start()
    answer = ask(link, f"c001c1{PROFILE}00")
    assert made["rows"] < 30
    number, octets = 0, 0
    while answer[6:8] == "00":
        number += 1
        octets += len(answer) // 2 - 12
        answer = ask(link, f"c002c1{number:08x}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made["rows"] == count
    assert octets > count * 28 - 500
    assert peak < 200_000


def test_refusal_in_the_middle_of_a_long_get(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    def rows() -> Any:
        yield (9, bytes(40))
        raise AccessRefused(2)

    values[7, "0100630100ff", 2] = lambda: (1, RowStream(count=2, rows=rows()))
    link = associate(make_server(), pdu_size=30)
    assert ask(link, f"c001c1{PROFILE}00").startswith("c402c10000000001")
    assert ask(link, "c002c100000001").startswith("c402c10000000002")
    assert ask(link, "c002c100000002") == "c402c10100000003010f"
    assert ask(link, "c002c100000003") == "c402c101000000030110"


def test_set_in_blocks(make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values) -> None:
    link = associate(make_server())
    assert ask(link, f"c102c1{NAME}0000000000010309 0441") == "c502c100000001"
    assert ask(link, "c103c10000000002024243") == "c502c100000002"
    assert ask(link, "c103c101000000030144") == "c503c10000000003"
    assert values[1, "0000600100ff", 2] == (9, b"ABCD")
    assert ask(link, f"c102c1{NAME}00010000000103090145") == "c503c10000000001"
    assert values[1, "0000600100ff", 2] == (9, b"E")


@pytest.mark.parametrize(
    ("second", "answer"),
    [
        pytest.param("c103c10000000003024243", "c503c11300000003", id="block left out"),
        pytest.param("c103c10000000001024243", "c503c11300000001", id="block again"),
        pytest.param("c103c101000000020142", "c503c10c00000002", id="data cut short"),
        pytest.param("c103c10000000002" + "82" + "0400" + 1024 * "00", "c503c11100000002", id="too long"),
    ],
)
def test_set_in_blocks_that_goes_wrong(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    values: Values,
    second: str,
    answer: str,
) -> None:
    link = associate(make_server(max_long_request_octets=1024, server_max_receive_pdu_size=2048))
    assert ask(link, f"c102c1{NAME}000000000001030904 41") == "c502c100000001"
    assert ask(link, second) == answer
    assert ask(link, "c103c10100000002034243 44") == "c503c11200000002"
    assert values[1, "0000600100ff", 2] == (9, b"METER001")


def test_set_list_in_blocks(make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values) -> None:
    link = associate(make_server())
    first = f"c105c102{NAME}00{CLOCK}00"
    assert ask(link, first + "0000000001040209 0141") == "c502c100000001"
    assert ask(link, "c103c10100000002021109") == "c504c102000000000002"
    assert (values[1, "0000600100ff", 2], values[8, "0000010000ff", 2]) == ((9, b"A"), (17, 9))
    assert ask(link, first + "010000000103011109") == "c503c10c00000001"


def test_set_list_whose_answer_would_not_fit_is_not_executed(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server(), pdu_size=12)
    assert ask(link, f"c104c108{8 * (CLOCK + '00')}08{8 * '1109'}") == "c505c1080000000000000000"
    assert ask(link, f"c104c109{9 * (CLOCK + '00')}09{9 * '1107'}") == "d80101"
    assert values[8, "0000010000ff", 2] == (17, 9)


METHOD = "00070100630100ff01"


def test_action_with_and_without_result(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    values: Values,
    journal: list[tuple[Any, ...]],
) -> None:
    link = associate(make_server())
    values[7, "0100630100ff", -1] = (0, None)
    assert ask(link, f"c301c1{METHOD}010f00") == "c701c10000"
    assert journal[-1] == ("action", 16, 7, "0100630100ff", 1, (15, 0))
    values[7, "0100630100ff", -1] = (0, (17, 5))
    assert ask(link, f"c301c1{METHOD}00") == "c701c10001001105"
    assert repr(journal[-1]).endswith(" 1, None)")
    unknown = "00000000000000ff01"
    assert ask(link, f"c303c102{METHOD}{unknown}020f0000") == "c703c10200010011050400"
    assert [entry[-1] for entry in journal[-2:]] == [(15, 0), None]


def test_action_with_long_parameter(
    make_server: Callable[..., Server],
    associate: Associate,
    ask: Ask,
    values: Values,
    journal: list[tuple[Any, ...]],
) -> None:
    link = associate(make_server())
    values[7, "0100630100ff", -1] = (0, None)
    assert ask(link, f"c304c1{METHOD}0000000001020902") == "c704c100000001"
    assert ask(link, "c306c10100000002024142") == "c701c10000"
    assert journal[-1][-1] == (9, b"AB")
    assert ask(link, f"c305c102{METHOD}{METHOD}0000000001020200") == "c704c100000001"
    assert ask(link, "c306c10100000002020f01") == "c703c10200000000"
    assert [entry[-1] for entry in journal[-2:]] == [None, (15, 1)]
    assert ask(link, f"c304c1{METHOD}0000000001020902") == "c704c100000001"
    assert ask(link, "c306c10100000003024142") == "c701c10f00"
    assert ask(link, "c306c10100000002024142") == "c701c11000"
    assert ask(link, f"c304c1{METHOD}0100000001020902") == "c701c10c00"


def test_action_with_long_result(
    make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
) -> None:
    link = associate(make_server(), pdu_size=19)
    values[7, "0100630100ff", -1] = (0, (9, bytes(range(12))))
    assert ask(link, f"c301c1{METHOD}00") == "c702c100000000010a000100090c0001020304"
    assert ask(link, "c302c100000001") == "c702c101000000020705060708090a0b"
    assert ask(link, "c302c100000002") == "c701c11000"
    assert ask(link, f"c301c1{METHOD}00").startswith("c702c100")
    assert ask(link, "c302c100000005") == "c701c10f00"
    without = associate(make_server(), pdu_size=19, conformance="00001f")
    assert ask(without, f"c301c1{METHOD}00") == "c701c1fa00"
    assert ask(link, f"c303c101{METHOD}0100").startswith("c702c100000000010a01000100090c")


class TestGeneralBlocks:
    """Requests and answers in general block transfer."""

    def test_request_and_answer_of_one_block(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask
    ) -> None:
        link = associate(make_server())
        assert ask(link, f"e081000100000dc001c1{CLOCK}00") == "e0840001000106c401c1001105"
        assert ask(link, "e0810002000100") == ""
        assert ask(link, "e08100010000") == "d80203"

    def test_answer_in_windows_with_a_lost_block(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
    ) -> None:
        values[1, "0000600100ff", 2] = (9, bytes(range(30)))
        link = associate(make_server(), pdu_size=17)
        whole = "c401c100091e" + bytes(range(30)).hex()
        parts = [whole[start : start + 20] for start in range(0, len(whole), 20)]
        assert len(parts) == 4
        first = ask(link, f"e083000100000dc001c1{NAME}00").split()
        assert first == [
            f"e044000100010a{parts[0]}",
            f"e044000200010a{parts[1]}",
            f"e004000300010a{parts[2]}",
        ]
        # The client has got only the first block: the second and third come again, then the fourth.
        second = ask(link, "e0830002000100").split()
        assert second == [
            f"e044000200020a{parts[1]}",
            f"e044000300020a{parts[2]}",
            f"e0840004000206{parts[3]}",
        ]
        assert ask(link, "e0830003000400") == ""
        assert ask(link, f"c001c1{CLOCK}00") == "c401c1001105"

    def test_request_in_windows_with_a_lost_block(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask
    ) -> None:
        link = associate(make_server(general_block_window=2))
        request = f"c001c1{CLOCK}00"
        assert ask(link, f"e0410001000004{request[:8]}") == ""
        assert ask(link, f"e0010003000005{request[16:]}") == "e0020001000100"
        assert ask(link, f"e0410002000104{request[8:16]}") == ""
        assert ask(link, f"e0810003000105{request[16:]}") == "e0820002000306c401c1001105"

    def test_long_answer_to_a_plain_request(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask, values: Values
    ) -> None:
        values[1, "0000600100ff", 2] = (9, bytes(30))
        values[7, "0100630100ff", -1] = (0, (9, bytes(30)))
        link = associate(make_server(), pdu_size=32, conformance="20001f")
        assert ask(link, f"c001c1{NAME}00") == "e0040001000019" + "c401c100091e" + 19 * "00"
        assert ask(link, "e0810001000100") == "e084000200010b" + 11 * "00"
        assert ask(link, f"c301c1{METHOD}00").startswith("e00400010000")

    def test_unconfirmed_or_empty_requests_have_no_answer(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask
    ) -> None:
        link = associate(make_server())
        assert ask(link, f"e081000100000dc00181{CLOCK}00") == ""
        assert ask(link, "e0810001000000") == ""

    def test_request_that_grows_too_long(
        self, make_server: Callable[..., Server], associate: Associate, ask: Ask
    ) -> None:
        link = associate(make_server(max_long_request_octets=150))
        assert ask(link, "e0010001000064" + 100 * "c0") == "e0040001000100"
        assert ask(link, "e0010002000164" + 100 * "c0") == "d80104"


def test_invoke_id_of_the_answer_is_a_seam(make_server: Callable[..., Server], associate: Associate, ask: Ask) -> None:
    server = make_server()
    server.services.invoke_id_of = lambda request: request.invoke ^ 1  # type: ignore[method-assign] # the seam
    assert ask(associate(server), f"c001c1{CLOCK}00") == "c401c0001105"
