"""BER as far as ACSE needs it: tag, definite length, content; integers, octet strings, object identifiers as octets."""

from typing import Final

from harness.errors import DecodeError

__all__ = [
    "BIT_STRING",
    "INTEGER",
    "OBJECT_IDENTIFIER",
    "OCTET_STRING",
    "identifier_of",
    "integer_of",
    "only_element",
    "pull_element",
    "pull_elements",
    "push_element",
    "push_identifier",
    "push_integer",
    "tag_number",
]

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06

_LONG_TAG: Final = 0x1F
_FIRST_ARC_STEP: Final = 40
_MOST_LENGTH_OCTETS: Final = 4


def pull_element(octets: bytes, offset: int) -> tuple[int, bytes, int]:
    """Read the element at ``offset``; return tag, content and the offset behind it.

    A tag of two octets comes as a number of two octets, ``0xBF21``. Lengths may be longer than needed; the
    indefinite form is not taken.
    """
    tag, position = _pull_tag(octets, offset)
    if position >= len(octets):
        raise DecodeError(f"length of element {tag:02X} missing", position)
    length = octets[position]
    position += 1
    if length >= 0x80:
        following = length & 0x7F
        if not 1 <= following <= _MOST_LENGTH_OCTETS or position + following > len(octets):
            raise DecodeError(f"length of element {tag:02X} is malformed", position - 1)
        length = int.from_bytes(octets[position : position + following], "big")
        position += following
    end = position + length
    if end > len(octets):
        raise DecodeError(f"element {tag:02X} of {length} octets cut short", offset)
    return tag, octets[position:end], end


def push_element(tag: int, content: bytes) -> bytes:
    """Return an element with the shortest length field."""
    head = tag.to_bytes(1 if tag <= 0xFF else 2, "big")
    if len(content) < 0x80:
        return head + bytes((len(content),)) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return head + bytes((0x80 | len(length),)) + length + content


def pull_elements(octets: bytes) -> list[tuple[int, bytes]]:
    """Read elements from first to last octet."""
    elements = []
    offset = 0
    while offset < len(octets):
        tag, content, offset = pull_element(octets, offset)
        elements.append((tag, content))
    return elements


def only_element(octets: bytes, tag: int) -> bytes:
    """Return the content of the one element with this ``tag`` that ``octets`` must be."""
    found, content, end = pull_element(octets, 0)
    if found != tag:
        raise DecodeError(f"element {found:02X} where {tag:02X} is due", 0)
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind element {tag:02X}", end)
    return content


def integer_of(content: bytes) -> int:
    """Return the value of an integer; more octets than needed are not taken."""
    if not content:
        raise DecodeError("integer without octets")
    if len(content) > 1 and content[0] in (0x00, 0xFF) and content[0] >> 7 == content[1] >> 7:
        raise DecodeError(f"integer {content.hex(' ')} is longer than needed")
    return int.from_bytes(content, "big", signed=True)


def push_integer(value: int) -> bytes:
    """Return the content octets of an integer."""
    return value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)


def identifier_of(content: bytes) -> str:
    """Return an object identifier as numbers with dots between them."""
    if not content or content[-1] & 0x80:
        raise DecodeError(f"object identifier {content.hex(' ')} is cut short")
    arcs: list[int] = []
    arc = 0
    fresh = True
    for octet in content:
        if fresh and octet == 0x80:
            raise DecodeError(f"object identifier {content.hex(' ')} is longer than needed")
        arc = arc << 7 | octet & 0x7F
        fresh = not octet & 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // _FIRST_ARC_STEP, 2)
    return ".".join(map(str, (first, arcs[0] - first * _FIRST_ARC_STEP, *arcs[1:])))


def push_identifier(identifier: str) -> bytes:
    """Return the content octets of an object identifier written as numbers with dots between them."""
    arcs = [int(arc) for arc in identifier.split(".")]
    if len(arcs) < 2 or min(arcs) < 0:
        raise ValueError(f"{identifier} is no object identifier")
    first, second, *others = arcs
    octets = b""
    for arc in (first * _FIRST_ARC_STEP + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, arc & 0x7F | 0x80)
        octets += bytes(groups)
    return octets


def tag_number(tag: int) -> int:
    """Return the number in a tag, by which the fields of ACSE are in order."""
    return tag & 0x7F if tag > 0xFF else tag & _LONG_TAG


def _pull_tag(octets: bytes, offset: int) -> tuple[int, int]:
    if offset >= len(octets):
        raise DecodeError("element missing", offset)
    first = octets[offset]
    if first & _LONG_TAG != _LONG_TAG:
        return first, offset + 1
    if offset + 1 >= len(octets):
        raise DecodeError("tag cut short", offset)
    second = octets[offset + 1]
    if second & 0x80 or second < _LONG_TAG:
        raise DecodeError(f"tag {first:02X} {second:02X} is malformed", offset)
    return first << 8 | second, offset + 2
