import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from harness.errors import ConnectionLost, UsageError
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Kind, Pair, checks_for
from harness.transport.loop_world import LoopWorld, split_door
from harness.transport.urls import DoorUrl, TransportFactory

if TYPE_CHECKING:
    from tests.transport.conftest import Event, LoopBench, LoopPeer, ScriptedLink

MakeEvent = Callable[..., "Event"]

DOORS: list[tuple[Kind, str]] = [("stream", "hdlc"), ("datagrams", "wrapper-udp")]


def drain(transport: Transport, taken: list[int]) -> None:
    """Receive for ever, keeping the lengths."""
    while True:
        taken.append(len(transport.receive(100.0)))


@pytest.mark.parametrize(
    ("door", "check"),
    [(door, check) for kind, door in DOORS for check in checks_for(kind)],
    ids=lambda value: value.name if isinstance(value, Check) else value,
)
def test_loop_keeps_the_contract(
    door: str, check: Check, bench: "LoopBench", loop_peer: Callable[..., "LoopPeer"]
) -> None:
    def make_pair(_: str) -> Pair:
        transport, link = bench.open(f"loop://scripted?door={door}")
        return Pair(transport=transport, peer=loop_peer(bench.world, link), close=transport.close)

    check(make_pair)


def test_echo_device_gives_back_what_it_gets(bench: "LoopBench") -> None:
    transport, _ = bench.open("loop://scripted?echo=on")
    transport.send(b"hello")
    assert transport.receive(1.0) == b"hello"


def test_waiting_costs_no_time(bench: "LoopBench") -> None:
    transport, _ = bench.open()
    begun = time.monotonic()
    assert transport.receive(transport.now() + 365 * 86_400) == b""
    assert transport.now() == 365 * 86_400
    assert time.monotonic() - begun < 0.5


def test_events_come_at_their_due_time_and_in_its_order(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events += [event(3.0, data=b"third"), event(1.0, data=b"first"), event(2.0, data=b"second")]
    assert transport.receive(10.0) == b"first"
    assert transport.now() == 1.0
    assert transport.receive(1.5) == b""
    assert transport.now() == 1.5
    assert (transport.receive(10.0), transport.now()) == (b"second", 2.0)
    assert (transport.receive(10.0), transport.now()) == (b"third", 3.0)


def test_octets_due_together_arrive_together_and_in_order(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events += [event(1.0, data=b"a"), event(1.0, data=b""), event(1.0, data=b"b"), event(1.1, data=b"c")]
    assert transport.receive(10.0) == b"ab"


def test_event_exactly_at_the_deadline_is_in_time(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events.append(event(2.0, data=b"just"))
    assert transport.receive(2.0) == b"just"


def test_sent_octets_reach_the_device_at_line_time(bench: "LoopBench") -> None:
    transport, link = bench.open()
    transport.receive(5.0)
    transport.send(b"x")
    assert link.received == [(b"x", 5.0)]


def test_links_share_the_clock_and_keep_their_octets(bench: "LoopBench", event: MakeEvent) -> None:
    one, one_link = bench.open("loop://scripted?colour=red")
    two, two_link = bench.open("loop://scripted?colour=blue", protocol="hdlc")
    one_link.events.append(event(2.0, data=b"for one"))
    two_link.events.append(event(1.0, data=b"for two"))
    assert one.receive(10.0) == b"for one"
    assert two.now() == 2.0
    assert two.receive(2.0) == b"for two"
    assert two_link.door == "hdlc"


def test_device_is_ticked_when_it_is_due(bench: "LoopBench") -> None:
    transport, link = bench.open()
    link.device.pushes += [4.0, 9.0]
    assert (transport.receive(20.0), transport.now()) == (b"push 4", 4.0)
    assert (transport.receive(20.0), transport.now()) == (b"push 9", 9.0)
    assert link.device.ticks == [4.0, 9.0]
    assert transport.receive(20.0) == b""


def test_close_comes_after_the_octets_before_it(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events += [event(2.0, "close"), event(1.0, data=b"rest"), event(3.0, data=b"from the grave")]
    assert transport.receive(10.0) == b"rest"
    with pytest.raises(ConnectionLost, match="the device closed the connection"):
        transport.receive(10.0)
    assert transport.now() == 2.0
    with pytest.raises(ConnectionLost):
        transport.send(b"x")
    with pytest.raises(ConnectionLost):
        transport.receive(10.0)


def test_send_finds_a_close_that_is_due_by_now(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events.append(event(0.0, "close"))
    with pytest.raises(ConnectionLost):
        transport.send(b"x")
    assert link.received == []


def test_closing_tells_the_device_once_and_drops_what_was_under_way(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    other, other_link = bench.open()
    link.events.append(event(1.0, data=b"never read"))
    other_link.events.append(event(2.0, data=b"read"))
    assert other.receive(0.5) == b""
    transport.close()
    transport.close()
    assert link.closed_at == 0.5
    assert (other.receive(5.0), other.now()) == (b"read", 2.0)


def test_line_changes_are_passed_on_and_accepted(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events.append(event(1.0, "set_line", baud=9600, framing="8N1"))
    assert transport.receive(2.0) == b""
    assert isinstance(transport, LineControl)
    transport.set_line(300, "7E1")
    assert link.lines == [(300, "7E1", 2.0)]


def test_unknown_kind_of_event_is_a_mistake_of_the_device(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events.append(event(1.0, "explode"))
    with pytest.raises(ValueError, match="unknown kind 'explode'"):
        transport.receive(2.0)


def test_flood_of_octets_comes_in_bounded_parts(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open()
    link.events += [event(0.0, data=bytes(50_000)) for _ in range(4)]
    lengths = []
    while data := transport.receive(1.0):
        lengths.append(len(data))
    assert lengths == [65_536, 65_536, 65_536, 3_392]


def test_flood_of_empty_events_at_one_instant_ends(bench: "LoopBench", monkeypatch: pytest.MonkeyPatch) -> None:
    transport, link = bench.open()
    monkeypatch.setattr(link.device, "next_due", lambda: 1.0)
    with pytest.raises(ConnectionLost, match="flood: over 100000 events at line time 1 s"):
        transport.receive(10.0)
    with pytest.raises(ConnectionLost, match="flood"):
        transport.send(b"x")


def test_flood_that_nobody_reads_ends_that_link_only(bench: "LoopBench", event: MakeEvent) -> None:
    quiet, _ = bench.open()
    flooded, link = bench.open()
    link.events += [event(float(at), data=bytes(1_000_000)) for at in range(20)]
    assert quiet.receive(100.0) == b""
    taken: list[int] = []
    with pytest.raises(ConnectionLost, match="flood: 17000000 octets that nobody has read"):
        drain(flooded, taken)
    assert sum(taken) == 17_000_000


def test_equal_options_are_one_device_whatever_the_door(bench: "LoopBench") -> None:
    _, one = bench.open("loop://scripted?door=hdlc&colour=red&echo=on")
    _, two = bench.open("loop://scripted?echo=on&colour=red")
    _, other = bench.open("loop://scripted?colour=blue")
    assert one.device is two.device
    assert one.device is not other.device
    assert one.device.options == {"colour": "red", "echo": "on"}
    assert bench.world.device("scripted", {"echo": "on", "colour": "red"}) is one.device


def test_bench_reaches_the_device_through_impairments(bench: "LoopBench") -> None:
    _, link = bench.open("impaired+loop://scripted?split=3&colour=red")
    device = bench.world.device_for("loop://scripted?colour=red&door=hdlc")
    assert device is link.device
    assert device.control({"op": "now"}) == {"ok": True, "request": {"op": "now"}}


def test_overrides_hold_for_every_device(bench: "LoopBench") -> None:
    world = LoopWorld({"deviation": "answers-late"}, bench.world._makers)
    device = world.device_for("loop://scripted?colour=red&deviation=none")
    assert device is world.device("scripted", {"colour": "red"})
    assert device.options == {"colour": "red", "deviation": "answers-late"}  # type: ignore[attr-defined]  # the scripted device's own


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("loop://scripted?taste=sweet", "unknown option 'taste'; allowed: colour, deviation, echo"),
        ("loop://scripted?door=side", "no door 'side'; allowed: hdlc, wrapper, wrapper-udp"),
        ("loop://other", "unknown loop device 'other'; allowed: gateway, reference, scripted"),
    ],
)
def test_wrong_device_option_or_door_is_a_usage_error(url: str, message: str, bench: "LoopBench") -> None:
    with pytest.raises(UsageError) as caught:
        bench.open(url)
    assert message in str(caught.value)
    assert url in str(caught.value)


def test_only_loop_urls_have_a_device() -> None:
    with pytest.raises(UsageError, match="no loop device here"):
        split_door(DoorUrl.parse("tcp://host:1"))


def test_factory_brings_its_own_world() -> None:
    assert isinstance(TransportFactory().world, LoopWorld)
    assert TransportFactory().world is not TransportFactory().world


def test_many_links_keep_apart(bench: "LoopBench", event: MakeEvent) -> None:
    opened = [bench.open() for _ in range(50)]
    links: list[ScriptedLink] = [link for _, link in opened]
    for number, link in enumerate(links):
        link.events.append(event(float(number), data=bytes([number])))
    for number, (transport, _) in reversed(list(enumerate(opened))):
        assert transport.receive(100.0) == bytes([number])
    assert bench.world.now == 49.0


def test_use_after_close_is_our_mistake(bench: "LoopBench") -> None:
    transport, _ = bench.open()
    transport.close()
    with pytest.raises(ValueError, match="used after close"):
        transport.send(b"x")
