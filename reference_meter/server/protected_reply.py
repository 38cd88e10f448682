"""The key that a message uses, and how the answer to a request is protected."""

from dataclasses import dataclass

from reference_meter.security.ciphering import CipherKeys
from reference_meter.security.store import Counters
from reference_meter.server.end_to_end import EndToEndReply

__all__ = ["CipherKey", "ProtectedReply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CipherKey:
    """The key that a message uses, with the counters that belong to it."""

    keys: CipherKeys
    counters: Counters


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedReply:
    """How the answer to the request at hand goes out."""

    key: CipherKey
    protection: int
    dedicated: bool = False
    general: bool = False
    signed: bool = False
    end_to_end: EndToEndReply | None = None
