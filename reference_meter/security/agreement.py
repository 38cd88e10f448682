"""Key agreement of suites 1 and 2: a symmetric key for one message, from elliptic curve keys of both sides.

======== ============================ ==========================================================
scheme   keys                         derived from the shared secret with
======== ============================ ==========================================================
one pass ephemeral of the originator, algorithm, title of originator, title of recipient
         static of the recipient
static   static of both               algorithm, title of originator, length of transaction-id
                                      and transaction-id, title of recipient
======== ============================ ==========================================================

The derivation is the one-step one of NIST SP 800-56A with the digest of the suite.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

from reference_meter.codec.octets import encode_length
from reference_meter.security.ciphering import KEY_OCTETS, Undecipherable
from reference_meter.security.curves import SUITE_CURVES, encode_point, private_key_of, public_key_of
from reference_meter.security.hls import check_signature

__all__ = ["ONE_PASS", "STATIC", "AgreementKeys", "agree_as_originator", "agree_as_recipient", "derive_key"]

ONE_PASS, STATIC = 1, 2
"""Key parameters of the schemes."""

_ALGORITHM_IDS = {1: bytes.fromhex("60857405080300"), 2: bytes.fromhex("60857405080301")}
"""What a derived key is for, by suite: AES-GCM with 128 and with 256 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementKeys:
    """The static keys for agreement: the own private number and the other side's point."""

    suite: int
    own: bytes
    other: bytes
    other_signing: bytes = b""
    """Point with which the other side's signature of an ephemeral key is checked, where it is known."""


def derive_key(secret: bytes, suite: int, originator: bytes, recipient: bytes) -> bytes:
    """Give the key that both sides derive; ``originator`` and ``recipient`` are as in the table."""
    other = _ALGORITHM_IDS[suite] + originator + recipient
    return ConcatKDFHash(SUITE_CURVES[suite].digest, KEY_OCTETS[suite], other).derive(secret)


def agree_as_recipient(
    keys: AgreementKeys, scheme: int, sent_along: bytes, titles: tuple[bytes, bytes], transaction: bytes
) -> bytes:
    """Give the key of a message that came; ``titles`` are those of originator and recipient.

    ``Undecipherable`` where what was sent along does not belong to the scheme.
    """
    other = keys.other if scheme == STATIC else _ephemeral(keys, sent_along)
    if scheme == STATIC and sent_along:
        raise Undecipherable("nothing is sent along with static keys")
    return _key(keys, private_key_of(keys.own, keys.suite), other, scheme, titles, transaction)


def agree_as_originator(
    keys: AgreementKeys, scheme: int, titles: tuple[bytes, bytes], transaction: bytes
) -> tuple[bytes, bytes]:
    """Give the key of a message that goes out, and what is sent along with it."""
    if scheme == STATIC:
        return _key(keys, private_key_of(keys.own, keys.suite), keys.other, scheme, titles, transaction), b""
    ephemeral = ec.generate_private_key(SUITE_CURVES[keys.suite].curve)
    sent_along = encode_point(ephemeral.public_key(), keys.suite)
    return _key(keys, ephemeral, keys.other, scheme, titles, transaction), sent_along


def _key(
    keys: AgreementKeys,
    own: ec.EllipticCurvePrivateKey,
    other: bytes,
    scheme: int,
    titles: tuple[bytes, bytes],
    transaction: bytes,
) -> bytes:
    originator, recipient = titles
    if scheme == STATIC:
        originator += encode_length(len(transaction)) + transaction
    secret = own.exchange(ec.ECDH(), public_key_of(other, keys.suite))
    return derive_key(secret, keys.suite, originator, recipient)


def _ephemeral(keys: AgreementKeys, sent_along: bytes) -> bytes:
    """Take the ephemeral point, and check its signature where there is one."""
    octets = SUITE_CURVES[keys.suite].signature_octets
    point, signature = sent_along[:octets], sent_along[octets:]
    if signature and keys.other_signing:
        _check_ephemeral(keys, point, signature)
    elif len(signature) not in (0, octets):
        raise Undecipherable("an ephemeral key with something behind it that is no signature")
    return point


def _check_ephemeral(keys: AgreementKeys, point: bytes, signature: bytes) -> None:
    """Accept both that the key parameters are signed with the point and that they are not, as senders differ."""
    try:
        check_signature(signature, bytes([ONE_PASS]) + point, keys.suite, keys.other_signing)
    except Undecipherable:
        check_signature(signature, point, keys.suite, keys.other_signing)
