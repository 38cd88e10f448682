"""A ciphered meter and a client that ciphers as it is told, right or wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reference_meter.codec.octets import encode_length
from reference_meter.loop import configuration_of
from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.ciphering import CipherKeys, Header, seal, unseal
from reference_meter.security.hls import gmac_reply
from reference_meter.security.protected_apdu import ProtectedApdu, decode_protected, encode_protected
from reference_meter.security.store import SecuritySettings, SecurityStore
from reference_meter.server.link import Send

GLOBAL_TAGS = {0x01: 0x21, 0xC0: 0xC8, 0xC1: 0xC9, 0xC3: 0xCB}
DEDICATED_TAGS = {0xC0: 0xD0, 0xC1: 0xD1, 0xC3: 0xD3}
CHALLENGE = b"K56iVagY"
ALL_BITS = "40 1E1D"


def field(tag: int, content: bytes) -> bytes:
    """Make a BER field."""
    return bytes([tag]) + encode_length(len(content)) + content


class Client:
    """One client on a link of its own; attributes may be changed to make it wrong."""

    def __init__(self, meter: Meter, sap: int = 2) -> None:
        self.meter = meter
        self.link = meter.open("wrapper", 0.0)
        self.sap = sap
        self.title = TEST_SECURITY.client_system_title
        self.keys = CipherKeys(encryption=TEST_SECURITY.keys.unicast, authentication=TEST_SECURITY.keys.authentication)
        self.suite = TEST_SECURITY.suite
        self.dedicated: CipherKeys | None = None
        self.counter = 0
        self.dedicated_counter = 0
        self.received: list[tuple[bytes, int]] = []
        """Encryption key and counter of every protected answer."""

    def send(self, apdu: bytes) -> list[bytes]:
        """Send an APDU as it is and give the APDUs that come back."""
        self.link.receive(
            b"\x00\x01" + self.sap.to_bytes(2, "big") + b"\x00\x01" + len(apdu).to_bytes(2, "big") + apdu, 0.0
        )
        return [event.data[8:] for event in self.link.take_events() if isinstance(event, Send)]

    def protected(
        self,
        plain: bytes,
        *,
        control: int = 0x30,
        counter: int | None = None,
        tag: int | None = None,
        title: bytes | None = None,
        keys: CipherKeys | None = None,
    ) -> bytes:
        """Protect an APDU; with a title it becomes a general one."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        control |= self.suite
        header = Header(control=control, title=self.title, counter=counter)
        body = seal(plain, header, keys or self.keys)
        tag = tag or (0xDB if title is not None else GLOBAL_TAGS[plain[0]])
        return encode_protected(ProtectedApdu(tag=tag, control=control, counter=counter, body=body, title=title))

    def dedicate(self, plain: bytes, *, general: bool = False) -> bytes:
        """Protect an APDU with the dedicated key."""
        self.dedicated_counter += 1
        tag, title = (0xDC, self.title) if general else (DEDICATED_TAGS[plain[0]], None)
        return self.protected(plain, counter=self.dedicated_counter, tag=tag, title=title, keys=self.dedicated)

    def opened(self, answer: bytes) -> bytes:
        """Open a protected answer, whose counter has to be higher than all before."""
        message = decode_protected(answer)
        keys = self.dedicated if message.dedicated and self.dedicated else self.keys
        header = Header(control=message.control, title=TEST_SECURITY.system_title, counter=message.counter)
        plain = unseal(message.body, header, keys)
        known = [counter for key, counter in self.received if key == keys.encryption]
        assert message.counter > max(known, default=0)
        self.received.append((keys.encryption, message.counter))
        return plain

    def ask(self, plain: str, control: int = 0x30) -> str:
        """Send a request as it should be and give the plain answer."""
        (answer,) = self.send(self.protected(bytes.fromhex(plain), control=control))
        return self.opened(answer).hex()

    def aarq(self, information: bytes, context: int = 3, mechanism: int = 5, challenge: bytes = CHALLENGE) -> bytes:
        """Make an AARQ around an initiate request."""
        fields = [
            (0xA1, bytes.fromhex(f"0607 608574050801{context:02x}")),
            (0xA6, field(0x04, self.title)),
            (0x8A, bytes.fromhex("0780")),
            (0x8B, bytes.fromhex(f"608574050802{mechanism:02x}")),
            (0xAC, field(0x80, challenge)),
            (0xBE, field(0x04, information)),
        ]
        return field(0x60, b"".join(field(tag, content) for tag, content in fields))

    def initiate(self, conformance: str = ALL_BITS, pdu_size: int = 0xFFFF) -> bytes:
        """Make a plain initiate request, with the dedicated key if there is one."""
        key = b"\x00" if self.dedicated is None else b"\x01\x10" + self.dedicated.encryption
        head = b"\x01" + key + bytes.fromhex("0000 06 5F1F0400")
        return head + bytes.fromhex(conformance) + pdu_size.to_bytes(2, "big")

    def begin(self, **initiate: object) -> bytes:
        """Open an association as far as the challenges and give the meter's."""
        plain = self.initiate(**initiate)  # type: ignore[arg-type] # named arguments are handed on
        (aare,) = self.send(self.aarq(self.protected(plain)))
        assert aare[:2] == bytes([0x61, len(aare) - 2])
        assert bytes.fromhex("A203020100 A305A10302010E") in aare
        assert b"\xa4\x0a\x04\x08" + TEST_SECURITY.system_title in aare
        start = aare.index(bytes.fromhex("AA128010")) + 4
        information = aare[start + 16 :]
        assert information[:1] == b"\xbe"
        assert self.opened(information[4:])[:3] == bytes.fromhex("080006")
        return aare[start : start + 16]

    def third_pass(self, challenge: bytes, counter: int | None = None) -> str:
        """Make the request with the reply to the meter's challenge."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        reply = gmac_reply(challenge, Header(control=0x10 | self.suite, title=self.title, counter=counter), self.keys)
        return "C301C1000F0000280000FF01010911" + reply.hex()

    def associate(self, **initiate: object) -> "Client":
        """Open an association with all passes."""
        answer = self.ask(self.third_pass(self.begin(**initiate)))
        assert answer.startswith("c701c10001000911")
        reply = bytes.fromhex(answer)[8:]
        header = Header(control=0x10 | self.suite, title=TEST_SECURITY.system_title, counter=int.from_bytes(reply[1:5]))
        assert reply == gmac_reply(CHALLENGE, header, self.keys)
        return self


@pytest.fixture
def make_meter() -> Callable[..., Meter]:
    """Make a ciphered meter; arguments change its security."""

    def make(store: SecurityStore | None = None, **changes: object) -> Meter:
        configuration = configuration_of("ciphered")
        security: SecuritySettings = replace(TEST_SECURITY, **changes)  # type: ignore[arg-type] # by name
        return Meter(replace(configuration, security=security, history_days=0), store)

    return make


@pytest.fixture
def meter(make_meter: Callable[..., Meter]) -> Meter:
    return make_meter()


@pytest.fixture
def make_client() -> Callable[..., Client]:
    """Make a client of a meter that is not associated yet."""
    return Client


@pytest.fixture
def reader(meter: Meter) -> Client:
    """An associated reading client."""
    return Client(meter).associate()


@pytest.fixture
def manager(meter: Meter) -> Client:
    """An associated management client."""
    return Client(meter, sap=1).associate()
