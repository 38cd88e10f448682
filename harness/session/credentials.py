"""What a client proves itself and protects its APDUs with in one association."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.protocol.security import CipherKeys, HlsKeys, SecurityControl
from harness.session.protection_ciphered import CipheredProtection
from harness.session.protection_general import GeneralKeys, GeneralProtection
from harness.session.recall import Recall, produced

__all__ = ["Credentials"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Titles, keys, counter and challenge; no secret of them is ever shown."""

    client_title: bytes | None = None
    """System title; None for mechanisms that need none."""
    server_title: bytes | None = None
    """Declared system title of the device; None: as it says itself."""
    control: SecurityControl | None = None
    """How APDUs are protected; None where the context is not ciphered."""
    keys: CipherKeys | None = None
    """Global unicast and authentication key."""
    general: bool = False
    """Whether APDUs go in the general forms."""
    general_keys: GeneralKeys | None = None
    """For general ciphering with a chosen key and for general signing; None where there is neither."""
    dedicated_key: bytes | None = field(default=None, repr=False)
    """Key of this association alone."""
    hls: HlsKeys = field(default_factory=HlsKeys)
    challenge: bytes = b""
    """Our challenge to the device; empty without high level security."""
    counter: Callable[[], int] = field(default=lambda: 1, repr=False)
    """Gives the next invocation counter under the global unicast key."""
    key_name: str = ""
    """Which keys these are, in a word that tells nothing of them."""
    go_on_above: Callable[[int], None] = field(default=lambda number: None, repr=False)
    """Has ``counter`` go on above a number, for what the device has accepted otherwise; never back."""
    recall: Recall = field(default=produced, repr=False)
    """Records what keys have done; in a replay it gives that back."""

    def protection(self) -> CipheredProtection | None:
        """Return the protection of a new association, or None where its context is not ciphered."""
        if self.control is None:
            return None
        if self.keys is None or self.client_title is None:
            raise ValueError("a ciphered context needs keys and a system title")
        agreed: dict[str, Any] = {
            "control": self.control,
            "keys": self.keys,
            "client_title": self.client_title,
            "server_title": self.server_title,
            "counter": self.counter,
            "general": self.general,
            "recall": self.recall,
            "key_name": self.key_name,
        }
        if self.general_keys is not None:
            return GeneralProtection(general_keys=self.general_keys, **agreed)
        return CipheredProtection(**agreed)
