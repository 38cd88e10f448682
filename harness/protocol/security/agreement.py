"""Key agreement of suites 1 and 2: both sides calculate one symmetric key from elliptic curve keys of their own.

The shared secret goes through the one-step key derivation of NIST SP 800-56A with the suite's hash, together with
the algorithm that the key is for and what tells the two sides apart.
"""

from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

from harness.errors import DecodeError
from harness.protocol.apdu.reader import push_octets
from harness.protocol.security.fault import BadSignature
from harness.protocol.security.key_info import AgreedKey
from harness.protocol.security.signature import check_signature, point_of, public_key_of, sign
from harness.protocol.security.suite import SecuritySuite, SuiteId

__all__ = [
    "ALGORITHM_IDS",
    "Scheme",
    "agreed_key",
    "announced_key",
    "one_pass",
    "shared_secret",
    "static_party",
]

ALGORITHM_IDS: Final[dict[SuiteId, bytes]] = {
    SuiteId.ECDH_ECDSA_AES_GCM_128: bytes.fromhex("60857405080300"),
    SuiteId.ECDH_ECDSA_AES_GCM_256: bytes.fromhex("60857405080301"),
}
"""What the agreed key is for, by suite: AES-GCM with 128 and with 256 bits."""


class Scheme(IntEnum):
    """Whose keys are ephemeral and whose are static; its octet are the key parameters."""

    ONE_PASS = 1
    """The originator's key is made for this message, the recipient's is static."""
    STATIC = 2
    """Both keys are static; the transaction-id makes each derived key another one."""

    @property
    def parameters(self) -> bytes:
        """The key parameters."""
        return bytes((self,))


def shared_secret(own: ec.EllipticCurvePrivateKey, peer: ec.EllipticCurvePublicKey) -> bytes:
    """Return the x coordinate of the common point; ``ValueError`` for keys on unlike curves."""
    return own.exchange(ec.ECDH(), peer)


def agreed_key(secret: bytes, *, suite: SecuritySuite, originator: bytes, recipient: bytes) -> bytes:
    """Return the symmetric key that comes of a shared secret.

    ``originator`` is what is known of the side that sends: its system title, and with the static scheme the
    transaction-id behind it; ``recipient`` is the system title of the other side.
    """
    if suite.digest is None:
        raise ValueError(f"suite {suite.id:d} has no key agreement")
    other = ALGORITHM_IDS[suite.id] + originator + recipient
    return ConcatKDFHash(suite.digest, suite.key_octets, other).derive(secret)


def one_pass(
    ephemeral: ec.EllipticCurvePrivateKey, *, suite: SecuritySuite, signing_key: ec.EllipticCurvePrivateKey | None
) -> AgreedKey:
    """Return what tells the recipient our ephemeral key, signed where we have a key for that."""
    point = point_of(ephemeral.public_key())
    signature = b"" if signing_key is None else sign(_signed(point), key=signing_key, suite=suite)
    return AgreedKey(parameters=Scheme.ONE_PASS.parameters, ciphered=point + signature)


def announced_key(
    key: AgreedKey, *, suite: SecuritySuite, peer_key: ec.EllipticCurvePublicKey | None
) -> ec.EllipticCurvePublicKey:
    """Return the originator's ephemeral key.

    Its signature is checked where there is one and ``peer_key`` is known. Raises ``BadSignature``, and ``DecodeError``
    for octets that are no key with or without a signature.
    """
    point_octets = 2 * suite.coordinate_octets
    if len(key.ciphered) not in (point_octets, 2 * point_octets):
        raise DecodeError(f"an ephemeral key of {len(key.ciphered)} octets, due are {point_octets} and a signature")
    point, signature = key.ciphered[:point_octets], key.ciphered[point_octets:]
    if signature and peer_key is not None:
        try:
            check_signature(signature, _signed(point), key=peer_key, suite=suite)
        except BadSignature:
            # Some sign the key alone, without the octet before it.
            check_signature(signature, point, key=peer_key, suite=suite)
    return public_key_of(point, suite)


def static_party(system_title: bytes, transaction_id: bytes) -> bytes:
    """Return what stands for the originator in the static scheme."""
    return system_title + push_octets(transaction_id)


def _signed(point: bytes) -> bytes:
    return Scheme.ONE_PASS.parameters + point
