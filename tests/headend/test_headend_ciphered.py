"""The head end and the reference meter, each with ciphering of its own, understand each other."""

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
from harness.errors import NonConformity, Refused, Silent
from harness.evidence.trace import Trace
from harness.headend.client import item
from harness.headend.head_end import HeadEnd, timing_of
from harness.protocol.apdu import GetResponseNormal
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
OF_CLIENT, OF_METER = 7, 8
"""Private numbers for signatures."""


def key(first: int, suite: int) -> bytes:
    return bytes(range(first, first + (32 if suite == 2 else 16)))


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
        self.more_conformance = GENERAL_PROTECTION
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
            link=replace(configuration.link, conformance=configuration.link.conformance | self.more_conformance),
            security=SecuritySettings(
                keys=keys,
                system_title=bytes.fromhex("43464D0000000001"),
                suite=suite,
                signing_key=OF_METER.to_bytes(octets, "big") if suite else b"",
                client_public_key=b"\x04" + point(OF_CLIENT, suite) if suite else b"",
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


@DOORS
def test_all_objects_are_read_in_a_ciphered_association(place: Open, door: str) -> None:
    plain = place(door, reading_of("lls", ciphered=False))
    ciphered = place(door, reading_of("hls-gmac", ciphered=True))
    assert ciphered.read(ciphered.head_end()) == plain.read(plain.head_end())
    frames = [json.loads(line) for line in ciphered.trace.path.read_text().splitlines()]
    # Nothing of the answer's content is readable on the line: the device name is "CFM" and a number.
    sent = "".join(frame["data"] for frame in frames if frame["kind"] in ("tx", "rx", "chunk"))
    assert b"CFM0000000000001".hex() not in sent
    assert b"CFM0000000000001".hex() in "".join(frame["data"] for frame in frames if frame["kind"] == "apdu_rx")


@pytest.mark.parametrize("mechanism", ["lls", "hls-md5", "hls-sha1", "hls-gmac", "hls-sha256"])
@pytest.mark.parametrize("ciphered", [False, True])
def test_mechanisms_in_both_contexts(place: Open, mechanism: str, ciphered: bool) -> None:
    at = place("loop-wrapper", reading_of(mechanism, ciphered=ciphered))
    assert at.read(at.head_end())


@pytest.mark.parametrize("suite", [0, 1, 2])
@pytest.mark.parametrize("dedicated", [False, True])
@pytest.mark.parametrize("general", [False, True])
def test_suites_forms_and_dedicated_keys(place: Open, suite: int, dedicated: bool, general: bool) -> None:
    more = {"dedicated_key": dedicated, "general_ciphering": general}
    reading = reading_of("hls-gmac", ciphered=True, suite=suite, **more)
    if general:
        reading["conformance"] = ["GENERAL_PROTECTION", "GET", "SET", "ACTION", "SELECTIVE_ACCESS", "BLOCK_GET"]
    at = place("loop-wrapper", reading)
    assert at.read(at.head_end())


@pytest.mark.parametrize("suite", [1, 2])
@pytest.mark.parametrize("ciphered", [False, True])
def test_both_sides_sign(place: Open, suite: int, ciphered: bool) -> None:
    at = place("loop-wrapper", reading_of("hls-ecdsa", ciphered=ciphered, suite=suite, **signing_keys(suite)))
    assert at.read(at.head_end())


def test_a_signature_of_somebody_else_is_a_finding(place: Open) -> None:
    keys = {**signing_keys(1), "server_public_key": point(OF_CLIENT, 1).hex()}
    at = place("loop-wrapper", reading_of("hls-ecdsa", ciphered=True, suite=1, **keys))
    with pytest.raises(NonConformity, match="signature over the challenges does not fit"):
        at.head_end().associate("reading")


@DOORS
def test_a_run_is_replayed_without_its_keys(place: Open, door: str) -> None:
    at = place(door, reading_of("hls-ecdsa", ciphered=True, suite=1, dedicated_key=True, **signing_keys(1)))
    values = at.read(at.head_end())
    at.trace.close()
    withheld = reading_of("hls-ecdsa", ciphered=True, suite=1, dedicated_key=True, **signing_keys(1))
    for name in ("encryption_key", "authentication_key", "signing_key"):
        withheld["security"][name] = "withheld:32" if name == "signing_key" else "withheld:16"
    again = place(door, withheld)
    again.replay(at)
    assert again.read(again.head_end()) == values


def test_general_forms_that_the_device_does_not_grant_are_a_finding(place: Open) -> None:
    reading = reading_of("hls-gmac", ciphered=True, general_ciphering=True)
    reading["conformance"] = ["GENERAL_PROTECTION", "GET", "ACTION"]
    at = place("loop-wrapper", reading)
    at.more_conformance = 0
    with pytest.raises(NonConformity, match="general protection is declared, and the device does not grant it"):
        at.head_end().associate("reading")


def test_wrong_keys_end_in_silence_and_wrong_secrets_in_refusal(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True), other_keys=True)
    with pytest.raises(NonConformity, match="association of client reading"):
        at.head_end().associate("reading")
    at = place("loop-wrapper", reading_of("hls-sha256", ciphered=False), other_keys=True)
    with pytest.raises(Refused, match="answer to the challenge"):
        at.head_end().associate("reading")


@DOORS
def test_counters_go_on_in_the_next_head_end_and_above_what_the_device_announces(place: Open, door: str) -> None:
    at = place(door, reading_of("hls-gmac", ciphered=True, counter="device"))
    assert at.read(at.head_end())
    assert at.read(at.head_end())
    # The store is lost: the device's counter tells where to go on.
    (at.folder.parent / "state").rename(at.folder.parent / "lost")
    assert at.read(at.head_end())
    numbers = counters_sent(at)
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 60


def test_without_the_store_an_old_counter_is_discarded_in_silence(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True))
    assert at.read(at.head_end())
    (at.folder.parent / "state").rename(at.folder.parent / "lost")
    with pytest.raises(NonConformity, match="association of client reading"):
        at.head_end().associate("reading")


def test_no_key_is_in_the_trace(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True, dedicated_key=True))
    assert at.read(at.head_end())
    text = at.trace.path.read_text()
    for secret in (key(0, 0), key(100, 0)):
        assert secret.hex() not in text
        assert repr(secret) not in text


GET_DEVICE_NAME = bytes.fromhex("C001C1000100002A0000FF0200")


def flipped(octets: bytes, at: int) -> bytes:
    changed = bytearray(octets)
    changed[at] ^= 1
    return bytes(changed)


@DOORS
def test_wrongly_ciphered_requests_are_discarded_in_silence_and_the_next_good_one_is_answered(
    place: Open, door: str
) -> None:
    at = place(door, reading_of("hls-gmac", ciphered=True))
    client = at.head_end().associate("reading")
    conversation = client.conversation
    protect = conversation.protection.protect
    last: list[bytes] = []

    def kept(apdu: bytes) -> bytes:
        last.append(protect(apdu))
        return last[-1]

    good = conversation.exchange(GET_DEVICE_NAME, protect=kept)
    assert isinstance(good.answer, GetResponseNormal)
    wrong: list[Callable[[bytes], bytes]] = [
        lambda apdu: flipped(protect(apdu), -1),
        lambda apdu: flipped(protect(apdu), 8),
        lambda apdu: flipped(protect(apdu), 2),
        lambda apdu: flipped(protect(apdu), 6),
        lambda apdu: last[0],
    ]
    for stimulus in wrong:
        with pytest.raises(Silent):
            conversation.exchange(GET_DEVICE_NAME, repeat=False, protect=stimulus)
        again = conversation.exchange(GET_DEVICE_NAME)
        assert again.octets == good.octets
    client.close()


def test_a_plain_request_in_a_ciphered_association_gets_no_value(place: Open) -> None:
    at = place("loop-wrapper", reading_of("hls-gmac", ciphered=True))
    client = at.head_end().associate("reading")
    received = client.conversation.exchange(GET_DEVICE_NAME, protect=lambda apdu: apdu)
    assert isinstance(received.answer, GetResponseNormal)
    assert (received.answer.result, received.answer.data) == (13, None)
    client.close()
