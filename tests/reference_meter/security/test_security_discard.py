"""What is wrongly ciphered is passed over, what is protected too little is refused, and the association goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
SET_TITLE = "C101C1 0040 00002B0000FF 04 00 0908 4142434445464748"
PLAIN = bytes.fromhex(GET_NAME)

Make = Callable[[Any], bytes]


def flipped(apdu: bytes, position: int) -> bytes:
    octets = bytearray(apdu)
    octets[position] ^= 1
    return bytes(octets)


def other_keys(client: Any, **changed: bytes) -> CipherKeys:
    keys = {"encryption": client.keys.encryption, "authentication": client.keys.authentication, **changed}
    return CipherKeys(**keys)


WRONG: dict[str, Make] = {
    "tag bit": lambda client: flipped(client.protected(PLAIN), -1),
    "cipher text bit": lambda client: flipped(client.protected(PLAIN), 8),
    "encryption key": lambda client: client.protected(PLAIN, keys=other_keys(client, encryption=bytes(16))),
    "authentication key": lambda client: client.protected(PLAIN, keys=other_keys(client, authentication=bytes(16))),
    "tag of eight octets": lambda client: b"\xc8\x1a" + client.protected(PLAIN)[2:-4],
    "no tag": lambda client: b"\xc8\x12" + client.protected(PLAIN)[2:-12],
    "length": lambda client: flipped(client.protected(PLAIN), 1),
    "suite 1": lambda client: client.protected(PLAIN, control=0x31),
    "suite 15": lambda client: client.protected(PLAIN, control=0x3F),
    "broadcast key set": lambda client: client.protected(PLAIN, control=0x70),
    "compression": lambda client: client.protected(PLAIN, control=0xB0),
    "another system title": lambda client: client.protected(PLAIN, title=b"SOMEBODY"),
    "system title of seven octets": lambda client: client.protected(PLAIN, title=b"SOMEBOD"),
    "no dedicated key": lambda client: client.protected(PLAIN, tag=0xD0),
    "get inside action": lambda client: client.protected(PLAIN, tag=0xCB),
    "control octet alone": lambda _: bytes.fromhex("C80130"),
    "counter zero": lambda client: client.protected(PLAIN, counter=0),
    "counter of before": lambda client: client.protected(PLAIN, counter=client.counter - 1),
    "counter of the last": lambda client: client.protected(PLAIN, counter=client.counter),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrongly_ciphered_request_is_discarded(reader: Any, kind: str) -> None:
    for _ in range(3):
        assert reader.send(WRONG[kind](reader)) == []
    assert reader.ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize("kind", WRONG)
def test_discarded_request_moves_no_counter(meter: Meter, reader: Any, kind: str) -> None:
    store = meter.model.security
    assert store is not None
    before = store.announced_counter()
    assert reader.send(WRONG[kind](reader)) == []
    assert store.announced_counter() == before


def test_forged_counter_does_not_lock_the_client_out(reader: Any) -> None:
    forged = reader.protected(PLAIN, counter=0xFFFFFFFF, keys=other_keys(reader, encryption=bytes(16)))
    assert reader.send(forged) == []
    unauthentic = reader.protected(PLAIN, control=0x20, counter=0xFFFFFFFF)
    assert len(reader.send(unauthentic)) == 1
    assert reader.ask(GET_NAME) == GOT_NAME


def test_same_request_is_answered_once(reader: Any) -> None:
    request = reader.protected(PLAIN)
    assert len(reader.send(request)) == 1
    assert reader.send(request) == []
    assert reader.ask(GET_NAME) == GOT_NAME


def test_request_is_not_taken_again_from_another_link(
    meter: Meter, reader: Any, make_client: Callable[..., Any]
) -> None:
    request = reader.protected(PLAIN)
    assert len(reader.send(request)) == 1
    other = make_client(meter)
    other.counter = reader.counter
    other.associate()
    assert other.send(request) == []


def test_counter_may_jump_up_to_its_end(reader: Any) -> None:
    reader.counter += 1000
    assert reader.ask(GET_NAME) == GOT_NAME
    reader.counter = 0xFFFFFFFE
    assert reader.ask(GET_NAME) == GOT_NAME
    assert reader.send(reader.protected(PLAIN, counter=0xFFFFFFFF)) == []
    assert reader.send(reader.protected(PLAIN, counter=0)) == []


def test_wrongly_ciphered_write_changes_nothing(meter: Meter, manager: Any) -> None:
    assert manager.send(flipped(manager.protected(bytes.fromhex(SET_TITLE)), -1)) == []
    assert meter.model.security is not None
    assert meter.model.security.client_title == TEST_SECURITY.client_system_title
    assert manager.ask(SET_TITLE) == "c501c100"
    assert meter.model.security.client_title == b"ABCDEFGH"


@pytest.mark.parametrize("kind", ["tag bit", "no dedicated key", "counter zero"])
def test_exception_where_the_settings_want_one(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any], kind: str
) -> None:
    client = make_client(make_meter(ciphering_errors="exception")).associate()
    expected = "d80105" if kind != "counter zero" else f"d80106{client.counter + 1:08x}"
    assert [answer.hex() for answer in client.send(WRONG[kind](client))] == [expected]
    assert client.ask(GET_NAME) == GOT_NAME


def test_exception_for_counters_only(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    client = make_client(make_meter(ciphering_errors="mixed")).associate()
    assert client.send(WRONG["tag bit"](client)) == []
    last = client.counter = client.counter + 1
    assert len(client.send(client.protected(PLAIN, counter=last))) == 1
    answers = client.send(client.protected(PLAIN, counter=last))
    assert [answer.hex() for answer in answers] == [f"d80106{last + 1:08x}"]


INSUFFICIENT: dict[str, Make] = {
    "authentication only": lambda client: client.protected(PLAIN, control=0x10),
    "encryption only": lambda client: client.protected(PLAIN, control=0x20),
    "plain": lambda client: PLAIN,
}


@pytest.mark.parametrize("kind", INSUFFICIENT)
def test_insufficient_protection_is_refused_under_full_protection(reader: Any, kind: str) -> None:
    (answer,) = reader.send(INSUFFICIENT[kind](reader))
    assert answer[0] == 0xCC
    assert answer[2] == 0x30
    assert reader.opened(answer).hex() == "c401c1010d"
    assert reader.ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize("kind", INSUFFICIENT)
def test_insufficient_protection_by_exception(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any], kind: str
) -> None:
    client = make_client(make_meter(insufficient_result=None)).associate()
    assert [answer.hex() for answer in client.send(INSUFFICIENT[kind](client))] == ["d80105"]
    assert client.ask(GET_NAME) == GOT_NAME


def test_insufficient_protection_with_another_result(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any]
) -> None:
    client = make_client(make_meter(insufficient_result=3)).associate()
    (answer,) = client.send(PLAIN)
    assert client.opened(answer).hex() == "c401c10103"


def test_insufficiently_protected_write_and_method_change_nothing(meter: Meter, manager: Any) -> None:
    (answer,) = manager.send(bytes.fromhex(SET_TITLE))
    assert manager.opened(answer).hex() == "c501c10d"
    (answer,) = manager.send(manager.protected(bytes.fromhex("C301C1 0040 00002B0000FF 01 01 166C"), control=0x10))
    assert manager.opened(answer).hex() == "c701c10d00"
    assert meter.model.security is not None
    assert meter.model.security.client_title == TEST_SECURITY.client_system_title


def test_insufficient_protection_gives_no_block_of_a_long_answer(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter).associate(pdu_size=80)
    object_list = "C001C1 000F 0000280000FF 02 00"
    assert client.ask(object_list).startswith("c402c10000000001")
    (answer,) = client.send(bytes.fromhex("C002C1 00000001"))
    assert client.opened(answer).hex() == "c402c101000000010110"
    assert client.ask("C002C1 00000001").startswith("c402c10000000002")


@pytest.mark.parametrize(("inner", "answer"), [("C07FC1", "d80203"), ("C001C1 0001", "d80203"), ("7A00", "d80202")])
def test_well_ciphered_nonsense_is_answered(reader: Any, inner: str, answer: str) -> None:
    (told,) = reader.send(reader.protected(bytes.fromhex(inner), tag=0xC8))
    assert told.hex() == answer
    assert reader.ask(GET_NAME) == GOT_NAME


def test_well_ciphered_nothing_is_answered(reader: Any) -> None:
    assert [answer.hex() for answer in reader.send(reader.protected(b"", tag=0xC8))] == ["d80203"]
    assert reader.ask(GET_NAME) == GOT_NAME


def test_errors_of_services_are_answered_as_ever(reader: Any) -> None:
    assert reader.ask("C001C1 0001 0000630000FF 02 00") == "c401c10104"
    assert reader.ask("C101C1 0008 0000010000FF 02 00 090C 07EA0302 01 09000000 FFC400") == "c501c103"


def test_counter_that_jumps_too_far(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    client = make_client(make_meter(counter_jump_limit=1000))
    client.counter = 70_000
    client.associate()
    last = client.counter
    assert client.send(client.protected(PLAIN, counter=last + 1001)) == []
    client.counter = last + 999
    assert client.ask(GET_NAME) == GOT_NAME
    client.dedicated_counter = 5
    assert client.ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize("kind", ["tag bit", "counter of the last"])
def test_connection_that_ends_with_wrong_ciphering(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any], kind: str
) -> None:
    meter = make_meter(closes_connection=True)
    client = make_client(meter).associate()
    other = make_client(meter, sap=16)
    octets = WRONG[kind](client)
    client.link.receive(b"\x00\x01\x00\x02\x00\x01\x00" + bytes([len(octets)]) + octets, 1.0)
    (event,) = client.link.take_events()
    assert event.kind == "close"
    assert client.link.closed
    assert not other.link.closed
    assert meter.model.open_associations == set()
    again = make_client(meter)
    again.counter, again.received = client.counter + 1, client.received
    assert again.associate().ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize("control", [0x10, 0x20, 0x30])
def test_request_of_no_octets_does_not_decode(reader: Any, control: int) -> None:
    for title in (None, reader.title):
        (answer,) = reader.send(reader.protected(b"", control=control, tag=0xDB if title else 0xC8, title=title))
        assert (reader.opened(answer) if title else answer) == bytes.fromhex("D80203")
    assert reader.ask(GET_NAME) == GOT_NAME
