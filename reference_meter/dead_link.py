"""A link into a meter without power."""

from collections.abc import Callable

from reference_meter.server.association import SessionKey
from reference_meter.server.link import LinkEvent, ServerLink

__all__ = ["DeadLink"]


class DeadLink(ServerLink):
    """Nothing sent over it is heard before the power is back; from then on it is the link inside."""

    def __init__(self, inner: ServerLink, powered: Callable[[], bool]) -> None:
        # Only the link inside is one of the server's.
        self.inner = inner
        self._powered = powered

    @property
    def closed(self) -> bool:  # type: ignore[override]  # the state is that of the link inside
        """Whether the link has ended."""
        return self.inner.closed

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets, or lose them while there is no power."""
        if self._powered():
            self.inner.receive(data, line_now)

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        """Tell the link inside, where it has a line to set."""
        tell = getattr(self.inner, "set_line", None)
        if tell is not None:
            tell(baud, framing, line_now)

    def set_control(self, line: str, on: bool, line_now: float) -> None:
        """Tell the link inside, where it hears such lines."""
        tell = getattr(self.inner, "set_control", None)
        if tell is not None:
            tell(line, on, line_now)

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Send an APDU that nobody asked for."""
        self.inner.push_apdu(key, apdu, line_now)

    def tick(self, line_now: float) -> None:
        """Let time-outs happen."""
        self.inner.tick(line_now)

    def next_due(self) -> float | None:
        """Give the line time of the next time-out."""
        return self.inner.next_due()

    def take_events(self) -> list[LinkEvent]:
        """Give what has come up since the last call."""
        return self.inner.take_events()

    def closed_by_peer(self, line_now: float) -> None:
        """End the link because the client is gone."""
        self.inner.closed_by_peer(line_now)

    def cut(self, line_now: float) -> None:
        """End the link from our side at once."""
        self.inner.cut(line_now)
