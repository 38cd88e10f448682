"""Doors over UDP: ``udp://host:4059``. No query keys; one call sends or receives one datagram."""

import errno
import socket
import time

from harness.errors import PortGone
from harness.transport.base import Transport
from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.limits import LONGEST_RECEIVE_OCTETS, SEND_TIMEOUT_S
from harness.transport.opener import OpenRequest
from harness.transport.tcp import socket_timeout_s

__all__ = ["UDP", "UdpTransport"]


class UdpTransport:
    """A connected datagram socket; line time is the monotonic clock."""

    def __init__(self, connection: socket.socket, *, name: str) -> None:
        self._socket = connection
        self._name = name

    def send(self, data: bytes) -> None:
        """Send one datagram; ``ValueError`` where it is longer than UDP can carry."""
        try:
            self._socket.settimeout(SEND_TIMEOUT_S)
            self._socket.send(data)
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                raise ValueError(f"{self._name}: {len(data)} octets do not fit in a datagram") from error
            raise self._failure(error) from error

    def receive(self, deadline: float) -> bytes:
        """Return one datagram, or ``b""`` at the deadline; empty datagrams are passed over."""
        while True:
            try:
                self._socket.settimeout(socket_timeout_s(deadline))
                data = self._socket.recv(LONGEST_RECEIVE_OCTETS)
            except (TimeoutError, BlockingIOError):
                data = b""
            except OSError as error:
                raise self._failure(error) from error
            if data or time.monotonic() >= deadline:
                return data

    def _failure(self, error: OSError) -> PortGone:
        # UDP has no connection that a device could lose: "refused" means that no program listens there.
        if self._socket.fileno() < 0:
            raise ValueError(f"{self._name}: used after close") from error
        return PortGone(f"{self._name}: {error.strerror or error}")

    def now(self) -> float:
        """Monotonic time of the computer."""
        return time.monotonic()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _UdpOpener:
    def check(self, url: DoorUrl, protocol: str) -> None:
        url.host_port()
        QueryReader(url).finish()

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        self.check(url, request.protocol)
        host, port = url.host_port()
        try:
            family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            connection = socket.socket(family, kind, number)
        except OSError as error:
            raise PortGone(f"udp host {host} port {port} has no address: {error.strerror or error}") from error
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            raise PortGone(f"udp host {host} port {port}: {error.strerror or error}") from error
        return UdpTransport(connection, name=f"udp host {host} port {port}")


UDP = _UdpOpener()
"""Opener of scheme ``udp``."""
