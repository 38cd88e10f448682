import socket
import time
from collections.abc import Callable, Iterator

import pytest

from harness.errors import ConnectionLost, PortGone, UsageError
from harness.transport.base import Transport
from harness.transport.contract import Check, Pair, checks_for


class ComingPeer:
    """A device that connects by itself."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=1.0)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def receive(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length and (data := self.connection.recv(length - len(received))):
            received += data
        return bytes(received)

    def hang_up(self) -> None:
        self.connection.close()


class ComingDatagrams:
    """A device that sends datagrams by itself."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(1.0)

    def send(self, data: bytes) -> None:
        self.socket.send(data)

    def receive(self, length: int) -> bytes:
        return self.socket.recv(65_536)

    def hang_up(self) -> None:
        self.socket.close()


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def stream(open_url: Callable[[str], Transport]) -> Iterator[tuple[Transport, ComingPeer]]:
    port = free_port(socket.SOCK_STREAM)
    transport = open_url(f"tcp-listen://127.0.0.1:{port}")
    peer = ComingPeer(port)
    yield transport, peer
    peer.hang_up()
    transport.close()


@pytest.fixture
def datagrams(open_url: Callable[[str], Transport]) -> Iterator[tuple[Transport, ComingDatagrams]]:
    port = free_port(socket.SOCK_DGRAM)
    transport = open_url(f"udp-listen://127.0.0.1:{port}")
    peer = ComingDatagrams(port)
    # An empty datagram, which no check ever sees, tells where the device is.
    peer.send(b"")
    assert transport.receive(transport.now() + 0.05) == b""
    yield transport, peer
    transport.close()
    peer.hang_up()


@pytest.mark.parametrize("check", checks_for("place"), ids=lambda check: check.name)
def test_tcp_listen_keeps_the_contract(check: Check, stream: tuple[Transport, ComingPeer]) -> None:
    transport, peer = stream
    check(lambda name: Pair(transport=transport, peer=peer, close=lambda: None))


@pytest.mark.parametrize("check", checks_for("datagrams"), ids=lambda check: check.name)
def test_udp_listen_keeps_the_contract(check: Check, datagrams: tuple[Transport, ComingDatagrams]) -> None:
    transport, peer = datagrams
    check(lambda name: Pair(transport=transport, peer=peer, close=lambda: None))


@pytest.mark.parametrize("scheme", ["tcp-listen", "udp-listen"])
def test_nobody_comes(scheme: str, open_url: Callable[[str], Transport]) -> None:
    kind = socket.SOCK_STREAM if scheme == "tcp-listen" else socket.SOCK_DGRAM
    transport = open_url(f"{scheme}://127.0.0.1:{free_port(kind)}")
    begun = time.monotonic()
    assert transport.receive(begun + 0.1) == b""
    assert 0.1 <= time.monotonic() - begun < 0.6
    with pytest.raises(ConnectionLost, match="nobody has"):
        transport.send(b"hello")
    transport.close()


@pytest.mark.parametrize("scheme", ["tcp-listen", "udp-listen"])
def test_a_place_that_is_taken(scheme: str, open_url: Callable[[str], Transport]) -> None:
    kind = socket.SOCK_STREAM if scheme == "tcp-listen" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(PortGone, match="cannot be listened at"):
            open_url(f"{scheme}://127.0.0.1:{other.getsockname()[1]}")


def test_one_device_after_the_other(open_url: Callable[[str], Transport]) -> None:
    port = free_port(socket.SOCK_STREAM)
    for _ in range(2):
        transport = open_url(f"tcp-listen://127.0.0.1:{port}")
        for word in (b"one", b"two"):
            peer = ComingPeer(port)
            peer.send(word)
            peer.hang_up()
        assert [transport.receive(transport.now() + 1.0) for _ in range(2)] == [b"one", b"two"]
        transport.close()


@pytest.mark.parametrize("url", ["tcp-listen://host", "udp-listen://127.0.0.1:0", "tcp-listen://h:1?baud=9600"])
def test_wrong_urls(url: str, open_url: Callable[[str], Transport]) -> None:
    with pytest.raises(UsageError):
        open_url(url)
