"""The security control octet: how an APDU is protected and with which keys."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from harness.protocol.security.fault import ProtectionMismatch
from harness.protocol.security.suite import SuiteId, suite_of

__all__ = ["AUTHENTICATED", "BROADCAST", "COMPRESSED", "ENCRYPTED", "SUITE", "SecurityControl"]

SUITE: Final = 0x0F
AUTHENTICATED: Final = 0x10
ENCRYPTED: Final = 0x20
BROADCAST: Final = 0x40
COMPRESSED: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityControl:
    """Suite and what is applied; any combination can be said, ``cipher`` refuses those that it cannot do."""

    suite: SuiteId
    authenticated: bool
    encrypted: bool
    broadcast: bool = False
    """Whether the broadcast key takes the place of the unicast key."""
    compressed: bool = False
    octet: int = field(init=False, repr=False, compare=False)
    """The octet itself."""

    def __post_init__(self) -> None:
        octet = (
            self.suite
            | (AUTHENTICATED if self.authenticated else 0)
            | (ENCRYPTED if self.encrypted else 0)
            | (BROADCAST if self.broadcast else 0)
            | (COMPRESSED if self.compressed else 0)
        )
        object.__setattr__(self, "octet", int(octet))

    @classmethod
    def from_octet(cls, octet: int) -> "SecurityControl":
        """Read the octet; raises ``DecodeError`` for a suite that does not exist."""
        return _control(octet)

    def to_octet(self) -> int:
        """Return the octet."""
        return self.octet

    def holds(self, demanded: "SecurityControl") -> bool:
        """Whether this protects at least as much as ``demanded``."""
        return self.authenticated >= demanded.authenticated and self.encrypted >= demanded.encrypted

    def check_kind(self, demanded: "SecurityControl") -> None:
        """Raise ``ProtectionMismatch`` where suite, set of keys or compression are not those of ``demanded``."""
        due = demanded
        if (self.suite, self.broadcast, self.compressed) != (due.suite, due.broadcast, due.compressed):
            raise ProtectionMismatch(f"{self.describe()} where due is {due.describe()}")

    def describe(self) -> str:
        """Return a few words for people."""
        applied = [
            word
            for word, there in (
                ("authenticated", self.authenticated),
                ("encrypted", self.encrypted),
                ("broadcast key", self.broadcast),
                ("compressed", self.compressed),
            )
            if there
        ]
        return f"suite {self.suite:d}, {', '.join(applied) or 'no protection'}"


@lru_cache(maxsize=256)
def _control(octet: int) -> SecurityControl:
    """Take one apart; all APDUs of an association have the same."""
    return SecurityControl(
        suite=suite_of(octet & SUITE).id,
        authenticated=bool(octet & AUTHENTICATED),
        encrypted=bool(octet & ENCRYPTED),
        broadcast=bool(octet & BROADCAST),
        compressed=bool(octet & COMPRESSED),
    )
