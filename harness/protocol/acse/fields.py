"""Fields of an ACSE APDU: in rising order, none twice, each taken once."""

from collections.abc import Sequence
from typing import Final

from harness.errors import DecodeError
from harness.protocol import ber

__all__ = [
    "USER_INFORMATION",
    "Fields",
    "Unknown",
    "maybe_bits",
    "maybe_inner",
    "maybe_integer",
    "push_fields",
    "push_integer",
    "push_maybe",
]

USER_INFORMATION: Final = 0xBE

Unknown = tuple[tuple[int, bytes], ...]
"""Fields that are not modelled: tag and content."""

_MOST_UNUSED_BITS: Final = 7


class Fields:
    """The fields of one APDU that begins with ``tag``."""

    def __init__(self, octets: bytes, tag: int) -> None:
        self._left: dict[int, bytes] = {}
        last = -1
        for field_tag, content in ber.pull_elements(ber.only_element(octets, tag)):
            number = ber.tag_number(field_tag)
            if number <= last:
                raise DecodeError(f"field {field_tag:02X} comes twice or out of order")
            last = number
            self._left[field_tag] = content

    def take(self, tag: int) -> bytes:
        """Return the content of a field that must be there."""
        content = self.maybe(tag)
        if content is None:
            raise DecodeError(f"field {tag:02X} is missing")
        return content

    def maybe(self, tag: int) -> bytes | None:
        """Return the content of a field, or None where it is absent."""
        return self._left.pop(tag, None)

    def rest(self) -> Unknown:
        """Return the fields that nobody has taken."""
        return tuple(self._left.items())


def push_fields(tag: int, fields: Sequence[tuple[int, bytes | None]], unknown: Unknown) -> bytes:
    """Return the APDU with the fields that have a content, in the order of their numbers."""
    present = [(field_tag, content) for field_tag, content in (*fields, *unknown) if content is not None]
    present.sort(key=lambda field: ber.tag_number(field[0]))
    return ber.push_element(tag, b"".join(ber.push_element(*field) for field in present))


def maybe_inner(content: bytes | None, tag: int) -> bytes | None:
    """Return what the one element inside a field holds."""
    return None if content is None else ber.only_element(content, tag)


def push_maybe(tag: int, inner: bytes | None) -> bytes | None:
    """Return a field's content that is one element."""
    return None if inner is None else ber.push_element(tag, inner)


def maybe_integer(content: bytes | None) -> int | None:
    """Return the integer inside a field."""
    return None if content is None else ber.integer_of(ber.only_element(content, ber.INTEGER))


def push_integer(value: int) -> bytes:
    """Return a field's content that is one integer."""
    return ber.push_element(ber.INTEGER, ber.push_integer(value))


def maybe_bits(content: bytes | None) -> bytes | None:
    """Return the content of a bit string after a look at its number of unused bits."""
    if content is not None and (not content or content[0] > _MOST_UNUSED_BITS or (content[0] and len(content) == 1)):
        raise DecodeError(f"bit string {content.hex(' ')} is malformed")
    return content
