"""Places where a device comes to: ``tcp-listen://0.0.0.0:4059``, ``udp-listen://0.0.0.0:4059``. No query keys.

A place is taken as long as its transport is open, and outlives those who come: over TCP it takes one connection after
the other, the next one when the one before has ended. Answers go to whoever has come last.
"""

import errno
import socket
import time
from collections.abc import Callable
from typing import Any

from harness.errors import ConnectionLost, PortGone
from harness.transport.base import Transport
from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.limits import LONGEST_RECEIVE_OCTETS, SEND_TIMEOUT_S
from harness.transport.opener import OpenRequest
from harness.transport.tcp import TcpTransport, socket_timeout_s

__all__ = ["TCP_LISTEN", "UDP_LISTEN", "TcpListenTransport", "UdpListenTransport"]

_BACKLOG = 8


class TcpListenTransport:
    """A listening stream socket and the connection that it has taken."""

    def __init__(self, listening: socket.socket, *, name: str) -> None:
        self._listening = listening
        self._name = name
        self._connected: TcpTransport | None = None

    def send(self, data: bytes) -> None:
        """Send to the device; ``ConnectionLost`` where it has not come."""
        if self._connected is None and not self._take(time.monotonic()):
            raise ConnectionLost(f"{self._name}: nobody has connected")
        if self._connected is not None:
            self._connected.send(data)

    def receive(self, deadline: float) -> bytes:
        """Return what has arrived, or ``b""`` at the deadline; the end of a connection is not told."""
        while self._connected is not None or self._take(deadline):
            try:
                return self._connected.receive(deadline) if self._connected is not None else b""
            except ConnectionLost:
                self._leave()
        return b""

    def _leave(self) -> None:
        if self._connected is not None:
            self._connected.close()
            self._connected = None

    def _take(self, deadline: float) -> bool:
        while True:
            try:
                self._listening.settimeout(socket_timeout_s(deadline))
                connection, _ = self._listening.accept()
            except (TimeoutError, BlockingIOError):
                if time.monotonic() >= deadline:
                    return False
                continue
            except OSError as error:
                raise PortGone(f"{self._name}: {error.strerror or error}") from error
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connected = TcpTransport(connection, name=self._name)
            return True

    def now(self) -> float:
        """Monotonic time of the computer."""
        return time.monotonic()

    def close(self) -> None:
        """Give the place back, and end the connection."""
        self._leave()
        self._listening.close()


class UdpListenTransport:
    """A bound datagram socket; one call receives one datagram."""

    def __init__(self, bound: socket.socket, *, name: str) -> None:
        self._socket = bound
        self._name = name
        self._peer: tuple[Any, ...] | None = None

    def send(self, data: bytes) -> None:
        """Send one datagram to whoever has sent last; ``ConnectionLost`` where nobody has."""
        if self._peer is None:
            raise ConnectionLost(f"{self._name}: nobody has sent a datagram")
        try:
            self._socket.settimeout(SEND_TIMEOUT_S)
            self._socket.sendto(data, self._peer)
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                raise ValueError(f"{self._name}: {len(data)} octets do not fit in a datagram") from error
            raise PortGone(f"{self._name}: {error.strerror or error}") from error

    def receive(self, deadline: float) -> bytes:
        """Return one datagram, or ``b""`` at the deadline; empty datagrams are passed over."""
        while True:
            try:
                self._socket.settimeout(socket_timeout_s(deadline))
                data, peer = self._socket.recvfrom(LONGEST_RECEIVE_OCTETS)
            except (TimeoutError, BlockingIOError):
                data = b""
            except OSError as error:
                raise PortGone(f"{self._name}: {error.strerror or error}") from error
            else:
                self._peer = peer
            if data or time.monotonic() >= deadline:
                return data

    def now(self) -> float:
        """Monotonic time of the computer."""
        return time.monotonic()

    def close(self) -> None:
        """Give the place back."""
        self._socket.close()


class _ListeningOpener:
    def __init__(self, kind: socket.SocketKind, make: Callable[[socket.socket, str], Transport]) -> None:
        self._kind = kind
        self._make = make

    def check(self, url: DoorUrl, protocol: str) -> None:
        url.host_port()
        QueryReader(url).finish()

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        self.check(url, request.protocol)
        host, port = url.host_port()
        name = f"{url.scheme} host {host} port {port}"
        try:
            family, kind, number, _, address = socket.getaddrinfo(host, port, type=self._kind)[0]
            place = socket.socket(family, kind, number)
        except OSError as error:
            raise PortGone(f"{name} has no address: {error.strerror or error}") from error
        try:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind(address)
            if self._kind is socket.SOCK_STREAM:
                place.listen(_BACKLOG)
        except OSError as error:
            place.close()
            raise PortGone(f"{name} cannot be listened at: {error.strerror or error}") from error
        return self._make(place, name)


TCP_LISTEN = _ListeningOpener(socket.SOCK_STREAM, lambda place, name: TcpListenTransport(place, name=name))
"""Opener of scheme ``tcp-listen``."""
UDP_LISTEN = _ListeningOpener(socket.SOCK_DGRAM, lambda place, name: UdpListenTransport(place, name=name))
"""Opener of scheme ``udp-listen``."""
