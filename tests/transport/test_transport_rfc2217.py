import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from serial import rfc2217

from harness.errors import PortGone
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Pair, checks_for


class FakeUart:
    """The serial port behind the port server: it only remembers what it was set to."""

    def __init__(self) -> None:
        self.baudrate, self.bytesize, self.parity, self.stopbits = 9600, 8, "N", 1
        self.cts = self.dsr = self.ri = self.cd = False
        self.dtr = self.rts = True
        self.xonxoff = self.rtscts = False
        self.seen: list[tuple[int, str]] = []

    @property
    def framing(self) -> str:
        return f"{self.bytesize}{self.parity}{self.stopbits}"

    def reset_input_buffer(self) -> None:
        """Nothing is buffered here."""

    def reset_output_buffer(self) -> None:
        """Nothing is buffered here."""


class PortServer:
    """An RFC 2217 server for one client; also the peer behind its serial port."""

    def __init__(self) -> None:
        self.uart = FakeUart()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._connection: socket.socket | None = None
        self._arrived: queue.Queue[bytes] = queue.Queue()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        try:
            self._connection = self._listener.accept()[0]
        except OSError:
            return
        self._manager = rfc2217.PortManager(self.uart, self)  # type: ignore[arg-type]  # the stub asks for more than is used
        self._ready.set()
        try:
            while data := self._connection.recv(4096):
                if octets := b"".join(self._manager.filter(data)):
                    self.uart.seen.append((self.uart.baudrate, self.uart.framing))
                    self._arrived.put(octets)
        except OSError:
            return

    def write(self, data: bytes) -> None:
        """What the port manager has to say to the client."""
        assert self._connection is not None
        self._connection.sendall(data)

    def send(self, data: bytes) -> None:
        self.write(data.replace(b"\xff", b"\xff\xff"))

    def receive(self, length: int) -> bytes:
        received = b""
        while len(received) < length:
            try:
                received += self._arrived.get(timeout=1.0)
            except queue.Empty:
                break
        return received

    def hang_up(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # where the client was first
                self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()
        self._thread.join()

    def close(self) -> None:
        with suppress(OSError):  # not every system allows it on a listening socket
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()


@pytest.fixture
def server() -> Iterator[PortServer]:
    server = PortServer()
    yield server
    server.close()


@pytest.fixture
def line(server: PortServer, open_url: Callable[[str], Transport]) -> Iterator[Transport]:
    transport = open_url(f"rfc2217://127.0.0.1:{server.port}?baud=115200")
    yield transport
    transport.close()


@pytest.mark.parametrize("check", checks_for("line"), ids=lambda check: check.name)
def test_rfc2217_keeps_the_contract(check: Check, line: Transport, server: PortServer) -> None:
    check(lambda name: Pair(transport=line, peer=server, close=lambda: None))


def test_settings_of_the_url_reach_the_far_port(server: PortServer, open_url: Callable[[str], Transport]) -> None:
    line = open_url(f"rfc2217://127.0.0.1:{server.port}?baud=300&framing=7E1&dtr=off&rts=off")
    assert (server.uart.baudrate, server.uart.framing) == (300, "7E1")
    assert (server.uart.dtr, server.uart.rts) == (False, False)
    line.close()


def test_set_line_reaches_the_far_port_after_what_was_sent(line: Transport, server: PortServer) -> None:
    assert isinstance(line, LineControl)
    line.set_line(2400, "7E1")
    line.send(b"\x060:1\r\n")
    line.set_line(9600, "8N1")
    line.send(b"later")
    assert server.receive(11) == b"\x060:1\r\nlater"
    assert (server.uart.seen[0], server.uart.seen[-1]) == ((2400, "7E1"), (9600, "8N1"))


def test_port_server_that_is_not_there_is_port_gone(open_url: Callable[[str], Transport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(PortGone, match=rf"rfc2217 host 127\.0\.0\.1 port {port}: .*Connection refused"):
        open_url(f"rfc2217://127.0.0.1:{port}")


def send_often(line: Transport) -> None:
    """The first octets after the end still fit into the socket."""
    for _ in range(20):
        line.send(b"anyone?")
        line.receive(line.now() + 0.05)


def test_sending_after_the_port_server_went_is_port_gone(line: Transport, server: PortServer) -> None:
    server.hang_up()
    with pytest.raises(PortGone):
        send_often(line)
