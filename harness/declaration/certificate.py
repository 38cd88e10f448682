"""Certificates by reference: ``file:PATH`` from the declaration's folder on. They are public, so they are shown."""

from pathlib import Path
from typing import Any

from pydantic_core import core_schema

from harness.declaration.problem import Problems
from harness.errors import DeclarationError

__all__ = ["CERTIFICATE_KEYS", "CertificateFile"]

CERTIFICATE_KEYS = frozenset({"server_certificate", "server_agreement_certificate"})
"""Keys whose value is a certificate, wherever they stand."""

_SCHEME = "file:"
_ALLOWED = '"file:PATH", relative to the folder of the declaration'
_LONGEST_OCTETS = 65_536


class CertificateFile:
    """A reference to a certificate, in DER or PEM."""

    __slots__ = ("_folder", "_key", "_reference")

    def __init__(self, reference: str, *, key: str = "certificate", folder: Path | None = None) -> None:
        """Take the reference as written; ``key`` is named in errors, the path starts at ``folder``."""
        self._reference = reference
        self._key = key
        self._folder = folder if folder is not None else Path()

    def check(self) -> None:
        """Raise ``Problems`` when the reference has no known form; nothing is fetched."""
        if not self._reference.startswith(_SCHEME) or self._reference == _SCHEME:
            raise Problems.one("is not a reference to a certificate", _ALLOWED)

    def read(self) -> bytes:
        """Fetch the octets; ``DeclarationError`` names the key and what is missing."""
        path = self._folder / self._reference.removeprefix(_SCHEME)
        if not path.is_file():
            raise DeclarationError(f"{self._key}: the certificate from {self} is missing: there is no file {path}")
        try:
            with path.open("rb") as file:
                octets = file.read(_LONGEST_OCTETS + 1)
        except OSError as error:
            raise DeclarationError(f"{self._key}: {self} cannot be read: {error.strerror}") from error
        if len(octets) > _LONGEST_OCTETS:
            raise DeclarationError(f"{self._key}: {self} is longer than {_LONGEST_OCTETS} octets, so no certificate")
        return octets

    def __str__(self) -> str:
        return self._reference

    def __repr__(self) -> str:
        return f"CertificateFile({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CertificateFile) and self._reference == other._reference

    def __hash__(self) -> int:
        return hash(self._reference)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Let a pydantic field be one; dumps show the reference."""
        return core_schema.no_info_plain_validator_function(
            _checked, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


def _checked(value: Any) -> CertificateFile:
    if not isinstance(value, CertificateFile):
        raise Problems.one("is not text", _ALLOWED)
    value.check()
    return value
