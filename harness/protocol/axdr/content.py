"""Tags, limits and the simple values: what arrays, structures and compact-arrays are built from."""

from struct import Struct
from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr.length import Truncated, pull_length
from harness.protocol.axdr.types import FIXED_FORMAT, TAGS, BitString, Data, DataType

__all__ = ["EMPTY", "MAX_DEPTH", "check_count", "check_depth", "pull_content", "pull_tag", "pull_text"]

MAX_DEPTH: Final = 16
"""How deep arrays and structures may be nested unless the caller says otherwise."""

EMPTY: Final = frozenset({DataType.NULL_DATA, DataType.DONT_CARE})
"""The types without content octets."""

_FIXED: Final = {tag: Struct(">" + code) for tag, code in FIXED_FORMAT.items() if code}
_ENCODING: Final = {DataType.VISIBLE_STRING: "ascii", DataType.UTF8_STRING: "utf-8"}


def pull_tag(octets: bytes, offset: int) -> DataType:
    """Return the type whose tag stands at ``offset``."""
    if offset >= len(octets):
        raise Truncated("value missing", offset)
    kind = TAGS.get(octets[offset])
    if kind is None:
        raise DecodeError(f"unknown type tag {octets[offset]}", offset)
    return kind


def check_depth(depth_left: int, offset: int) -> None:
    """Refuse an array or structure where ``depth_left`` is used up."""
    if depth_left <= 0:
        raise DecodeError("arrays and structures are nested too deep", offset)


def check_count(count: int, octets: bytes, offset: int) -> None:
    """Refuse a count before anything is built: every element takes an octet at least."""
    if count > len(octets) - offset:
        raise Truncated(f"{count} elements in {len(octets) - offset} octets", offset)


def pull_content(kind: DataType, octets: bytes, offset: int) -> tuple[Data, int]:
    """Read the content of a value of simple type ``kind``, its tag being known."""
    fixed = _FIXED.get(kind)
    if fixed is not None:
        end = offset + fixed.size
        if end > len(octets):
            raise Truncated(f"{kind.name} cut short", offset)
        return Data(kind, fixed.unpack_from(octets, offset)[0]), end
    if kind in EMPTY:
        return Data(kind, None), offset
    length, position = pull_length(octets, offset)
    end = position + ((length + 7) // 8 if kind is DataType.BIT_STRING else length)
    if end > len(octets):
        raise Truncated(f"{kind.name} of length {length} cut short", offset)
    content = octets[position:end]
    if kind is DataType.OCTET_STRING:
        return Data(kind, content), end
    if kind is DataType.BIT_STRING:
        return Data(kind, BitString(length, content)), end
    return Data(kind, pull_text(kind, content, position)), end


def pull_text(kind: DataType, content: bytes, offset: int) -> str:
    """Return ``content`` as text; a visible-string is ASCII, a utf8-string UTF-8."""
    try:
        return content.decode(_ENCODING[kind])
    except UnicodeDecodeError as error:
        raise DecodeError(f"{kind.name} is not {_ENCODING[kind]}", offset + error.start) from None
