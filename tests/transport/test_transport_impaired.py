from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConnectionLost
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Kind, Pair, checks_for
from harness.transport.impaired import ImpairedTransport
from harness.transport.impairment import Damage, Impairment
from harness.transport.urls import DoorUrl

if TYPE_CHECKING:
    from tests.transport.conftest import Event, LoopBench, LoopPeer

MakeEvent = Callable[..., "Event"]

DOORS: list[tuple[Kind, str]] = [
    ("stream", "impaired+loop://scripted"),
    ("stream", "impaired+loop://scripted?split=7&join=0.02&delay=0.01&seed=3"),
    ("stream", "impaired+impaired+loop://scripted?delay=0.01"),
    ("datagrams", "impaired+loop://scripted?door=wrapper-udp&delay=0.01"),
]


def drain(transport: Transport, taken: list[int]) -> None:
    """Receive for ever, keeping the lengths."""
    while True:
        taken.append(len(transport.receive(100.0)))


@pytest.mark.parametrize(
    ("url", "check"),
    [(url, check) for kind, url in DOORS for check in checks_for(kind)],
    ids=lambda value: value.name if isinstance(value, Check) else value,
)
def test_impaired_keeps_the_contract(
    url: str, check: Check, bench: "LoopBench", loop_peer: Callable[..., "LoopPeer"]
) -> None:
    def make_pair(_: str) -> Pair:
        transport, link = bench.open(url)
        return Pair(transport=transport, peer=loop_peer(bench.world, link), close=transport.close)

    check(make_pair)


def test_split_cuts_both_ways(bench: "LoopBench") -> None:
    transport, link = bench.open("impaired+loop://scripted?split=3&echo=on")
    transport.send(b"12345678")
    assert [data for data, _ in link.received] == [b"123", b"456", b"78"]
    assert [transport.receive(1.0) for _ in range(4)] == [b"123", b"456", b"78", b""]


def test_join_holds_octets_to_join_what_follows(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?join=0.5")
    link.events += [event(1.0, data=b"a"), event(1.4, data=b"b"), event(1.6, data=b"c")]
    assert (transport.receive(10.0), transport.now()) == (b"ab", 1.5)
    assert (transport.receive(10.0), round(transport.now(), 6)) == (b"c", 2.1)


def test_delay_counts_in_line_time_both_ways(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?delay=0.25")
    transport.send(b"request")
    assert link.received == [(b"request", 0.25)]
    link.events.append(event(1.0, data=b"answer"))
    assert transport.receive(1.1) == b""
    assert transport.now() == 1.1
    assert (transport.receive(10.0), transport.now()) == (b"answer", 1.25)


def test_what_arrives_while_a_send_is_delayed_is_kept_apart(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?delay=1&door=wrapper-udp")
    link.events += [event(0.1, data=b"one"), event(0.2, data=b"two")]
    transport.send(b"late")
    assert (transport.receive(5.0), transport.now()) == (b"one", 1.1)
    assert (transport.receive(5.0), transport.now()) == (b"two", 1.2)


def test_everything_may_be_dropped(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?drop=1")
    transport.send(b"lost")
    link.events += [event(float(at), data=b"lost too") for at in range(5)]
    assert link.received == []
    assert (transport.receive(10.0), transport.now()) == (b"", 10.0)


def test_every_octet_may_lose_one_bit(bench: "LoopBench") -> None:
    transport, link = bench.open("impaired+loop://scripted?flip=1")
    transport.send(bytes(100))
    assert {octet.bit_count() for octet in link.received[0][0]} == {1}


def test_same_seed_and_connection_give_the_same_line() -> None:
    settings, _ = Impairment.from_url(DoorUrl.parse("impaired+tcp://h:1?drop=0.3&flip=0.1&seed=7&split=10"))

    def line(name: str) -> list[bytes]:
        damage = Damage(settings, name)
        return [damage.damaged(piece) for piece in damage.pieces(bytes(1000))]

    assert line("k/d1/1") == line("k/d1/1")
    assert line("k/d1/1") != line("k/d1/2")
    assert b"" in line("k/d1/1")


def test_another_seed_gives_another_line() -> None:
    lines = set()
    for seed in range(5):
        settings, _ = Impairment.from_url(DoorUrl.parse(f"impaired+tcp://h:1?flip=0.1&seed={seed}"))
        lines.add(Damage(settings, "k").damaged(bytes(200)))
    assert len(lines) == 5


@given(chunks=st.lists(st.binary(min_size=1, max_size=40)), cuts=st.integers(1, 9))
def test_flips_depend_on_the_place_in_the_stream_and_not_on_its_cuts(chunks: list[bytes], cuts: int) -> None:
    settings, _ = Impairment.from_url(DoorUrl.parse("impaired+tcp://h:1?flip=0.5&seed=1"))
    whole = b"".join(chunks)
    one, other = Damage(settings, "k"), Damage(settings, "k")
    recut = [whole[at : at + cuts] for at in range(0, len(whole), cuts)]
    assert b"".join(map(one.damaged, chunks)) == b"".join(map(other.damaged, recut))


def test_loss_comes_after_what_was_held(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?delay=0.5&split=2")
    link.events += [event(1.0, data=b"abc"), event(1.1, "close")]
    assert transport.receive(10.0) == b"ab"
    assert transport.receive(10.0) == b"c"
    with pytest.raises(ConnectionLost):
        transport.receive(10.0)
    with pytest.raises(ConnectionLost):
        transport.send(b"x")


def test_flood_within_the_delay_ends(bench: "LoopBench", event: MakeEvent) -> None:
    transport, link = bench.open("impaired+loop://scripted?delay=60")
    link.events += [event(at / 10, data=bytes(60_000)) for at in range(400)]
    taken: list[int] = []
    with pytest.raises(ConnectionLost, match=r"flood: \d+ octets on their way"):
        drain(transport, taken)
    assert 16_000_000 < sum(taken) < 17_000_000


def test_line_control_is_passed_through(bench: "LoopBench") -> None:
    transport, link = bench.open("impaired+loop://scripted")
    assert isinstance(transport, LineControl)
    transport.set_line(300, "7E1")
    assert link.lines == [(300, "7E1", 0.0)]


def test_line_without_control_stays_without() -> None:
    class Pipe:
        def send(self, data: bytes) -> None:
            raise AssertionError("not used here")

        def receive(self, deadline: float) -> bytes:
            raise AssertionError("not used here")

        def now(self) -> float:
            return 3.0

        def close(self) -> None:
            raise AssertionError("not used here")

    settings, _ = Impairment.from_url(DoorUrl.parse("impaired+tcp://h:1"))
    impaired = ImpairedTransport(Pipe(), settings, name="k")
    assert impaired.now() == 3.0
    assert not isinstance(impaired, LineControl)
