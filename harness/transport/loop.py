"""Doors into a device in this process: ``loop://reference?door=hdlc&option=value``.

``door`` is the device's own name of the door and defaults to the declared protocol. All other keys are
options of the device, which judges them itself.
"""

from harness.errors import ConnectionLost, PortGone, UsageError
from harness.transport.base import ControlLine, Transport
from harness.transport.door_url import DoorUrl
from harness.transport.limits import LONGEST_RECEIVE_OCTETS
from harness.transport.loop_device import ControlSettable, LineSettable
from harness.transport.loop_world import LoopInbox, LoopWorld, make_device, split_door
from harness.transport.opener import OpenRequest

__all__ = ["LOOP", "LoopTransport"]


class LoopTransport:
    """One connection into a loop device; line time is the world's virtual clock."""

    def __init__(self, world: LoopWorld, inbox: LoopInbox, *, datagrams: bool) -> None:
        self._world = world
        self._inbox = inbox
        self._datagrams = datagrams

    def send(self, data: bytes) -> None:
        """Hand the octets to the device at once; on a datagram door they are one datagram."""
        self._world.deliver(self._inbox, data)
        if self._inbox.lost is not None:
            raise ConnectionLost(self._inbox.lost)

    def receive(self, deadline: float) -> bytes:
        """Move the line clock until something arrives, at most to the deadline."""
        inbox = self._inbox
        self._world.wait(inbox, deadline, 1 if self._datagrams else LONGEST_RECEIVE_OCTETS)
        if inbox.arrived:
            return inbox.take_datagram() if self._datagrams else inbox.take_octets(LONGEST_RECEIVE_OCTETS)
        if inbox.lost is not None:
            raise ConnectionLost(inbox.lost)
        return b""

    def set_line(self, baud: int, framing: str) -> None:
        """Tell the device's link, where that has a line to set."""
        if isinstance(self._inbox.link, LineSettable):
            self._inbox.link.set_line(baud, framing, self._world.now)

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Tell the device's link, where that has such lines."""
        if not isinstance(self._inbox.link, ControlSettable):
            raise PortGone(f"this door has no line {line.upper()}")
        self._inbox.link.set_control(line, on, self._world.now)

    def now(self) -> float:
        """Line time of the world."""
        return self._world.now

    def close(self) -> None:
        """Hang up."""
        self._world.disconnect(self._inbox)


class _LoopOpener:
    def check(self, url: DoorUrl, protocol: str) -> None:
        """Try name, options and door on a device of its own, so that no device of a run is touched."""
        name, options, door = split_door(url)
        device = make_device(name, options, {}, url.text)
        try:
            device.open(door or protocol, 0.0)
        except ValueError as error:
            raise UsageError(f"{url.text}: {error}") from error

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        name, options, said_door = split_door(url)
        door = said_door or request.protocol
        device = request.world.device(name, options, said=url.text)
        try:
            inbox = request.world.connect(device, door)
        except ValueError as error:
            raise UsageError(f"{url.text}: {error}") from error
        return LoopTransport(request.world, inbox, datagrams=door.endswith("-udp"))


LOOP = _LoopOpener()
"""Opener of scheme ``loop``."""
