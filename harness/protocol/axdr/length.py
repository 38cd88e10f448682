"""Length fields: one octet below 128, else 0x80 + n and n octets.

A length in more octets than needed (``81 05``) is accepted, because nothing forbids it to a sender; ours are
always the shortest. The form without octets (``80``) and more than four octets are not accepted.
"""

from harness.errors import DecodeError

__all__ = ["Truncated", "pull_length", "push_length"]

_MOST_LENGTH_OCTETS = 4


class Truncated(DecodeError):
    """The octets end before the value does; with more octets it may still be right."""


def pull_length(octets: bytes, offset: int) -> tuple[int, int]:
    """Read a length at ``offset``; return it and the offset behind it."""
    if offset >= len(octets):
        raise Truncated("length missing", offset)
    first = octets[offset]
    if first < 0x80:
        return first, offset + 1
    following = first & 0x7F
    if not 1 <= following <= _MOST_LENGTH_OCTETS:
        raise DecodeError(f"length field begins with {first:02X}", offset)
    end = offset + 1 + following
    if end > len(octets):
        raise Truncated("length cut short", offset)
    return int.from_bytes(octets[offset + 1 : end], "big"), end


def push_length(length: int) -> bytes:
    """Return the shortest length field for ``length``."""
    if length < 0x80:
        if length < 0:
            raise ValueError(f"negative length {length}")
        return bytes((length,))
    following = (length.bit_length() + 7) // 8
    if following > _MOST_LENGTH_OCTETS:
        raise ValueError(f"length {length} is beyond four octets")
    return bytes((0x80 | following,)) + length.to_bytes(following, "big")
