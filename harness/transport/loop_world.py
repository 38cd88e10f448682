"""The devices of the loop and their virtual line clock: waiting costs no time.

The clock moves only while somebody waits in ``LoopWorld.wait``: from event to event, at most to the deadline.
Events of all links happen in the order of their due times, whoever waits.
"""

import heapq
from collections import deque
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from harness.errors import UsageError
from harness.transport.door_url import DoorUrl
from harness.transport.impairment import Impairment
from harness.transport.loop_device import LoopDevice, LoopEvent, LoopLink, LoopMaker, LoopSend

__all__ = ["LoopInbox", "LoopWorld", "make_device", "split_door"]

_GROUP = "conformeter.loop"
_MOST_EVENTS_AT_ONCE = 100_000
_LARGEST_INBOX_OCTETS = 16 * 1024 * 1024


@cache
def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=_GROUP)}


def make_device(name: str, options: Mapping[str, str], makers: Mapping[str, LoopMaker], said: str) -> LoopDevice:
    """Make a new device; ``said`` is the URL for messages. ``UsageError`` for an unknown name or option."""
    maker = makers.get(name)
    if maker is None and name in _entries():
        maker = cast("LoopMaker", _entries()[name].load())
    if maker is None:
        allowed = ", ".join(sorted({*makers, *_entries()})) or f"none (no entry point of group {_GROUP})"
        raise UsageError(f"{said}: unknown loop device {name!r}; allowed: {allowed}")
    try:
        return maker(options)
    except ValueError as error:
        raise UsageError(f"{said}: {error}") from error


def split_door(url: DoorUrl) -> tuple[str, dict[str, str], str | None]:
    """Return name, options and door of a loop URL; impairments around it do not belong to the device."""
    bare = url
    while bare.scheme == "impaired":
        _, bare = Impairment.from_url(bare)
    if bare.scheme != "loop" or bare.inner_scheme or not bare.location:
        raise UsageError(f"{url.text}: no loop device here; expected loop://name?door=...&option=...")
    options = dict(bare.query)
    door = options.pop("door", None)
    return bare.location, options, door


class LoopInbox:
    """What one connection has been given and not read yet: stretches of octets, or datagrams."""

    def __init__(self, device: LoopDevice, link: LoopLink) -> None:
        self.device = device
        self.link = link
        self.arrived: deque[bytes] = deque()
        self.octets = 0
        self.lost: str | None = None
        """Why the connection ended, once it has."""

    def take_datagram(self) -> bytes:
        """Give the oldest stretch that arrived, as one piece."""
        data = self.arrived.popleft()
        self.octets -= len(data)
        return data

    def take_octets(self, limit: int) -> bytes:
        """Give what arrived, joined, at most ``limit`` octets."""
        taken = bytearray()
        while self.arrived and len(taken) < limit:
            taken += self.arrived.popleft()
        if len(taken) > limit:
            self.arrived.appendleft(bytes(taken[limit:]))
            del taken[limit:]
        self.octets -= len(taken)
        return bytes(taken)

    def happen(self, event: LoopEvent) -> None:
        """Let one event happen to this connection."""
        if self.lost is not None:
            return
        if event.kind == "send":
            data = cast("LoopSend", event).data
            if data:
                self.arrived.append(data)
                self.octets += len(data)
            if self.octets > _LARGEST_INBOX_OCTETS:
                self.lost = f"flood: {self.octets} octets that nobody has read"
        elif event.kind == "close":
            self.lost = "the device closed the connection"
        elif event.kind != "set_line":
            raise ValueError(f"a loop device gave an event of unknown kind {event.kind!r}")


class LoopWorld:
    """All loop devices of a run, found by name and options, and the line clock that they share.

    ``overrides`` are merged over the options of every device, e.g. to put a deviation in force. ``makers``
    are devices by name beside those of the entry points.
    """

    def __init__(
        self, overrides: Mapping[str, str] | None = None, makers: Mapping[str, LoopMaker] | None = None
    ) -> None:
        self.now = 0.0
        self._overrides = dict(overrides or {})
        self._makers = dict(makers or {})
        self._devices: dict[tuple[str, tuple[tuple[str, str], ...]], LoopDevice] = {}
        self._inboxes: list[LoopInbox] = []
        self._queue: list[tuple[float, int, LoopInbox, LoopEvent]] = []
        self._events = 0
        self._at_once = 0

    def device(self, name: str, options: Mapping[str, str], *, said: str = "") -> LoopDevice:
        """Return the device of that name and those options; the same object for equal options."""
        merged = {**options, **self._overrides}
        key = (name, tuple(sorted(merged.items())))
        if key not in self._devices:
            self._devices[key] = make_device(name, merged, self._makers, said or f"loop://{name}")
        return self._devices[key]

    def device_for(self, url: str) -> LoopDevice:
        """Return the device behind a loop URL, for a bench; impairments in the URL are passed through."""
        name, options, _ = split_door(DoorUrl.parse(url))
        return self.device(name, options, said=url)

    def connect(self, device: LoopDevice, door: str) -> LoopInbox:
        """Open a link; raises ``ValueError`` for a door that the device does not have."""
        inbox = LoopInbox(device, device.open(door, self.now))
        self._inboxes.append(inbox)
        return inbox

    def disconnect(self, inbox: LoopInbox) -> None:
        """Hang up; what was still under way on this connection is gone."""
        if inbox in self._inboxes:
            self._inboxes.remove(inbox)
            inbox.link.closed_by_peer(self.now)
            self._queue = [entry for entry in self._queue if entry[2] is not inbox]
            heapq.heapify(self._queue)

    def deliver(self, inbox: LoopInbox, data: bytes) -> None:
        """Hand octets to the device; what is due by now has happened before."""
        if inbox not in self._inboxes:
            raise ValueError("loop connection: used after close")
        self._at_once = 0
        while inbox.lost is None and (due := self._next_due()) is not None and due <= self.now:
            self._happen(due)
        if inbox.lost is None:
            inbox.link.receive(data, self.now)

    def wait(self, inbox: LoopInbox, deadline: float, enough_octets: int) -> None:
        """Move the clock until ``inbox`` has something or is lost, or to ``deadline``.

        What is due at the same moment arrives together, up to ``enough_octets``.
        """
        while inbox.lost is None and inbox.octets < enough_octets:
            due = self._next_due()
            if due is None or due > (self.now if inbox.arrived else max(deadline, self.now)):
                break
            self._happen(due)
        if not inbox.arrived and inbox.lost is None:
            self._move_to(deadline)

    def _next_due(self) -> float | None:
        for inbox in self._inboxes:
            for event in inbox.link.take_events():
                self._events += 1
                heapq.heappush(self._queue, (event.due, self._events, inbox, event))
        dues = [due for device in self._open_devices() if (due := device.next_due()) is not None]
        if self._queue:
            dues.append(self._queue[0][0])
        return min(dues, default=None)

    def _open_devices(self) -> list[LoopDevice]:
        return list({id(inbox.device): inbox.device for inbox in self._inboxes}.values())

    def _happen(self, due: float) -> None:
        """Let the next thing happen: one event, or else the time-driven reactions of the devices."""
        self._move_to(due)
        self._at_once += 1
        if self._at_once > _MOST_EVENTS_AT_ONCE:
            self._at_once = 0
            for inbox in self._inboxes:
                inbox.lost = inbox.lost or f"flood: over {_MOST_EVENTS_AT_ONCE} events at line time {self.now:g} s"
            self._queue.clear()
        elif self._queue and self._queue[0][0] <= due:
            _, _, inbox, event = heapq.heappop(self._queue)
            inbox.happen(event)
        else:
            for device in self._open_devices():
                device.tick(self.now)

    def _move_to(self, line_time: float) -> None:
        if line_time > self.now:
            self.now = line_time
            self._at_once = 0
