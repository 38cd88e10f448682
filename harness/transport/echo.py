"""Removing our own octets where an interface hands back what it sends, as optical heads and RS-485 adapters do."""

from collections import deque
from dataclasses import dataclass

__all__ = ["EchoFilter"]


@dataclass(slots=True, kw_only=True)
class _Echo:
    octets: bytes
    due: float
    """Line time after which it will not come any more."""


class EchoFilter:
    """Takes exactly the octets that were sent out of what arrives, and only while they come back unchanged.

    Octets that could be an echo are held until the whole of one send has come back. At the first octet that
    differs, and when the rest is overdue, everything held is passed on and no further echo is awaited.
    """

    def __init__(self) -> None:
        self._awaited: deque[_Echo] = deque()
        self._held = bytearray()

    def sent(self, octets: bytes, due: float) -> None:
        """Await the echo of ``octets`` until line time ``due``."""
        if octets:
            self._awaited.append(_Echo(octets=octets, due=due))

    def receive(self, data: bytes, now: float) -> bytes:
        """Return what of ``data``, and of what was held, is no echo."""
        self._held += data
        while self._awaited:
            echo = self._awaited[0].octets
            if self._held.startswith(echo):
                del self._held[: len(echo)]
                self._awaited.popleft()
            elif not echo.startswith(bytes(self._held)) or now > self._awaited[0].due:
                self._awaited.clear()
            else:
                return b""
        passed = bytes(self._held)
        self._held.clear()
        return passed
