"""One association: what was negotiated and which transfers are under way."""

from dataclasses import dataclass, field

from reference_meter.codec import axdr
from reference_meter.codec.axdr import Pair
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import AttributeDescriptor, MethodDescriptor
from reference_meter.codec.request_decoder import decode_data_list
from reference_meter.server.authentication import Authentication
from reference_meter.server.octet_source import OctetSource
from reference_meter.server.protection import PlainProtection, Protection

__all__ = ["Association", "GeneralTransfer", "LongAnswer", "LongRequest", "SessionKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKey:
    """Who talks to whom over which link; an association belongs to exactly one such key."""

    link_id: int
    client: int
    server: int


@dataclass(kw_only=True)
class LongAnswer:
    """A result that the client fetches block by block."""

    source: OctetSource
    number: int = 0
    """Number of the block sent last."""


@dataclass(kw_only=True)
class LongRequest:
    """A request that arrives block by block, for one target or a list of them."""

    targets: tuple[AttributeDescriptor, ...] | tuple[MethodDescriptor, ...]
    is_list: bool
    raw: bytearray = field(default_factory=bytearray)
    number: int = 0
    """Number of the block received last."""

    def values(self) -> tuple[Pair, ...]:
        """Decode what has arrived, one value for each target; anything else is ``Malformed``."""
        raw = bytes(self.raw)
        if not self.is_list:
            return (axdr.decode(raw),)
        values = decode_data_list(raw)
        if len(values) != len(self.targets):
            raise Malformed(f"{len(values)} values for {len(self.targets)} targets", len(raw))
        return values


@dataclass(kw_only=True)
class GeneralTransfer:
    """A general block transfer: the request on its way in, then the answer on its way out."""

    received: bytearray = field(default_factory=bytearray)
    acknowledged: int = 0
    """Number of the last block received in sequence."""
    number: int = 0
    """Number of the block sent last."""
    source: OctetSource | None = None
    """The answer; ``None`` while the request is incomplete."""
    unacknowledged: list[tuple[int, bool, bytes]] = field(default_factory=list)
    """Blocks sent and not acknowledged: number, last, data."""


@dataclass(kw_only=True)
class Association:
    """An open association."""

    key: SessionKey
    conformance: int
    """Negotiated: proposed and supported."""
    send_limit: int
    """Longest APDU that may go to the client, in octets."""
    receive_limit: int
    """Longest APDU taken from the client, in octets."""
    mechanism: int
    protection: Protection = field(default_factory=PlainProtection)
    authentication: Authentication | None = None
    """The client still has to answer the challenge; until then it may do nothing else."""
    rejected: bool = False
    """The client's answer to the challenge was wrong; the association ends with the reply."""
    standing: bool = False
    """It was never opened and cannot be ended; its client gets no answers."""
    general_answer: bool = False
    """The request at hand came in general blocks and its answer goes out in them, whatever its length."""
    long_get: LongAnswer | None = None
    long_set: LongRequest | None = None
    long_action: LongRequest | None = None
    long_outcome: LongAnswer | None = None
    general: GeneralTransfer | None = None

    def has(self, service: int) -> bool:
        """Tell whether all bits of a service were negotiated."""
        return self.conformance & service == service

    def answer_limit(self) -> int:
        """Give the longest plain APDU that fits the client, in octets."""
        return self.send_limit - self.protection.overhead_octets
