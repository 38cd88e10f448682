"""What the model learns of attacks, users and lock-outs, mechanism 2, and broadcasts under their own key."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import AttributeDescriptor
from reference_meter.loop import configuration_of
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client as ConfiguredClient
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys, Header, seal
from reference_meter.security.hls import Dialogue, digest_reply
from reference_meter.security.protected_apdu import ProtectedApdu, encode_protected
from reference_meter.server.association import Association
from reference_meter.server.link import Send

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
PLAIN = bytes.fromhex(GET_NAME)
SET_TITLE = "C10181 0040 00002B0000FF 04 00 0908 4142434445464748"
BROADCAST_KEYS = CipherKeys(encryption=TEST_SECURITY.keys.broadcast, authentication=TEST_SECURITY.keys.authentication)

Told = list[tuple[str, int]]


@pytest.fixture
def told(meter: Meter, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the model is told, in order."""
    entries: Told = []
    for name in ("authentication_failed", "deciphering_failed", "replayed"):
        monkeypatch.setattr(meter.model, name, lambda client, name=name: entries.append((name, client)))
    return entries


def flipped(apdu: bytes) -> bytes:
    return apdu[:-1] + bytes([apdu[-1] ^ 1])


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        pytest.param(lambda client: flipped(client.protected(PLAIN)), "deciphering_failed", id="tag"),
        pytest.param(lambda client: client.protected(PLAIN, control=0x70), "deciphering_failed", id="key set"),
        pytest.param(lambda client: client.protected(PLAIN, control=0x31), "deciphering_failed", id="suite"),
        pytest.param(lambda client: client.protected(PLAIN, title=b"SOMEBODY"), "deciphering_failed", id="title"),
        pytest.param(lambda client: client.protected(PLAIN, counter=client.counter), "replayed", id="replay"),
        pytest.param(lambda client: client.protected(PLAIN, counter=0), "replayed", id="counter zero"),
        pytest.param(
            lambda client: client.protected(PLAIN, control=0x20, counter=0), "deciphering_failed", id="not vouched for"
        ),
        pytest.param(lambda client: client.protected(PLAIN)[:-1], None, id="cut short"),
        pytest.param(lambda client: b"\xc8\x03\x30\x00\x00", None, id="header alone"),
        pytest.param(lambda client: client.protected(b"\xc0\x7f\xc1"), None, id="malformed inside"),
        pytest.param(lambda client: client.protected(PLAIN, control=0x10), None, id="protected too little"),
        pytest.param(lambda client: PLAIN, None, id="plain"),
    ],
)
def test_faults_of_protection(reader: Any, told: Told, send: Callable[[Any], bytes], expected: str | None) -> None:
    reader.send(send(reader))
    assert told == ([] if expected is None else [(expected, 2)])
    assert reader.ask(GET_NAME) == GOT_NAME


def test_faults_of_association_requests(meter: Meter, make_client: Callable[..., Any], told: Told) -> None:
    client = make_client(meter)
    good = client.protected(client.initiate())
    client.send(client.aarq(flipped(good)))
    assert told == [("deciphering_failed", 2)]
    assert len(client.send(client.aarq(good))) == 1
    client.send(client.aarq(good))
    assert told[1:] == [("replayed", 2)]
    challenge = client.begin()
    assert client.ask(client.third_pass(challenge[::-1])) == "c701c10300"
    assert told[2:] == [("authentication_failed", 2)]
    client.send(client.aarq(client.protected(client.initiate()), challenge=b"short"))
    assert len(told) == 3


def meter_of(client: ConfiguredClient) -> Meter:
    return Meter(replace(configuration_of("ciphered"), clients=(client,), history_days=0))


def lls(client: Any, secret: bytes, *more: bytes) -> str:
    context = bytes.fromhex("A109060760857405080101")
    fields = [*more, bytes.fromhex("8A0207808B0760857405080201AC0A8008") + secret]
    body = context + b"".join(fields) + bytes.fromhex("BE10040E01000000065F1F0400001E1DFFFF")
    (aare,) = client.send(b"\x60" + bytes([len(body)]) + body)
    start = aare.index(bytes.fromhex("A3")) + 6
    return bytes(aare[start : start + 1]).hex()


def test_wrong_secret_is_told_and_the_lock_out_asked_for(
    make_client: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = meter_of(ConfiguredClient(sap=2, role="reading", mechanism=1, secret=b"12345678"))
    client = make_client(meter)
    told: Told = []
    monkeypatch.setattr(meter.model, "authentication_failed", lambda sap: told.append(("failed", sap)))
    assert lls(client, b"12345679") == "0d"
    assert told == [("failed", 2)]
    assert lls(client, b"12345678") == "00"
    monkeypatch.setattr(meter.model, "lock_out_diagnostic", lambda sap: 13)
    assert lls(client, b"12345678") == "0d"
    assert lls(client, b"12345679") == "0d"
    assert told == [("failed", 2)]


def test_lock_out_reaches_the_third_pass(
    meter: Meter, make_client: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(meter)
    challenge = client.begin()
    monkeypatch.setattr(meter.model, "lock_out_diagnostic", lambda sap: 1)
    assert client.ask(client.third_pass(challenge)) == "c701c10300"
    (aare,) = client.send(client.aarq(client.protected(client.initiate())))
    assert bytes.fromhex("A203020101 A305A103020101") in aare
    monkeypatch.undo()
    assert client.associate().ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize(
    ("field", "diagnostic"),
    [
        ("A903020107", "00"),
        ("A90402020007", "00"),
        ("A903020108", "06"),
        ("A9030201FF", "06"),
        ("", "06"),
    ],
)
def test_user(make_client: Callable[..., Any], field: str, diagnostic: str) -> None:
    meter = meter_of(ConfiguredClient(sap=2, role="reading", mechanism=1, secret=b"12345678", user_id=7))
    assert lls(make_client(meter), b"12345678", bytes.fromhex(field)) == diagnostic


def test_mechanism_2(make_client: Callable[..., Any]) -> None:
    meter = meter_of(ConfiguredClient(sap=2, role="reading", mechanism=2, secret=b"shared"))
    client = make_client(meter)
    (aare,) = client.send(client.aarq(client.initiate(), context=1, mechanism=2))
    start = aare.index(bytes.fromhex("AA128010")) + 4
    dialogue = Dialogue(
        own_title=b"", other_title=b"", own_challenge=b"K56iVagY", other_challenge=aare[start : start + 16],
        secret=b"shared",
    )  # fmt: skip
    reply = digest_reply(2, dialogue)
    assert len(reply) == 16
    (answer,) = client.send(bytes.fromhex("C301C1000F0000280000FF01010910") + reply)
    assert answer[8:] == digest_reply(2, dialogue.turned())
    assert client.send(PLAIN)[0].hex() == GOT_NAME


def test_mechanism_2_against_published_aes() -> None:
    # The example of the AES standard for keys of 128 bits: key 00..0F, block 00112233..FF.
    dialogue = Dialogue(
        own_title=b"", other_title=b"", own_challenge=b"", other_challenge=bytes(range(0, 256, 17)),
        secret=bytes(range(16)),
    )  # fmt: skip
    assert digest_reply(2, dialogue).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


def test_access_is_ciphered_in_general_form(reader: Any) -> None:
    request = bytes.fromhex("D9 40000001 00 01 01 0001 00002A0000FF 02 01 00")
    (answer,) = reader.send(reader.protected(request, title=reader.title))
    assert reader.opened(answer).hex() == "d80102"
    reader.associate(conformance="40 1E5D")
    (answer,) = reader.send(reader.protected(request, title=reader.title))
    assert answer[0] == 0xDB
    expected = "da40000001 00 00 01 0910" + b"CFM0000000000001".hex() + "01 0100"
    assert reader.opened(answer) == bytes.fromhex(expected)


@pytest.mark.parametrize("protection", ["plain", "too little"])
def test_unconfirmed_requests_are_not_even_refused(
    make_meter: Callable[..., Meter], make_client: Callable[..., Any], protection: str
) -> None:
    for result in (13, None):
        client = make_client(make_meter(insufficient_result=result)).associate()
        quiet = bytes.fromhex(SET_TITLE)
        assert client.send(quiet if protection == "plain" else client.protected(quiet, control=0x10)) == []
        assert client.ask(GET_NAME) == GOT_NAME


class TestBroadcast:
    """The management client speaks to all stations with the broadcast key."""

    def protected(self, client: Any, counter: int, control: int = 0x70, keys: CipherKeys = BROADCAST_KEYS) -> bytes:
        header = Header(control=control, title=client.title, counter=counter)
        body = seal(bytes.fromhex(SET_TITLE), header, keys)
        return encode_protected(ProtectedApdu(tag=0xC9, control=control, counter=counter, body=body))

    def send(self, client: Any, apdu: bytes) -> bytes:
        """Send to all stations and give the client title that the meter has then; it is set back."""
        head = b"\x00\x01" + client.sap.to_bytes(2, "big") + b"\x00\x7f" + len(apdu).to_bytes(2, "big")
        client.link.receive(head + apdu, 0.0)
        assert not any(isinstance(event, Send) for event in client.link.take_events())
        store = client.meter.model.security
        title: bytes = store.client_title
        store.client_title = TEST_SECURITY.client_system_title
        return title

    def test_is_carried_out_once(self, manager: Any) -> None:
        apdu = self.protected(manager, counter=5)
        assert self.send(manager, apdu) == b"ABCDEFGH"
        assert self.send(manager, apdu) == TEST_SECURITY.client_system_title
        assert self.send(manager, self.protected(manager, counter=4)) == TEST_SECURITY.client_system_title
        assert self.send(manager, self.protected(manager, counter=6)) == b"ABCDEFGH"
        assert manager.ask(GET_NAME) == GOT_NAME

    @pytest.mark.parametrize(
        "wrong",
        [
            {"control": 0x30, "keys": CipherKeys(
                encryption=TEST_SECURITY.keys.unicast, authentication=TEST_SECURITY.keys.authentication
            )},
            {"control": 0x70, "keys": CipherKeys(encryption=bytes(16), authentication=bytes(16))},
            {"control": 0x60},
            {"control": 0x50},
            {"control": 0x71},
        ],
        ids=["unicast", "wrong keys", "not authenticated", "not encrypted", "suite"],
    )  # fmt: skip
    def test_is_discarded(self, manager: Any, wrong: dict[str, Any]) -> None:
        apdu = self.protected(manager, counter=1000, **wrong)
        assert self.send(manager, apdu) == TEST_SECURITY.client_system_title
        assert manager.ask(GET_NAME) == GOT_NAME

    def test_counters_are_those_of_the_broadcast_key(self, manager: Any) -> None:
        before = manager.meter.model.security.announced_counter()
        assert self.send(manager, self.protected(manager, counter=1_000_000)) == b"ABCDEFGH"
        assert manager.meter.model.security.announced_counter() == before

    def test_pre_established_client(self, make_client: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        meter = meter_of(ConfiguredClient(sap=102, role="pre_established", ciphered=True))
        client = make_client(meter, sap=102)
        called: list[str] = []

        def write(association: Association, attribute: AttributeDescriptor, data: Pair) -> int:
            called.append(repr(data))
            return 0

        monkeypatch.setattr(meter.server.services.sets, "write", write)
        assert client.send(self.protected(client, counter=7)) == []
        assert client.send(self.protected(client, counter=7)) == []
        assert called == ["(9, b'ABCDEFGH')"]
        assert client.send(client.protected(bytes.fromhex(SET_TITLE))) == []
        self.send(client, self.protected(client, counter=8))
        assert len(called) == 2
