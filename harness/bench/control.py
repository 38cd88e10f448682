"""The control socket of a reference meter: one JSON object a line, each way."""

import json
import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from harness.errors import BenchError

__all__ = ["ControlSocket"]

_TIMEOUT_S = 120.0
_LONGEST_ANSWER_OCTETS = 1 << 20


class ControlSocket:
    """Asks the bench side of a reference meter; connects on first use."""

    def __init__(self, url: str, *, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme != "tcp" or parts.hostname is None or parts.port is None:
            raise BenchError(f"bench.control {url!r}: allowed is tcp://host:port")
        self._address = (parts.hostname, parts.port)
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, request: dict[str, object]) -> dict[str, object]:
        """Send one request and return its answer."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, timeout=self._timeout_s)
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(self._line(self._socket))
        except (OSError, ValueError, BenchError) as error:
            self.close()
            raise BenchError(f"bench control at {self._address[0]}:{self._address[1]}: {error}") from error
        if not isinstance(answer, dict):
            raise BenchError(f"bench control answers {answer!r}, due is a JSON object")
        return answer

    def _line(self, line_socket: socket.socket) -> bytes:
        while b"\n" not in self._buffer:
            data = line_socket.recv(65_536)
            if not data:
                raise BenchError("closed the connection")
            self._buffer += data
            if len(self._buffer) > _LONGEST_ANSWER_OCTETS:
                raise BenchError("an answer without end")
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def close(self) -> None:
        """Give the connection back; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._buffer = b""
