"""A bad line around any other door: ``impaired+tcp://host:4059?split=3&delay=0.1&drop=0.01&seed=1``.

Keys: ``split`` (octets), ``join`` and ``delay`` (seconds), ``drop`` and ``flip`` (probabilities), ``seed``;
all other keys belong to the wrapped URL. Time is the wrapped transport's line time, so that a delay around a
loop costs nothing. Result key, door and number of the connection are part of the seed: a second try at
connecting meets other damage than the first, and a repeated run meets the same.
"""

from collections import deque

from harness.errors import ConnectionLost, PortGone
from harness.transport.base import ControlLine, LineControl, RequestLine, Transport
from harness.transport.door_url import DoorUrl
from harness.transport.impairment import Damage, Impairment
from harness.transport.limits import LONGEST_RECEIVE_OCTETS
from harness.transport.opener import OpenRequest, opener_for

__all__ = ["IMPAIRED", "ImpairedLine", "ImpairedTransport"]

_LARGEST_HOLD_OCTETS = 16 * 1024 * 1024


class ImpairedTransport:
    """Damages what goes through ``inner``; ``name`` tells connections with the same seed apart."""

    def __init__(self, inner: Transport, settings: Impairment, *, name: str) -> None:
        self._inner = inner
        self._settings = settings
        self._outbound = Damage(settings, f"{name}/send")
        self._inbound = Damage(settings, f"{name}/receive")
        self._joining = bytearray()
        self._joined_at = 0.0
        self._held_octets = 0
        self._ready: deque[tuple[float, bytes]] = deque()
        self._lost: ConnectionLost | PortGone | None = None

    def send(self, data: bytes) -> None:
        """Send what is left of ``data`` after the delay; what arrives meanwhile is kept."""
        leaves_at = self._inner.now() + self._settings.delay_s
        while self._lost is None and self._inner.now() < leaves_at:
            self._collect(leaves_at)
        for piece in self._outbound.pieces(data):
            chunk = self._outbound.damaged(piece)
            if chunk:
                self._inner.send(chunk)

    def receive(self, deadline: float) -> bytes:
        """Return the next piece, or ``b""`` at the deadline; a loss comes after all that came before it."""
        looked = False
        while True:
            now = self._inner.now()
            self._release(now)
            if self._ready and (self._ready[0][0] <= now or self._lost is not None):
                return self._take()
            if self._lost is not None:
                raise self._lost
            if looked and now >= deadline:
                return b""
            self._collect(min([deadline, *self._wake_times()]))
            looked = True

    def _wake_times(self) -> list[float]:
        ready = [self._ready[0][0]] if self._ready else []
        return [*ready, self._joined_at] if self._joining else ready

    def _take(self) -> bytes:
        _, piece = self._ready.popleft()
        self._held_octets -= len(piece)
        return piece

    def _collect(self, until: float) -> None:
        """Take from the wrapped transport what comes until then."""
        self._release(self._inner.now())
        try:
            data = self._inner.receive(until)
        except (ConnectionLost, PortGone) as lost:
            self._lost = lost
            return
        chunk = self._inbound.damaged(data) if data else b""
        if chunk:
            if not self._joining:
                self._joined_at = self._inner.now() + self._settings.join_s
            self._joining += chunk
            self._held_octets += len(chunk)
            if self._held_octets > _LARGEST_HOLD_OCTETS:
                self._lost = ConnectionLost(f"flood: {self._held_octets} octets on their way through the bad line")

    def _release(self, now: float) -> None:
        """Cut to pieces what was held long enough; it is ready after the delay, or at once after a loss."""
        full = len(self._joining) >= LONGEST_RECEIVE_OCTETS or self._lost is not None
        if self._joining and (full or now >= self._joined_at):
            ready_at = (now if full else self._joined_at) + self._settings.delay_s
            self._ready.extend((ready_at, piece) for piece in self._inbound.pieces(bytes(self._joining)))
            self._joining.clear()

    def now(self) -> float:
        """Line time of the wrapped transport."""
        return self._inner.now()

    def close(self) -> None:
        """Close the wrapped transport; what was held is gone."""
        self._inner.close()


class ImpairedLine(ImpairedTransport):
    """A bad line around a transport that is a serial line."""

    def __init__(self, inner: Transport, line: LineControl, settings: Impairment, *, name: str) -> None:
        super().__init__(inner, settings, name=name)
        self._line = line

    def set_line(self, baud: int, framing: str) -> None:
        """Pass the change on unharmed."""
        self._line.set_line(baud, framing)

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Pass the change on unharmed; ``PortGone`` where there is no such line."""
        if not isinstance(self._line, RequestLine):
            raise PortGone(f"there is no line {line.upper()} behind this one")
        self._line.set_control(line, on=on)


class _ImpairedOpener:
    def check(self, url: DoorUrl, protocol: str) -> None:
        _, inner = Impairment.from_url(url)
        opener_for(inner).check(inner, protocol)

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        settings, inner_url = Impairment.from_url(url)
        name = f"{request.key}/{request.door_id}/{request.link}"
        inner = opener_for(inner_url).open(inner_url, request)
        if isinstance(inner, LineControl):
            return ImpairedLine(inner, inner, settings, name=name)
        return ImpairedTransport(inner, settings, name=name)


IMPAIRED = _ImpairedOpener()
"""Opener of scheme ``impaired``."""
