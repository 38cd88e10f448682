"""GET, SET and ACTION against scripted answers: lists, blocks in both directions, wrong acknowledgements."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProtocolViolation, Refused
from harness.protocol import apdu as xdlms
from harness.session import Received, Services

ATTRIBUTE = xdlms.AttributeDescriptor(3, bytes.fromhex("0100010800FF"), 2)
METHOD = xdlms.MethodDescriptor(3, bytes.fromhex("0100010800FF"), 1)
ITEM = (ATTRIBUTE, None)
DOUBLE_LONG = bytes.fromhex("0600000001")


class Exchanges:
    """Gives the scripted answers in order; ``@@`` in an answer stands for the invoke octet."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []

    def __call__(self, request: bytes, invoke: int) -> Received:
        self.requests.append(request)
        octets = bytes.fromhex(self.answers.pop(0).replace("@@", f"{invoke:02x}"))
        return Received(answer=xdlms.decode_answer(octets), octets=octets, frame=len(self.requests), took_s=0.25)


def services(exchange: Exchanges, *, room: int = 0xFFFF, largest: int = 4096) -> Services:
    return Services(exchange, server_max_receive_octets=room, largest_answer_octets=largest)


def test_get_gives_data_or_a_result() -> None:
    exchange = Exchanges("C401@@000600000001", "C401@@0104")
    sut = services(exchange)
    first, second = sut.get(ITEM), sut.get(ITEM)
    assert (first.data, first.result, first.frame, first.blocks) == (DOUBLE_LONG, None, 1, 0)
    assert (second.data, second.result, second.frame) == (None, 4, 2)
    assert exchange.requests == [
        bytes.fromhex("C001410003 0100010800FF 02 00"),
        bytes.fromhex("C001420003 0100010800FF 02 00"),
    ]


def test_get_in_blocks_asks_for_each_and_joins_them() -> None:
    exchange = Exchanges("C402@@00 00000001 00 02 0600", "C402@@00 00000002 00 02 0000", "C402@@01 00000003 00 01 01")
    result = services(exchange).get(ITEM)
    assert (result.data, result.blocks, result.frame) == (DOUBLE_LONG, 3, 3)
    assert exchange.requests[1:] == [bytes.fromhex("C0024100000001"), bytes.fromhex("C0024100000002")]


def test_get_whose_blocks_end_in_an_error_is_an_error() -> None:
    exchange = Exchanges("C402@@00 00000001 00 02 0600", "C402@@01 00000002 01 0F")
    result = services(exchange).get(ITEM)
    assert (result.data, result.result) == (None, 15)


def test_list_gives_each_item_at_its_place() -> None:
    exchange = Exchanges("C403@@ 02 00 1105 01 04")
    first, second = services(exchange).get_list([ITEM, ITEM])
    assert (first.data, first.result) == (b"\x11\x05", None)
    assert (second.data, second.result) == (None, 4)


def test_list_in_blocks_is_put_together() -> None:
    exchange = Exchanges("C402@@00 00000001 00 03 020011", "C402@@01 00000002 00 03 050104")
    first, second = services(exchange).get_list([ITEM, ITEM])
    assert (first.data, second.result) == (b"\x11\x05", 4)
    assert first.blocks == 2


def test_list_that_is_refused_as_a_whole_has_the_error_in_each_item() -> None:
    exchange = Exchanges("C402@@01 00000001 01 0F")
    assert [one.result for one in services(exchange).get_list([ITEM, ITEM])] == [15, 15]


@pytest.mark.parametrize(
    "answer", ["C401@@000600000001", "C403@@ 01 00 1105", "C403@@ 03 00 1105 00 1105 00 1105", "C501@@00"]
)
def test_wrong_answer_to_a_list_is_a_violation(answer: str) -> None:
    with pytest.raises(ProtocolViolation):
        services(Exchanges(answer)).get_list([ITEM, ITEM])


def test_set_gives_the_result() -> None:
    exchange = Exchanges("C501@@00", "C501@@03")
    sut = services(exchange)
    assert [sut.set(ITEM, b"\x11\x05").result for _ in range(2)] == [0, 3]
    assert exchange.requests[0] == bytes.fromhex("C101410003 0100010800FF 02 00 1105")


def portions(requests: Sequence[bytes]) -> tuple[bytes, list[int], list[bool]]:
    """Return octets, block numbers and last-block flags of the block requests of a SET."""
    raw = b""
    numbers, lasts = [], []
    for octets in requests:
        request = xdlms.decode_request(octets)
        assert isinstance(request, xdlms.SetRequestWithFirstDatablock | xdlms.SetRequestWithDatablock)
        raw += request.raw
        numbers.append(request.block_number)
        lasts.append(request.last)
    return raw, numbers, lasts


@given(length=st.integers(120, 600), room=st.integers(40, 120))
def test_long_set_goes_in_blocks_that_fit(length: int, room: int) -> None:
    value = b"\x09\x82" + length.to_bytes(2, "big") + bytes(length)
    exchange = Exchanges(*[f"C502@@{number:08X}" for number in range(1, 200)])
    sut = services(exchange, room=room)
    # The last block is answered like the ones before it, which is wrong: first all requests are looked at.
    with pytest.raises(ProtocolViolation, match="set-response-last-datablock"):
        sut.set(ITEM, value)
    raw, numbers, lasts = portions(exchange.requests)
    assert raw == value
    assert numbers == list(range(1, len(numbers) + 1))
    assert lasts == [False] * (len(lasts) - 1) + [True]
    assert max(map(len, exchange.requests)) <= room


LONG = b"\x09\x28" + bytes(40)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        (["C502@@00000001", "C503@@00 00000002"], 0),
        (["C502@@00000001", "C503@@03 00000002"], 3),
        (["C503@@0B 00000001"], 11),
        (["C501@@03"], 3),
    ],
)
def test_long_set_gives_the_result(answers: list[str], result: int) -> None:
    assert services(Exchanges(*answers), room=45).set(ITEM, LONG).result == result


@pytest.mark.parametrize(
    "answers",
    [
        ["C502@@00000002"],
        ["C503@@00 00000001"],
        ["C501@@00"],
        ["C502@@00000001", "C502@@00000002"],
        ["C502@@00000001", "C501@@00"],
    ],
)
def test_wrong_acknowledgement_of_a_block_is_a_violation(answers: list[str]) -> None:
    with pytest.raises(ProtocolViolation):
        services(Exchanges(*answers), room=45).set(ITEM, LONG)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("C701@@00 00", (0, None, None)),
        ("C701@@03 00", (3, None, None)),
        ("C701@@00 01 00 1105", (0, b"\x11\x05", None)),
        ("C701@@00 01 01 0B", (0, None, 11)),
    ],
)
def test_action_gives_result_and_return_value(answer: str, expected: tuple[int, bytes | None, int | None]) -> None:
    done = services(Exchanges(answer)).action(METHOD, b"\x0f\x00")
    assert (done.result, done.data, done.data_result) == expected


def test_long_action_goes_in_blocks() -> None:
    exchange = Exchanges("C704@@00000001", "C701@@00 00")
    assert services(exchange, room=45).action(METHOD, LONG).result == 0
    kinds = [type(xdlms.decode_request(octets)) for octets in exchange.requests]
    assert kinds == [xdlms.ActionRequestWithFirstPblock, xdlms.ActionRequestWithPblock]
    assert max(map(len, exchange.requests)) <= 45


def test_return_value_in_blocks_is_put_together() -> None:
    exchange = Exchanges("C702@@00 00000001 04 00010009", "C702@@01 00000002 03 020708")
    done = services(exchange).action(METHOD, None)
    assert (done.result, done.data) == (0, b"\x09\x02\x07\x08")
    assert exchange.requests[1] == bytes.fromhex("C3024100000001")


@pytest.mark.parametrize(
    "answers",
    [
        ["C702@@00 00000002 02 0000"],
        ["C702@@00 00000001 02 0000", "C702@@01 00000001 02 0000"],
        ["C702@@00 00000001 02 0000", "C701@@00 00"],
        ["C702@@01 00000001 01 00"],
        ["C501@@00"],
    ],
)
def test_wrong_block_of_a_return_value_is_a_violation(answers: list[str]) -> None:
    with pytest.raises(ProtocolViolation):
        services(Exchanges(*answers)).action(METHOD, None)


def test_return_value_without_end_is_refused() -> None:
    answers = [f"C702@@00 {number:08X} 01 00" for number in range(1, 400)]
    with pytest.raises(ProtocolViolation, match="257 blocks"):
        services(Exchanges(*answers)).action(METHOD, None)


@pytest.mark.parametrize(("answer", "name"), [("D80203", "exception:2/3"), ("0E050501", "confirmed:5/5/1")])
def test_service_errors_are_refusals(answer: str, name: str) -> None:
    attempts: list[Callable[[Services], object]] = [
        lambda sut: sut.get(ITEM),
        lambda sut: sut.get_list([ITEM]),
        lambda sut: sut.set(ITEM, b"\x11\x05"),
        lambda sut: sut.action(METHOD, None),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt(services(Exchanges(answer)))
        assert refused.value.answer == name


def test_invoke_ids_run_from_1_to_15_and_around() -> None:
    sut = services(Exchanges())
    assert [sut.next_invoke() & 0x0F for _ in range(17)] == [*range(1, 16), 1, 2]


READS = (xdlms.AccessGet(attribute=ATTRIBUTE), xdlms.AccessSet(attribute=ATTRIBUTE, data=DOUBLE_LONG))
METHODS = (xdlms.AccessAction(method=METHOD, data=b"\x0f\x00"),)


def test_access_gives_a_result_for_each() -> None:
    exchange = Exchanges("DA40000001 00 00 02 0600000001 00 02 0100 0203", "DA40000002 00 00 01 00 01 0303")
    sut = services(exchange)
    first, second = sut.access(READS)
    assert (first.kind, first.result, first.data) == (1, 0, DOUBLE_LONG)
    assert (second.kind, second.result, second.data) == (2, 3, b"\x00")
    assert [(one.kind, one.result) for one in sut.access(METHODS)] == [(3, 3)]
    assert exchange.requests[0] == bytes.fromhex(
        "D940000001 00 02 01 0003 0100010800FF 02 02 0003 0100010800FF 02 02 00 0600000001"
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("DA40000001 00 00 01 00 01 0100", "asked for 2 things in one access, got 1 results"),
        ("DA40000001 00 00 02 00 00 02 0100 0300", "result 2 is action success"),
        ("C401@@000600000001", "instead of access-response"),
    ],
)
def test_access_whose_answer_does_not_fit_is_a_violation(answer: str, told: str) -> None:
    with pytest.raises(ProtocolViolation, match=told):
        services(Exchanges(answer.replace("@@", "01"))).access(READS)


def test_access_that_is_not_served_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        services(Exchanges("D80102")).access(READS)
    assert refused.value.answer == "exception:1/2"


def test_access_that_stops_at_an_error_may_leave_out_the_rest() -> None:
    sut = services(Exchanges("DA60000001 00 00 01 00 01 0104", "DA60000002 00 00 01 00 01 0100"))
    assert [one.result for one in sut.access(READS, break_on_error=True)] == [4]
    with pytest.raises(ProtocolViolation, match="got 1 results"):
        sut.access(READS, break_on_error=True)


def test_access_that_describes_itself_repeats_what_was_asked() -> None:
    told = "01 01 03 0003 0100010800FF 01"
    sut = services(
        Exchanges(
            f"DA50000001 00 {told} 01 00 01 0300",
            f"DA50000002 00 {told[:-1]}2 01 00 01 0300",
            "DA50000003 00 00 01 00 01 0300",
        )
    )
    assert [one.result for one in sut.access(METHODS, self_descriptive=True)] == [0]
    with pytest.raises(ProtocolViolation, match=r"describes itself as action class 3 .* method 2"):
        sut.access(METHODS, self_descriptive=True)
    with pytest.raises(ProtocolViolation, match="without the specifications"):
        sut.access(METHODS, self_descriptive=True)


def test_access_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ValueError, match="access-request of"):
        services(Exchanges(), room=20).access(READS)
