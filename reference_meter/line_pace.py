"""The pace of a serial line: octets take the time that they need at its rate."""

import asyncio
from collections.abc import Callable
from typing import Final

__all__ = ["LinePace"]

_BITS = 10
_SLICE_S: Final = 0.008
"""Octets come in bursts of about this length, as a serial port hands them on."""


class LinePace:
    """One direction of a line; ``deliver`` gets each burst and the time at which its last octet was through."""

    def __init__(self, rate: Callable[[], int], deliver: Callable[[bytes, float], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._rate = rate
        self._deliver = deliver
        self._busy_until = 0.0

    def put(self, octets: bytes, at: float | None = None) -> None:
        """Let octets go now, or as of ``at``, behind those that are still on the line."""
        baud = self._rate()
        size = max(1, int(baud * _SLICE_S / _BITS))
        start = max(self._busy_until, self._loop.time() if at is None else at)
        for at in range(0, len(octets), size):
            burst = octets[at : at + size]
            self._busy_until = start + (at + len(burst)) * _BITS / baud
            self._loop.call_at(self._busy_until, self._deliver, burst, self._busy_until)
