"""Secrets by reference: where a password or key comes from, never the octets themselves.

========================  ==========================================================
``env:NAME``              environment variable
``file:PATH``             file, relative to the declaration's folder; one line end is cut
``keyring:SERVICE/USER``  the system's key ring (extra ``keyring``)
``text:...`` ``hex:...``  literal, only with ``test_keys = true``
``withheld:N``            N filler octets, in the declaration that a run leaves behind
========================  ==========================================================

What is fetched by reference is taken as it is, except that ``hex:`` at its start means hexadecimal digits.
"""

import importlib
import os
import re
from pathlib import Path
from typing import Any, NoReturn

from pydantic_core import core_schema

from harness.declaration.certificate import CERTIFICATE_KEYS, CertificateFile
from harness.declaration.place import KeyPath, dotted
from harness.declaration.problem import Problems
from harness.errors import DeclarationError

__all__ = ["SECRET_KEYS", "Secret", "wrap_secrets"]

SECRET_KEYS = frozenset(
    {"secret", "encryption_key", "authentication_key", "broadcast_key", "master_key", "signing_key", "agreement_key"}
    | {"default_key"}
)
"""Keys whose value is a secret, wherever they stand."""

_ALLOWED = '"env:NAME", "file:PATH", "keyring:SERVICE/USER"; with test_keys = true also "text:..." and "hex:..."'
_LITERAL = frozenset({"text", "hex"})
_LONGEST_OCTETS = 4096
_FILLER = b"*"


class Secret:
    """A reference to a secret; repr and str never show more than where it comes from."""

    __slots__ = ("_folder", "_key", "_reference")

    def __init__(self, reference: str, *, key: str = "secret", folder: Path | None = None) -> None:
        """Take the reference as written; ``key`` is named in errors, ``file:`` starts at ``folder``."""
        self._reference = reference
        self._key = key
        self._folder = folder if folder is not None else Path()

    @property
    def scheme(self) -> str:
        """The word before the colon: ``env``, ``file`` ..."""
        return self._reference.partition(":")[0]

    @property
    def is_literal(self) -> bool:
        """Whether the octets stand in the declaration itself."""
        return self.scheme in _LITERAL

    @property
    def is_withheld(self) -> bool:
        """Whether only the length is known."""
        return self.scheme == "withheld"

    def refers_to(self, reference: str) -> bool:
        """Whether this secret was declared with exactly this text."""
        return self._reference == reference

    def check(self) -> None:
        """Raise ``Problems`` when the reference has no known form; nothing is fetched."""
        scheme, colon, rest = self._reference.partition(":")
        if not colon or scheme not in _FETCH:
            raise Problems.one("is not a reference to a secret (its value is not shown)", _ALLOWED)
        if not rest:
            raise Problems.one(f'names nothing after "{scheme}:"', _ALLOWED)
        if scheme == "hex" and _octets_of_hex(rest.encode()) is None:
            raise Problems.one("has something else than pairs of hexadecimal digits after hex:", _ALLOWED)
        if scheme == "keyring" and not all(rest.rpartition("/")):
            raise Problems.one("names no service and user", '"keyring:SERVICE/USER"')
        if scheme == "withheld" and re.fullmatch("[1-9][0-9]{0,3}", rest) is None:
            raise Problems.one("names no length", '"withheld:" and a number of octets, 1 to 9999')

    def reveal(self) -> bytes:
        """Fetch the octets; ``DeclarationError`` names what is missing and the key that asks for it."""
        scheme, _, rest = self._reference.partition(":")
        octets = _FETCH[scheme](self, rest)
        if octets is None:
            self._fail("has something else than pairs of hexadecimal digits after hex:")
        if not octets:
            self._fail("is empty")
        return octets

    def _fail(self, what: str) -> NoReturn:
        raise DeclarationError(f"{self._key}: the secret from {self} {what}")

    def _from_env(self, name: str) -> bytes | None:
        if name not in os.environ:
            self._fail(f"is missing: set the environment variable {name}")
        return _fetched(os.fsencode(os.environ[name]))

    def _from_file(self, name: str) -> bytes | None:
        path = self._folder / name
        if not path.is_file():
            self._fail(f"is missing: there is no file {path}")
        try:
            with path.open("rb") as file:
                octets = file.read(_LONGEST_OCTETS + 1)
        except OSError as error:
            self._fail(f"cannot be read: {error.strerror}")
        if len(octets) > _LONGEST_OCTETS:
            self._fail(f"is longer than {_LONGEST_OCTETS} octets")
        return _fetched(octets.removesuffix(b"\n").removesuffix(b"\r"))

    def _from_keyring(self, name: str) -> bytes | None:
        service, _, user = name.rpartition("/")
        try:
            keyring = importlib.import_module("keyring")
        except ModuleNotFoundError:
            self._fail('needs the package keyring: install "conformeter[keyring]"')
        try:
            password = keyring.get_password(service, user)
        except keyring.errors.KeyringError as error:
            self._fail(f"cannot be read: {type(error).__name__}")
        if password is None:
            self._fail(f"is missing: the key ring has no entry of service {service} and user {user}")
        return _fetched(str(password).encode())

    def _from_text(self, text: str) -> bytes | None:
        return text.encode()

    def _from_hex(self, digits: str) -> bytes | None:
        return _octets_of_hex(digits.encode())

    def _from_length(self, length_octets: str) -> bytes | None:
        return _FILLER * int(length_octets)

    def __repr__(self) -> str:
        return f"Secret({self})"

    def __str__(self) -> str:
        if self.scheme in ("env", "file", "keyring", "withheld") and ":" in self._reference:
            return self._reference
        return "text that is not shown"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._reference == other._reference

    def __hash__(self) -> int:
        return hash(self._reference)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled, because the pickle would show it")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Let a pydantic field be a Secret; dumps show what ``str`` shows."""
        return core_schema.no_info_plain_validator_function(
            _checked, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


_FETCH = {
    "env": Secret._from_env,
    "file": Secret._from_file,
    "keyring": Secret._from_keyring,
    "text": Secret._from_text,
    "hex": Secret._from_hex,
    "withheld": Secret._from_length,
}


def wrap_secrets(value: Any, *, name: str, folder: Path, path: KeyPath = ()) -> Any:
    """Copy the data of declaration ``name`` with every secret wrapped, before any error can quote it.

    Certificates are wrapped too, so that they know the folder.
    """
    if isinstance(value, str) and path and path[-1] in SECRET_KEYS:
        return Secret(value, key=f"{name}: {dotted(path)}", folder=folder)
    if isinstance(value, str) and path and path[-1] in CERTIFICATE_KEYS:
        return CertificateFile(value, key=f"{name}: {dotted(path)}", folder=folder)
    if isinstance(value, dict):
        return {key: wrap_secrets(item, name=name, folder=folder, path=(*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [wrap_secrets(item, name=name, folder=folder, path=(*path, index)) for index, item in enumerate(value)]
    return value


def _checked(value: Any) -> Secret:
    if not isinstance(value, Secret):
        raise Problems.one("is not text", _ALLOWED)
    value.check()
    return value


def _fetched(octets: bytes) -> bytes | None:
    return _octets_of_hex(octets[4:]) if octets.startswith(b"hex:") else octets


def _octets_of_hex(digits: bytes) -> bytes | None:
    try:
        return bytes.fromhex(digits.decode())
    except ValueError:
        return None
