"""High level security: what each side answers to the other's challenge, mechanisms 2 to 7.

One function serves both sides: who answers takes the challenge that was sent to it first.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from harness.errors import DecodeError
from harness.protocol.acse import Mechanism
from harness.protocol.security.cipher import COUNTER_OCTETS, TAG_OCTETS, CipherKeys, seal, unseal
from harness.protocol.security.control import SecurityControl
from harness.protocol.security.fault import BadSignature, BadTag, NotAuthentic
from harness.protocol.security.signature import check_signature, sign
from harness.protocol.security.suite import SUITES, SuiteId

__all__ = ["CHALLENGE_OCTETS", "Challenges", "HlsKeys", "check_response", "counter_of_response", "response"]

CHALLENGE_OCTETS: Final = range(8, 65)
"""Lengths that a challenge may have."""

_AES_OCTETS: Final = 16
_GMAC_OCTETS: Final = 1 + COUNTER_OCTETS + TAG_OCTETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenges:
    """Challenges and system titles from the side that answers."""

    received: bytes
    """The challenge that is answered."""
    sent: bytes
    """The challenge of the answering side."""
    own_title: bytes = b""
    """System title of the answering side; mechanisms 5, 6 and 7 need it."""
    peer_title: bytes = b""

    @property
    def both(self) -> bytes:
        """Titles and challenges in the order that mechanisms 6 and 7 want."""
        return self.own_title + self.peer_title + self.received + self.sent


@dataclass(frozen=True, slots=True, kw_only=True)
class HlsKeys:
    """What the mechanisms need, each its part; nothing of it is ever shown."""

    suite: SuiteId = SuiteId.AES_GCM_128
    secret: bytes | None = field(default=None, repr=False)
    """Shared secret of mechanisms 2, 3, 4 and 6."""
    keys: CipherKeys | None = None
    """Global keys for mechanism 5."""
    signing_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)
    """Our key for mechanism 7."""
    peer_key: ec.EllipticCurvePublicKey | None = field(default=None, repr=False)
    """The peer's public key for mechanism 7."""


def response(mechanism: int, challenges: Challenges, keys: HlsKeys, *, counter: int = 0) -> bytes:
    """Return the answer to ``challenges.received``; ``counter`` is the invocation counter for mechanism 5."""
    match mechanism:
        case Mechanism.HIGH_GMAC:
            control = SecurityControl(suite=keys.suite, authenticated=True, encrypted=False)
            made = seal(
                challenges.received,
                control=control,
                keys=_cipher_keys(keys),
                system_title=challenges.own_title,
                counter=counter,
            )
            return bytes((control.to_octet(),)) + counter.to_bytes(COUNTER_OCTETS, "big") + made[-TAG_OCTETS:]
        case Mechanism.HIGH_ECDSA:
            if keys.signing_key is None:
                raise ValueError("mechanism 7 needs a signing key")
            return sign(challenges.both, key=keys.signing_key, suite=SUITES[keys.suite])
        case _:
            return _digest(mechanism, challenges, keys)


def check_response(mechanism: int, answer: bytes, challenges: Challenges, keys: HlsKeys) -> None:
    """Raise ``NotAuthentic`` unless ``answer`` is right; ``challenges`` are as the answering side sees them."""
    match mechanism:
        case Mechanism.HIGH_GMAC:
            _check_gmac(answer, challenges, keys)
        case Mechanism.HIGH_ECDSA:
            if keys.peer_key is None:
                raise ValueError("mechanism 7 needs the peer's public key")
            try:
                check_signature(answer, challenges.both, key=keys.peer_key, suite=SUITES[keys.suite])
            except BadSignature:
                raise NotAuthentic("the signature over the challenges does not fit") from None
        case _:
            if not hmac.compare_digest(answer, _digest(mechanism, challenges, keys)):
                raise NotAuthentic(f"the answer to the challenge of mechanism {mechanism} does not fit")


def counter_of_response(answer: bytes) -> int:
    """Return the invocation counter in an answer of mechanism 5; raises ``DecodeError``."""
    if len(answer) != _GMAC_OCTETS:
        raise DecodeError(f"an answer of {len(answer)} octets to the challenge, due are {_GMAC_OCTETS}")
    return int.from_bytes(answer[1 : 1 + COUNTER_OCTETS], "big")


def _check_gmac(answer: bytes, challenges: Challenges, keys: HlsKeys) -> None:
    counter = counter_of_response(answer)
    control = SecurityControl.from_octet(answer[0])
    if control != SecurityControl(suite=keys.suite, authenticated=True, encrypted=False):
        raise DecodeError(f"an answer to the challenge with {control.describe()}", 0)
    try:
        unseal(
            challenges.received + answer[-TAG_OCTETS:],
            control=control,
            keys=_cipher_keys(keys),
            system_title=challenges.own_title,
            counter=counter,
        )
    except BadTag:
        raise NotAuthentic("the tag over the challenge does not fit") from None


def _digest(mechanism: int, challenges: Challenges, keys: HlsKeys) -> bytes:
    if keys.secret is None:
        raise ValueError(f"mechanism {mechanism} needs a secret")
    match mechanism:
        case Mechanism.HIGH:
            return _enciphered(challenges.received, keys.secret)
        case Mechanism.HIGH_MD5:
            # The mechanism is what it is; whether it is good enough is not for us to say.
            return hashlib.md5(challenges.received + keys.secret, usedforsecurity=False).digest()
        case Mechanism.HIGH_SHA1:
            return hashlib.sha1(challenges.received + keys.secret, usedforsecurity=False).digest()
        case Mechanism.HIGH_SHA256:
            return hashlib.sha256(keys.secret + challenges.both).digest()
        case _:
            raise ValueError(f"mechanism {mechanism} has no challenges")


def _enciphered(challenge: bytes, secret: bytes) -> bytes:
    """Return the challenge under AES with the secret, both filled with zeros, as mechanism 2 is widely done."""
    if len(secret) > _AES_OCTETS:
        raise ValueError(f"the secret of mechanism 2 has at most {_AES_OCTETS} octets")
    whole = -(-len(challenge) // _AES_OCTETS) * _AES_OCTETS
    encryptor = Cipher(AES(secret.ljust(_AES_OCTETS, b"\x00")), ECB()).encryptor()  # noqa: S305 (the mechanism asks for it)
    return encryptor.update(challenge.ljust(whole, b"\x00")) + encryptor.finalize()


def _cipher_keys(keys: HlsKeys) -> CipherKeys:
    if keys.keys is None:
        raise ValueError("mechanism 5 needs encryption and authentication key")
    return keys.keys
