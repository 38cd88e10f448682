"""Power over the links: what is cut, who is silent, what comes back."""

from reference_meter.loop import make
from reference_meter.server.link import Close, Send, ServerLink

PUBLIC_AARQ = "601D A109060760857405080101 BE10040E 01000000065F1F0400 001E1D 0400"
GET_NAME = "C001C1 0001 00002A0000FF 02 00"
SNRM = "7EA0070321930F017E"


def wrapped(apdu: str) -> bytes:
    octets = bytes.fromhex(apdu)
    return b"\x00\x01\x00\x10\x00\x01" + len(octets).to_bytes(2, "big") + octets


def heard(link: ServerLink) -> list[str]:
    return [event.data.hex() for event in link.take_events() if isinstance(event, Send)]


def test_power_cut_ends_links_and_associations_and_makes_new_links_silent() -> None:
    meter = make({})
    before = meter.open("wrapper", 0.0)
    before.receive(wrapped(PUBLIC_AARQ), 0.0)
    assert len(heard(before)) == 1
    assert meter.control({"op": "power_cut"}) == {"ok": True}
    assert before.take_events() == [Close(due=0.0)]
    assert meter.model.open_associations == set()
    stream, line = meter.open("wrapper", 1.0), meter.open("hdlc", 1.0)
    stream.receive(wrapped(PUBLIC_AARQ), 1.0)
    line.receive(bytes.fromhex(SNRM), 1.0)
    meter.tick(5.0)
    assert heard(stream) == heard(line) == []
    assert meter.next_due() is None
    meter.control({"op": "power_restore"})
    stream.receive(wrapped(GET_NAME), 6.0)
    assert heard(stream)[0][16:] == "d80101"
    stream.receive(wrapped(PUBLIC_AARQ), 6.0)
    line.receive(bytes.fromhex(SNRM), 6.0)
    assert len(heard(stream)) == len(heard(line)) == 1
    assert meter.next_due() == 126.0
    line.closed_by_peer(7.0)
    meter.drop_links()
    assert (stream.closed, line.closed, meter.links) == (True, True, [])


def test_keys_and_counters_outlive_a_power_cut() -> None:
    meter = make({})
    store = meter.model.security
    assert store is not None
    store.counters.accept(store.keys.unicast, store.client_title, 41)
    store.policy = 0x6C
    meter.control({"op": "power_cut"})
    meter.control({"op": "power_restore"})
    assert meter.model.security is store
    name = bytes([0, 0, 43, 1, 0, 255])
    assert meter.model.get(16, 1, name, 2, None) == (6, 41)
