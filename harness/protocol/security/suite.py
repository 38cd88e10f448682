"""Security suites: which algorithms and key lengths go together."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from harness.errors import DecodeError

__all__ = ["SUITES", "SecuritySuite", "SuiteId", "suite_of"]


class SuiteId(IntEnum):
    """Number of a security suite, as in the security control octet."""

    AES_GCM_128 = 0
    ECDH_ECDSA_AES_GCM_128 = 1
    ECDH_ECDSA_AES_GCM_256 = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySuite:
    """Algorithms of one suite."""

    id: SuiteId
    key_octets: int
    """Length of encryption, authentication, dedicated and master keys."""
    curve: ec.EllipticCurve | None = None
    """For signatures and key agreement; None where the suite has neither."""
    digest: hashes.SHA256 | hashes.SHA384 | None = None
    """Goes with ``curve``."""

    @property
    def coordinate_octets(self) -> int:
        """Length of one coordinate of the curve, and of each half of a signature; 0 without a curve."""
        return 0 if self.curve is None else (self.curve.key_size + 7) // 8


SUITES: Final[dict[SuiteId, SecuritySuite]] = {
    suite.id: suite
    for suite in (
        SecuritySuite(id=SuiteId.AES_GCM_128, key_octets=16),
        SecuritySuite(id=SuiteId.ECDH_ECDSA_AES_GCM_128, key_octets=16, curve=ec.SECP256R1(), digest=hashes.SHA256()),
        SecuritySuite(id=SuiteId.ECDH_ECDSA_AES_GCM_256, key_octets=32, curve=ec.SECP384R1(), digest=hashes.SHA384()),
    )
}


def suite_of(number: int) -> SecuritySuite:
    """Return the suite of this number; raises ``DecodeError`` where there is none."""
    try:
        return SUITES[SuiteId(number)]
    except ValueError:
        raise DecodeError(f"security suite {number}, known are 0, 1, 2") from None
