"""Every refusal of the whole meter, on both kinds of link: the right diagnostic, and everything goes on afterwards."""

from collections.abc import Callable

import pytest

from reference_meter.codec.hdlc import FrameScanner, HdlcFrame, encode_frame
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.server.link import Send

READING, PUBLIC = 2, 16
CONTEXT = "a109060760857405080101"
LLS = "8a0207808b0760857405080201ac0a8008" + b"reading1".hex()
INITIATE = "be10040e01000000065f1f040060 7eff ffff".replace(" ", "")
NAME = "00010000 2a0000ff 02".replace(" ", "")
CLOCK = "00080000010000ff02"
ENERGY = "00030100010800ff02"
PROFILE = "00070100630100ff02"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()

Talk = Callable[..., str]


def aarq(*fields: str) -> str:
    body = "".join(fields)
    return f"60{len(body) // 2:02x}{body}"


GOOD = {READING: aarq(CONTEXT, LLS, INITIATE), PUBLIC: aarq(CONTEXT, INITIATE)}


class OverWrapper:
    """One client on a stream."""

    def __init__(self, meter: Meter, client: int) -> None:
        self.link = meter.open("wrapper", 0.0)
        self.client = client

    def ask(self, apdu: str) -> str:
        octets = bytes.fromhex(apdu)
        self.link.receive(
            b"\x00\x01" + self.client.to_bytes(2, "big") + b"\x00\x01" + len(octets).to_bytes(2, "big") + octets, 0.0
        )
        return "".join(event.data[8:].hex() for event in self.link.take_events() if isinstance(event, Send))


class OverHdlc:
    """One client on a connected line."""

    def __init__(self, meter: Meter, client: int) -> None:
        self.link = meter.open("hdlc", 0.0)
        self.source = bytes([client << 1 | 1])
        self.sent = self.received = 0
        self.exchange(0x93)

    def exchange(self, control: int, information: bytes = b"", *, segmented: bool = False) -> list[HdlcFrame]:
        frame = HdlcFrame(
            destination=b"\x03", source=self.source, control=control, information=information, segmented=segmented
        )
        self.link.receive(encode_frame(frame), 0.0)
        return [
            answer
            for event in self.link.take_events()
            if isinstance(event, Send)
            for answer in FrameScanner().scan(event.data)
        ]

    def ask(self, apdu: str) -> str:
        whole = bytes.fromhex("e6e600" + apdu)
        for start in range(0, len(whole), 128):
            control = self.received << 5 | 0x10 | self.sent << 1
            answers = self.exchange(control, whole[start : start + 128], segmented=start + 128 < len(whole))
            self.sent = (self.sent + 1) % 8
        octets = b""
        while answers[0].control & 1 == 0:
            self.received = (self.received + 1) % 8
            octets += answers[0].information
            if not answers[0].segmented:
                break
            answers = self.exchange(self.received << 5 | 0x11)
        return octets[3:].hex()


@pytest.fixture(params=[OverWrapper, OverHdlc])
def connect(request: pytest.FixtureRequest) -> Callable[[int], OverWrapper | OverHdlc]:
    """Connect a client to a default meter."""
    meter = make({})
    return lambda client: request.param(meter, client)


def is_refused(answer: str, diagnostic: int, source: int = 1, error: str = "") -> bool:
    refused = f"a203020101a305a{source}030201{diagnostic:02x}" in answer
    return refused and (f"be0604040e01{error}" in answer if error else "04040e" not in answer)


@pytest.mark.parametrize(
    ("request_apdu", "diagnostic", "source", "error"),
    [
        pytest.param(aarq("80020640", CONTEXT, LLS, INITIATE), 2, 2, "", id="protocol version"),
        *(
            pytest.param(aarq(CONTEXT[:-2] + context, LLS, INITIATE), 2, 1, "", id=f"context {context}")
            for context in ("00", "02", "03", "04", "05", "ff")
        ),
        *(
            pytest.param(
                aarq(CONTEXT, f"a6{size + 2:02x}04{size:02x}" + size * "4d", LLS, INITIATE),
                3,
                1,
                "",
                id=f"title {size}",
            )
            for size in (0, 7, 9)
        ),
        *(
            pytest.param(
                aarq(CONTEXT, LLS.replace("8b0760857405080201", f"8b07608574050802{number:02x}"), INITIATE),
                11,
                1,
                "",
                id=f"mechanism {number}",
            )
            for number in (2, 3, 4, 5, 6, 7, 8, 99)
        ),
        pytest.param(aarq(CONTEXT, LLS.replace("8b0760857405080201", ""), INITIATE), 12, 1, "", id="mechanism missing"),
        pytest.param(aarq(CONTEXT, LLS[:-2] + "30", INITIATE), 13, 1, "", id="wrong secret"),
        pytest.param(aarq(CONTEXT, LLS[:-24] + "ac028000", INITIATE), 13, 1, "", id="empty secret"),
        pytest.param(aarq(CONTEXT, LLS[:-24], INITIATE), 13, 1, "", id="no secret"),
        pytest.param(aarq(CONTEXT, INITIATE), 14, 1, "", id="no authentication"),
        pytest.param(aarq(CONTEXT, "8a0207808b0760857405080200", INITIATE), 14, 1, "", id="lowest"),
        *(
            pytest.param(
                aarq(CONTEXT, LLS, INITIATE.replace("065f", f"{version:02x}5f")), 1, 1, "0601", id=f"version {version}"
            )
            for version in (0, 1, 5)
        ),
        pytest.param(aarq(CONTEXT, LLS, INITIATE.replace("607eff", "000000")), 1, 1, "0602", id="conformance zero"),
        *(
            pytest.param(aarq(CONTEXT, LLS, INITIATE[:-4] + f"{size:04x}"), 1, 1, "0603", id=f"pdu size {size}")
            for size in range(1, 12)
        ),
        pytest.param(aarq(CONTEXT, LLS), 1, 1, "0604", id="no initiate request"),
        pytest.param(aarq(CONTEXT, LLS, INITIATE)[:-2], 1, 2, "", id="cut short"),
        pytest.param(aarq(LLS, INITIATE), 1, 2, "", id="no context"),
        pytest.param(aarq(CONTEXT, CONTEXT, LLS, INITIATE), 1, 2, "", id="context two times"),
    ],
)
def test_association_request(
    connect: Callable[[int], OverWrapper | OverHdlc], request_apdu: str, diagnostic: int, source: int, error: str
) -> None:
    client = connect(READING)
    assert is_refused(client.ask(request_apdu), diagnostic, source, error)
    assert client.ask(f"c001c1{NAME}00") == "d80101"
    assert is_accepted(client.ask(GOOD[READING]))
    assert client.ask(f"c001c1{NAME}00") == GOT_NAME


def is_accepted(answer: str) -> bool:
    return "a203020100a305a103020100" in answer and "0800065f1f04" in answer


@pytest.mark.parametrize(
    "request_apdu",
    [
        pytest.param(aarq(CONTEXT, LLS, INITIATE.replace("065f", "075f")), id="version 7"),
        pytest.param(aarq("80020780", CONTEXT, LLS, INITIATE), id="protocol version named"),
        pytest.param(
            aarq(CONTEXT, LLS, "be21041f010110" + 16 * "aa" + "0000065f1f0400607effffff"),
            id="dedicated key without ciphering",
        ),
        pytest.param(aarq(CONTEXT, "a903020107", LLS, INITIATE), id="user where none is asked for"),
        pytest.param(aarq(CONTEXT, LLS, INITIATE[:-4] + "000c"), id="pdu size 12"),
        pytest.param(aarq(CONTEXT, LLS, INITIATE[:-4] + "0000"), id="pdu size without limit"),
    ],
)
def test_association_request_that_is_accepted(
    connect: Callable[[int], OverWrapper | OverHdlc], request_apdu: str
) -> None:
    client = connect(READING)
    assert is_accepted(client.ask(request_apdu))


LONG_SET = f"c101c1{CLOCK}00" + "0982" + "0500" + 0x500 * "00"


@pytest.mark.parametrize(
    ("client_sap", "request_apdu", "answers"),
    [
        pytest.param(READING, "c001c100030100ff0800ff0200", ["c401c10104"], id="get unknown object"),
        pytest.param(READING, "c001c10001" + ENERGY[4:] + "00", ["c401c10109"], id="get wrong class"),
        pytest.param(READING, "c001c1" + ENERGY[:-2] + "6300", ["c401c1010b"], id="get unknown attribute"),
        pytest.param(PUBLIC, f"c001c1{ENERGY}00", ["c401c10103", "c401c10104"], id="get without right"),
        pytest.param(READING, f"c101c1{ENERGY}000600000000", ["c501c103"], id="set without right"),
        pytest.param(READING, "c101c100030100ff0800ff02001101", ["c501c104"], id="set unknown object"),
        pytest.param(READING, "c301c100030100ff0800ff0100", ["c701c10400"], id="action on unknown object"),
        pytest.param(READING, "c301c1" + ENERGY[:-2] + "6300", ["c701c10b00"], id="unknown method"),
        pytest.param(READING, "c301c1" + ENERGY[:-2] + "01010f00", ["c701c10300", "c701c10b00"], id="no right to act"),
        pytest.param(READING, "c002c100000001", ["c402c101000000010110"], id="get next without long get"),
        pytest.param(READING, "c103c10100000002021107", ["c503c11200000002"], id="set block without first"),
        pytest.param(READING, "c302c100000001", ["c701c11000"], id="action next without long action"),
        pytest.param(READING, "c306c10000000002021107", ["c701c11000"], id="action block without first"),
        pytest.param(READING, "c07fc1", ["d80203"], id="unknown choice of get"),
        pytest.param(READING, "c17fc1", ["d80203"], id="unknown choice of set"),
        pytest.param(READING, "c37fc1", ["d80203"], id="unknown choice of action"),
        *(
            pytest.param(READING, f"c001c1{NAME}00"[:length], ["d80203"], id=f"get cut after {length // 2}")
            for length in (2, 4, 6, 12, 24)
        ),
        pytest.param(READING, f"c001c1{NAME}0000", ["d80203"], id="get with an octet too many"),
        pytest.param(READING, "7a", ["d80202"], id="unknown tag"),
        pytest.param(READING, "7a01c1" + NAME, ["d80202"], id="unknown tag with more"),
        pytest.param(READING, LONG_SET, ["d80104"], id="longer than the meter takes"),
        pytest.param(READING, f"c001c1{ENERGY}01020406000000010600000002", ["d80203"], id="selection cut short"),
        pytest.param(
            READING, f"c001c1{NAME}010202040600000001060000000212000112000 0".replace(" ", ""), ["c401c101fa"],
            id="selection on what has none",
        ),
        pytest.param(READING, f"c001c1{PROFILE}010900", ["c401c101fa"], id="unknown selector"),
    ],
)  # fmt: skip
def test_request_of_an_open_association(
    connect: Callable[[int], OverWrapper | OverHdlc], client_sap: int, request_apdu: str, answers: list[str]
) -> None:
    client = connect(client_sap)
    assert is_accepted(client.ask(GOOD[client_sap]))
    assert client.ask(request_apdu) in answers
    assert client.ask(f"c001c1{NAME}00") == GOT_NAME


@pytest.mark.parametrize(
    ("missing", "request_apdu"),
    [
        (19, f"c001c1{NAME}00"),
        (20, f"c101c1{CLOCK}001101"),
        (23, "c301c100080000010000ff0100"),
        (17, f"d940000001000101{NAME}0100"),
        (14, f"c003c101{NAME}00"),
        (11, "c002c100000001"),
        (21, f"c001c1{PROFILE}010202040600000001060000000112000112 0000".replace(" ", "")),
    ],
)
def test_service_that_was_not_negotiated(
    connect: Callable[[int], OverWrapper | OverHdlc], missing: int, request_apdu: str
) -> None:
    client = connect(READING)
    conformance = 0x607EFF & ~(1 << 23 - missing)
    assert is_accepted(client.ask(aarq(CONTEXT, LLS, INITIATE.replace("607eff", f"{conformance:06x}"))))
    assert client.ask(request_apdu) == "d80102"


def test_wrong_blocks_of_a_long_read_and_a_long_write(connect: Callable[[int], OverWrapper | OverHdlc]) -> None:
    client = connect(READING)
    assert is_accepted(client.ask(GOOD[READING][:-4] + "0080"))
    assert client.ask(f"c001c1{PROFILE}00").startswith("c402c10000000001")
    assert client.ask("c002c100000002") == "c402c101000000020113"
    assert client.ask("c002c100000001") == "c402c101000000010110"
    assert client.ask(f"c102c1{CLOCK}0000000000010209 0c".replace(" ", "")) == "c502c100000001"
    assert client.ask("c103c1010000000302 1107".replace(" ", "")) == "c503c11300000003"
    assert client.ask("c103c1010000000202 1107".replace(" ", "")) == "c503c11200000002"
    assert client.ask("c304c100080000010000ff01000000000102 0f00".replace(" ", "")) == "c704c100000001"
    assert client.ask("c306c101000000030100") == "c701c10f00"
    assert client.ask(f"c001c1{NAME}00") == GOT_NAME
