"""General ciphering and general signing, from a client that calculates with nothing of the meter's."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.agreement import AgreementKeys, agree_as_originator, agree_as_recipient, derive_key
from reference_meter.security.ciphering import CipherKeys, Undecipherable

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()
PLAIN = bytes.fromhex(GET_NAME)
SERVER, CLIENT = TEST_SECURITY.system_title, TEST_SECURITY.client_system_title

CURVES: dict[int, tuple[ec.EllipticCurve, Any, int]] = {
    1: (ec.SECP256R1(), hashes.SHA256(), 32),
    2: (ec.SECP384R1(), hashes.SHA384(), 48),
}


def string(octets: bytes) -> bytes:
    head = bytes([len(octets)]) if len(octets) < 128 else b"\x82" + len(octets).to_bytes(2, "big")
    return (head if len(octets) < 128 or len(octets) > 255 else b"\x81" + bytes([len(octets)])) + octets


def private_key(suite: int, number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, CURVES[suite][0])


def point(key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey, suite: int) -> bytes:
    public = key if isinstance(key, ec.EllipticCurvePublicKey) else key.public_key()
    numbers, octets = public.public_numbers(), CURVES[suite][2]
    return numbers.x.to_bytes(octets, "big") + numbers.y.to_bytes(octets, "big")


class Peer:
    """The head end of one suite: makes messages from end to end and opens those of the meter."""

    def __init__(self, make_meter: Callable[..., Meter], make_client: Callable[..., Any], suite: int) -> None:
        self.suite = suite
        self.octets = CURVES[suite][2]
        self.signing, self.agreement = private_key(suite, 1001), private_key(suite, 1002)
        self.meter_signing, self.meter_agreement = private_key(suite, 1003), private_key(suite, 1004)
        length = 32 if suite == 2 else 16
        names = ("unicast", "broadcast", "authentication", "master")
        self.keys = replace(
            TEST_SECURITY.keys, **{name: bytes([place + 1]) * length for place, name in enumerate(names)}
        )
        self.settings = {
            "suite": suite,
            "keys": self.keys,
            "signing_key": (1003).to_bytes(self.octets, "big"),
            "agreement_key": (1004).to_bytes(self.octets, "big"),
            "client_public_key": b"\x04" + point(self.signing, suite),
            "client_agreement_key": b"\x04" + point(self.agreement, suite),
        }
        self.make_meter, self.make_client = make_meter, make_client
        self.transaction = 0

    def connect(self, **settings: Any) -> "Peer":
        self.meter = self.make_meter(**{**self.settings, **settings})
        self.client = self.make_client(self.meter)
        self.client.suite = self.suite
        self.client.keys = CipherKeys(encryption=self.keys.unicast, authentication=self.keys.authentication)
        return self

    def associate(self, **settings: Any) -> "Peer":
        self.connect(**settings).client.associate()
        return self

    def header(self, *, transaction: int | None = None, originator: bytes = CLIENT, recipient: bytes = SERVER) -> bytes:
        if transaction is None:
            self.transaction += 1
            transaction = self.transaction
        self.number = transaction.to_bytes(8, "big")
        return b"".join(map(string, (self.number, originator, recipient, b"", b"")))

    def derive(self, secret: bytes, originator: bytes, recipient: bytes) -> bytes:
        algorithm = bytes.fromhex("60857405080300" if self.suite == 1 else "60857405080301")
        octets = b"\x00\x00\x00\x01" + secret + algorithm + originator + recipient
        if self.suite == 1:
            return hashlib.sha256(octets).digest()[:16]
        return hashlib.sha384(octets).digest()[:32]

    def ciphered(
        self, plain: bytes, key: bytes, info: bytes, header: bytes, counter: int, control: int = 0x30
    ) -> bytes:
        control |= self.suite
        beside = bytes([control]) + self.keys.authentication + header
        nonce = header[10:18] + counter.to_bytes(4, "big")
        if control & 0x20:
            sealed = AESGCM(key).encrypt(nonce, plain, beside)
        else:
            sealed = plain + AESGCM(key).encrypt(nonce, b"", beside + plain)
        # Sixteen octets of tag come out, twelve of them travel.
        inner = bytes([control]) + counter.to_bytes(4, "big") + sealed[:-4]
        return b"\xdd" + header + info + string(inner)

    def identified(self, plain: bytes = PLAIN, *, control: int = 0x30, number: int = 0, **header: Any) -> bytes:
        self.client.counter += 1
        info = bytes([1, 0, number])
        return self.ciphered(plain, self.keys.unicast, info, self.header(**header), self.client.counter, control)

    def wrapped(self, plain: bytes = PLAIN, **header: Any) -> bytes:
        key = bytes(range(len(self.keys.unicast)))
        info = b"\x01\x01\x00" + string(keywrap.aes_key_wrap(self.keys.master, key))
        return self.ciphered(plain, key, info, self.header(**header), 1)

    def one_pass(self, plain: bytes = PLAIN, *, sign: str = "parameters", **header: Any) -> bytes:
        head = self.header(**header)
        ephemeral = private_key(self.suite, 2000 + self.transaction)
        secret = ephemeral.exchange(ec.ECDH(), self.meter_agreement.public_key())
        public = point(ephemeral, self.suite)
        signed = {"parameters": b"\x01" + public, "key": public, "wrong": b"\x00" + public}
        signature = self.signature(signed[sign]) if sign else b""
        info = b"\x01\x02\x01\x01" + string(public + signature)
        return self.ciphered(plain, self.derive(secret, CLIENT, SERVER), info, head, 1)

    def static(self, plain: bytes = PLAIN, *, sent_along: bytes = b"", **header: Any) -> bytes:
        head = self.header(**header)
        secret = self.agreement.exchange(ec.ECDH(), self.meter_agreement.public_key())
        key = self.derive(secret, CLIENT + b"\x08" + self.number, SERVER)
        return self.ciphered(plain, key, b"\x01\x02\x01\x02" + string(sent_along), head, 1)

    def signature(self, octets: bytes) -> bytes:
        _, digest, length = CURVES[self.suite]
        r, s = decode_dss_signature(self.signing.sign(octets, ec.ECDSA(digest)))
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")

    def signed(self, content: bytes, *, damage: int = 0, **header: Any) -> bytes:
        head = self.header(**header)
        signature = bytearray(self.signature(head + content))
        signature[-1] ^= damage
        return b"\xdf" + head + string(content) + string(bytes(signature))

    def open(self, answer: bytes) -> str:
        """Open whatever the meter has sent and give the plain text."""
        if answer[0] == 0xDF:
            return self.open(self.without_signature(answer))
        if answer[0] != 0xDD:
            return str(self.client.opened(answer).hex()) if answer[0] not in (0xC4, 0xD8) else answer.hex()
        header, rest = self.split(answer)
        key, rest = self.key_of(header, rest)
        length, rest = length_of(rest)
        assert len(rest) == length
        control, counter, body = rest[0], rest[1:5], rest[5:]
        assert control == 0x30 | self.suite
        beside = bytes([control]) + self.keys.authentication + header
        return open_short_tag(key, SERVER + counter, body, beside).hex()

    def split(self, answer: bytes) -> tuple[bytes, bytes]:
        header = b"".join(map(string, (self.number, SERVER, CLIENT, b"", b"")))
        assert answer[1 : 1 + len(header)] == header
        return header, answer[1 + len(header) :]

    def key_of(self, header: bytes, rest: bytes) -> tuple[bytes, bytes]:
        if rest[:3] == b"\x01\x00\x00":
            return self.keys.unicast, rest[3:]
        if rest[:3] == b"\x01\x01\x00":
            length, rest = length_of(rest[3:])
            return keywrap.aes_key_unwrap(self.keys.master, rest[:length]), rest[length:]
        scheme = rest[3]
        assert rest[:3] == b"\x01\x02\x01"
        length, rest = length_of(rest[4:])
        sent, rest = rest[:length], rest[length:]
        if scheme == 1:
            other = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[self.suite][0], b"\x04" + sent)
            return self.derive(self.agreement.exchange(ec.ECDH(), other), SERVER, CLIENT), rest
        secret = self.agreement.exchange(ec.ECDH(), self.meter_agreement.public_key())
        return self.derive(secret, SERVER + b"\x08" + self.number, CLIENT), rest

    def without_signature(self, answer: bytes) -> bytes:
        header, rest = self.split(answer)
        length, rest = length_of(rest)
        content, rest = rest[:length], rest[length:]
        length, signature = length_of(rest)
        half = self.octets
        assert len(signature) == length == 2 * half
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        _, digest, _ = CURVES[self.suite]
        self.meter_signing.public_key().verify(encode_dss_signature(r, s), header + content, ec.ECDSA(digest))
        return content

    def ask(self, apdu: bytes) -> str:
        (answer,) = self.client.send(apdu)
        return self.open(answer)


def length_of(octets: bytes) -> tuple[int, bytes]:
    if octets[0] < 0x80:
        return octets[0], octets[1:]
    count = octets[0] & 0x7F
    return int.from_bytes(octets[1 : 1 + count], "big"), octets[1 + count :]


def open_short_tag(key: bytes, nonce: bytes, body: bytes, beside: bytes) -> bytes:
    """Decipher with the cipher text alone, then compare the tag as far as it goes."""
    text = body[:-12]
    plain = AESGCM(key).encrypt(nonce, text, beside)[: len(text)]
    assert AESGCM(key).encrypt(nonce, plain, beside)[:-4] == body
    return plain


@pytest.fixture(params=[1, 2])
def peer(make_meter: Callable[..., Meter], make_client: Callable[..., Any], request: pytest.FixtureRequest) -> Peer:
    return Peer(make_meter, make_client, request.param)


Make = Callable[[Peer], bytes]

GOOD: dict[str, Make] = {
    "identified": lambda peer: peer.identified(),
    "identified, to everybody": lambda peer: peer.identified(recipient=b""),
    "wrapped": lambda peer: peer.wrapped(),
    "one pass, parameters and key signed": lambda peer: peer.one_pass(),
    "one pass, key signed": lambda peer: peer.one_pass(sign="key"),
    "one pass, not signed": lambda peer: peer.one_pass(sign=""),
    "static": lambda peer: peer.static(),
    "signed and identified": lambda peer: peer.signed(peer.identified(), transaction=peer.transaction),
    "signed and one pass": lambda peer: peer.signed(peer.one_pass(), transaction=peer.transaction),
    "signed and global": lambda peer: peer.signed(peer.client.protected(PLAIN)),
    "signed and general global": lambda peer: peer.signed(peer.client.protected(PLAIN, title=CLIENT)),
}


@pytest.mark.parametrize("kind", GOOD)
def test_requests_and_answers(peer: Peer, kind: str) -> None:
    peer.associate()
    for _ in range(3):
        assert peer.ask(GOOD[kind](peer)) == GOT_NAME
    assert peer.client.ask(GET_NAME) == GOT_NAME


WRONG: dict[str, Make] = {
    "tag": lambda peer: flipped(peer.identified()),
    "tag of wrapped": lambda peer: flipped(peer.wrapped()),
    "tag of one pass": lambda peer: flipped(peer.one_pass()),
    "tag of static": lambda peer: flipped(peer.static()),
    "broadcast key": lambda peer: peer.identified(number=1),
    "key that does not exist": lambda peer: peer.identified(number=7),
    "originator": lambda peer: peer.identified(originator=b"SOMEBODY"),
    "recipient": lambda peer: peer.identified(recipient=b"SOMEBODY"),
    "suite": lambda peer: peer.identified(control=0x3C),
    "compression": lambda peer: peer.identified(control=0xB0),
    "something sent along with static keys": lambda peer: peer.static(sent_along=b"\x01"),
    "signature of the ephemeral key": lambda peer: peer.one_pass(sign="wrong"),
    "signature": lambda peer: peer.signed(peer.client.protected(PLAIN), damage=1),
    "signature around nothing": lambda peer: peer.signed(b""),
    "signature two times": lambda peer: peer.signed(peer.signed(PLAIN)),
    "header alone": lambda peer: b"\xdd" + peer.header(),
    "one octet": lambda peer: b"\xdf",
    "title of seven octets": lambda peer: peer.identified(originator=b"SOMEBOD"),
}


def flipped(apdu: bytes) -> bytes:
    return apdu[:-1] + bytes([apdu[-1] ^ 1])


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_discarded(peer: Peer, kind: str) -> None:
    peer.associate()
    assert peer.client.send(WRONG[kind](peer)) == []
    peer.client.counter += 1
    assert peer.client.ask(GET_NAME) == GOT_NAME


@pytest.mark.parametrize("kind", ["identified", "wrapped", "one pass, key signed", "static", "signed and global"])
def test_nothing_is_taken_two_times(peer: Peer, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    peer.associate()
    replayed: list[int] = []
    monkeypatch.setattr(peer.meter.model, "replayed", replayed.append)
    request = GOOD[kind](peer)
    assert peer.ask(request) == GOT_NAME
    assert peer.client.send(request) == []
    assert replayed == [2]


def test_transactions_have_to_rise(peer: Peer) -> None:
    peer.associate()
    assert peer.ask(peer.static(transaction=10)) == GOT_NAME
    assert peer.client.send(peer.static(transaction=9)) == []
    assert peer.client.send(peer.wrapped(transaction=10)) == []
    assert peer.ask(peer.wrapped(transaction=11)) == GOT_NAME


def test_policy_that_demands_signatures(peer: Peer) -> None:
    client = peer.connect(policy=0xFC).client
    challenge = client.begin()
    third = bytes.fromhex(client.third_pass(challenge))
    assert peer.ask(peer.signed(client.protected(third))).startswith("c701c10001000911")
    assert peer.ask(peer.signed(client.protected(PLAIN))) == GOT_NAME
    peer.number = b""
    assert peer.ask(client.protected(PLAIN)) == "c401c1010d"
    assert peer.ask(peer.signed(peer.one_pass(), transaction=peer.transaction)) == GOT_NAME
    assert peer.ask(peer.one_pass()) == "c401c1010d"
    assert peer.ask(peer.signed(PLAIN)) == "c401c1010d"


def test_signed_requests_where_nothing_is_demanded(peer: Peer) -> None:
    peer.associate(policy=0x00)
    assert peer.ask(peer.signed(PLAIN)) == GOT_NAME
    assert peer.client.send(peer.signed(PLAIN, transaction=peer.transaction)) == []


def test_long_answers_keep_the_limit(peer: Peer) -> None:
    peer.associate()
    peer.client.associate(pdu_size=420)
    request = bytes.fromhex("C001C1 000F 0000280000FF 02 00")
    (answer,) = peer.client.send(peer.signed(peer.one_pass(request), transaction=peer.transaction))
    assert 300 < len(answer) <= 420
    assert peer.open(answer).startswith("c402c10000000001")


def test_without_general_protection_nothing_of_it_is_taken(peer: Peer) -> None:
    peer.associate()
    peer.client.associate(conformance="00 1E1D")
    assert peer.client.send(peer.identified()) == []
    assert peer.client.send(peer.signed(peer.client.protected(PLAIN))) == []
    assert peer.client.ask(GET_NAME) == GOT_NAME


def test_suite_0_knows_no_agreement(make_meter: Callable[..., Meter], make_client: Callable[..., Any]) -> None:
    peer = Peer(make_meter, make_client, 1)
    peer.settings = {"keys": peer.keys}
    peer.suite = 0
    peer.associate()
    assert peer.ask(peer.identified()) == GOT_NAME
    for request in (peer.identified()[:-1], b"\xdf" + peer.header() + b"\x01\xc0\x00"):
        assert peer.client.send(request) == []


# Published with the one-pass example of the standard, suite 1: both shared secrets and the keys that come of them.
@pytest.mark.parametrize(
    ("secret", "originator", "recipient", "key"),
    [
        (
            "0D4385BA0DD756CBCAB9887EB538396EE8F090A14C1079B4359F115B977F4615",
            "4D4D4D0000BC614E",
            "4D4D4D0000000001",
            "59A71FD81C929A86A99438DA17A66C05",
        ),
        (
            "2B4302DC49790E2E78D990CFB52ED6E2F273DECE441A2D95E4301B93812A9FAC",
            "4D4D4D0000000001",
            "4D4D4D0000BC614E",
            "F0184BDA9466BFA4601A64A7EF46504A",
        ),
    ],
)
def test_derivation_of_published_keys(secret: str, originator: str, recipient: str, key: str) -> None:
    derived = derive_key(bytes.fromhex(secret), 1, bytes.fromhex(originator), bytes.fromhex(recipient))
    assert derived == bytes.fromhex(key)


# The example of elliptic curve agreement in RFC 5903: private numbers of both sides and the x coordinate.
RFC_5903 = {
    1: (
        "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
        "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
        "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE",
    ),
    2: (
        "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
        "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942E0308312916B8ED2960E4BD55A7448FC",
        "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746",
    ),
}


@pytest.mark.parametrize("suite", RFC_5903)
def test_agreement_of_published_keys(suite: int) -> None:
    first, second, secret = map(bytes.fromhex, RFC_5903[suite])
    other = point(private_key(suite, int.from_bytes(second, "big")), suite)
    keys = AgreementKeys(suite=suite, own=first, other=other)
    key, sent_along = agree_as_originator(keys, 2, (CLIENT, SERVER), b"\x00" * 8)
    assert sent_along == b""
    assert key == derive_key(secret, suite, CLIENT + b"\x08" + bytes(8), SERVER)
    other_side = AgreementKeys(suite=suite, own=second, other=point(private_key(suite, int.from_bytes(first)), suite))
    assert agree_as_recipient(other_side, 2, b"", (CLIENT, SERVER), bytes(8)) == key


@pytest.mark.parametrize("sent_along", [b"", bytes(63), bytes(64), b"\x01" * 64, bytes(65)])
def test_ephemeral_keys_that_are_none(sent_along: bytes) -> None:
    keys = AgreementKeys(suite=1, own=b"\x05", other=b"")
    with pytest.raises(Undecipherable):
        agree_as_recipient(keys, 1, sent_along, (CLIENT, SERVER), b"")
