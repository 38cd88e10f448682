"""Release request and response."""

from dataclasses import dataclass
from typing import Final, Self

from harness.protocol import ber
from harness.protocol.acse.fields import USER_INFORMATION, Fields, Unknown, maybe_inner, push_fields, push_maybe

__all__ = ["RLRE_TAG", "RLRQ_TAG", "Rlre", "Rlrq"]

RLRQ_TAG: Final = 0x62
RLRE_TAG: Final = 0x63

_REASON: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Release:
    """What release request and release response have in common."""

    reason: int | None = None
    """Why; 0 is normal, None where the field is absent."""
    user_information: bytes | None = None
    """Protected InitiateRequest or InitiateResponse of a ciphered association."""
    unknown: Unknown = ()
    """Fields without a name here: tag and content."""

    @classmethod
    def _pull(cls, octets: bytes, tag: int) -> Self:
        fields = Fields(octets, tag)
        reason = fields.maybe(_REASON)
        return cls(
            reason=None if reason is None else ber.integer_of(reason),
            user_information=maybe_inner(fields.maybe(USER_INFORMATION), ber.OCTET_STRING),
            unknown=fields.rest(),
        )

    def _push(self, tag: int) -> bytes:
        fields = [
            (_REASON, None if self.reason is None else ber.push_integer(self.reason)),
            (USER_INFORMATION, push_maybe(ber.OCTET_STRING, self.user_information)),
        ]
        return push_fields(tag, fields, self.unknown)


class Rlrq(_Release):
    """Release request."""

    __slots__ = ()

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Rlrq":
        """Decode an RLRQ; raises ``DecodeError``."""
        return cls._pull(octets, RLRQ_TAG)

    def to_bytes(self) -> bytes:
        """Encode it."""
        return self._push(RLRQ_TAG)

    def describe(self) -> str:
        """Return one line for people."""
        return f"RLRQ: reason {self.reason}"


class Rlre(_Release):
    """Release response."""

    __slots__ = ()

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Rlre":
        """Decode an RLRE; raises ``DecodeError``."""
        return cls._pull(octets, RLRE_TAG)

    def to_bytes(self) -> bytes:
        """Encode it."""
        return self._push(RLRE_TAG)

    def describe(self) -> str:
        """Return one line for people."""
        return f"RLRE: reason {self.reason}"
