"""The command ``discover`` in this process, and devices behind a loop that are not what they should be."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.discover import site
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.server.link import Close, LinkEvent, Send, ServerLink

Command = Callable[..., int]
Spoil = Callable[[int, list[LinkEvent], float], list[LinkEvent]]
"""From the number of a request, the meter's events and line time to what happens instead."""
USUAL = ("--client", "2", "--secret", "env:READS", "--client", "1", "--secret", "env:MANAGES")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Return a function that runs the command in this process and gives its exit code."""
    monkeypatch.setenv("READS", "reading1")
    monkeypatch.setenv("MANAGES", "manage-1")

    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *map(str, arguments)])
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0)

    return run


class SpoiltLink:
    """A link of the reference meter whose reactions go through ``spoil``."""

    def __init__(self, device: "SpoiltDevice", inner: ServerLink) -> None:
        self._device = device
        self._inner = inner
        self._due: list[LinkEvent] = []

    def receive(self, data: bytes, line_now: float) -> None:
        self._device.requests += 1
        self._inner.receive(data, line_now)
        self._due += self._device.spoil(self._device.requests, self._inner.take_events(), line_now)

    def closed_by_peer(self, line_now: float) -> None:
        self._inner.closed_by_peer(line_now)

    def take_events(self) -> Sequence[LinkEvent]:
        due, self._due = self._due, []
        return [*due, *self._inner.take_events()]


class SpoiltDevice:
    """A reference meter that goes wrong."""

    def __init__(self, spoil: Spoil) -> None:
        self.spoil = spoil
        self.requests = 0
        self._meter: Meter = make({})

    def open(self, door: str, line_now: float) -> SpoiltLink:
        return SpoiltLink(self, self._meter.open(door, line_now))

    def tick(self, line_now: float) -> None:
        self._meter.tick(line_now)

    def next_due(self) -> float | None:
        return self._meter.next_due()

    def control(self, request: dict[str, Any]) -> dict[str, Any]:
        return self._meter.control(request)

    def fired(self) -> int:
        return 0


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> Callable[[Spoil], None]:
    """Return a function that puts a spoilt meter behind ``loop://spoilt``."""

    def put(spoil: Spoil) -> None:
        def maker(options: Mapping[str, str]) -> SpoiltDevice:
            return SpoiltDevice(spoil)

        monkeypatch.setattr(site, "TransportFactory", partial(TransportFactory, LoopWorld(makers={"reference": maker})))

    return put


def silent(number: int, due: list[LinkEvent], now: float) -> list[LinkEvent]:
    """Say nothing."""
    return []


def garbage(number: int, due: list[LinkEvent], now: float) -> list[LinkEvent]:
    """Say what means nothing."""
    return [Send(due=now, data=bytes(range(0x80, 0xB0)))]


def flood(number: int, due: list[LinkEvent], now: float) -> list[LinkEvent]:
    """Send notifications without end, and never the answer."""
    notification = bytes.fromhex("000100010010000A 0F00000001000203110111021103".replace(" ", ""))
    return [Send(due=now + step / 10, data=notification) for step in range(2000)]


def closing(number: int, due: list[LinkEvent], now: float) -> list[LinkEvent]:
    """Hang up in the middle, and whenever asked again."""
    return due if number < 9 else [Close(due=now)]


def half(number: int, due: list[LinkEvent], now: float) -> list[LinkEvent]:
    """Swallow each fourth request after the first ones."""
    return [] if number > 8 and number % 4 == 0 else due
