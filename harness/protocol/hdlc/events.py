"""What an HDLC client hands out: frames to send, and events for the octets that came."""

from dataclasses import dataclass
from typing import Literal

from harness.protocol.hdlc.parameters import Parameters

__all__ = [
    "Acknowledged",
    "Connected",
    "Discarded",
    "Disconnected",
    "Event",
    "FrameSeen",
    "Outgoing",
    "PeerBusy",
    "Received",
    "Rejected",
    "Unexpected",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A frame to send; ``octets[at:at + stop - start]`` is ``payload[start:stop]``."""

    octets: bytes
    description: str
    at: int = 0
    start: int = 0
    stop: int = 0
    """``at``, ``start`` and ``stop`` are 0 where the frame carries no payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSeen:
    """A good frame from our server to us; comes before whatever the frame brings about."""

    octets: bytes
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """Octets that are not for us: noise, damage, another address."""

    octets: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The link is established."""

    parameters: Parameters
    """As negotiated, seen from the client: transmit is what the client may send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The link is gone."""

    by: Literal["UA", "DM"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A whole payload, LLC header included."""

    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Progress: the server took a segment of ours, or a segment came in sequence and more follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """FRMR came; the link must be established anew."""

    information: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerBusy:
    """RNR came: the server asks for patience, nothing is sent until it is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexpected:
    """A good frame that breaks the rules; nothing of it is delivered."""

    octets: bytes
    reason: str


Event = FrameSeen | Discarded | Connected | Disconnected | Received | Acknowledged | Rejected | PeerBusy | Unexpected
