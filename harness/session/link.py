"""The link layer of the stack: one interface, and the events that links of all kinds give."""

from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "ApduIn",
    "Busy",
    "FrameIn",
    "FrameOut",
    "Link",
    "LinkClosed",
    "LinkEvent",
    "LinkOpened",
    "LinkViolation",
    "Progress",
    "Stray",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOut:
    """A frame to send; ``octets[at:]`` begins with ``apdu[start:stop]``."""

    octets: bytes
    description: str
    at: int = 0
    start: int = 0
    stop: int = 0
    trailer: int = 0
    """Octets of the checksum at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameIn:
    """A good frame as it came."""

    octets: bytes
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Octets that are no frame for us: noise, wrong checksum, somebody else's address."""

    octets: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened:
    """The link is there; ``send_octets`` and ``receive_octets`` are the negotiated information sizes."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClosed:
    """The link is gone; ``by`` says by which frame."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The far side took or gave a part of something longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """The far side asks for patience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkViolation:
    """A frame that breaks the rules of the link."""

    octets: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApduIn:
    """A whole APDU."""

    octets: bytes


LinkEvent = FrameIn | Stray | LinkOpened | LinkClosed | Progress | Busy | LinkViolation | ApduIn


class Link(Protocol):
    """Bytes in, events out; what is to be sent is asked for."""

    @property
    def is_open(self) -> bool:
        """Whether APDUs may be sent."""

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to be ended."""

    @property
    def has_sent_all(self) -> bool:
        """Whether nothing waits to be sent, nor to be acknowledged where the link acknowledges."""

    @property
    def unfinished_octets(self) -> int:
        """Octets of a frame that has begun and not ended."""

    def open(self) -> None:
        """Begin to establish the link."""

    def close(self) -> None:
        """Begin to end the link."""

    def send(self, apdu: bytes) -> None:
        """Queue one APDU."""

    def data_to_send(self) -> list[FrameOut]:
        """Return the frames that may leave now."""

    def receive_data(self, data: bytes) -> list[LinkEvent]:
        """Take octets from the line."""

    def poll(self) -> bool:
        """Queue the link's own repetition after a timeout; False where the link has none."""

    def invite(self) -> None:
        """Let the far side go on after an APDU that was not the awaited one."""
