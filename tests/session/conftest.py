"""A scripted meter behind virtual lines: sound by default, and broken in whatever way a test says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.declaration import CosemObject, Declaration, parse_declaration, read_data
from harness.evidence.trace import Trace
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.protocol import hdlc
from harness.protocol.wrapper import WrapperFrame, WrapperReader
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory

AARE = bytes.fromhex("6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400007E1F01000007")
RLRE = bytes.fromhex("6303800100")
REGISTER = bytes.fromhex("0100010800FF")
VALUE = bytes.fromhex("0600000001")
DEVICE = Path(__file__).parent / "scripted.toml"
_LLC_TO_CLIENT = bytes.fromhex("E6E700")
_LLC_OCTETS = 3


@dataclass(frozen=True, kw_only=True)
class Event:
    due: float
    kind: str = "send"
    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Request:
    apdu: bytes
    number: int
    link: int
    client: int
    now: float

    @property
    def asks_register(self) -> bool:
        """Whether it is a GET, SET or ACTION on the register, or goes on with one."""
        return REGISTER in self.apdu or self.apdu[:2] in (b"\xc0\x02", b"\xc1\x03", b"\xc3\x06")

    @property
    def invoke(self) -> bytes:
        return self.apdu[2:3]


@dataclass(frozen=True, kw_only=True)
class Say:
    """One thing that the meter does: an APDU in sound frames, octets as they are, or hanging up."""

    apdu: bytes = b""
    raw: bytes = b""
    after_s: float = 0.0
    hang_up: bool = False
    shape: Callable[[bytes], Sequence[tuple[float, bytes]]] | None = None
    """Cuts or bends the framed octets: (further delay in s, octets) each."""


Script = Callable[[Request], Sequence[Say] | None]
"""What to do about a request; None for what a sound meter does."""


def sound(request: Request) -> list[Say]:
    match request.apdu[0]:
        case 0x60:
            return [Say(apdu=AARE)]
        case 0x62:
            return [Say(apdu=RLRE)]
        case _:
            return [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + VALUE)]


class ScriptedLink:
    """The meter's side of one connection."""

    def __init__(self, meter: "ScriptedMeter", door: str) -> None:
        self.number = len(meter.links) + 1
        self.is_open = True
        self._meter = meter
        self._door = door
        self._events: list[Event] = []
        self._wrapper = WrapperReader()
        self._hdlc = hdlc.FrameReader()
        self._requests = 0
        self._sent = self._got = 0
        self._client = self._server = b""
        self._segments: list[bytes] = []
        self._pieces = b""
        self._client_sap = 0
        self._waiting: list[Say] = []
        self._has_the_floor = False
        """Whether an I frame has been sent since the last poll; the window is one."""

    def receive(self, data: bytes, line_now: float) -> None:
        if self._meter.deaf(line_now):
            return
        if self._door == "hdlc":
            for piece in self._hdlc.receive_data(data):
                if isinstance(piece, hdlc.FrameReceived):
                    self._on_frame(piece.frame, line_now)
            return
        datagrams = self._door == "wrapper-udp"
        frames = [WrapperFrame.from_datagram(data)] if datagrams else self._wrapper.receive_data(data)
        for frame in frames:
            self._client_sap = frame.source
            self._on_apdu(frame.payload, line_now)

    def _on_frame(self, frame: hdlc.Frame, now: float) -> None:
        control = hdlc.Control.from_octet(frame.control)
        self._client, self._server = frame.source, frame.destination
        self._client_sap = frame.source[-1] >> 1
        if self._meter.on_frame is not None and self._meter.on_frame(self, control, now):
            return
        match control.kind:
            case hdlc.FrameKind.SNRM:
                self._sent = self._got = 0
                self.put(self.frame(hdlc.Control(kind=hdlc.FrameKind.UA, poll_final=True)), now)
            case hdlc.FrameKind.DISC:
                self.put(self.frame(hdlc.Control(kind=hdlc.FrameKind.UA, poll_final=True)), now)
            case hdlc.FrameKind.I:
                self._got = (control.send_number + 1) % 8
                self._pieces += frame.information
                if frame.segmented:
                    self._receive_ready(now)
                else:
                    apdu, self._pieces = self._pieces[_LLC_OCTETS:], b""
                    self._on_apdu(apdu, now)
            case _ if self._segments:
                self.put(self._segment(), now)
            case _ if self._waiting:
                self._has_the_floor = False
                self._say(self._waiting.pop(0), now)
            case _:
                self._receive_ready(now)

    def _receive_ready(self, now: float) -> None:
        ready = hdlc.Control(kind=hdlc.FrameKind.RR, poll_final=True, receive_number=self._got)
        self.put(self.frame(ready), now)

    def _on_apdu(self, apdu: bytes, now: float) -> None:
        self._requests += 1
        request = Request(apdu=apdu, number=self._requests, link=self.number, client=self._client_sap, now=now)
        self._meter.requests.append(request)
        said = self._meter.script(request)
        self._waiting.clear()
        self._has_the_floor = False
        for say in sound(request) if said is None else said:
            self._say(say, now + say.after_s)

    def _say(self, say: Say, due: float) -> None:
        if self._door == "hdlc" and say.apdu and self._has_the_floor:
            self._waiting.append(say)
            return
        self._has_the_floor = self._has_the_floor or bool(say.apdu)
        framed = say.raw or (self.framed(say.apdu) if say.apdu else b"")
        for further_s, octets in say.shape(framed) if say.shape else [(0.0, framed)]:
            if octets:
                self.put(octets, due + further_s)
        if say.hang_up:
            self._events.append(Event(due=due + 0.001, kind="close"))

    def framed(self, apdu: bytes) -> bytes:
        if self._door != "hdlc":
            return WrapperFrame(source=1, destination=self._client_sap, payload=apdu).to_bytes()
        octets = _LLC_TO_CLIENT + apdu
        self._segments = [octets[at : at + 128] for at in range(0, len(octets), 128)]
        return self._segment()

    def _segment(self) -> bytes:
        information = self._segments.pop(0)
        control = hdlc.Control(kind=hdlc.FrameKind.I, poll_final=True, send_number=self._sent, receive_number=self._got)
        self._sent = (self._sent + 1) % 8
        return self.frame(control, information, segmented=bool(self._segments))

    def frame(self, control: hdlc.Control, information: bytes = b"", *, segmented: bool = False) -> bytes:
        return hdlc.Frame(
            destination=self._client,
            source=self._server,
            control=control.to_octet(),
            segmented=segmented,
            information=information,
        ).to_bytes()

    def put(self, octets: bytes, due: float) -> None:
        self._events.append(Event(due=due, data=octets))

    def closed_by_peer(self, line_now: float) -> None:
        self.is_open = False

    def take_events(self) -> list[Event]:
        taken, self._events = self._events, []
        return taken


class ScriptedMeter:
    """A loop device that follows ``script``; all its connections share what it remembers."""

    def __init__(self) -> None:
        self.script: Script = lambda request: None
        self.on_frame: Callable[[ScriptedLink, hdlc.Control, float], bool] | None = None
        """Takes an HDLC frame in place of the meter where it returns True."""
        self.deaf: Callable[[float], bool] = lambda now: False
        """Whether the meter hears nothing at that line time."""
        self.links: list[ScriptedLink] = []
        self.requests: list[Request] = []
        self.most_open = 0

    def open(self, door: str, line_now: float) -> ScriptedLink:
        self.links.append(ScriptedLink(self, door))
        self.most_open = max(self.most_open, sum(link.is_open for link in self.links))
        return self.links[-1]

    def tick(self, line_now: float) -> None:
        pass

    def next_due(self) -> float | None:
        return None

    def control(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True}

    def fired(self) -> int:
        return 0


class Place:
    """A scripted meter, and head ends at its doors."""

    def __init__(self, folder: Path) -> None:
        self.meter = ScriptedMeter()
        self.world = LoopWorld(makers={"scripted": self._make})
        self.trace = Trace(folder / "trace.jsonl")
        self.declaration: Declaration = parse_declaration(
            read_data(DEVICE), name="scripted", check_url=lambda url, protocol: None
        )
        self.transports = TransportFactory(self.world)

    @property
    def trace_path(self) -> Path:
        """The file of the trace, with all that has been recorded in it."""
        self.trace.flush()
        return self.trace.path

    def _make(self, options: Mapping[str, str]) -> ScriptedMeter:
        return self.meter

    def head_end(self, door_id: str) -> HeadEnd:
        door = self.declaration.door(door_id)
        return HeadEnd(
            declaration=self.declaration,
            door=door,
            transports=self.transports,
            trace=self.trace,
            timing=timing_of(door),
            clause="TR-Conf.99a",
            rest_for=lambda seconds: None,
            keys=KeyRing(KeyStore(self.trace.path.parent / "state"), "test"),
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.trace.close()


class Reading:
    """An associated reading client at a door of the scripted meter, and the bound of its exchanges."""

    longest_exchange_s = 20.0
    """Ten times the shortest silence."""

    def __init__(self, place: Place, door: str) -> None:
        self.place = place
        self.door = door
        self.head_end = place.head_end(door)
        self.client: Client = self.head_end.associate("reading")
        register = place.declaration.object("energy_import_total")
        assert isinstance(register, CosemObject)
        self.register = register
        self.wanted = item(register, 2)

    def get(self) -> bytes:
        """Read the register without judgement; whatever happens must happen in time."""
        started = self.place.world.now
        try:
            data = self.client.services.get(self.wanted).data
        finally:
            assert self.place.world.now - started <= self.longest_exchange_s + 1.0
        assert data is not None
        return data


@pytest.fixture
def reading_at(place: Place) -> Callable[[str], Reading]:
    return lambda door: Reading(place, door)
