"""Elliptic curves by security suite; keys are numbers where private, uncompressed points where public, in octets."""

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from reference_meter.security.ciphering import Undecipherable

__all__ = ["SUITE_CURVES", "SuiteCurve", "encode_point", "private_key_of", "public_key_of"]

_UNCOMPRESSED = b"\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteCurve:
    """What a suite calculates with."""

    curve: ec.EllipticCurve
    digest: hashes.HashAlgorithm
    coordinate_octets: int
    """Length of a coordinate, of a private number, and of each half of a signature."""

    @property
    def signature_octets(self) -> int:
        """Length of a signature: both halves, one after the other."""
        return 2 * self.coordinate_octets


_P256 = SuiteCurve(curve=ec.SECP256R1(), digest=hashes.SHA256(), coordinate_octets=32)
SUITE_CURVES = {
    # Mechanism 7 goes with suite 0 too.
    0: _P256,
    1: _P256,
    2: SuiteCurve(curve=ec.SECP384R1(), digest=hashes.SHA384(), coordinate_octets=48),
}


def private_key_of(number: bytes, suite: int) -> ec.EllipticCurvePrivateKey:
    """Give the private key with this number, high octet first; ``ValueError`` for one that the curve does not have."""
    return ec.derive_private_key(int.from_bytes(number, "big"), SUITE_CURVES[suite].curve)


def public_key_of(point: bytes, suite: int) -> ec.EllipticCurvePublicKey:
    """Give the public key with this point, with or without the octet 04; ``Undecipherable`` for another point."""
    suite_curve = SUITE_CURVES[suite]
    coordinates = point.removeprefix(_UNCOMPRESSED) if len(point) % 2 else point
    if len(coordinates) != 2 * suite_curve.coordinate_octets:
        raise Undecipherable("a public key of another length")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(suite_curve.curve, _UNCOMPRESSED + coordinates)
    except ValueError:
        raise Undecipherable("no point of the curve") from None


def encode_point(key: ec.EllipticCurvePublicKey, suite: int) -> bytes:
    """Give both coordinates of a public key, one after the other."""
    numbers, octets = key.public_numbers(), SUITE_CURVES[suite].coordinate_octets
    return numbers.x.to_bytes(octets, "big") + numbers.y.to_bytes(octets, "big")
