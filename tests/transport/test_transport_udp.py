import errno
import socket
from collections.abc import Callable, Iterator

import pytest

from harness.errors import PortGone
from harness.transport.base import Transport
from harness.transport.contract import Check, Pair, checks_for


class DatagramPeer:
    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(1.0)
        self._client: tuple[str, int] | None = None

    @property
    def url(self) -> str:
        return f"udp://127.0.0.1:{self.socket.getsockname()[1]}"

    def connect(self, transport: Transport) -> None:
        """Learn the other side's address from an empty datagram, which no check ever sees."""
        transport.send(b"")
        self._client = self.socket.recvfrom(1)[1]

    def send(self, data: bytes) -> None:
        assert self._client is not None
        self.socket.sendto(data, self._client)

    def receive(self, length: int) -> bytes:
        return self.socket.recv(65_536)

    def hang_up(self) -> None:
        self.socket.close()


@pytest.fixture
def pair(open_url: Callable[[str], Transport]) -> Iterator[tuple[Transport, DatagramPeer]]:
    peer = DatagramPeer()
    transport = open_url(peer.url)
    peer.connect(transport)
    yield transport, peer
    transport.close()
    peer.hang_up()


@pytest.mark.parametrize("check", checks_for("datagrams"), ids=lambda check: check.name)
def test_udp_keeps_the_contract(check: Check, pair: tuple[Transport, DatagramPeer]) -> None:
    transport, peer = pair
    check(lambda name: Pair(transport=transport, peer=peer, close=lambda: None))


def test_largest_datagram_arrives_whole(pair: tuple[Transport, DatagramPeer]) -> None:
    transport, peer = pair
    largest = bytes(65_507)
    peer.send(largest)
    assert transport.receive(transport.now() + 1.0) == largest


def test_datagram_that_is_too_long_is_our_mistake(pair: tuple[Transport, DatagramPeer]) -> None:
    with pytest.raises(ValueError, match="65508 octets do not fit in a datagram"):
        pair[0].send(bytes(65_508))


def test_empty_datagrams_neither_end_the_wait_nor_prolong_it(pair: tuple[Transport, DatagramPeer]) -> None:
    transport, peer = pair
    for datagram in (b"", b"", b"x", b""):
        peer.send(datagram)
    assert transport.receive(transport.now() + 1.0) == b"x"
    deadline = transport.now() + 0.05
    assert transport.receive(deadline) == b""
    assert deadline <= transport.now() < deadline + 0.5


def test_datagrams_of_others_are_not_heard(pair: tuple[Transport, DatagramPeer]) -> None:
    transport, peer = pair
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        assert peer._client is not None
        stranger.sendto(b"not from the meter", peer._client)
        assert transport.receive(transport.now() + 0.05) == b""


def test_nobody_listening_is_port_gone(pair: tuple[Transport, DatagramPeer]) -> None:
    transport, peer = pair
    peer.hang_up()
    transport.send(b"anyone?")
    with pytest.raises(PortGone, match="Connection refused"):
        transport.receive(transport.now() + 1.0)


def test_unknown_host_is_port_gone(open_url: Callable[[str], Transport], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(PortGone, match="udp host meter port 4059 has no address: Name or service not known"):
        open_url("udp://meter:4059")


def test_host_without_a_route_is_port_gone(
    open_url: Callable[[str], Transport], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    with pytest.raises(PortGone, match=r"udp host 192\.0\.2\.1 port 4059: Network is unreachable"):
        open_url("udp://192.0.2.1:4059")


def test_use_after_close_is_our_mistake(pair: tuple[Transport, DatagramPeer]) -> None:
    transport, _ = pair
    transport.close()
    with pytest.raises(ValueError, match="used after close"):
        transport.receive(transport.now())
