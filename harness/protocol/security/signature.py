"""ECDSA signatures as two numbers of equal length, and the keys for them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.errors import DecodeError
from harness.protocol.security.fault import BadSignature
from harness.protocol.security.suite import SecuritySuite

__all__ = ["check_signature", "point_of", "private_key_of", "public_key_of", "sign"]


def sign(octets: bytes, *, key: ec.EllipticCurvePrivateKey, suite: SecuritySuite) -> bytes:
    """Return the signature of ``octets``: r and s, each as long as a coordinate of the suite's curve.

    The same octets give the same signature, so that a recorded run can be replayed.
    """
    first, second = decode_dss_signature(
        key.sign(octets, ec.ECDSA(_digest(suite, key.curve), deterministic_signing=True))
    )
    return first.to_bytes(suite.coordinate_octets, "big") + second.to_bytes(suite.coordinate_octets, "big")


def check_signature(signature: bytes, octets: bytes, *, key: ec.EllipticCurvePublicKey, suite: SecuritySuite) -> None:
    """Raise ``BadSignature`` unless the owner of ``key`` signed ``octets``; ``DecodeError`` for a wrong length."""
    half = suite.coordinate_octets
    if len(signature) != 2 * half:
        raise DecodeError(f"a signature of {len(signature)} octets, due are {2 * half}")
    numbers = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    try:
        key.verify(encode_dss_signature(*numbers), octets, ec.ECDSA(_digest(suite, key.curve)))
    except InvalidSignature:
        raise BadSignature("the signature does not fit") from None


def private_key_of(octets: bytes, suite: SecuritySuite) -> ec.EllipticCurvePrivateKey:
    """Return the private key whose number ``octets`` are; ``ValueError`` names what is wrong, never the key."""
    if suite.curve is None or len(octets) != suite.coordinate_octets:
        raise ValueError(f"a private key of suite {suite.id:d} has {suite.coordinate_octets} octets")
    try:
        return ec.derive_private_key(int.from_bytes(octets, "big"), suite.curve)
    except ValueError:
        raise ValueError(f"a private key of suite {suite.id:d} is outside its range") from None


def public_key_of(octets: bytes, suite: SecuritySuite) -> ec.EllipticCurvePublicKey:
    """Return the public key whose coordinates, x and y, ``octets`` are; raises ``DecodeError``."""
    if suite.curve is None or len(octets) != 2 * suite.coordinate_octets:
        raise DecodeError(f"a public key of {len(octets)} octets, due are {2 * suite.coordinate_octets}")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(suite.curve, b"\x04" + octets)
    except ValueError:
        raise DecodeError("a public key that is no point of the curve") from None


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the coordinates of a public key, x and y."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]


def _digest(suite: SecuritySuite, curve: ec.EllipticCurve) -> HashAlgorithm:
    if suite.curve is None or suite.digest is None or curve.name != suite.curve.name:
        raise ValueError(f"suite {suite.id:d} has no signatures on {curve.name}")
    return suite.digest
