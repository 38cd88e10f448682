"""High level authentication: what each side answers to the other's challenge, by mechanism.

========= ==================================================================
mechanism reply
========= ==================================================================
2         the challenge enciphered with the secret, AES-128
3, 4      MD5 or SHA-1 over the challenge of the other side and the secret
5         control octet, invocation counter and tag over the challenge
6         SHA-256 over secret, both titles, both challenges
7         ECDSA signature over both titles, both challenges
========= ==================================================================

Own title and the challenge to be answered come first in 6 and 7. Mechanism 2 fills secret and challenge up with zeros.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from reference_meter.security.ciphering import AUTHENTICATION, CipherKeys, Header, Undecipherable, authentication_tag
from reference_meter.security.curves import SUITE_CURVES, private_key_of, public_key_of

__all__ = [
    "CHALLENGE_OCTETS",
    "ECDSA",
    "GMAC",
    "HLS",
    "MANUFACTURER",
    "MD5",
    "SHA1",
    "SHA256",
    "UNTITLED",
    "Dialogue",
    "check_gmac",
    "check_signature",
    "digest_reply",
    "gmac_reply",
    "is_equal",
    "sign",
]

MANUFACTURER, MD5, SHA1, GMAC, SHA256, ECDSA = 2, 3, 4, 5, 6, 7
HLS = range(2, 8)
"""The mechanisms known here."""
UNTITLED = (MANUFACTURER, MD5, SHA1)
"""Mechanisms whose replies do not depend on system titles."""
CHALLENGE_OCTETS = range(8, 65)
"""Lengths that a challenge may have."""

_AES_OCTETS = 16
_GMAC_OCTETS = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Both titles and both challenges, as one side sees them when it answers."""

    own_title: bytes
    other_title: bytes
    own_challenge: bytes
    """The challenge that this side sent."""
    other_challenge: bytes
    """The challenge to be answered."""
    secret: bytes = field(default=b"", repr=False)

    def turned(self) -> "Dialogue":
        """The same as the other side sees it."""
        return Dialogue(
            own_title=self.other_title,
            other_title=self.own_title,
            own_challenge=self.other_challenge,
            other_challenge=self.own_challenge,
            secret=self.secret,
        )

    @property
    def octets(self) -> bytes:
        """What mechanisms 6 and 7 protect."""
        return self.own_title + self.other_title + self.other_challenge + self.own_challenge


def digest_reply(mechanism: int, dialogue: Dialogue) -> bytes:
    """Give the reply of a mechanism that needs nothing but a secret."""
    match mechanism:
        case 2:
            return _enciphered(dialogue.other_challenge, dialogue.secret)
        case 3:
            # The mechanism is defined by this digest, however weak it is by now.
            return hashlib.md5(dialogue.other_challenge + dialogue.secret).digest()  # noqa: S324
        case 4:
            # Likewise.
            return hashlib.sha1(dialogue.other_challenge + dialogue.secret).digest()  # noqa: S324
        case 6:
            return hashlib.sha256(dialogue.secret + dialogue.octets).digest()
        case _:
            raise ValueError(f"mechanism {mechanism} is not one of a digest")


def _enciphered(challenge: bytes, secret: bytes) -> bytes:
    """Encipher a challenge block by block; only the first 16 octets of a secret count."""
    key = secret[:_AES_OCTETS].ljust(_AES_OCTETS, b"\x00")
    blocks = -(-len(challenge) // _AES_OCTETS)
    # The mechanism is defined without chaining.
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(challenge.ljust(blocks * _AES_OCTETS, b"\x00")) + encryptor.finalize()


def gmac_reply(challenge: bytes, header: Header, keys: CipherKeys) -> bytes:
    """Give the reply of mechanism 5, 17 octets; the header's control octet says authentication only."""
    tag = authentication_tag(challenge, header, keys)
    return bytes([header.control]) + header.counter.to_bytes(4, "big") + tag


def check_gmac(reply: bytes, challenge: bytes, suite: int, title: bytes, keys: CipherKeys) -> int:
    """Check a reply of mechanism 5 and give its invocation counter; ``Undecipherable`` where it is wrong."""
    if len(reply) != _GMAC_OCTETS or reply[0] != AUTHENTICATION | suite:
        raise Undecipherable("not a reply of this mechanism and suite")
    header = Header(control=reply[0], title=title, counter=int.from_bytes(reply[1:5], "big"))
    if not is_equal(reply, gmac_reply(challenge, header, keys)):
        raise Undecipherable("the authentication tag does not fit")
    return header.counter


def sign(octets: bytes, suite: int, private_key: bytes) -> bytes:
    """Sign with ECDSA: private number, high octet first, in; both halves of the signature, one after the other, out."""
    suite_curve = SUITE_CURVES[suite]
    half_octets = suite_curve.coordinate_octets
    r, s = decode_dss_signature(private_key_of(private_key, suite).sign(octets, ec.ECDSA(suite_curve.digest)))
    return r.to_bytes(half_octets, "big") + s.to_bytes(half_octets, "big")


def check_signature(signature: bytes, octets: bytes, suite: int, public_key: bytes) -> None:
    """Check an ECDSA signature with a public key given as uncompressed point; ``Undecipherable`` where it is wrong."""
    suite_curve = SUITE_CURVES[suite]
    half_octets = suite_curve.coordinate_octets
    if len(signature) != 2 * half_octets:
        raise Undecipherable(f"a signature has {2 * half_octets} octets")
    r = int.from_bytes(signature[:half_octets], "big")
    s = int.from_bytes(signature[half_octets:], "big")
    key = public_key_of(public_key, suite)
    try:
        key.verify(encode_dss_signature(r, s), octets, ec.ECDSA(suite_curve.digest))
    except InvalidSignature:
        raise Undecipherable("the signature does not fit") from None


def is_equal(reply: bytes, expected: bytes) -> bool:
    """Compare without telling by the time how much is equal."""
    return hmac.compare_digest(reply, expected)
