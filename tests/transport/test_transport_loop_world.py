from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.transport import loop_world
from harness.transport.base import LineControl, Transport
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory, check_url


@dataclass(frozen=True)
class Octet:
    """One octet at a time."""

    due: float
    data: bytes
    kind: str = "send"


class PlainDevice:
    """A device that is its own link, gives octet n at the n-th of ``dues``, and has no line to set."""

    def __init__(self, dues: list[float]) -> None:
        self._events = [Octet(due, bytes([number])) for number, due in enumerate(dues)]

    def open(self, door: str, line_now: float) -> "PlainDevice":
        if door != "hdlc":
            raise ValueError(f"no door {door!r}; allowed: hdlc")
        return self

    def take_events(self) -> list[Octet]:
        taken, self._events = self._events, []
        return taken

    def next_due(self) -> float | None:
        return None

    def tick(self, line_now: float) -> None:
        raise AssertionError("never due")

    def receive(self, data: bytes, line_now: float) -> None:
        raise AssertionError("nothing is sent")

    def closed_by_peer(self, line_now: float) -> None:
        raise AssertionError("nothing is closed")

    def control(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"ok": False, "error": "no control here"}

    def fired(self) -> int:
        return 0


def make_plain(options: Mapping[str, str]) -> PlainDevice:
    if set(options) - {"colour"}:
        raise ValueError(f"unknown options {sorted(options)}; allowed: colour")
    return PlainDevice([])


def open_plain(world: LoopWorld) -> Transport:
    return TransportFactory(world).open(
        "loop://plain", door_id="d", protocol="hdlc", connect_timeout_s=1.0, key="k", link=1
    )


@given(dues=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30), deadline=st.floats(0.0, 120.0))
def test_what_is_due_by_the_deadline_arrives_at_its_time_and_in_order(dues: list[float], deadline: float) -> None:
    world = LoopWorld(makers={"plain": lambda options: PlainDevice(dues)})
    transport = open_plain(world)
    arrived = b""
    while data := transport.receive(deadline):
        arrived += data
        assert world.now == dues[data[-1]]
    expected = sorted((number for number, due in enumerate(dues) if due <= deadline), key=lambda number: dues[number])
    assert arrived == bytes(expected)
    assert world.now == deadline


def test_link_without_a_line_takes_no_offence_at_a_change() -> None:
    transport = open_plain(LoopWorld(makers={"plain": make_plain}))
    assert isinstance(transport, LineControl)
    transport.set_line(300, "7E1")
    assert transport.receive(1.0) == b""


class Loaded:
    """An entry point of the plain device."""

    @staticmethod
    def load() -> object:
        return make_plain


@pytest.fixture
def plain_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_world, "_entries", lambda: {"plain": Loaded()})


@pytest.mark.usefixtures("plain_is_installed")
def test_devices_are_found_by_entry_points() -> None:
    world = LoopWorld()
    assert world.device_for("loop://plain?colour=red") is world.device_for("loop://plain?colour=red&door=hdlc")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("loop://plain?taste=sweet", "unknown options ['taste']; allowed: colour"),
        ("loop://plain?door=side", "no door 'side'; allowed: hdlc"),
        ("loop://other", "unknown loop device 'other'; allowed: plain"),
    ],
)
@pytest.mark.usefixtures("plain_is_installed")
def test_check_refuses_what_the_device_would_refuse(url: str, message: str) -> None:
    check_url("loop://plain?colour=red", "hdlc")
    with pytest.raises(UsageError) as caught:
        check_url(url, "hdlc")
    assert message in str(caught.value)
    assert url in str(caught.value)
