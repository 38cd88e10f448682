"""What every link of the server has in common: its events and its end."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from reference_meter.server.association import SessionKey
from reference_meter.server.server import Server

__all__ = ["Close", "LinkEvent", "Send", "ServerLink", "SetLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Octets go out; over a link of datagrams exactly one datagram."""

    kind: ClassVar[str] = "send"
    due: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The meter ends the connection."""

    kind: ClassVar[str] = "close"
    due: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """The meter changes rate and framing of a serial line."""

    kind: ClassVar[str] = "set_line"
    due: float
    baud: int
    framing: str


LinkEvent = Send | Close | SetLine


class ServerLink(ABC):
    """One connection to a client side; times are seconds of line time."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.settings = server.settings
        self.events: list[LinkEvent] = []
        self.closed = False
        self.link_id = server.attach(self)

    @abstractmethod
    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets of the client, one datagram at a time where the link has datagrams."""

    @abstractmethod
    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Send an APDU that nobody asked for, or keep it until the client lets the server speak."""

    def tick(self, line_now: float) -> None:
        """Let time-outs happen; links call this before they take octets."""
        self.server.line_now = max(self.server.line_now, line_now)

    def next_due(self) -> float | None:
        """Give the line time of the next time-out."""
        return None

    def take_events(self) -> list[LinkEvent]:
        """Give what has come up since the last call, in order of due times."""
        events, self.events = self.events, []
        return sorted(events, key=lambda event: event.due)

    def closed_by_peer(self, line_now: float) -> None:
        """End the link because the client is gone; nothing more is sent."""
        self.events.clear()
        self.end()

    def cut(self, line_now: float) -> None:
        """End the link from our side at once, as a lost carrier does; nothing waiting is sent."""
        if self.closed:
            return
        self.events = [Close(due=line_now)]
        self.end()

    def end(self) -> None:
        """Forget all state; associations of the link end."""
        self.closed = True
        self.server.detach(self.link_id)

    def send(self, data: bytes, due: float) -> None:
        """Have octets sent at a line time."""
        self.events.append(Send(due=due, data=data))
