"""Which key protects a general-ciphering: one that both sides have, one that comes along wrapped, or an agreed one."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.reader import Reader, push_octets

__all__ = ["AgreedKey", "IdentifiedKey", "KeyInfo", "WrappedKey", "pull_key_info", "push_key_info"]

_IDENTIFIED: Final = 0
_WRAPPED: Final = 1
_AGREED: Final = 2


class IdentifiedKey(IntEnum):
    """Which of the keys that both sides have is used."""

    GLOBAL_UNICAST = 0
    GLOBAL_BROADCAST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """A key that comes along under a key encryption key."""

    kek_id: int = 0
    """0 is the master key, the only one there is."""
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedKey:
    """A key that both sides calculate."""

    parameters: bytes
    """One octet: the scheme, see ``Scheme``."""
    ciphered: bytes = b""
    """What the scheme sends along: the ephemeral public key and its signature, or nothing."""


KeyInfo = IdentifiedKey | WrappedKey | AgreedKey


def push_key_info(key: KeyInfo | None) -> bytes:
    """Return the optional field with its presence flag."""
    match key:
        case None:
            return b"\x00"
        case IdentifiedKey():
            return bytes((1, _IDENTIFIED, key))
        case WrappedKey():
            return bytes((1, _WRAPPED, key.kek_id)) + push_octets(key.wrapped)
        case AgreedKey():
            return bytes((1, _AGREED)) + push_octets(key.parameters) + push_octets(key.ciphered)


def pull_key_info(reader: Reader) -> KeyInfo | None:
    """Read the optional field; raises ``DecodeError``."""
    if not reader.choice():
        return None
    offset = reader.offset
    match reader.unsigned(1):
        case 0:
            number = reader.unsigned(1)
            try:
                return IdentifiedKey(number)
            except ValueError:
                raise DecodeError(f"key {number}, known are 0, 1", offset + 1) from None
        case 1:
            return WrappedKey(kek_id=reader.unsigned(1), wrapped=reader.octet_string())
        case 2:
            return AgreedKey(parameters=reader.octet_string(), ciphered=reader.octet_string())
        case choice:
            raise DecodeError(f"choice {choice} of key information, known are 0, 1, 2", offset)
