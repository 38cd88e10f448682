"""What security remembers: keys, policy, system titles and invocation counters."""

from dataclasses import dataclass, field
from typing import Literal

from reference_meter.security.ciphering import KEY_OCTETS, SYSTEM_TITLE_OCTETS, CipherKeys, Undecipherable
from reference_meter.security.curves import public_key_of

__all__ = ["ALL_POLICY_BITS", "LAST_COUNTER", "Counters", "ErrorPolicy", "KeySet", "SecuritySettings", "SecurityStore"]

LAST_COUNTER = 0xFFFFFFFF

# An answer may need several: the reply to a challenge has one of its own, and notifications go along with answers.
_RESERVE = 8

ErrorPolicy = Literal["silent", "exception", "mixed"]

REQUEST_AUTHENTICATED, REQUEST_ENCRYPTED, REQUEST_SIGNED = 0x04, 0x08, 0x10
RESPONSE_AUTHENTICATED, RESPONSE_ENCRYPTED, RESPONSE_SIGNED = 0x20, 0x40, 0x80
SIGNING_POLICY_BITS = REQUEST_SIGNED | RESPONSE_SIGNED
ALL_POLICY_BITS = REQUEST_AUTHENTICATED | REQUEST_ENCRYPTED | RESPONSE_AUTHENTICATED | RESPONSE_ENCRYPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The keys of one security setup."""

    unicast: bytes = field(repr=False)
    broadcast: bytes = field(repr=False)
    authentication: bytes = field(repr=False)
    master: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySettings:
    """How a meter is ciphered when it leaves the factory."""

    keys: KeySet
    system_title: bytes
    """The meter's own."""
    client_system_title: bytes = bytes(SYSTEM_TITLE_OCTETS)
    """The head end's, until one associates."""
    suite: int = 0
    policy: int = ALL_POLICY_BITS
    """Bits 04, 08, 10 demand authentication, encryption and signature of requests, 20, 40 and 80 of responses."""
    ciphering_errors: ErrorPolicy = "silent"
    """Answer to what cannot be deciphered: none, an exception, or one for repeated counters only."""
    insufficient_result: int | None = 13
    """Result of requests protected less than the policy demands; ``None`` gives an exception."""
    counter_jump_limit: int | None = None
    """Largest step from one invocation counter to the next, once a first one was accepted; ``None`` takes any."""
    new_keys_at_once: bool = False
    """The answer to a key transfer comes under the new keys already."""
    closes_connection: bool = False
    """A wrongly ciphered request ends a stream, or the connection of an HDLC client."""
    signing_key: bytes = field(default=b"", repr=False)
    """Private number for signatures, those of mechanism 7 too."""
    client_public_key: bytes = b""
    """The head end's point for signatures, uncompressed."""
    agreement_key: bytes = field(default=b"", repr=False)
    """Private number for key agreement."""
    client_agreement_key: bytes = b""
    """The head end's point for key agreement, uncompressed."""

    def __post_init__(self) -> None:
        if self.suite not in KEY_OCTETS:
            raise ValueError(f"suite is one of {sorted(KEY_OCTETS)}, not {self.suite}")
        if self.policy & ~self.policy_bits:
            raise ValueError(f"policy has the bits {self.policy_bits:#04x}, not {self.policy:#04x}")
        keys = (self.keys.unicast, self.keys.broadcast, self.keys.authentication, self.keys.master)
        if any(len(key) != KEY_OCTETS[self.suite] for key in keys):
            raise ValueError(f"keys of suite {self.suite} have {KEY_OCTETS[self.suite]} octets")
        if any(len(title) != SYSTEM_TITLE_OCTETS for title in (self.system_title, self.client_system_title)):
            raise ValueError(f"system titles have {SYSTEM_TITLE_OCTETS} octets")
        for point in filter(None, (self.client_public_key, self.client_agreement_key)):
            try:
                public_key_of(point, self.suite)
            except Undecipherable:
                raise ValueError(f"a public key of the head end is no point of suite {self.suite}") from None

    @property
    def policy_bits(self) -> int:
        """The bits that a policy may have: signatures can be demanded only where both sides can sign."""
        signs = bool(self.suite and self.signing_key and self.client_public_key)
        return ALL_POLICY_BITS | (SIGNING_POLICY_BITS if signs else 0)


class Counters:
    """Invocation counters of both directions: received by key and originator, sent by key."""

    def __init__(self) -> None:
        self._received: dict[tuple[bytes, bytes], int] = {}
        self._sent: dict[bytes, int] = {}

    def last_received(self, key: bytes, title: bytes) -> int:
        """Give the last accepted counter, -1 before the first."""
        return self._received.get((key, title), -1)

    def highest_received(self, key: bytes) -> int:
        """Give the highest accepted counter of a key, whoever sent it; 0 before the first."""
        return max((counter for (used, _), counter in self._received.items() if used == key), default=0)

    def accept(self, key: bytes, title: bytes, counter: int) -> None:
        """Enter a counter whose frame has proved to be authentic; it never goes back."""
        self._received[key, title] = max(counter, self.last_received(key, title))

    def forget_received(self) -> None:
        """Forget what was accepted, as a right meter never does."""
        self._received.clear()

    def used_up(self, key: bytes) -> bool:
        """Tell whether requests can no longer be answered with a key."""
        return self._sent.get(key, 0) > LAST_COUNTER - _RESERVE

    def next_sent(self, key: bytes) -> int:
        """Take the counter of the next message with a key, from 1 upwards; ValueError after the last one."""
        if self._sent.get(key, 0) >= LAST_COUNTER:
            raise ValueError("the invocation counter of this key is used up")
        self._sent[key] = self._sent.get(key, 0) + 1
        return self._sent[key]


class SecurityStore:
    """The security of one head end; it belongs to the model and outlives links and power cuts."""

    def __init__(self, settings: SecuritySettings) -> None:
        self.settings = settings
        self.suite = settings.suite
        self.policy = settings.policy
        self.keys = settings.keys
        self.client_title = settings.client_system_title
        self.counters = Counters()

    @property
    def server_title(self) -> bytes:
        """The meter's system title."""
        return self.settings.system_title

    @property
    def cipher_keys(self) -> CipherKeys:
        """The keys of messages to one meter."""
        return CipherKeys(encryption=self.keys.unicast, authentication=self.keys.authentication)

    def announced_counter(self) -> int:
        """Give the counter above which the next request has to be."""
        return self.counters.highest_received(self.keys.unicast)

    @property
    def policy_bits(self) -> int:
        """The bits that the policy may have."""
        return self.settings.policy_bits

    def demands_signed_requests(self) -> bool:
        """Tell whether the policy demands that requests are signed."""
        return bool(self.policy & REQUEST_SIGNED)

    def demands_signed_responses(self) -> bool:
        """Tell whether the policy demands that responses are signed."""
        return bool(self.policy & RESPONSE_SIGNED)

    def demanded_of_requests(self) -> int:
        """Give the bits of the control octet that the policy demands of requests."""
        return (self.policy & (REQUEST_AUTHENTICATED | REQUEST_ENCRYPTED)) << 2

    def demanded_of_responses(self) -> int:
        """Give the bits of the control octet that the policy demands of responses."""
        return (self.policy & (RESPONSE_AUTHENTICATED | RESPONSE_ENCRYPTED)) >> 1
