"""A serial door: a pseudo terminal behind a symbolic link, open to one client after the other."""

import asyncio
import os
import tty
from pathlib import Path

from reference_meter.line_pace import LinePace
from reference_meter.serial_wire import FIXED_LINES, rate_of_terminal, set_rate_of_terminal
from reference_meter.serve import ServedMeter

__all__ = ["PseudoTerminal"]

_CHUNK_OCTETS = 4096
_LARGEST_BACKLOG_OCTETS = 1024 * 1024
_ONE_WAY = ("p1", "han")
"""Doors that speak without being asked: what nobody hears is lost there at once."""


class PseudoTerminal:
    """The meter's end of the pair; the client's end is the device behind ``path``.

    We keep the client's end open ourselves, so that a client that closes it leaves the line in place. With ``paced``
    octets take the time that they need at the rate of the client's end; doors with a pace of their own need none.
    """

    def __init__(self, served: ServedMeter, door: str, path: Path, *, paced: bool = False) -> None:
        if path.exists() and not path.is_symlink():
            raise FileExistsError(f"{path} exists and is no symbolic link")
        self._served = served
        self._door = door
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._backlog = bytearray()
        self._own_end, self._client_end = os.openpty()
        tty.setraw(self._client_end)
        if door in FIXED_LINES:
            set_rate_of_terminal(self._client_end, FIXED_LINES[door][0])
        os.set_blocking(self._own_end, False)
        self._heard = LinePace(self._baud, self._hear) if paced else None
        self._said = LinePace(self._baud, self._put) if paced else None
        self._link = served.open(door, self, FIXED_LINES.get(door))
        self._device = os.ttyname(self._client_end)
        path.unlink(missing_ok=True)
        path.symlink_to(self._device)
        self._loop.add_reader(self._own_end, self._read)

    def write(self, data: bytes) -> None:
        """Send octets; those that nobody reads for long are lost, as on any line."""
        if self._said is None:
            self._put(data)
        else:
            self._said.put(data, self._link.said_at)

    def _put(self, data: bytes, at: float | None = None) -> None:
        if self._backlog and self._door in _ONE_WAY:
            return
        if len(self._backlog) + len(data) > _LARGEST_BACKLOG_OCTETS:
            self._backlog.clear()
        self._backlog += data
        self._flush()

    def close(self) -> None:
        """The carrier is lost; the next octets find a fresh link."""
        self._link = self._served.open(self._door, self, FIXED_LINES.get(self._door))

    def end(self) -> None:
        """Take the line away."""
        self._loop.remove_reader(self._own_end)
        self._loop.remove_writer(self._own_end)
        if self._path.is_symlink() and os.readlink(self._path) == self._device:
            self._path.unlink()
        os.close(self._own_end)
        os.close(self._client_end)

    def _read(self) -> None:
        data = os.read(self._own_end, _CHUNK_OCTETS)
        if self._heard is not None:
            self._heard.put(data)
        elif data:
            self._hear(data)

    def _hear(self, data: bytes, at: float | None = None) -> None:
        self._link.receive(data, self.line(), at=at)

    def _baud(self) -> int:
        return rate_of_terminal(self._client_end)

    def line(self) -> tuple[int, str]:
        """Rate and framing of the client's end: a pseudo terminal carries eight bits without parity only."""
        return rate_of_terminal(self._client_end), "8N1"

    def _flush(self) -> None:
        try:
            written = os.write(self._own_end, self._backlog)
        except BlockingIOError:
            written = 0
        del self._backlog[:written]
        if self._backlog:
            self._loop.add_writer(self._own_end, self._flush)
        else:
            self._loop.remove_writer(self._own_end)
