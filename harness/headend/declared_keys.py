"""Keys of one association as its declaration gives them: octets, private numbers, points and certificates.

What does not fit is a ``DeclarationError`` that names association and key, and never shows a secret.
"""

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from harness.declaration import AssociationDeclaration, Declaration, Secret, SecurityDeclaration
from harness.declaration.certificate import CertificateFile
from harness.errors import DeclarationError, DecodeError
from harness.protocol import security
from harness.protocol.security import SecuritySuite
from harness.session import GeneralKeys, KeyChoice

__all__ = ["check_keys", "general_keys", "private_key", "public_key", "symmetric_key"]

_SYMMETRIC: Final = ("encryption_key", "authentication_key", "broadcast_key", "master_key")
_PRIVATE: Final = ("signing_key", "agreement_key")
_PUBLIC: Final = {"server_public_key": "server_certificate", "server_agreement_key": "server_agreement_certificate"}
_PEM: Final = b"-----BEGIN"


def check_keys(declaration: Declaration, now: datetime) -> None:
    """Look at all keys before anything begins; ``now`` is when certificates must be valid."""
    for declared in declaration.associations:
        agreed = declared.security
        if agreed is None:
            continue
        for name in _SYMMETRIC:
            if getattr(agreed, name) is not None:
                symmetric_key(declared, agreed, name)
        for name in _PRIVATE:
            private_key(declared, agreed, name)
        for name in _PUBLIC:
            public_key(declared, agreed, name, now)


def symmetric_key(declared: AssociationDeclaration, agreed: SecurityDeclaration, name: str) -> bytes:
    """Return a declared symmetric key."""
    secret: Secret = getattr(agreed, name)
    octets = secret.reveal()
    due = _suite(agreed).key_octets
    if len(octets) != due:
        raise DeclarationError(
            f"association {declared.id}: {name} has a wrong length (not shown); "
            f"allowed: {due} octets in suite {agreed.suite}"
        )
    return octets


def private_key(
    declared: AssociationDeclaration, agreed: SecurityDeclaration, name: str
) -> ec.EllipticCurvePrivateKey | None:
    """Return a declared private key, a number or PEM; None where there is none, or a replay goes without it."""
    secret: Secret | None = getattr(agreed, name)
    if secret is None or secret.is_withheld:
        return None
    suite = _suite(agreed)
    octets = secret.reveal()
    try:
        return _private_key_in(octets, suite) if octets.startswith(_PEM) else security.private_key_of(octets, suite)
    except ValueError as error:
        raise DeclarationError(f"association {declared.id}: {name}: {error}") from None


def public_key(
    declared: AssociationDeclaration, agreed: SecurityDeclaration, name: str, now: datetime | None = None
) -> ec.EllipticCurvePublicKey | None:
    """Return a declared public key, or that of the certificate in its place; None where there is neither.

    A replay needs no certificate. With ``now`` the certificate must be valid then.
    """
    point: str | None = getattr(agreed, name)
    certificate: CertificateFile | None = getattr(agreed, _PUBLIC[name])
    try:
        if point is not None:
            return security.public_key_of(bytes.fromhex(point), _suite(agreed))
        if certificate is None or _is_replayed(agreed):
            return None
        name = _PUBLIC[name]
        return _public_key_in(certificate.read(), _suite(agreed), now)
    except (DecodeError, ValueError) as error:
        where = f" ({certificate})" if point is None else ""
        raise DeclarationError(f"association {declared.id}: {name}{where}: {error}") from None


def general_keys(declared: AssociationDeclaration, agreed: SecurityDeclaration) -> GeneralKeys | None:
    """Return what general ciphering and signing need, or None where neither is declared."""
    if not agreed.is_general:
        return None
    return GeneralKeys(
        choice=None if agreed.key_info is None else KeyChoice(agreed.key_info),
        signed=agreed.signed,
        suite=_suite(agreed),
        master_key=None if agreed.master_key is None else symmetric_key(declared, agreed, "master_key"),
        agreement_key=private_key(declared, agreed, "agreement_key"),
        peer_agreement_key=public_key(declared, agreed, "server_agreement_key"),
        signing_key=private_key(declared, agreed, "signing_key"),
        peer_signing_key=public_key(declared, agreed, "server_public_key"),
    )


def _suite(agreed: SecurityDeclaration) -> SecuritySuite:
    return security.SUITES[security.SuiteId(agreed.suite)]


def _is_replayed(agreed: SecurityDeclaration) -> bool:
    secrets = (getattr(agreed, name) for name in (*_SYMMETRIC, *_PRIVATE))
    return any(secret is not None and secret.is_withheld for secret in secrets)


def _private_key_in(octets: bytes, suite: SecuritySuite) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(octets, password=None)
    except (ValueError, TypeError):
        raise ValueError("is no private key in PEM without a password") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("is no private key of an elliptic curve")
    _check_curve(key.curve, suite)
    return key


def _public_key_in(octets: bytes, suite: SecuritySuite, now: datetime | None) -> ec.EllipticCurvePublicKey:
    load = x509.load_pem_x509_certificate if octets.lstrip().startswith(_PEM) else x509.load_der_x509_certificate
    try:
        certificate = load(octets)
        key = certificate.public_key()
    except ValueError:
        raise ValueError("is no certificate; allowed: X.509 in PEM or DER") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("is the certificate of a key that is on no elliptic curve")
    _check_curve(key.curve, suite)
    if now is not None and now > certificate.not_valid_after_utc:
        raise ValueError(f"is expired since {certificate.not_valid_after_utc:%Y-%m-%d}")
    if now is not None and now < certificate.not_valid_before_utc:
        raise ValueError(f"is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}")
    return key


def _check_curve(curve: ec.EllipticCurve, suite: SecuritySuite) -> None:
    if suite.curve is None or curve.name != suite.curve.name:
        due = "has no keys on curves" if suite.curve is None else f"needs {suite.curve.name}"
        raise ValueError(f"is on the curve {curve.name}; suite {suite.id:d} {due}")
