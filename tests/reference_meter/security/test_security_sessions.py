"""Several clients at once, on one link and on several, and what of it a lost link or a power cut takes away."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.codec.hdlc import FrameScanner, HdlcFrame, encode_frame
from reference_meter.meter import Meter
from reference_meter.server.link import Send

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
GET_LIST = "C001C1 000F 0000280000FF 02 00"
NOT_ASSOCIATED = bytes.fromhex("D80101")
PLAIN = bytes.fromhex(GET_NAME)


@pytest.fixture
def two_on_one_link(meter: Meter, make_client: Callable[..., Any]) -> tuple[Any, Any]:
    """The reading and the management client, associated over the same stream with the same keys."""
    reading, managing = make_client(meter), make_client(meter, sap=1)
    managing.link = reading.link
    reading.associate(pdu_size=100)
    managing.counter, managing.received = reading.counter, reading.received
    managing.associate(pdu_size=100)
    reading.counter = managing.counter
    return reading, managing


def turn(one: Any, other: Any, plain: str) -> str:
    """Ask with one client and let the other know the counter, which belongs to the key of both."""
    answer: str = one.ask(plain)
    other.counter = one.counter
    return answer


def test_two_associations_on_one_link(two_on_one_link: tuple[Any, Any]) -> None:
    reading, managing = two_on_one_link
    for _ in range(3):
        assert turn(reading, managing, GET_NAME) == GOT_NAME
        assert turn(managing, reading, GET_NAME) == GOT_NAME


def test_long_transfers_of_two_clients_do_not_meet(two_on_one_link: tuple[Any, Any]) -> None:
    reading, managing = two_on_one_link
    assert turn(reading, managing, GET_LIST).startswith("c402c10000000001")
    assert turn(managing, reading, GET_LIST).startswith("c402c10000000001")
    assert turn(reading, managing, "C002C100000001").startswith("c402c10000000002")
    assert turn(reading, managing, "C002C100000002").startswith("c402c10000000003")
    assert turn(managing, reading, "C002C100000001").startswith("c402c10000000002")
    assert turn(managing, reading, GET_NAME) == GOT_NAME
    assert turn(managing, reading, "C002C100000002") == "c402c101000000020110"
    assert turn(reading, managing, "C002C100000003").startswith("c402c10000000004")


def test_release_of_one_leaves_the_other(two_on_one_link: tuple[Any, Any]) -> None:
    reading, managing = two_on_one_link
    assert len(reading.send(bytes.fromhex("6203800100"))) == 1
    assert turn(managing, reading, GET_NAME) == GOT_NAME
    assert reading.send(reading.protected(PLAIN)) == [NOT_ASSOCIATED]
    managing.counter = reading.counter
    reading.associate()
    managing.counter = reading.counter
    assert turn(managing, reading, GET_NAME) == GOT_NAME
    assert turn(reading, managing, GET_NAME) == GOT_NAME


def test_same_client_on_two_links(meter: Meter, make_client: Callable[..., Any]) -> None:
    first, second = make_client(meter).associate(), make_client(meter)
    second.counter, second.received = first.counter, first.received
    second.associate()
    first.counter = second.counter
    assert turn(first, second, GET_NAME) == GOT_NAME
    assert turn(second, first, GET_NAME) == GOT_NAME
    second.link.closed_by_peer(1.0)
    assert first.ask(GET_NAME) == GOT_NAME
    assert meter.model.open_associations == {(first.link.link_id, 2)}


def test_lost_link_ends_the_association_and_keeps_the_counters(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter).associate()
    request = client.protected(PLAIN)
    assert len(client.send(request)) == 1
    meter.drop_links()
    assert meter.model.open_associations == set()
    again = make_client(meter)
    assert again.send(request) == [NOT_ASSOCIATED]
    again.counter, again.received = client.counter, client.received
    again.associate()
    assert again.send(request) == []
    assert again.ask(GET_NAME) == GOT_NAME


def test_counters_outlive_the_meter(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    client = make_client(make_meter()).associate()
    request = client.protected(PLAIN)
    assert len(client.send(request)) == 1
    meter = make_meter(store=client.meter.model.security)
    again = make_client(meter)
    again.counter, again.received = client.counter, client.received
    again.associate()
    assert again.send(request) == []
    assert again.ask(GET_NAME) == GOT_NAME


def test_counters_are_shared_by_all_doors(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter).associate()
    request = client.protected(PLAIN)
    assert len(client.send(request)) == 1
    line = HdlcLine(meter, make_client(meter))
    line.client.counter, line.client.received = client.counter, client.received
    line.client.associate()
    assert line.client.send(request) == []
    assert line.client.ask(GET_NAME) == GOT_NAME
    heard = line.client.protected(PLAIN)
    assert len(line.client.send(heard)) == 1
    assert client.send(heard) == []


def test_hdlc_connection_that_ends_with_wrong_ciphering(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any]
) -> None:
    meter = make_meter(closes_connection=True)
    line = HdlcLine(meter, make_client(meter))
    client = line.client.associate()
    request = client.protected(PLAIN)
    wrong = b"\xe6\xe6\x00" + request[:-1] + bytes([request[-1] ^ 1])
    (answer,) = line.frame(line.received << 5 | 0x10 | line.sent << 1, wrong)
    assert answer.control == 0x1F
    assert meter.model.open_associations == set()
    assert not line.link.closed
    assert line.frame(0x93)[0].control == 0x73
    line.sent = line.received = 0
    client.associate()
    assert line.frame(0x13, wrong) == []
    assert line.frame(line.received << 5 | 0x11)[0].control == 0x1F


def test_wrongly_ciphered_broadcast_ends_no_connection(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any]
) -> None:
    client = make_client(make_meter(closes_connection=True)).associate()
    wrong = client.protected(PLAIN)
    client.link.receive(b"\x00\x01\x00\x02\x00\x7f\x00" + bytes([len(wrong)]) + wrong, 0.0)
    assert client.link.take_events() == []
    assert client.ask(GET_NAME) == GOT_NAME


class HdlcLine:
    """Takes the APDUs of a client over a connection of its own instead of a stream."""

    def __init__(self, meter: Meter, client: Any) -> None:
        self.client = client
        self.link = meter.open("hdlc", 0.0)
        self.sent = self.received = 0
        self.frame(0x93)
        client.send = self.send

    def frame(self, control: int, information: bytes = b"", *, segmented: bool = False) -> list[HdlcFrame]:
        source = bytes([self.client.sap << 1 | 1])
        frame = HdlcFrame(
            destination=b"\x03", source=source, control=control, information=information, segmented=segmented
        )
        self.link.receive(encode_frame(frame), 0.0)
        events = [event for event in self.link.take_events() if isinstance(event, Send)]
        return [answer for event in events for answer in FrameScanner().scan(event.data)]

    def send(self, apdu: bytes) -> list[bytes]:
        """Send an APDU in as many frames as it needs and give the one that comes back, if any."""
        whole = b"\xe6\xe6\x00" + apdu
        for start in range(0, len(whole), 128):
            control = self.received << 5 | 0x10 | self.sent << 1
            answers = self.frame(control, whole[start : start + 128], segmented=start + 128 < len(whole))
            self.sent = (self.sent + 1) % 8
        if answers[0].control & 1:
            return []
        octets = b""
        while True:
            octets += answers[0].information
            self.received = (self.received + 1) % 8
            if not answers[0].segmented:
                return [octets[3:]]
            answers = self.frame(self.received << 5 | 0x11)
