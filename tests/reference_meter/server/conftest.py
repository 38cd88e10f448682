"""A meter made of tables behind the server, and a client made of literal octets."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.codec.axdr import Pair
from reference_meter.server.link import Send, ServerLink
from reference_meter.server.model_port import AccessRefused, ClientProfile, CosemModel, Selection
from reference_meter.server.server import Server
from reference_meter.server.settings import ALL_SERVICES, LinkSettings
from reference_meter.server.wrapper_link import WrapperLink

Values = dict[tuple[int, str, int], Any]
Ask = Callable[..., str]

OBJECT_UNDEFINED = 4


class TableModel(CosemModel):
    """Objects by class, OBIS code and attribute; a value may be a pair, a refusal or a call that gives one."""

    def __init__(self, values: Values, journal: list[tuple[Any, ...]]) -> None:
        self.values = values
        self.journal = journal
        self.clients = {
            16: ClientProfile(mechanism=0, conformance=ALL_SERVICES),
            2: ClientProfile(mechanism=1, conformance=ALL_SERVICES),
            3: ClientProfile(mechanism=0, conformance=0x00001F, max_receive_pdu_size=64),
        }

    def client(self, client_sap: int) -> ClientProfile | None:
        return self.clients.get(client_sap)

    def authenticate(self, client: int, mechanism: int, secret: bytes | None) -> bool:
        return mechanism == 0 or secret == b"12345678"

    def get(self, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None) -> Pair:
        self.journal.append(("get", client, class_id, obis.hex(), attribute, selection))
        value = self.values.get((class_id, obis.hex(), attribute), OBJECT_UNDEFINED)
        value = value() if callable(value) else value
        if isinstance(value, int):
            raise AccessRefused(value)
        pair: Pair = value
        return pair

    def set(
        self,
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        self.journal.append(("set", client, class_id, obis.hex(), attribute, data))
        if (class_id, obis.hex(), attribute) not in self.values:
            raise AccessRefused(OBJECT_UNDEFINED)
        self.values[class_id, obis.hex(), attribute] = data
        return 0

    def action(
        self, client: int, class_id: int, obis: bytes, method: int, parameter: Pair | None
    ) -> tuple[int, Pair | None]:
        self.journal.append(("action", client, class_id, obis.hex(), method, parameter))
        value = self.values.get((class_id, obis.hex(), -method), OBJECT_UNDEFINED)
        if isinstance(value, int):
            raise AccessRefused(value)
        result: tuple[int, Pair | None] = value
        return result

    def association_changed(self, client: int, link_id: int, opened: bool) -> None:
        self.journal.append(("opened" if opened else "ended", client, link_id))


@pytest.fixture
def values() -> Values:
    return {(1, "0000600100ff", 2): (9, b"METER001"), (8, "0000010000ff", 2): (17, 5)}


@pytest.fixture
def journal() -> list[tuple[Any, ...]]:
    """What the model was asked, in order."""
    return []


@pytest.fixture
def model(values: Values, journal: list[tuple[Any, ...]]) -> CosemModel:
    return TableModel(values, journal)


@pytest.fixture
def make_server(model: CosemModel) -> Callable[..., Server]:
    """Make a server; the arguments are those of ``LinkSettings``."""
    return lambda **settings: Server(model, LinkSettings(**settings))


@pytest.fixture
def ask() -> Ask:
    """Send an APDU over a wrapper link and give the answers as hexadecimal text, joined by blanks."""

    def exchange(link: ServerLink, apdu: str, client: int = 16, server: int = 1) -> str:
        octets = bytes.fromhex(apdu)
        ports = client.to_bytes(2, "big") + server.to_bytes(2, "big")
        link.receive(b"\x00\x01" + ports + len(octets).to_bytes(2, "big") + octets, 0.0)
        answers = []
        for event in link.take_events():
            assert isinstance(event, Send)
            assert event.data[:6] == b"\x00\x01" + ports[2:] + ports[:2]
            assert int.from_bytes(event.data[6:8], "big") == len(event.data) - 8
            answers.append(event.data[8:].hex())
        return " ".join(answers)

    return exchange


@pytest.fixture
def associate(ask: Ask) -> Callable[..., ServerLink]:
    """Open an association of client 16 on a new link of a server."""

    def open_link(server: Server, pdu_size: int = 0xFFFF, conformance: str = "ffffff") -> ServerLink:
        link = WrapperLink(server)
        information = f"01000000065f1f0400{conformance}{pdu_size:04x}"
        answer = ask(link, f"601da109060760857405080101be10040e{information}")
        assert "a203020100" in answer
        return link

    return open_link
