"""The contract of every door's byte pipe.

A transport moves octets and knows line time; it knows nothing of frames. Whoever opens it closes it.

Errors: opening raises ``PortGone`` when nothing answers there; after that ``PortGone`` means that the lab's
port failed (unplugged adapter, no route) and ``ConnectionLost`` that the far side closed or reset.
"""

from typing import Literal, Protocol, runtime_checkable

__all__ = ["ControlLine", "LineControl", "RequestLine", "Transport"]

ControlLine = Literal["rts", "dtr", "break"]
"""What a port can switch beside its data; ``break`` holds the data line itself."""


class Transport(Protocol):
    """A byte pipe to the device with deadlines in line time."""

    def send(self, data: bytes) -> None:
        """Hand all of ``data`` to the line before returning; bounded in time by the transport itself."""

    def receive(self, deadline: float) -> bytes:
        """Return the next octets (at least one), or ``b""`` once ``now()`` has reached ``deadline``.

        At most 65,536 octets a call, so that a flood cannot fill memory. On a datagram transport one call
        returns one datagram.
        """

    def now(self) -> float:
        """Line time in seconds; only differences mean anything."""

    def close(self) -> None:
        """Give the line back; closing twice is harmless."""


@runtime_checkable
class LineControl(Protocol):
    """The extra ability of serial lines."""

    def set_line(self, baud: int, framing: str) -> None:
        """Change rate and framing (``8N1``, ``7E1``, ``8E1``) after everything sent has left."""


@runtime_checkable
class RequestLine(Protocol):
    """The extra ability of ports with lines besides those for data."""

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Switch a line now; ``PortGone`` where this port has none, such as a pseudo-terminal."""
