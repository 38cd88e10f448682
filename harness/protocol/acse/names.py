"""Names of ACSE: application contexts, authentication mechanisms, results and diagnostics."""

from typing import Final

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

_CONTEXT_PREFIX: Final = "2.16.756.5.8.1."
_MECHANISM_PREFIX: Final = "2.16.756.5.8.2."


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


def context_of(content: bytes) -> ApplicationContext | str:
    """Return the context of field A1; a foreign object identifier comes as text with dots."""
    name = ber.identifier_of(ber.only_element(content, ber.OBJECT_IDENTIFIER))
    return _CONTEXTS.get(name, name)


def push_context(context: ApplicationContext | str) -> bytes:
    """Return the content of field A1."""
    name = context if isinstance(context, str) else f"{_CONTEXT_PREFIX}{context.value}"
    return ber.push_element(ber.OBJECT_IDENTIFIER, ber.push_identifier(name))


def maybe_mechanism(content: bytes | None) -> int | str | None:
    """Return the number of a mechanism name; a foreign object identifier comes as text with dots."""
    if content is None:
        return None
    name = ber.identifier_of(content)
    number = name.removeprefix(_MECHANISM_PREFIX)
    return int(number) if number != name and number.isdigit() else name


def push_mechanism(mechanism: int | str) -> bytes:
    """Return the content of a mechanism name."""
    return ber.push_identifier(mechanism if isinstance(mechanism, str) else f"{_MECHANISM_PREFIX}{mechanism}")


_CONTEXTS: Final = {f"{_CONTEXT_PREFIX}{context.value}": context for context in ApplicationContext}
