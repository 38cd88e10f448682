"""ACCESS, unconfirmed requests, broadcast and clients without AARQ, against the default reference meter."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness.declaration import CosemObject, Declaration, load_declaration
from harness.evidence.trace import Trace
from harness.headend.client import item
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory
from reference_meter.loop import make
from reference_meter.meter import Meter

DEVICE = Path(__file__).parents[2] / "devices" / "reference-loop.toml"
DOORS = pytest.mark.parametrize("door", ["loop-wrapper", "loop-hdlc"])
PERIOD = axdr.Data(axdr.DataType.DOUBLE_LONG_UNSIGNED, 1800)


class Place:
    """The default meter and a head end at one of its doors."""

    def __init__(self, folder: Path, door: str) -> None:
        self.declaration: Declaration = load_declaration(DEVICE)
        self.trace = Trace(folder / "trace.jsonl")
        self.meter: Meter | None = None
        world = LoopWorld(makers={"reference": self._make})
        where = self.declaration.door(door)
        self.head_end = HeadEnd(
            declaration=self.declaration,
            door=where,
            transports=TransportFactory(world),
            trace=self.trace,
            timing=timing_of(where),
            clause="TR-Conf.05a",
            rest_for=lambda seconds: None,
            keys=KeyRing(KeyStore(folder / "state"), "test"),
        )

    def _make(self, options: Mapping[str, str]) -> Meter:
        self.meter = make(options)
        return self.meter

    @property
    def profile(self) -> CosemObject:
        found = self.declaration.object("load_profile")
        assert isinstance(found, CosemObject)
        return found

    def period(self) -> object:
        """The capture period as a managing client reads it."""
        client = self.head_end.associate("management")
        try:
            return client.read(item(self.profile, 4)).value
        finally:
            client.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Place]]:
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    opened: list[Place] = []

    def opens(door: str) -> Place:
        opened.append(Place(tmp_path, door))
        return opened[-1]

    yield opens
    for one in opened:
        one.trace.close()


@DOORS
@pytest.mark.parametrize("client_id", ["management", "management-secured"])
def test_unconfirmed_set_is_carried_out_and_not_answered(
    place: Callable[[str], Place], door: str, client_id: str
) -> None:
    at = place(door)
    client = at.head_end.associate_declared(at.declaration.association(client_id))
    client.send_unconfirmed_set(item(at.profile, 4), PERIOD)
    assert client.conversation.overhear() is None
    assert client.read(item(at.profile, 4)).value == 1800
    assert client.conversation.unasked == []


@DOORS
def test_client_without_association_request_may_do_nothing_that_its_rights_forbid(
    place: Callable[[str], Place], door: str
) -> None:
    at = place(door)
    client = at.head_end.pre_established()
    client.send_unconfirmed_set(item(at.profile, 4), PERIOD)
    assert client.conversation.overhear() is None
    client.close()
    assert at.period() == 900


@DOORS
def test_broadcast_is_never_answered(place: Callable[[str], Place], door: str) -> None:
    at = place(door)
    request = xdlms.SetRequestNormal(invoke=1, attribute=item(at.profile, 4)[0], data=axdr.encode(PERIOD))
    for client_id in ("pre-established", "management-secured"):
        assert at.head_end.broadcast(at.declaration.association(client_id), request.to_bytes()) == b""
    assert at.head_end.answers()


@DOORS
@pytest.mark.parametrize("client_id", ["reading", "reading-secured"])
@pytest.mark.parametrize("self_descriptive", [False, True])
def test_access_reads_what_single_gets_read(
    place: Callable[[str], Place], door: str, client_id: str, self_descriptive: bool
) -> None:
    at = place(door)
    declared = at.declaration.association(client_id)
    declared = declared.model_copy(update={"conformance": (*declared.conformance, "ACCESS")})
    client = at.head_end.associate_declared(declared)
    assert client.association.negotiated.conformance & xdlms.Conformance.ACCESS
    names = ("logical_device_name", "energy_import_total", "load_profile")
    wanted = [
        item(found, 2 if found.class_id != 7 else 4)
        for found in map(at.declaration.object, names)
        if isinstance(found, CosemObject)
    ]
    undefined = xdlms.AttributeDescriptor(3, cosem.obis("1.0.99.99.99.255"), 2)
    specifications = [xdlms.AccessGet(attribute=one) for one, _ in wanted] + [xdlms.AccessGet(attribute=undefined)]
    results = client.services.access(specifications, self_descriptive=self_descriptive)
    assert [one.data for one in results[:-1]] == [client.get(one).data for one in wanted]
    assert results[-1].result == 4
