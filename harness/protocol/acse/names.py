"""Names of ACSE: application contexts, authentication mechanisms, results and diagnostics."""

from typing import Final

from harness.errors import DecodeError
from harness.protocol import ber
from harness.protocol.code import Code

__all__ = [
    "ApplicationContext",
    "AssociationResult",
    "Mechanism",
    "ProviderDiagnostic",
    "UserDiagnostic",
    "context_of",
    "maybe_mechanism",
    "push_context",
    "push_mechanism",
]

_CONTEXT_PREFIX: Final = bytes.fromhex("60857405 0801")
_MECHANISM_PREFIX: Final = bytes.fromhex("60857405 0802")
_LAST_ARC_MOST: Final = 0x7F


class ApplicationContext(Code):
    """Last number of the application context name."""

    LOGICAL_NAME = 1
    SHORT_NAME = 2
    LOGICAL_NAME_CIPHERED = 3
    SHORT_NAME_CIPHERED = 4


class Mechanism(Code):
    """Last number of the authentication mechanism name."""

    LOWEST = 0
    LOW = 1
    HIGH = 2
    HIGH_MD5 = 3
    HIGH_SHA1 = 4
    HIGH_GMAC = 5
    HIGH_SHA256 = 6
    HIGH_ECDSA = 7


class AssociationResult(Code):
    """Result of an association request."""

    ACCEPTED = 0
    REJECTED_PERMANENT = 1
    REJECTED_TRANSIENT = 2


class UserDiagnostic(Code):
    """Diagnostic of the ACSE service user: the application of the server."""

    NULL = 0
    NO_REASON_GIVEN = 1
    APPLICATION_CONTEXT_NAME_NOT_SUPPORTED = 2
    CALLING_AP_TITLE_NOT_RECOGNIZED = 3
    CALLING_AP_INVOCATION_IDENTIFIER_NOT_RECOGNIZED = 4
    CALLING_AE_QUALIFIER_NOT_RECOGNIZED = 5
    CALLING_AE_INVOCATION_IDENTIFIER_NOT_RECOGNIZED = 6
    CALLED_AP_TITLE_NOT_RECOGNIZED = 7
    CALLED_AP_INVOCATION_IDENTIFIER_NOT_RECOGNIZED = 8
    CALLED_AE_QUALIFIER_NOT_RECOGNIZED = 9
    CALLED_AE_INVOCATION_IDENTIFIER_NOT_RECOGNIZED = 10
    AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED = 11
    AUTHENTICATION_MECHANISM_NAME_REQUIRED = 12
    AUTHENTICATION_FAILURE = 13
    AUTHENTICATION_REQUIRED = 14


class ProviderDiagnostic(Code):
    """Diagnostic of the ACSE service provider: the protocol machine of the server."""

    NULL = 0
    NO_REASON_GIVEN = 1
    NO_COMMON_ACSE_VERSION = 2


def context_of(content: bytes) -> ApplicationContext | bytes:
    """Return the context of field A1; a foreign object identifier comes as its content octets."""
    name = ber.only_element(content, ber.OBJECT_IDENTIFIER)
    if name[:-1] == _CONTEXT_PREFIX and name[-1] in set(ApplicationContext):
        return ApplicationContext(name[-1])
    if not name:
        raise DecodeError("empty application context name")
    return name


def push_context(context: ApplicationContext | bytes) -> bytes:
    """Return the content of field A1."""
    name = context if isinstance(context, bytes) else _CONTEXT_PREFIX + bytes((context,))
    return ber.push_element(ber.OBJECT_IDENTIFIER, name)


def maybe_mechanism(name: bytes | None) -> int | bytes | None:
    """Return the number of a mechanism name; a foreign object identifier comes as its content octets."""
    if name is None:
        return None
    if name[:-1] == _MECHANISM_PREFIX and name[-1] <= _LAST_ARC_MOST:
        return name[-1]
    if not name:
        raise DecodeError("empty mechanism name")
    return name


def push_mechanism(mechanism: int | bytes) -> bytes:
    """Return the content of a mechanism name."""
    if isinstance(mechanism, bytes):
        return mechanism
    if not 0 <= mechanism <= _LAST_ARC_MOST:
        raise ValueError(f"mechanism {mechanism}")
    return _MECHANISM_PREFIX + bytes((mechanism,))
