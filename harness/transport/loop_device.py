"""What a device to play with looks like to the loop: the interfaces behind entry points ``conformeter.loop``.

The seam is described in docs/architecture.md, section Loop devices; nothing of the device's code is imported.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

__all__ = ["ControlSettable", "LineSettable", "LoopDevice", "LoopEvent", "LoopLink", "LoopMaker", "LoopSend"]


class LoopEvent(Protocol):
    """Something that a link does at a line time: ``send``, ``close`` or ``set_line``."""

    @property
    def due(self) -> float:
        """Line time in seconds."""

    @property
    def kind(self) -> str:
        """What happens."""


class LoopSend(LoopEvent, Protocol):
    """An event of kind ``send``."""

    @property
    def data(self) -> bytes:
        """What is there to be read at ``due``."""


class LoopLink(Protocol):
    """One connection into a device."""

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets, or one datagram."""

    def closed_by_peer(self, line_now: float) -> None:
        """Learn that we have hung up."""

    def take_events(self) -> Sequence[LoopEvent]:
        """Give what is going to happen, each event once."""


@runtime_checkable
class LineSettable(Protocol):
    """The extra ability of a link that stands for a serial line."""

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        """Learn that our side of the line has changed rate and framing."""


@runtime_checkable
class ControlSettable(Protocol):
    """The extra ability of a link that hears the lines besides those for data."""

    def set_control(self, line: str, on: bool, line_now: float) -> None:
        """Learn that our side has switched a line."""


class LoopDevice(Protocol):
    """A device whose links share one state."""

    def open(self, door: str, line_now: float) -> LoopLink:
        """Connect; ``ValueError`` names the doors that there are."""

    def tick(self, line_now: float) -> None:
        """Let time-driven reactions happen."""

    def next_due(self) -> float | None:
        """Return the line time of the next time-driven reaction."""

    def control(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take an order from the bench."""

    def fired(self) -> int:
        """Return how often the deviation in force has shown itself."""


LoopMaker = Callable[[Mapping[str, str]], LoopDevice]
"""Makes a device from options; ``ValueError`` names the options that there are."""
