"""A contract test is worth what it catches: each wrong transport here must break exactly the promise it breaks."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from harness.errors import ConnectionLost
from harness.transport.base import Transport
from harness.transport.contract import ContractBroken, Kind, Pair, check_transport, checks_for

if TYPE_CHECKING:
    from tests.transport.conftest import LoopBench, LoopPeer


class Right:
    """A transport that passes everything through."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner

    def send(self, data: bytes) -> None:
        self.inner.send(data)

    def receive(self, deadline: float) -> bytes:
        return self.inner.receive(deadline)

    def now(self) -> float:
        return self.inner.now()

    def close(self) -> None:
        self.inner.close()


class EatsInterrupts(Right):
    def send(self, data: bytes) -> None:
        self.inner.send(data.replace(b"\x03", b""))


class StripsHighBits(Right):
    def receive(self, deadline: float) -> bytes:
        return bytes(octet & 0x7F for octet in self.inner.receive(deadline))


class Reverses(Right):
    """Gives the newest octets first."""

    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        return data if len(set(data)) > 100 else data[::-1]


class GivesUpEarly(Right):
    def receive(self, deadline: float) -> bytes:
        return self.inner.receive(deadline - 0.05)


class OverstaysItsDeadline(Right):
    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        if not data:
            self.inner.receive(deadline + 1.0)
        return data


class SleepsAtTheDeadline(Right):
    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        if not data:
            time.sleep(0.25)
        return data


class LosesTheFirstAfterSilence(Right):
    quiet = False

    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        data, self.quiet = (data[1:] if self.quiet else data), not data
        return data


class WaitsOutTheDeadline(Right):
    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        self.inner.receive(deadline)
        return data


class ClosesOnce(Right):
    closed = False

    def close(self) -> None:
        if self.closed:
            raise OSError("closed already")
        self.closed = True
        self.inner.close()


class HidesTheEnd(Right):
    def receive(self, deadline: float) -> bytes:
        try:
            return self.inner.receive(deadline)
        except ConnectionLost:
            return b""


class EndsBeforeTheRest(Right):
    def receive(self, deadline: float) -> bytes:
        data = self.inner.receive(deadline)
        if data:
            self.inner.receive(self.now())
        return data


class GivesTooMuch(Right):
    def receive(self, deadline: float) -> bytes:
        data = more = self.inner.receive(deadline)
        while more:
            more = self.inner.receive(self.now())
            data += more
        return data


class JoinsDatagrams(GivesTooMuch):
    """The same fault on a datagram door."""


WRONG: list[tuple[type[Right], Kind, str]] = [
    (EatsInterrupts, "stream", "octets_arrive_unchanged: sent: 264 octets for 266, first different at offset 3"),
    (StripsHighBits, "stream", "octets_arrive_unchanged: received: 266 octets for 266, first different at offset 128"),
    (Reverses, "stream", "order_is_kept: received"),
    (GivesUpEarly, "stream", "deadline_is_kept: gave up 0.05 s before the deadline"),
    (OverstaysItsDeadline, "stream", "deadline_is_kept: waited"),
    (SleepsAtTheDeadline, "stream", "deadline_is_kept: waited"),
    (LosesTheFirstAfterSilence, "stream", "deadline_is_kept: received after a deadline: 3 octets for 4"),
    (WaitsOutTheDeadline, "stream", "octets_end_the_wait: line time went back, or on to the deadline"),
    (HidesTheEnd, "stream", "end_follows_the_rest: the far side has closed, and receive gives b''"),
    (GivesTooMuch, "stream", "much_is_carried: one receive gave 200000 octets"),
    (JoinsDatagrams, "datagrams", "borders_are_kept: received datagram: 2103 octets for 1"),
]


@pytest.fixture
def make_pair(bench: "LoopBench", loop_peer: Callable[..., "LoopPeer"]) -> Callable[[type[Right], Kind], Pair]:
    def made(wrap: type[Right], kind: Kind) -> Pair:
        transport, link = bench.open("loop://scripted?door=" + ("wrapper-udp" if kind == "datagrams" else "hdlc"))
        wrapped = wrap(transport)
        return Pair(transport=wrapped, peer=loop_peer(bench.world, link), close=transport.close)

    return made


MakePair = Callable[[type[Right], Kind], Pair]


@pytest.mark.parametrize("kind", ["stream", "datagrams"])
def test_right_transport_passes(kind: Kind, make_pair: MakePair) -> None:
    check_transport(lambda name: make_pair(Right, kind), kind)


@pytest.mark.parametrize(("wrong", "kind", "message"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_wrong_transport_is_caught(wrong: type[Right], kind: Kind, message: str, make_pair: MakePair) -> None:
    name = message.partition(":")[0]
    check = next(check for check in checks_for(kind) if check.name == name)
    with pytest.raises(ContractBroken, match=message):
        check(lambda name: make_pair(wrong, kind))
    with pytest.raises(ContractBroken):
        check_transport(lambda name: make_pair(wrong, kind), kind)


@pytest.mark.parametrize(
    ("wrong", "error", "name"),
    [
        (ClosesOnce, OSError, "closing_twice_is_harmless"),
        (EndsBeforeTheRest, ConnectionLost, "end_follows_the_rest"),
    ],
)
def test_transport_that_raises_fails_with_its_own_error(
    wrong: type[Right], error: type[Exception], name: str, make_pair: MakePair
) -> None:
    check = next(check for check in checks_for("stream") if check.name == name)
    with pytest.raises(error):
        check(lambda name: make_pair(wrong, "stream"))


def test_port_whose_end_is_hidden_is_caught(make_pair: MakePair) -> None:
    check = next(check for check in checks_for("line") if check.name == "a_port_that_goes_is_reported")
    with pytest.raises(ContractBroken, match="gives b'' instead of PortGone"):
        check(lambda name: make_pair(HidesTheEnd, "stream"))


def test_pair_is_closed_whatever_happens(make_pair: MakePair) -> None:
    closed: list[str] = []

    def made(name: str) -> Pair:
        pair = make_pair(EatsInterrupts, "stream")
        return Pair(transport=pair.transport, peer=pair.peer, close=lambda: closed.append(name))

    with pytest.raises(ContractBroken):
        check_transport(made, "stream")
    assert closed == ["octets_arrive_unchanged"]
