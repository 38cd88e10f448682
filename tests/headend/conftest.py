"""A reference meter that ciphers behind virtual lines, and head ends at its doors."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.declaration import AssociationRole, CosemObject, Declaration, merge_patch, parse_declaration
from harness.evidence.trace import Trace
from harness.headend.client import item
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.protocol.security import SUITES, Ciphered, SuiteId
from harness.transport.loop_world import LoopWorld
from harness.transport.replay_run import ReplayRun
from harness.transport.urls import TransportFactory
from reference_meter.codec.conformance import GENERAL_PROTECTION
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.security.store import KeySet, SecuritySettings

DEVICES = Path(__file__).parents[2] / "devices"
DOORS = pytest.mark.parametrize("door", ["loop-wrapper", "loop-hdlc"])
TITLE = "4346540000000001"
NUMBERS = {"hls-md5": 3, "hls-sha1": 4, "hls-gmac": 5, "hls-sha256": 6, "hls-ecdsa": 7}
POLICIES = {"authenticated": 0x24, "encrypted": 0x48, "authenticated-encrypted": 0x6C}
"""Bits of the meter's policy for requests and responses."""
OF_CLIENT, OF_METER = 7, 8
"""Private numbers for signatures."""
AGREEMENT_OF_CLIENT, AGREEMENT_OF_METER = 9, 10
"""Private numbers for key agreement."""


def key(first: int, suite: int) -> bytes:
    return bytes(range(first, first + (32 if suite == 2 else 16)))


def described(**more: Any) -> Declaration:
    """A device with a log of frauds and nothing else, and what a test adds."""
    return parse_declaration(
        {
            "schema": 1,
            "identity": {
                "name": "x",
                "manufacturer": "M",
                "type": "T",
                "serial": "1",
                "firmware": "1",
                "medium": "electricity",
            },
            "doors": [{"id": "wan", "protocol": "wrapper", "url": "tcp://192.0.2.1:4059"}],
            "objects": {
                "logical_device_name": {"class": 1, "obis": "0.0.42.0.0.255"},
                "fraud_log": {"class": 7, "obis": "0.0.99.98.1.255"},
            },
            **more,
        },
        name="x",
        check_url=lambda url, protocol: None,
    )


def point(number: int, suite: int) -> bytes:
    """Both coordinates of the public key that goes with a private number."""
    curve = SUITES[SuiteId(suite)].curve
    assert curve is not None
    public = ec.derive_private_key(number, curve).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]


def signing_keys(suite: int) -> dict[str, str]:
    octets = SUITES[SuiteId(suite)].coordinate_octets
    return {
        "signing_key": "hex:" + OF_CLIENT.to_bytes(octets, "big").hex(),
        "server_public_key": point(OF_METER, suite).hex(),
    }


def agreement_keys(suite: int) -> dict[str, str]:
    octets = SUITES[SuiteId(suite)].coordinate_octets
    return {
        "agreement_key": "hex:" + AGREEMENT_OF_CLIENT.to_bytes(octets, "big").hex(),
        "server_agreement_key": point(AGREEMENT_OF_METER, suite).hex(),
    }


def reading_of(mechanism: str, *, ciphered: bool, suite: int = 0, **more: object) -> dict[str, Any]:
    """The declaration of the reading client."""
    declared: dict[str, Any] = {"id": "reading", "role": "reading", "client_sap": 2, "mechanism": mechanism}
    if mechanism not in ("hls-gmac", "hls-ecdsa"):
        declared["secret"] = "text:secret of reading"
    if ciphered:
        declared["context"] = "ln-ciphered"
    if ciphered or mechanism in ("hls-gmac", "hls-sha256", "hls-ecdsa"):
        declared["security"] = {
            "suite": suite,
            "client_system_title": TITLE,
            "encryption_key": "hex:" + key(0, suite).hex(),
            "authentication_key": "hex:" + key(100, suite).hex(),
            **more,
        }
    return declared


class Place:
    """A reference meter that ciphers, and a head end at one of its doors."""

    def __init__(self, folder: Path, door: str, reading: dict[str, Any], *, other_keys: bool = False) -> None:
        self.folder = folder
        self._reading = reading
        self._other_keys = other_keys
        self.refused_conformance = 0
        self.world = LoopWorld(makers={"reference": self._make})
        self.trace = Trace(folder / "trace.jsonl")
        self.transports = TransportFactory(self.world)
        patch = {
            "associations": [
                {"id": "public", "role": "public", "client_sap": 16, "mechanism": "none"},
                reading,
            ],
            "objects": {"invocation_counter": {"class": 1, "obis": "0.0.43.1.0.255"}},
        }
        data = merge_patch(tomllib.loads((DEVICES / "reference-loop.toml").read_text(encoding="utf-8")), patch)
        self.declaration: Declaration = parse_declaration(data, name="ciphered")
        self.door = self.declaration.door(door)
        self.meter: Meter | None = None

    def _make(self, options: Mapping[str, str]) -> Meter:
        self.meter = make(options, adapt=self._adapt)
        return self.meter

    def _adapt(self, configuration: MeterConfiguration) -> MeterConfiguration:
        suite = self._reading.get("security", {}).get("suite", 0)
        keys = KeySet(
            unicast=key(1 if self._other_keys else 0, suite),
            authentication=key(100, suite),
            broadcast=key(40, suite),
            master=key(50, suite),
        )
        mechanism = self._reading["mechanism"]
        secret = b"another secret" if self._other_keys else b"secret of reading"
        octets = SUITES[SuiteId(suite)].coordinate_octets
        reading = Client(
            sap=2,
            role="reading",
            mechanism=NUMBERS.get(mechanism, 1),
            secret=b"" if mechanism in ("hls-gmac", "hls-ecdsa") else secret,
            ciphered=self._reading.get("context") == "ln-ciphered",
        )
        return replace(
            configuration,
            clients=(Client(sap=16, role="public"), reading),
            link=replace(
                configuration.link,
                conformance=(configuration.link.conformance | GENERAL_PROTECTION) & ~self.refused_conformance,
            ),
            security=SecuritySettings(
                keys=keys,
                system_title=bytes.fromhex("43464D0000000001"),
                suite=suite,
                policy=POLICIES[self._reading.get("security", {}).get("policy", "authenticated-encrypted")],
                signing_key=OF_METER.to_bytes(octets, "big") if suite else b"",
                client_public_key=b"\x04" + point(OF_CLIENT, suite) if suite else b"",
                agreement_key=AGREEMENT_OF_METER.to_bytes(octets, "big") if suite else b"",
                client_agreement_key=b"\x04" + point(AGREEMENT_OF_CLIENT, suite) if suite else b"",
            ),
        )

    def replay(self, recorded: "Place") -> None:
        """Go on with what another place has recorded in place of a meter."""
        run = ReplayRun(recorded.folder)
        self.trace.close()
        self.trace = Trace(self.folder / "replayed.jsonl", recorded=run)
        self.transports = TransportFactory(self.world, replay=run)
        self.door = self.door.model_copy(update={"url": f"replay://{recorded.folder}"})

    def head_end(self) -> HeadEnd:
        return HeadEnd(
            declaration=self.declaration,
            door=self.door,
            transports=self.transports,
            trace=self.trace,
            timing=timing_of(self.door),
            clause="TR-Conf.05a",
            rest_for=lambda seconds: None,
            keys=KeyRing(KeyStore(self.folder / "state"), "test"),
        )

    def read(self, head_end: HeadEnd, roles: tuple[AssociationRole, ...] = ("reading",)) -> dict[str, object]:
        """Read attribute 2 of every declared object, profiles row by row."""
        values: dict[str, object] = {}
        for role in roles:
            client = head_end.associate(role)
            for name, declared in self.declaration.objects.declared.items():
                # The rights in the object list are those of the client, so they differ from client to client.
                if not isinstance(declared, tuple) or name in ("association", "invocation_counter"):
                    continue
                for one in declared:
                    values[f"{name} {one.obis}"] = self._value(client, one)
            client.close()
        return values

    @staticmethod
    def _value(client: Any, one: CosemObject) -> object:
        if one.class_id == 7:
            return sum(1 for _ in client.rows(item(one, 2)))
        return client.read(item(one, 2)).value


def counters_sent(at: Place) -> list[int]:
    """The invocation counters of all protected requests, in their order."""
    records = map(json.loads, at.trace.path.read_text().splitlines())
    sent = [bytes.fromhex(record["value"])[1:] for record in records if record.get("event") == "protected"]
    return [Ciphered.from_bytes(octets).counter for octets in sent]


Open = Callable[..., Place]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    opened: list[Place] = []
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))

    def opens(door: str, reading: dict[str, Any], *, other_keys: bool = False) -> Place:
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        opened.append(Place(folder, door, reading, other_keys=other_keys))
        return opened[-1]

    yield opens
    for one in opened:
        one.trace.close()
