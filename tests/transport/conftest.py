import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from harness.transport.base import Transport
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory


@dataclass(frozen=True)
class Event:
    """What a scripted link is going to do."""

    due: float
    kind: str = "send"
    data: bytes = b""
    baud: int = 0
    framing: str = ""


class ScriptedLink:
    """A link that does what the test puts in ``events``; as the peer of a contract check it acts at once."""

    def __init__(self, device: "ScriptedDevice", door: str) -> None:
        self.device = device
        self.door = door
        self.events: list[Event] = []
        self.received: list[tuple[bytes, float]] = []
        self.lines: list[tuple[int, str, float]] = []
        self.closed_at: float | None = None

    def receive(self, data: bytes, line_now: float) -> None:
        self.received.append((data, line_now))
        if self.device.echoes:
            self.events.append(Event(line_now, data=data))

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        self.lines.append((baud, framing, line_now))

    def closed_by_peer(self, line_now: float) -> None:
        self.closed_at = line_now

    def take_events(self) -> list[Event]:
        taken, self.events = self.events, []
        return taken


class ScriptedDevice:
    """A loop device with options ``echo`` and ``colour``, and with time-driven pushes at ``pushes``."""

    def __init__(self, options: Mapping[str, str]) -> None:
        for option in options:
            if option not in ("echo", "colour", "deviation"):
                raise ValueError(f"unknown option {option!r}; allowed: colour, deviation, echo")
        self.options = dict(options)
        self.echoes = options.get("echo") == "on"
        self.links: list[ScriptedLink] = []
        self.pushes: list[float] = []
        self.ticks: list[float] = []

    def open(self, door: str, line_now: float) -> ScriptedLink:
        if door not in ("wrapper", "wrapper-udp", "hdlc"):
            raise ValueError(f"no door {door!r}; allowed: hdlc, wrapper, wrapper-udp")
        self.links.append(ScriptedLink(self, door))
        return self.links[-1]

    def tick(self, line_now: float) -> None:
        self.ticks.append(line_now)
        while self.pushes and self.pushes[0] <= line_now:
            due = self.pushes.pop(0)
            for link in self.links:
                link.events.append(Event(line_now, data=f"push {due:g}".encode()))

    def next_due(self) -> float | None:
        return self.pushes[0] if self.pushes else None

    def control(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "request": request}

    def fired(self) -> int:
        return 0


class LoopBench:
    """A world with the scripted device, and connections into it."""

    def __init__(self) -> None:
        self.world = LoopWorld(makers={"scripted": ScriptedDevice})
        self.factory = TransportFactory(self.world)
        self.links = 0

    def open(self, url: str = "loop://scripted", protocol: str = "wrapper") -> tuple[Transport, ScriptedLink]:
        """Open the URL and return the transport and the device's side of the link."""
        self.links += 1
        transport = self.factory.open(
            url, door_id="d1", protocol=protocol, connect_timeout_s=1.0, key="k", link=self.links
        )
        device = self.world.device_for(url)
        assert isinstance(device, ScriptedDevice)
        return transport, device.links[-1]


class LoopPeer:
    """The device's side of a link, as a contract check wants it."""

    def __init__(self, world: LoopWorld, link: ScriptedLink) -> None:
        self._world = world
        self._link = link

    def send(self, data: bytes) -> None:
        self._link.events.append(Event(self._world.now, data=data))

    def receive(self, length: int) -> bytes:
        if self._link.door == "wrapper-udp":
            return self._link.received.pop(0)[0]
        joined = b"".join(data for data, _ in self._link.received)
        self._link.received = [(joined[length:], self._world.now)]
        return joined[:length]

    def hang_up(self) -> None:
        self._link.events.append(Event(self._world.now, "close"))


@pytest.fixture
def bench() -> LoopBench:
    return LoopBench()


@pytest.fixture
def loop_peer() -> Callable[[LoopWorld, ScriptedLink], LoopPeer]:
    return LoopPeer


@pytest.fixture
def event() -> Callable[..., Event]:
    return Event


@pytest.fixture
def open_url() -> Callable[[str], Transport]:
    """Opens a URL as connection 1 of one key."""

    def opened(url: str) -> Transport:
        factory = TransportFactory()
        return factory.open(url, door_id="d1", protocol="wrapper", connect_timeout_s=1.0, key="k", link=1)

    return opened


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """No test of a transport may sleep its way through."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 3.0
