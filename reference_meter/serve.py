"""Meters behind real sockets and pseudo terminals; the only place of this package that reads a clock."""

import asyncio
import heapq
import json
from collections.abc import Callable
from typing import Protocol, cast

from reference_meter.meter import Meter
from reference_meter.serial_wire import heard_by_client, heard_by_meter
from reference_meter.server.link import LinkEvent, Send, ServerLink

__all__ = ["ControlProtocol", "DatagramDoor", "Outlet", "ServedLink", "ServedMeter", "StreamDoor"]

_LARGEST_BACKLOG_OCTETS = 4 * 1024 * 1024
_LONGEST_CONTROL_LINE_OCTETS = 65_536
_MOST_DATAGRAM_PEERS = 64


class Outlet(Protocol):
    """Where the octets of a link go."""

    def write(self, data: bytes) -> None:
        """Send octets, or one datagram."""

    def close(self) -> None:
        """End the connection."""


class ServedMeter:
    """One meter in an event loop: line time is the loop's time."""

    def __init__(self, meter: Meter, *, real_clock: bool) -> None:
        self.meter = meter
        self.loop = asyncio.get_running_loop()
        self._links: set[ServedLink] = set()
        self._tick_timer: asyncio.TimerHandle | None = None
        self._clock_read_at = self.loop.time() if real_clock else None

    def open(self, door: str, outlet: Outlet, line: tuple[int, str] | None = None) -> "ServedLink":
        """Connect at a door; ``line`` is the rate and framing of a port that never changes them."""
        now = self.line_now()
        served = ServedLink(self, self.meter.open(door, now), outlet, line)
        self._links.add(served)
        # A link may have something to tell before anybody says anything.
        self.loop.call_soon(self.after_activity)
        return served

    def forget(self, served: "ServedLink") -> None:
        """Drop a link that has ended."""
        self._links.discard(served)

    def line_now(self) -> float:
        """Line time; a real metering clock is brought up to it."""
        now = self.loop.time()
        if self._clock_read_at is not None:
            self.meter.model.metering.advance(max(now - self._clock_read_at, 0.0))
            self._clock_read_at = now
        return now

    def after_activity(self) -> None:
        """Collect what has come up on all links, and set the timer of the next time-out."""
        for served in tuple(self._links):
            served.collect()
        if self._tick_timer is not None:
            self._tick_timer.cancel()
        due = self.meter.next_due()
        self._tick_timer = None if due is None else self.loop.call_at(due, self._tick)

    def control(self, request: object) -> dict[str, object]:
        """Take an order of the bench."""
        self.meter.tick(self.line_now())
        answer = self.meter.control(request)
        self.after_activity()
        return answer

    def _tick(self) -> None:
        self._tick_timer = None
        self.meter.tick(self.line_now())
        self.after_activity()


class ServedLink:
    """A link whose events happen at their due times, in order."""

    def __init__(
        self, served: ServedMeter, link: ServerLink, outlet: Outlet, line: tuple[int, str] | None = None
    ) -> None:
        self._served = served
        self._line = line
        self._link = link
        self._outlet = outlet
        self._queue: list[tuple[float, int, LinkEvent]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        self.said_at: float | None = None
        """When what is being written was due."""

    def receive(self, data: bytes, sent: tuple[int, str] | None = None, *, at: float | None = None) -> None:
        """Hand octets to the meter; ``sent`` is the rate and framing of the client's port, where there is one.

        ``at`` is the line time at which they were there, where that is known better than by the clock.
        """
        now = self._served.line_now()
        heard = heard_by_meter(data, sent, self._link, self._line)
        self._link.receive(heard, now if at is None else at)
        self._served.after_activity()

    def set_line(self, line: tuple[int, str]) -> None:
        """Tell the meter how the client's port is set, where a bus judges that by itself."""
        tell = getattr(self._link, "set_line", None)
        if tell is not None:
            tell(*line, self._served.line_now())

    def set_control(self, line: str, *, on: bool) -> None:
        """Tell the meter that the client has switched a line of its port, where that is heard."""
        tell = getattr(self._link, "set_control", None)
        if tell is not None:
            tell(line, on, self._served.line_now())

    def hang_up(self) -> None:
        """Tell the meter that the peer is gone."""
        self._link.closed_by_peer(self._served.line_now())
        self._end()
        self._served.after_activity()

    def collect(self) -> None:
        """Take over the link's new events; what is due already happens at once."""
        for event in self._link.take_events():
            self._count += 1
            heapq.heappush(self._queue, (event.due, self._count, event))
        self._happen()

    def _happen(self) -> None:
        """Let happen what is due, and set the timer for the rest."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue and self._queue[0][0] <= self._served.loop.time():
            _, _, event = heapq.heappop(self._queue)
            if isinstance(event, Send):
                self.said_at = event.due
                self._outlet.write(heard_by_client(event, self._outlet, self._line))
            elif event.kind == "close":
                self._end()
                self._outlet.close()
                return
        if self._queue:
            self._timer = self._served.loop.call_at(self._queue[0][0], self._happen)

    def _end(self) -> None:
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
        self._served.forget(self)


class StreamDoor(asyncio.Protocol):
    """One accepted TCP connection."""

    def __init__(self, served: ServedMeter, door: str) -> None:
        self._served = served
        self._door = door
        self._link: ServedLink | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect it to the meter."""
        self._transport = cast("asyncio.Transport", transport)
        self._link = self._served.open(self._door, self)

    def data_received(self, data: bytes) -> None:
        """Hand octets on."""
        if self._link is not None:
            self._link.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.hang_up()
            self._link = None

    def write(self, data: bytes) -> None:
        """Send octets; a peer that does not read them is given up."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > _LARGEST_BACKLOG_OCTETS:
            self._transport.abort()

    def close(self) -> None:
        """End the connection after what was written."""
        if self._transport is not None:
            self._transport.close()


class DatagramDoor(asyncio.DatagramProtocol):
    """A UDP port: one link for each peer; of too many the one unheard for the longest time is given up."""

    def __init__(self, served: ServedMeter, door: str) -> None:
        self._served = served
        self._door = door
        self._transport: asyncio.DatagramTransport | None = None
        self._peers: dict[tuple[object, ...], ServedLink] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        # The event loop's own class for datagrams does not inherit from the abstract one.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        """Hand a datagram to the link of its sender."""
        link = self._peers.pop(addr, None) or self._served.open(self._door, _Peer(self, addr))
        self._peers[addr] = link
        if len(self._peers) > _MOST_DATAGRAM_PEERS:
            self._peers.pop(next(iter(self._peers))).hang_up()
        link.receive(data)

    def send(self, data: bytes, address: tuple[object, ...]) -> None:
        """Send one datagram."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)

    def forget(self, address: tuple[object, ...]) -> None:
        """Drop the link of a peer."""
        self._peers.pop(address, None)


class _Peer:
    """The outlet to one sender of datagrams."""

    def __init__(self, door: DatagramDoor, address: tuple[object, ...]) -> None:
        self._door = door
        self._address = address

    def write(self, data: bytes) -> None:
        self._door.send(data, self._address)

    def close(self) -> None:
        self._door.forget(self._address)


class ControlProtocol(asyncio.Protocol):
    """The bench's connection: one JSON object a line, each way."""

    def __init__(self, control: Callable[[object], dict[str, object]]) -> None:
        self._control = control
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each whole line."""
        if self._transport is None:
            return
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._transport.write(json.dumps(self._answer(line)).encode() + b"\n")
        if len(self._buffer) > _LONGEST_CONTROL_LINE_OCTETS:
            self._transport.abort()

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {"ok": False, "error": f"a request is one JSON object a line: {error}"}
        return self._control(request)
