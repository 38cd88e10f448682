"""Association request and response."""

from dataclasses import dataclass, field
from typing import Final, Literal

from harness.errors import DecodeError
from harness.protocol import ber
from harness.protocol.acse.fields import (
    USER_INFORMATION,
    Fields,
    Unknown,
    maybe_bits,
    maybe_inner,
    maybe_integer,
    push_fields,
    push_integer,
    push_maybe,
)
from harness.protocol.acse.names import (
    ApplicationContext,
    AssociationResult,
    Mechanism,
    ProviderDiagnostic,
    UserDiagnostic,
    context_of,
    maybe_mechanism,
    push_context,
    push_mechanism,
)

__all__ = ["AARE_TAG", "AARQ_TAG", "AUTHENTICATION_REQUIREMENT", "Aare", "Aarq"]

AARQ_TAG: Final = 0x60
AARE_TAG: Final = 0x61

AUTHENTICATION_REQUIREMENT: Final = b"\x07\x80"
"""ACSE requirements that name the authentication functional unit: one bit of a bit string, set."""

_BY_MECHANISM: Final = b""
_VERSION: Final = 0x80
_CONTEXT: Final = 0xA1
_CALLING_AP_TITLE: Final = 0xA6
_CALLING_AE_QUALIFIER: Final = 0xA7
_CALLING_AE_INVOCATION_ID: Final = 0xA9
_CALLING_REQUIREMENTS: Final = 0x8A
_CALLING_MECHANISM: Final = 0x8B
_CALLING_AUTHENTICATION: Final = 0xAC
_RESULT: Final = 0xA2
_DIAGNOSTIC: Final = 0xA3
_RESPONDING_AP_TITLE: Final = 0xA4
_RESPONDING_REQUIREMENTS: Final = 0x88
_RESPONDING_MECHANISM: Final = 0x89
_RESPONDING_AUTHENTICATION: Final = 0xAA
_CHARACTER_STRING: Final = 0x80
_SOURCES: Final[dict[int, Literal["user", "provider"]]] = {0xA1: "user", 0xA2: "provider"}
_SOURCE_TAGS: Final = {source: tag for tag, source in _SOURCES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aarq:
    """Association request."""

    context: ApplicationContext | str
    """Text is an object identifier that names no DLMS context."""
    mechanism: int | str | None = None
    """Number in the mechanism name, None where the field is absent; text is a foreign object identifier."""
    authentication_value: bytes | None = field(default=None, repr=False)
    """Password or challenge."""
    calling_ap_title: bytes | None = None
    """System title of the client."""
    calling_ae_qualifier: bytes | None = None
    """Certificate of the client."""
    calling_ae_invocation_id: int | None = None
    """User of the client."""
    user_information: bytes = b""
    """InitiateRequest, protected or not; empty where the field is absent."""
    protocol_version: bytes | None = None
    """Content of the bit string, its first octet the number of unused bits; None is version 1 by default."""
    acse_requirements: bytes | None = _BY_MECHANISM
    """Content of the bit string; by default present when there is a mechanism above the lowest."""
    unknown: Unknown = ()
    """Fields without a name here: tag and content."""

    def __post_init__(self) -> None:
        if self.acse_requirements == _BY_MECHANISM:
            object.__setattr__(self, "acse_requirements", AUTHENTICATION_REQUIREMENT if self.mechanism else None)

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Aarq":
        """Decode an AARQ; raises ``DecodeError``."""
        fields = Fields(octets, AARQ_TAG)
        return cls(
            context=context_of(fields.take(_CONTEXT)),
            mechanism=maybe_mechanism(fields.maybe(_CALLING_MECHANISM)),
            authentication_value=maybe_inner(fields.maybe(_CALLING_AUTHENTICATION), _CHARACTER_STRING),
            calling_ap_title=maybe_inner(fields.maybe(_CALLING_AP_TITLE), ber.OCTET_STRING),
            calling_ae_qualifier=maybe_inner(fields.maybe(_CALLING_AE_QUALIFIER), ber.OCTET_STRING),
            calling_ae_invocation_id=maybe_integer(fields.maybe(_CALLING_AE_INVOCATION_ID)),
            user_information=maybe_inner(fields.maybe(USER_INFORMATION), ber.OCTET_STRING) or b"",
            protocol_version=maybe_bits(fields.maybe(_VERSION)),
            acse_requirements=maybe_bits(fields.maybe(_CALLING_REQUIREMENTS)),
            unknown=fields.rest(),
        )

    def to_bytes(self) -> bytes:
        """Encode it."""
        fields: list[tuple[int, bytes | None]] = [
            (_VERSION, self.protocol_version),
            (_CONTEXT, push_context(self.context)),
            (_CALLING_AP_TITLE, push_maybe(ber.OCTET_STRING, self.calling_ap_title)),
            (_CALLING_AE_QUALIFIER, push_maybe(ber.OCTET_STRING, self.calling_ae_qualifier)),
            (_CALLING_AE_INVOCATION_ID, _push_maybe_integer(self.calling_ae_invocation_id)),
            (_CALLING_REQUIREMENTS, self.acse_requirements),
            (_CALLING_MECHANISM, None if self.mechanism is None else push_mechanism(self.mechanism)),
            (_CALLING_AUTHENTICATION, push_maybe(_CHARACTER_STRING, self.authentication_value)),
            (USER_INFORMATION, push_maybe(ber.OCTET_STRING, self.user_information or None)),
        ]
        return push_fields(AARQ_TAG, fields, self.unknown)

    def describe(self) -> str:
        """Return one line for people; the authentication value is not in it."""
        return f"AARQ: context {_context_text(self.context)}, mechanism {_mechanism_text(self.mechanism)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aare:
    """Association response."""

    context: ApplicationContext | str
    """Text is an object identifier that names no DLMS context."""
    result: int
    """An ``AssociationResult``; 0 is accepted."""
    diagnostic_source: Literal["user", "provider"]
    """Whose diagnostic it is."""
    diagnostic: int
    """A ``UserDiagnostic`` or a ``ProviderDiagnostic``."""
    responding_ap_title: bytes | None = None
    """System title of the server."""
    mechanism: int | str | None = None
    """Number in the mechanism name, None where the field is absent; text is a foreign object identifier."""
    authentication_value: bytes | None = None
    """Challenge of the server."""
    user_information: bytes | None = None
    """InitiateResponse or ConfirmedServiceError, protected or not."""
    protocol_version: bytes | None = None
    """Content of the bit string, its first octet the number of unused bits."""
    acse_requirements: bytes | None = _BY_MECHANISM
    """Content of the bit string; by default present when there is a mechanism above the lowest."""
    unknown: Unknown = ()
    """Fields without a name here: tag and content."""

    def __post_init__(self) -> None:
        if self.acse_requirements == _BY_MECHANISM:
            object.__setattr__(self, "acse_requirements", AUTHENTICATION_REQUIREMENT if self.mechanism else None)

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Aare":
        """Decode an AARE; raises ``DecodeError``."""
        fields = Fields(octets, AARE_TAG)
        tag, inner, end = ber.pull_element(diagnostic := fields.take(_DIAGNOSTIC), 0)
        if tag not in _SOURCES or end != len(diagnostic):
            raise DecodeError(f"diagnostic {diagnostic.hex(' ')} is of neither user nor provider")
        return cls(
            context=context_of(fields.take(_CONTEXT)),
            result=ber.integer_of(ber.only_element(fields.take(_RESULT), ber.INTEGER)),
            diagnostic_source=_SOURCES[tag],
            diagnostic=ber.integer_of(ber.only_element(inner, ber.INTEGER)),
            responding_ap_title=maybe_inner(fields.maybe(_RESPONDING_AP_TITLE), ber.OCTET_STRING),
            mechanism=maybe_mechanism(fields.maybe(_RESPONDING_MECHANISM)),
            authentication_value=maybe_inner(fields.maybe(_RESPONDING_AUTHENTICATION), _CHARACTER_STRING),
            user_information=maybe_inner(fields.maybe(USER_INFORMATION), ber.OCTET_STRING),
            protocol_version=maybe_bits(fields.maybe(_VERSION)),
            acse_requirements=maybe_bits(fields.maybe(_RESPONDING_REQUIREMENTS)),
            unknown=fields.rest(),
        )

    def to_bytes(self) -> bytes:
        """Encode it."""
        diagnostic = ber.push_element(_SOURCE_TAGS[self.diagnostic_source], push_integer(self.diagnostic))
        fields: list[tuple[int, bytes | None]] = [
            (_VERSION, self.protocol_version),
            (_CONTEXT, push_context(self.context)),
            (_RESULT, push_integer(self.result)),
            (_DIAGNOSTIC, diagnostic),
            (_RESPONDING_AP_TITLE, push_maybe(ber.OCTET_STRING, self.responding_ap_title)),
            (_RESPONDING_REQUIREMENTS, self.acse_requirements),
            (_RESPONDING_MECHANISM, None if self.mechanism is None else push_mechanism(self.mechanism)),
            (_RESPONDING_AUTHENTICATION, push_maybe(_CHARACTER_STRING, self.authentication_value)),
            (USER_INFORMATION, push_maybe(ber.OCTET_STRING, self.user_information)),
        ]
        return push_fields(AARE_TAG, fields, self.unknown)

    def describe(self) -> str:
        """Return one line for people."""
        names = UserDiagnostic if self.diagnostic_source == "user" else ProviderDiagnostic
        return (
            f"AARE: {AssociationResult.name_of(self.result)} ({self.result}), {self.diagnostic_source} diagnostic "
            f"{names.name_of(self.diagnostic)} ({self.diagnostic}), context {_context_text(self.context)}"
        )


def _context_text(context: ApplicationContext | str) -> str:
    return context if isinstance(context, str) else ApplicationContext.name_of(context)


def _mechanism_text(mechanism: int | str | None) -> str:
    if mechanism is None:
        return "none"
    return mechanism if isinstance(mechanism, str) else Mechanism.name_of(mechanism)


def _push_maybe_integer(value: int | None) -> bytes | None:
    return None if value is None else push_integer(value)
