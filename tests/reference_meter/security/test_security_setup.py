"""The security setup: rights, policy, keys in transfer; what outlives a power cut; what settings are refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from reference_meter.loop import configuration_of
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client as ConfiguredClient
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys
from reference_meter.security.hls import Dialogue, check_signature, sign
from reference_meter.security.key_wrap import wrap_key
from reference_meter.security.store import Counters, SecuritySettings, SecurityStore

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
GET_COUNTER = "C001C1 0001 00002B0100FF 02 00"
PUBLIC_AARQ = "601D A109060760857405080101 BE10040E 01000000065F1F0400 001E1D 0400"
SETUP = "0040 00002B0000FF"
NEW_KEY = bytes(range(0x50, 0x60))


def store_of(meter: Meter) -> SecurityStore:
    assert meter.model.security is not None
    return meter.model.security


def transfer(*keys: tuple[int, bytes], master: bytes = TEST_SECURITY.keys.master) -> str:
    items = "".join(f"0202 16{number:02x} 0918" + wrap_key(master, key).hex() for number, key in keys)
    return f"C301C1 {SETUP} 02 01 01{len(keys):02x}" + items


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (1, "090600002b0000ff"),
        (2, "166c"),
        (3, "1600"),
        (4, "0908" + TEST_SECURITY.client_system_title.hex()),
        (5, "0908" + TEST_SECURITY.system_title.hex()),
        (6, "0100"),
    ],
)
def test_reading_the_setup(reader: Any, attribute: int, value: str) -> None:
    assert reader.ask(f"C001C1 {SETUP} {attribute:02x} 00") == "c401c100" + value


def test_rights(meter: Meter, reader: Any, make_client: Callable[..., Any]) -> None:
    public = make_client(meter, sap=16)
    public.send(bytes.fromhex(PUBLIC_AARQ))
    assert public.send(bytes.fromhex(f"C001C1 {SETUP} 02 00"))[0].hex() == "c401c10103"
    assert reader.ask(f"C101C1 {SETUP} 04 00 0908 4142434445464748") == "c501c103"
    assert reader.ask(f"C301C1 {SETUP} 01 01 166C") == "c701c10300"
    assert reader.ask(transfer((0, NEW_KEY))) == "c701c10300"


@pytest.mark.parametrize(("data", "result"), [("0907 41424344454647", 250), ("16 01", 12)])
def test_client_title_of_another_shape_is_refused(manager: Any, data: str, result: int) -> None:
    assert manager.ask(f"C101C1 {SETUP} 04 00 {data}") == f"c501c1{result:02x}"


def test_counter_object_follows_the_accepted_counter(
    meter: Meter, reader: Any, make_client: Callable[..., Any]
) -> None:
    public = make_client(meter, sap=16)
    public.send(bytes.fromhex(PUBLIC_AARQ))
    for jump in (0, 4000, 1):
        reader.counter += jump
        assert reader.ask(GET_NAME) == GOT_NAME
        assert public.send(bytes.fromhex(GET_COUNTER))[0].hex() == f"c401c10006{reader.counter:08x}"


def test_policy_only_becomes_stronger(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    meter = make_meter(policy=0x24)
    client = make_client(meter, sap=1).associate()
    for wrong in ("1600", "1608", "16FF", "163C"):
        assert client.ask(f"C301C1 {SETUP} 01 01 {wrong}") == "c701c1fa00"
    for wrong in ("116C", "00"):
        assert client.ask(f"C301C1 {SETUP} 01 01 {wrong}") == "c701c10c00"
    assert client.ask(GET_NAME, control=0x10) == GOT_NAME
    assert client.ask(f"C301C1 {SETUP} 01 01 166C", control=0x10) == "c701c10000"
    assert client.ask(GET_NAME, control=0x10) == "c401c1010d"
    assert client.ask(GET_NAME) == GOT_NAME
    assert store_of(meter).policy == 0x6C


def test_new_unicast_key_is_in_force_after_the_answer(
    meter: Meter, manager: Any, make_client: Callable[..., Any]
) -> None:
    reader = make_client(meter)
    reader.counter, reader.received = manager.counter, manager.received
    reader.associate()
    manager.counter = reader.counter
    assert manager.ask(transfer((0, NEW_KEY))) == "c701c10000"
    assert manager.send(manager.protected(bytes.fromhex(GET_NAME))) == []
    for client in (manager, reader):
        client.keys = CipherKeys(encryption=NEW_KEY, authentication=client.keys.authentication)
    assert store_of(meter).announced_counter() == 0
    manager.counter = 0
    assert manager.ask(GET_NAME) == GOT_NAME
    reader.counter = manager.counter
    assert reader.ask(GET_NAME) == GOT_NAME


def test_old_key_comes_back_with_its_old_counters(meter: Meter, manager: Any) -> None:
    before = manager.keys
    assert manager.ask(transfer((0, NEW_KEY))) == "c701c10000"
    last = manager.counter
    manager.keys = CipherKeys(encryption=NEW_KEY, authentication=before.authentication)
    manager.counter = 0
    assert manager.ask(transfer((0, before.encryption))) == "c701c10000"
    manager.keys = before
    assert manager.send(manager.protected(bytes.fromhex(GET_NAME), counter=last)) == []
    manager.counter = last
    assert manager.ask(GET_NAME) == GOT_NAME


def test_all_keys_at_once(meter: Meter, manager: Any) -> None:
    keys = {number: bytes([number]) * 16 for number in range(4)}
    assert manager.ask(transfer(*keys.items())) == "c701c10000"
    kept = store_of(meter).keys
    assert (kept.unicast, kept.broadcast, kept.authentication, kept.master) == tuple(keys.values())
    manager.keys, manager.counter = CipherKeys(encryption=keys[0], authentication=keys[2]), 0
    assert manager.ask(transfer((3, NEW_KEY))) == "c701c1fa00"
    assert manager.ask(transfer((3, NEW_KEY), master=keys[3])) == "c701c10000"


@pytest.mark.parametrize(
    ("request_text", "result"),
    [
        (transfer((0, NEW_KEY), master=bytes(16)), "fa"),
        (transfer((0, bytes(24))).replace("0918", "0920"), "fa"),
        (transfer((1, NEW_KEY), (4, NEW_KEY)), "fa"),
        (transfer((1, NEW_KEY), (1, NEW_KEY)), "fa"),
        (f"C301C1 {SETUP} 02 01 0100", "fa"),
        (f"C301C1 {SETUP} 02 00", "0c"),
        (f"C301C1 {SETUP} 02 01 0101 0203 1600 0900 00", "0c"),
        (f"C301C1 {SETUP} 02 01 0101 0202 1100 0900", "0c"),
        (f"C301C1 {SETUP} 03 00", "0b"),
    ],
)
def test_wrong_transfer_changes_no_key(meter: Meter, manager: Any, request_text: str, result: str) -> None:
    assert manager.ask(request_text) == f"c701c1{result}00"
    assert store_of(meter).keys == TEST_SECURITY.keys


def test_counters_and_keys_outlive_a_power_cut(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any]
) -> None:
    meter = make_meter()
    manager = make_client(meter, sap=1).associate()
    old = manager.protected(bytes.fromhex(GET_NAME))
    assert len(manager.send(old)) == 1
    meter.drop_links()
    again = make_meter(store_of(meter))
    client = make_client(again, sap=1)
    client.received = manager.received
    client.counter = manager.counter - 1
    assert client.send(client.aarq(client.protected(client.initiate()))) == []
    client.associate()
    assert client.send(old) == []
    assert client.ask(GET_NAME) == GOT_NAME


def test_signatures_of_mechanism_7(make_client: Callable[..., Any]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    number = private.private_numbers().private_value.to_bytes(32, "big")
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    settings = replace(TEST_SECURITY, suite=1, signing_key=number, client_public_key=point)
    client = ConfiguredClient(sap=2, role="reading", mechanism=7)
    configuration = replace(configuration_of("ciphered"), clients=(client,), security=settings, history_days=0)
    asking = make_client(Meter(configuration))
    (aare,) = asking.send(asking.aarq(asking.initiate(), context=1, mechanism=7))
    start = aare.index(bytes.fromhex("AA128010")) + 4
    dialogue = Dialogue(
        own_title=asking.title,
        other_title=TEST_SECURITY.system_title,
        own_challenge=b"K56iVagY",
        other_challenge=aare[start : start + 16],
    )
    signature = sign(dialogue.octets, 1, number)
    (answer,) = asking.send(bytes.fromhex("C301C1000F0000280000FF01010940") + signature)
    assert answer[:8] == bytes.fromhex("C701C10001000940")
    check_signature(answer[8:], dialogue.turned().octets, 1, point)
    assert asking.send(bytes.fromhex(GET_NAME))[0].hex() == GOT_NAME


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"suite": 3}, "suite is one of"),
        ({"suite": 2}, "have 32 octets"),
        ({"policy": 0x10}, "policy has the bits"),
        ({"system_title": b"short"}, "system titles have 8"),
    ],
)
def test_wrong_settings_are_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(TEST_SECURITY, **change)


def test_client_that_needs_keys_needs_security() -> None:
    for client in (
        ConfiguredClient(sap=2, role="reading", mechanism=5),
        ConfiguredClient(sap=2, role="reading", mechanism=1, secret=b"x", ciphered=True),
    ):
        with pytest.raises(ValueError, match="no security"):
            MeterConfiguration(clients=(client,), security=None)


def test_meter_without_ciphered_clients_needs_no_security() -> None:
    clients = (ConfiguredClient(sap=16, role="public"),)
    meter = Meter(MeterConfiguration(history_days=0, clients=clients, security=None))
    assert meter.model.security is None
    assert not {item.class_id for item in meter.model.objects.values()} & {64}


def test_counters_end_and_never_go_back() -> None:
    counters = Counters()
    counters.accept(b"key", b"title", 7)
    counters.accept(b"key", b"title", 5)
    assert (counters.last_received(b"key", b"title"), counters.last_received(b"other", b"title")) == (7, -1)
    assert (counters.highest_received(b"key"), counters.highest_received(b"other")) == (7, 0)
    assert [counters.next_sent(b"key"), counters.next_sent(b"key"), counters.next_sent(b"other")] == [1, 2, 1]
    counters._sent[b"key"] = 0xFFFFFFFE
    assert counters.used_up(b"key")
    assert not counters.used_up(b"other")
    assert counters.next_sent(b"key") == 0xFFFFFFFF
    with pytest.raises(ValueError, match="used up"):
        counters.next_sent(b"key")


def test_new_authentication_key_serves_the_dedicated_key_too(meter: Meter, make_client: Callable[..., Any]) -> None:
    client = make_client(meter, sap=1)
    client.dedicated = CipherKeys(encryption=bytes(range(16, 32)), authentication=client.keys.authentication)
    client.associate()
    assert client.ask(transfer((2, NEW_KEY))) == "c701c10000"
    assert client.send(client.dedicate(bytes.fromhex(GET_NAME))) == []
    client.dedicated = replace(client.dedicated, authentication=NEW_KEY)
    (answer,) = client.send(client.dedicate(bytes.fromhex(GET_NAME)))
    assert client.opened(answer).hex() == GOT_NAME


def test_last_counters_are_enough_for_the_fourth_pass(meter: Meter, make_client: Callable[..., Any]) -> None:
    store_of(meter).counters._sent[TEST_SECURITY.keys.unicast] = 0xFFFFFFFF - 8 - 1
    client = make_client(meter).associate()
    assert client.send(client.protected(bytes.fromhex(GET_NAME))) == []


def test_meter_that_could_not_cipher_its_answer_is_silent(meter: Meter, manager: Any) -> None:
    store_of(meter).counters._sent[TEST_SECURITY.keys.unicast] = 0xFFFFFFFF
    assert manager.send(manager.protected(bytes.fromhex(GET_NAME))) == []


def test_secrets_do_not_show() -> None:
    for text in (repr(TEST_SECURITY), repr(SecurityStore(TEST_SECURITY)), repr(configuration_of("ciphered"))):
        assert "\\x00\\x01\\x02" not in text
        assert "xd0" not in text
    assert isinstance(TEST_SECURITY, SecuritySettings)
