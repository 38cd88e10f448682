"""One meter: its model, its server and the links into it; pure, with line time as an argument."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from reference_meter.consumer.contents import ConsumerContents
from reference_meter.consumer.han_contents import HanContents
from reference_meter.consumer.han_link import HanLink
from reference_meter.consumer.link import ConsumerLink
from reference_meter.control import control
from reference_meter.dead_link import DeadLink
from reference_meter.gateway.transparent import EnvelopedServer
from reference_meter.mbus.link import MBusLink
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.model import MeterModel
from reference_meter.notifications import NotifyingServer
from reference_meter.optical.link import OpticalLink
from reference_meter.push_link import PushLink
from reference_meter.security.store import SecurityStore
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server
from reference_meter.server.wrapper_link import WrapperDatagramLink, WrapperLink

__all__ = ["DOORS", "Meter"]

DOORS: Mapping[str, Callable[[Server], ServerLink]] = {
    "wrapper": WrapperLink,
    "wrapper-udp": WrapperDatagramLink,
    "hdlc": HdlcLink,
    "iec62056_21": OpticalLink,
}
"""What may run on a door."""


def _server_class(configuration: MeterConfiguration) -> type[Server]:
    if configuration.link.behind is not None:
        return EnvelopedServer
    return NotifyingServer if configuration.notifies else Server


class Meter:
    """All links share one model; line time and metering time are independent of each other.

    ``security`` is what an earlier life of the same meter has left: keys and counters outlive a power cut.
    """

    model_class: ClassVar[type[MeterModel]] = MeterModel

    def __init__(self, configuration: MeterConfiguration, security: SecurityStore | None = None) -> None:
        self.configuration = configuration
        self.model = self.model_class(configuration, security)
        self.server = _server_class(configuration)(self.model, configuration.link)
        self.model.parts.attacks.line_now = lambda: self.server.line_now
        self.links: list[ServerLink] = []
        self.line_now = 0.0
        """The latest line time heard of."""
        self._fired = 0

    def open(self, door: str, line_now: float) -> ServerLink:
        """Connect at a door; ValueError names the doors that there are."""
        self._note(line_now)
        engaged = self.configuration.link.one_connection and bool(self.links)
        link = self.make_link(door)
        if not self.powered:
            link = DeadLink(link, lambda: self.powered)
        self.links.append(link)
        if engaged:
            link.cut(line_now)
        return link

    @property
    def powered(self) -> bool:
        """Whether the meter has power."""
        return self.model.metering.powered

    def make_link(self, door: str) -> ServerLink:
        """Make the link of a door."""
        if door == "mbus":
            return MBusLink(self.server, self.model.parts.mbus)
        if door == "p1":
            return ConsumerLink(self.server, ConsumerContents(self.configuration.consumer, self.model.parts))
        if door == "han":
            return HanLink(self.server, HanContents(self.configuration.han, self.model.parts))
        if door == "push":
            return PushLink(self.server, self.model.parts.push, self.model.parts.push_security)
        if door not in DOORS:
            raise ValueError(f"unknown door {door!r}; allowed: {', '.join((*DOORS, 'mbus', 'p1', 'han', 'push'))}")
        return DOORS[door](self.server)

    def tick(self, line_now: float) -> None:
        """Let time-outs of all links happen."""
        self._note(line_now)
        for link in self.links:
            link.tick(line_now)

    def next_due(self) -> float | None:
        """Line time of the next time-out of any link."""
        self._forget_closed()
        dues = [due for link in self.links if (due := link.next_due()) is not None]
        return min(dues, default=None)

    def control(self, request: object) -> dict[str, Any]:
        """Take an order of the bench; a wrong one is answered with ``ok`` false and the reason."""
        return control(self, request)

    def drop_links(self) -> None:
        """Cut every link, as a lost carrier does."""
        for link in self.links:
            link.cut(self.line_now)
        self._forget_closed()

    def cut_power(self) -> None:
        """Cut every link and lose what is volatile; nobody is heard until the power comes back."""
        self.model.parts.cut_power()
        self.drop_links()

    def restore_power(self) -> None:
        """Come back with all that was kept."""
        self.model.parts.restore_power()

    def install_firmware(self, *, other: bool) -> None:
        """Update the firmware, or go back to the former one; the meter restarts."""
        self.model.install_firmware(other=other)
        self.drop_links()

    def fire(self) -> None:
        """Note that the deviation in force has shown itself."""
        self._fired += 1

    def fired(self) -> int:
        """How often the deviation in force has shown itself."""
        return self._fired

    def _note(self, line_now: float) -> None:
        self.line_now = max(self.line_now, line_now)
        self._forget_closed()

    def _forget_closed(self) -> None:
        self.links = [link for link in self.links if not link.closed]
