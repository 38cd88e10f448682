"""The contract test that every transport passes, ours and third parties'.

::

    def test_my_transport_keeps_the_contract() -> None:
        check_transport(make_pair, "stream")

``make_pair(check)`` opens a fresh transport and its far side for the check of that name. A ``stream`` has a
beginning and an end, a ``line`` (serial) only octets, ``datagrams`` keep their borders, a ``place`` outlives those who
connect to it. A broken promise is a ``ContractBroken`` that names the check.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from harness.errors import ConnectionLost, PortGone
from harness.transport.base import Transport

__all__ = ["Check", "ContractBroken", "Kind", "Pair", "Peer", "check_transport", "checks_for"]

Kind = Literal["stream", "line", "datagrams", "place"]

_PATIENCE_S = 1.5
_SLACK_S = 0.5
_QUIET_S = 0.1
_PIECE_OCTETS = 1000
_LONGEST_RECEIVE_OCTETS = 65_536
_LARGE_OCTETS = {"stream": 200_000, "line": 8_000, "place": 200_000}
_EVERY_OCTET = bytes(range(256)) + bytes([0x7E, 0x7D, 0xFF, 0xFF, 0x0D, 0x0A, 0x11, 0x13, 0x00, 0x03])


class ContractBroken(AssertionError):
    """A transport does not do what ``harness.transport.base`` promises."""


class Peer(Protocol):
    """The far side of the line, as the test holds it."""

    def send(self, data: bytes) -> None:
        """Put octets (or one datagram) on the line; returns at once, also where nobody reads yet."""

    def receive(self, length: int) -> bytes:
        """Return the next ``length`` octets, or one datagram; less after about a second without any."""

    def hang_up(self) -> None:
        """Close the far side after everything that it has sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A transport and its far side."""

    transport: Transport
    peer: Peer
    close: Callable[[], None]
    """Frees all that the pair holds; called after the check, whatever happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise and its test."""

    name: str
    run: Callable[[Transport, Peer], None]

    def __call__(self, make_pair: Callable[[str], Pair]) -> None:
        """Test the promise on a fresh pair."""
        pair = make_pair(self.name)
        try:
            self.run(pair.transport, pair.peer)
        except ContractBroken as broken:
            raise ContractBroken(f"{self.name}: {broken}") from broken
        finally:
            pair.close()


def check_transport(make_pair: Callable[[str], Pair], kind: Kind) -> None:
    """Run all checks for a kind of transport; raises ``ContractBroken`` at the first broken promise."""
    for check in checks_for(kind):
        check(make_pair)


def checks_for(kind: Kind) -> tuple[Check, ...]:
    """Return the checks one by one, for test frameworks that show each."""
    runs = [octets_arrive_unchanged, order_is_kept, deadline_is_kept, octets_end_the_wait, closing_twice_is_harmless]
    checks = [Check(name=run.__name__, run=run) for run in runs]
    if kind == "datagrams":
        return (*checks, Check(name="borders_are_kept", run=borders_are_kept))
    octets = _LARGE_OCTETS[kind]
    checks.append(Check(name="much_is_carried", run=lambda transport, peer: much_is_carried(transport, peer, octets)))
    ending = _ENDINGS[kind]
    return (*checks, Check(name=ending.__name__, run=ending))


def _require(promise: bool, broken: str) -> None:
    if not promise:
        raise ContractBroken(broken)


def _receive(transport: Transport, length: int) -> bytes:
    """Receive until ``length`` octets are there or nothing comes any more."""
    received = bytearray()
    while len(received) < length:
        data = transport.receive(transport.now() + _PATIENCE_S)
        if not data:
            break
        _require(len(data) <= _LONGEST_RECEIVE_OCTETS, f"one receive gave {len(data)} octets")
        received += data
    return bytes(received)


def _require_same(got: bytes, sent: bytes, where: str) -> None:
    if got != sent:
        at = next((at for at, pair in enumerate(zip(got, sent, strict=False)) if pair[0] != pair[1]), None)
        found = "all equal as far as they go" if at is None else f"first different at offset {at}"
        raise ContractBroken(f"{where}: {len(got)} octets for {len(sent)}, {found}")


def octets_arrive_unchanged(transport: Transport, peer: Peer) -> None:
    """Every octet value crosses both ways, those that terminals and Telnet treat specially too."""
    transport.send(_EVERY_OCTET)
    _require_same(peer.receive(len(_EVERY_OCTET)), _EVERY_OCTET, "sent")
    peer.send(_EVERY_OCTET)
    _require_same(_receive(transport, len(_EVERY_OCTET)), _EVERY_OCTET, "received")


def order_is_kept(transport: Transport, peer: Peer) -> None:
    """What is sent in many small parts arrives in their order."""
    parts = [bytes([number]) * (1 + number % 7) for number in range(40)]
    whole = b"".join(parts)
    for part in parts:
        transport.send(part)
    got = b""
    while len(got) < len(whole) and (more := peer.receive(len(whole) - len(got))):
        got += more
    _require_same(got, whole, "sent")
    for part in parts:
        peer.send(part)
    _require_same(_receive(transport, len(whole)), whole, "received")


def deadline_is_kept(transport: Transport, peer: Peer) -> None:
    """Nothing gives ``b""``, not before the deadline and not long after it; what comes later is not lost."""
    begun, started = transport.now(), time.monotonic()
    for wait_s in (_QUIET_S, 0.0, -1.0):
        deadline = transport.now() + wait_s
        _require(transport.receive(deadline) == b"", "octets that nobody has sent")
        _require(transport.now() >= deadline, f"gave up {deadline - transport.now():g} s before the deadline")
    took_s = max(transport.now() - begun, time.monotonic() - started)
    _require(took_s <= _QUIET_S + _SLACK_S, f"waited {took_s:g} s where {_QUIET_S:g} s were asked for")
    peer.send(b"late")
    _require_same(_receive(transport, 4), b"late", "received after a deadline")


def octets_end_the_wait(transport: Transport, peer: Peer) -> None:
    """A receive returns when octets are there, long before a distant deadline; time never goes back."""
    peer.send(b"\x01")
    begun, started = transport.now(), time.monotonic()
    _require(transport.receive(begun + 3600.0) == b"\x01", "one octet was sent and is due")
    _require(time.monotonic() - started < _PATIENCE_S, "an octet that was there was held back")
    _require(begun <= transport.now() < begun + 3600.0, "line time went back, or on to the deadline")


def closing_twice_is_harmless(transport: Transport, peer: Peer) -> None:
    """The second close does nothing, also with octets that nobody has read."""
    peer.send(b"unread")
    transport.send(b"\x02")
    transport.close()
    transport.close()


def much_is_carried(transport: Transport, peer: Peer, octets: int) -> None:
    """A long transfer crosses each way, in parts as the far side reads them."""
    pattern = bytes(number * 7 % 251 for number in range(octets))
    for start in range(0, octets, _PIECE_OCTETS):
        piece = pattern[start : start + _PIECE_OCTETS]
        transport.send(piece)
        _require_same(peer.receive(len(piece)), piece, f"sent, from octet {start}")
    peer.send(pattern)
    _require_same(_receive(transport, octets), pattern, "received")


def end_follows_the_rest(transport: Transport, peer: Peer) -> None:
    """After the far side has closed come the octets before it, then ``ConnectionLost``, again and again."""
    peer.send(b"last words")
    peer.hang_up()
    _require_same(_receive(transport, len(b"last words")), b"last words", "received after the far side had closed")
    for _ in range(2):
        try:
            data = transport.receive(transport.now() + _PATIENCE_S)
        except ConnectionLost:
            continue
        raise ContractBroken(f"the far side has closed, and receive gives {data!r} instead of ConnectionLost")


def a_port_that_goes_is_reported(transport: Transport, peer: Peer) -> None:
    """When the adapter vanishes the wait ends in ``PortGone``."""
    peer.hang_up()
    with suppress(PortGone):
        data = transport.receive(transport.now() + _PATIENCE_S)
        raise ContractBroken(f"the port has vanished, and receive gives {data!r} instead of PortGone")


def borders_are_kept(transport: Transport, peer: Peer) -> None:
    """Each datagram goes and comes as one, whatever its size and however late it is read."""
    datagrams = [bytes([number]) * size for number, size in enumerate((1, 1400, 2, 700))]
    for datagram in datagrams:
        transport.send(datagram)
    for datagram in datagrams:
        _require_same(peer.receive(len(datagram)), datagram, "sent datagram")
    for datagram in datagrams:
        peer.send(datagram)
    for datagram in datagrams:
        _require_same(transport.receive(transport.now() + _PATIENCE_S), datagram, "received datagram")


def a_place_is_left_without_a_word(transport: Transport, peer: Peer) -> None:
    """After the far side has gone come the octets before it, and then nothing until somebody else comes."""
    peer.send(b"last words")
    peer.hang_up()
    _require_same(_receive(transport, len(b"last words")), b"last words", "received after the far side had gone")
    deadline = transport.now() + _QUIET_S
    _require(transport.receive(deadline) == b"", "octets that nobody has sent")
    _require(transport.now() >= deadline, "gave up before the deadline")


_ENDINGS: Final = {
    "stream": end_follows_the_rest,
    "line": a_port_that_goes_is_reported,
    "place": a_place_is_left_without_a_word,
}
