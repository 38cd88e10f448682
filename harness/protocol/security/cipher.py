"""AES in Galois/counter mode as the suites use it: nonce, associated data, tags of 12 octets."""

import hmac
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harness.errors import DecodeError
from harness.protocol.security.control import AUTHENTICATED, ENCRYPTED, SecurityControl
from harness.protocol.security.fault import BadTag, ProtectionMismatch
from harness.protocol.security.suite import SUITES

__all__ = ["COUNTER_OCTETS", "HIGHEST_COUNTER", "TAG_OCTETS", "TITLE_OCTETS", "CipherKeys", "seal", "seal_as", "unseal"]

TAG_OCTETS: Final = 12
TITLE_OCTETS: Final = 8
COUNTER_OCTETS: Final = 4
HIGHEST_COUNTER: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CipherKeys:
    """The pair of keys that protects an APDU; neither is ever shown."""

    encryption: bytes = field(repr=False)
    """Block cipher key: global unicast, global broadcast or dedicated."""
    authentication: bytes = field(repr=False)


def seal(
    plain: bytes,
    *,
    control: SecurityControl,
    keys: CipherKeys,
    system_title: bytes,
    counter: int,
    header: bytes = b"",
) -> bytes:
    """Return what follows the invocation counter: text, and tag where authenticated.

    ``system_title`` is the sender's; ``header`` is authenticated too (the fields of general ciphering).
    """
    _check(control.octet, len(keys.encryption), len(keys.authentication))
    octet = control.octet
    return seal_as(plain, octet=octet, keys=keys, system_title=system_title, counter=counter, header=header)


def seal_as(
    plain: bytes, *, octet: int, keys: CipherKeys, system_title: bytes, counter: int, header: bytes = b""
) -> bytes:
    """As ``seal``, for any security control octet: what is wrong on purpose names suites that do not exist."""
    nonce = _nonce(system_title, counter)
    encrypted = bool(octet & ENCRYPTED)
    if not octet & AUTHENTICATED:
        return _counter_mode(plain, keys.encryption, nonce) if encrypted else plain
    associated = bytes((octet,)) + keys.authentication + header
    if not encrypted:
        return plain + _gcm(b"", associated + plain, keys.encryption, nonce)
    return _gcm(plain, associated, keys.encryption, nonce)


def unseal(
    octets: bytes,
    *,
    control: SecurityControl,
    keys: CipherKeys,
    system_title: bytes,
    counter: int,
    header: bytes = b"",
) -> bytes:
    """Return the plain octets; raises ``BadTag``, ``DecodeError`` where the tag is cut off."""
    nonce = _nonce(system_title, counter)
    _check(control.octet, len(keys.encryption), len(keys.authentication))
    if not control.authenticated:
        return _counter_mode(octets, keys.encryption, nonce) if control.encrypted else octets
    if len(octets) < TAG_OCTETS:
        raise DecodeError(f"{len(octets)} octets where a tag of {TAG_OCTETS} is due")
    text, tag = octets[:-TAG_OCTETS], octets[-TAG_OCTETS:]
    associated = bytes((control.octet,)) + keys.authentication + header
    # In counter mode enciphering undoes itself; the tag is then made anew, which is far quicker than a decryptor.
    plain = _counter_mode(text, keys.encryption, nonce) if control.encrypted else text
    if control.encrypted:
        made = _gcm(plain, associated, keys.encryption, nonce)[-TAG_OCTETS:]
    else:
        made = _gcm(b"", associated + plain, keys.encryption, nonce)
    if not hmac.compare_digest(made, tag):
        raise BadTag(f"the authentication tag does not fit ({control.describe()}, counter {counter})")
    return plain


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    """Return the cipher of a key; the same few keys are used again and again."""
    return AESGCM(key)


def _gcm(plain: bytes, associated: bytes, key: bytes, nonce: bytes) -> bytes:
    return _cipher(key).encrypt(nonce, plain, associated)[: len(plain) + TAG_OCTETS]


def _counter_mode(octets: bytes, key: bytes, nonce: bytes) -> bytes:
    """Encrypt or decrypt without a tag; the key stream is the same both ways."""
    return _cipher(key).encrypt(nonce, octets, None)[: len(octets)]


def _nonce(system_title: bytes, counter: int) -> bytes:
    if len(system_title) != TITLE_OCTETS:
        raise ValueError(f"a system title has {TITLE_OCTETS} octets, not {len(system_title)}")
    return system_title + counter.to_bytes(COUNTER_OCTETS, "big")


@lru_cache(maxsize=64)
def _check(octet: int, encryption_octets: int, authentication_octets: int) -> None:
    """Raise for keys of lengths that do not belong to the suite; what has been good once is good."""
    control = SecurityControl.from_octet(octet)
    if control.compressed:
        raise ProtectionMismatch("a compressed APDU; compression is not agreed")
    due = SUITES[control.suite].key_octets
    for name, octets, needed in (
        ("encryption", encryption_octets, control.encrypted or control.authenticated),
        ("authentication", authentication_octets, control.authenticated),
    ):
        if needed and octets != due:
            raise ValueError(f"suite {control.suite:d} needs keys of {due} octets; the {name} key has other length")
