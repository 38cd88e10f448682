"""Doors over TCP: ``tcp://host:4059``, ``tcp://[::1]:4059``. No query keys."""

import errno
import socket
import time

from harness.errors import ConnectionLost, PortGone
from harness.transport.base import Transport
from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.limits import LONGEST_RECEIVE_OCTETS, SEND_TIMEOUT_S
from harness.transport.opener import OpenRequest

__all__ = ["TCP", "TcpTransport", "socket_timeout_s"]

_LONGEST_WAIT_S = 3600.0
_NO_WAY_THERE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def socket_timeout_s(deadline: float) -> float:
    """Return how long a socket may wait now; zero means to look without waiting."""
    return min(max(deadline - time.monotonic(), 0.0), _LONGEST_WAIT_S)


class TcpTransport:
    """A connected stream socket; line time is the monotonic clock."""

    def __init__(self, connection: socket.socket, *, name: str, send_timeout_s: float = SEND_TIMEOUT_S) -> None:
        self._socket = connection
        self._name = name
        self._send_timeout_s = send_timeout_s
        self._send_failed = False

    def send(self, data: bytes) -> None:
        """Send all; a peer that takes nothing for too long has lost the connection for us."""
        if self._send_failed:
            raise ConnectionLost(f"{self._name}: an earlier send was cut short")
        try:
            self._socket.settimeout(self._send_timeout_s)
            self._socket.sendall(data)
        except TimeoutError as error:
            self._send_failed = True
            raise ConnectionLost(f"{self._name} did not take all octets in {self._send_timeout_s:g} s") from error
        except OSError as error:
            self._send_failed = True
            raise self._failure(error) from error

    def receive(self, deadline: float) -> bytes:
        """Return what has arrived, or ``b""`` at the deadline; ``ConnectionLost`` once the peer has closed."""
        while True:
            try:
                self._socket.settimeout(socket_timeout_s(deadline))
                data = self._socket.recv(LONGEST_RECEIVE_OCTETS)
            except (TimeoutError, BlockingIOError):
                if time.monotonic() >= deadline:
                    return b""
                continue
            except OSError as error:
                raise self._failure(error) from error
            if not data:
                raise ConnectionLost(f"{self._name} closed the connection")
            return data

    def _failure(self, error: OSError) -> ConnectionLost | PortGone:
        if self._socket.fileno() < 0:
            raise ValueError(f"{self._name}: used after close") from error
        if error.errno in _NO_WAY_THERE:
            return PortGone(f"{self._name}: no way there any more: {error.strerror}")
        return ConnectionLost(f"{self._name}: {error.strerror or error}")

    def now(self) -> float:
        """Monotonic time of the computer."""
        return time.monotonic()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _TcpOpener:
    def check(self, url: DoorUrl, protocol: str) -> None:
        url.host_port()
        QueryReader(url).finish()

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        self.check(url, request.protocol)
        host, port = url.host_port()
        try:
            connection = socket.create_connection((host, port), timeout=request.connect_timeout_s)
        except OSError as error:
            cause = error.strerror or error
            raise PortGone(f"tcp host {host} port {port} cannot be reached: {cause}") from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return TcpTransport(connection, name=f"tcp host {host} port {port}")


TCP = _TcpOpener()
"""Opener of scheme ``tcp``."""
