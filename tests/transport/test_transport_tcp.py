import errno
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from harness.errors import ConnectionLost, PortGone
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Pair, checks_for
from harness.transport.tcp import TcpTransport


class StreamPeer:
    """The far side of a stream socket; a thread writes, so that ``send`` returns at once."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.connection.settimeout(1.0)
        self._threads: list[threading.Thread] = []

    def send(self, data: bytes) -> None:
        if len(data) <= 1024:
            self.connection.sendall(data)
        else:
            self._threads.append(threading.Thread(target=self.connection.sendall, args=(data,)))
            self._threads[-1].start()

    def receive(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length and (data := self.connection.recv(length - len(received))):
            received += data
        return bytes(received)

    def hang_up(self) -> None:
        for thread in self._threads:
            thread.join()
        self.connection.close()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def pair(listener: socket.socket, open_url: Callable[[str], Transport]) -> Iterator[tuple[Transport, StreamPeer]]:
    transport = open_url(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    peer = StreamPeer(listener.accept()[0])
    yield transport, peer
    peer.hang_up()
    transport.close()


@pytest.mark.parametrize("check", checks_for("stream"), ids=lambda check: check.name)
def test_tcp_keeps_the_contract(check: Check, pair: tuple[Transport, StreamPeer]) -> None:
    transport, peer = pair
    check(lambda name: Pair(transport=transport, peer=peer, close=lambda: None))


def test_ipv6_literal(open_url: Callable[[str], Transport]) -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this computer has no IPv6 loopback")
    with server:
        transport = open_url(f"tcp://[::1]:{server.getsockname()[1]}")
        connection = server.accept()[0]
        transport.send(b"six")
        assert connection.recv(10) == b"six"
        connection.close()
        transport.close()


def test_refused_connection_is_port_gone_and_names_the_address(open_url: Callable[[str], Transport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(PortGone, match=rf"tcp host 127\.0\.0\.1 port {port} cannot be reached: Connection refused"):
        open_url(f"tcp://127.0.0.1:{port}")


def test_connect_that_is_never_answered_ends_at_its_timeout(listener: socket.socket) -> None:
    # A full backlog leaves further connections without an answer.
    from harness.transport.urls import TransportFactory

    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(full.getsockname())
    url = f"tcp://127.0.0.1:{full.getsockname()[1]}"
    begun = time.monotonic()
    with pytest.raises(PortGone, match="cannot be reached: timed out"):
        TransportFactory().open(url, door_id="d", protocol="wrapper", connect_timeout_s=0.2, key="k", link=1)
    assert 0.15 < time.monotonic() - begun < 1.0
    for one in [*waiting, full]:
        one.close()


def test_no_delay_is_set_so_that_small_requests_leave_at_once(pair: tuple[Transport, StreamPeer]) -> None:
    transport, _ = pair
    assert isinstance(transport, TcpTransport)
    assert transport._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_reset_is_connection_lost(pair: tuple[Transport, StreamPeer]) -> None:
    transport, peer = pair
    peer.reset()
    with pytest.raises(ConnectionLost, match="Connection reset by peer"):
        transport.receive(transport.now() + 1.0)
    with pytest.raises(ConnectionLost):
        transport.send(b"x" * 10)
    with pytest.raises(ConnectionLost, match="an earlier send was cut short"):
        transport.send(b"x" * 10)


def test_half_open_peer_still_takes_octets_and_its_end_is_seen(pair: tuple[Transport, StreamPeer]) -> None:
    transport, peer = pair
    peer.connection.sendall(b"bye")
    peer.connection.shutdown(socket.SHUT_WR)
    transport.send(b"still there?")
    assert peer.receive(12) == b"still there?"
    assert transport.receive(transport.now() + 1.0) == b"bye"
    with pytest.raises(ConnectionLost, match="closed the connection"):
        transport.receive(transport.now() + 1.0)


def test_peer_that_never_reads_does_not_hang_the_sender(listener: socket.socket) -> None:
    client = socket.create_connection(listener.getsockname())
    connection = listener.accept()[0]
    transport = TcpTransport(client, name="meter", send_timeout_s=0.2)
    begun = time.monotonic()
    with pytest.raises(ConnectionLost, match=r"meter did not take all octets in 0\.2 s"):
        transport.send(bytes(32_000_000))
    assert time.monotonic() - begun < 1.0
    with pytest.raises(ConnectionLost, match="an earlier send was cut short"):
        transport.send(b"more")
    transport.close()
    connection.close()


def test_flood_comes_in_bounded_parts(pair: tuple[Transport, StreamPeer]) -> None:
    transport, peer = pair
    peer.send(bytes(300_000))
    received = 0
    while received < 300_000:
        data = transport.receive(transport.now() + 1.0)
        assert 0 < len(data) <= 65_536
        received += len(data)


def test_infinite_deadline_is_allowed(pair: tuple[Transport, StreamPeer]) -> None:
    transport, peer = pair
    peer.send(b"x")
    assert transport.receive(float("inf")) == b"x"


def test_use_after_close_is_our_mistake(pair: tuple[Transport, StreamPeer]) -> None:
    transport, _ = pair
    transport.close()
    with pytest.raises(ValueError, match="used after close"):
        transport.receive(transport.now())
    with pytest.raises(ValueError, match="used after close"):
        transport.send(b"x")


def test_no_way_to_the_host_any_more_is_the_labs_fault(listener: socket.socket) -> None:
    class Unplugged(socket.socket):
        def recv(self, size: int, flags: int = 0, /) -> bytes:
            raise OSError(errno.EHOSTUNREACH, "No route to host")

    client = Unplugged()
    client.connect(listener.getsockname())
    transport = TcpTransport(client, name="meter")
    with pytest.raises(PortGone, match="meter: no way there any more: No route to host"):
        transport.receive(transport.now() + 1.0)
    transport.close()


def test_bad_line_around_tcp(listener: socket.socket, open_url: Callable[[str], Transport]) -> None:
    transport = open_url(f"impaired+tcp://127.0.0.1:{listener.getsockname()[1]}?split=2&delay=0.02")
    peer = StreamPeer(listener.accept()[0])
    assert not isinstance(transport, LineControl)
    transport.send(b"12345")
    assert peer.receive(5) == b"12345"
    peer.send(b"abc")
    begun = transport.now()
    assert transport.receive(begun + 1.0) == b"ab"
    assert transport.receive(begun + 1.0) == b"c"
    assert transport.now() - begun >= 0.02
    transport.close()
    peer.hang_up()


def test_tcp_has_no_line_control(pair: tuple[Transport, StreamPeer]) -> None:
    assert not isinstance(pair[0], LineControl)
