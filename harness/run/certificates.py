"""Test certificates: an authority, and keys for signatures and for key agreement of client and server.

The subject's common name is the system title in hexadecimal digits, as is usual for DLMS. They are for a lab: whoever
has the folder has the private keys.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from harness.errors import UsageError
from harness.protocol.security import SUITES, SecuritySuite, SuiteId

__all__ = ["CertificateSettings", "make_certificates"]

_AUTHORITY: Final = "Conformeter test authority"
_VALID_DAYS: Final = 3650
_SLOW_CLOCK: Final = timedelta(days=1)
"""A device whose clock is a little slow takes the certificates too."""
_SUITES: Final = (1, 2)
_TITLE_OCTETS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSettings:
    """What is to be made and where."""

    suite: int
    out: Path
    client_title: str
    """System title in hexadecimal digits."""
    server_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    name: str
    """Of both files, without their endings."""
    common_name: str
    signs: bool
    """Whether the key is for signatures; else it is for key agreement."""


def make_certificates(settings: CertificateSettings, now: datetime, tell: Callable[[str], None]) -> None:
    """Write certificates (``.pem``) and private keys (``.key``, for the owner only) and say what was written.

    Raises ``UsageError`` for settings that do not fit, and where a file is there already: nothing is overwritten.
    """
    suite = _checked(settings)
    files = [settings.out / f"{name}{ending}" for name in _names() for ending in (".pem", ".key")]
    there = [str(path) for path in files if path.exists()]
    if there:
        raise UsageError(f"{there[0]}: is there already, and nothing is overwritten; choose another folder with --out")
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{settings.out}: cannot be made: {error.strerror}") from error
    for path, octets in _made(settings, suite, now):
        _write(path, octets)
        tell(str(path))
    tell(_for_declarations(settings))


def _checked(settings: CertificateSettings) -> SecuritySuite:
    if settings.suite not in _SUITES:
        raise UsageError(f"--suite {settings.suite}: no such suite with certificates; allowed: 1, 2")
    for option, title in (("--client-title", settings.client_title), ("--server-title", settings.server_title)):
        try:
            fits = len(bytes.fromhex(title)) == _TITLE_OCTETS
        except ValueError:
            fits = False
        if not fits:
            raise UsageError(f"{option} {title}: no system title; allowed: 16 hexadecimal digits")
    return SUITES[SuiteId(settings.suite)]


def _names() -> Sequence[str]:
    return ("ca", *(f"{side}-{use}" for side in ("client", "server") for use in ("signing", "agreement")))


def _made(settings: CertificateSettings, suite: SecuritySuite, now: datetime) -> list[tuple[Path, bytes]]:
    authority = _new_key(suite)
    made: list[tuple[Path, bytes]] = []
    for name in _names():
        key = authority if name == "ca" else _new_key(suite)
        title = settings.client_title if name.startswith("client") else settings.server_title
        common_name = _AUTHORITY if name == "ca" else title.upper()
        wanted = _Wanted(name=name, common_name=common_name, signs=not name.endswith("agreement"))
        certificate = _certificate(wanted, key.public_key(), authority, suite, now)
        made.append((settings.out / f"{name}.pem", certificate.public_bytes(Encoding.PEM)))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        made.append((settings.out / f"{name}.key", private))
    return made


def _new_key(suite: SecuritySuite) -> ec.EllipticCurvePrivateKey:
    if suite.curve is None:
        raise ValueError(f"suite {suite.id:d} has no curve")
    return ec.generate_private_key(suite.curve)


def _certificate(
    wanted: _Wanted,
    key: ec.EllipticCurvePublicKey,
    authority: ec.EllipticCurvePrivateKey,
    suite: SecuritySuite,
    now: datetime,
) -> x509.Certificate:
    is_authority = wanted.name == "ca"
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(wanted.common_name))
        .issuer_name(_name(_AUTHORITY))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCK)
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(wanted, is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    )
    return builder.sign(authority, suite.digest)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(wanted: _Wanted, *, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=wanted.signs and not is_authority,
        key_agreement=not wanted.signs,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, octets: bytes) -> None:
    """Write a file that is not there yet; a private key can be read by its owner only, at every moment."""
    mode = 0o600 if path.suffix == ".key" else 0o644
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(octets)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def _for_declarations(settings: CertificateSettings) -> str:
    folder = settings.out.resolve()
    return (
        "in the declaration of a device, table security of an association:\n"
        f"  suite = {settings.suite}\n"
        f'  client_system_title = "{settings.client_title.upper()}"\n'
        f'  server_system_title = "{settings.server_title.upper()}"\n'
        f'  signing_key = "file:{folder / "client-signing.key"}"\n'
        f'  server_certificate = "file:{folder / "server-signing.pem"}"\n'
        f'  agreement_key = "file:{folder / "client-agreement.key"}"\n'
        f'  server_agreement_certificate = "file:{folder / "server-agreement.pem"}"'
    )
