"""COSEM data as pairs ``(tag, value)`` and their octets.

======== ==================== =====================================================
tag      type                 value
======== ==================== =====================================================
0, 255   null, dont-care      ``None``
1, 2     array, structure     list of pairs
3        boolean              ``bool``
4        bit-string           ``(number of bits, octets)``
5..33    numbers, enum, bcd   ``int``; ``float`` for 7, 23 and 24
9        octet-string         ``bytes``
10, 12   visible, UTF-8       ``str``
19       compact-array        list of pairs of one shape
25..27   date-time, date,     ``bytes`` of 12, 5, 4 octets
         time
======== ==================== =====================================================
"""

import struct
from typing import Any

from reference_meter.codec.octets import Malformed, OctetReader, encode_length

__all__ = [
    "ARRAY",
    "COMPACT_ARRAY",
    "MAX_NESTING",
    "STRUCTURE",
    "Pair",
    "decode",
    "encode",
    "pull_content",
    "pull_pair",
]

# The value's Python type follows the tag, which the type system cannot express.
Pair = tuple[int, Any]

NULL, ARRAY, STRUCTURE, BOOLEAN, BIT_STRING = 0, 1, 2, 3, 4
OCTET_STRING, VISIBLE_STRING, UTF8_STRING, COMPACT_ARRAY, DONT_CARE = 9, 10, 12, 19, 255

MAX_NESTING = 16
"""Arrays and structures in one another beyond this depth do not decode."""

# tag -> (octets, signed)
INTEGERS = {
    5: (4, True),
    6: (4, False),
    13: (1, False),
    15: (1, True),
    16: (2, True),
    17: (1, False),
    18: (2, False),
    20: (8, True),
    21: (8, False),
    22: (1, False),
    28: (1, True),
    29: (2, True),
    30: (4, True),
    31: (1, False),
    32: (2, False),
    33: (4, False),
}
FLOATS = {7: ">f", 23: ">f", 24: ">d"}
FIXED_OCTETS = {25: 12, 26: 5, 27: 4}
STRINGS = {VISIBLE_STRING: "ascii", UTF8_STRING: "utf-8"}


def encode(pair: Pair) -> bytes:
    """Encode a pair with its tag; a value that does not fit its tag is a ``ValueError``."""
    tag, value = pair
    return bytes([tag]) + encode_content(tag, value)


def decode(octets: bytes, max_nesting: int = MAX_NESTING) -> Pair:
    """Decode exactly one pair that fills the octets."""
    reader = OctetReader(octets)
    pair = pull_pair(reader, max_nesting)
    reader.finish()
    return pair


def pull_pair(reader: OctetReader, max_nesting: int = MAX_NESTING) -> Pair:
    """Decode one pair at the reader's position."""
    tag = reader.unsigned(1)
    return tag, pull_content(reader, tag, max_nesting)


def encode_content(tag: int, value: Any) -> bytes:
    """Encode what follows the tag."""
    if tag in (NULL, DONT_CARE):
        if value is not None:
            raise ValueError(f"tag {tag} carries no value, got {value!r}")
        return b""
    if tag in (ARRAY, STRUCTURE):
        return encode_length(len(value)) + b"".join(map(encode, value))
    if tag == BOOLEAN:
        return b"\xff" if value else b"\x00"
    if tag in INTEGERS:
        size, signed = INTEGERS[tag]
        try:
            return int(value).to_bytes(size, "big", signed=signed)
        except OverflowError:
            raise ValueError(f"{value} does not fit tag {tag}") from None
    if tag in FLOATS:
        return struct.pack(FLOATS[tag], value)
    return _encode_octets(tag, value)


def pull_content(reader: OctetReader, tag: int, max_nesting: int = MAX_NESTING) -> Any:
    """Decode what follows the tag."""
    if tag in (NULL, DONT_CARE):
        return None
    if tag in (ARRAY, STRUCTURE):
        return _pull_elements(reader, max_nesting)
    if tag == BOOLEAN:
        return reader.unsigned(1) != 0
    if tag in INTEGERS:
        size, signed = INTEGERS[tag]
        return reader.signed(size) if signed else reader.unsigned(size)
    if tag in FLOATS:
        return struct.unpack(FLOATS[tag], reader.take(struct.calcsize(FLOATS[tag])))[0]
    return _pull_octets(reader, tag, max_nesting)


def _encode_octets(tag: int, value: Any) -> bytes:
    if tag == OCTET_STRING:
        return encode_length(len(value)) + bytes(value)
    if tag in STRINGS:
        octets = str(value).encode(STRINGS[tag])
        return encode_length(len(octets)) + octets
    if tag == BIT_STRING:
        bits, octets = value
        if len(octets) != (bits + 7) // 8:
            raise ValueError(f"{len(octets)} octets cannot be {bits} bits")
        return encode_length(bits) + bytes(octets)
    if tag in FIXED_OCTETS:
        if len(value) != FIXED_OCTETS[tag]:
            raise ValueError(f"tag {tag} has {FIXED_OCTETS[tag]} octets, got {len(value)}")
        return bytes(value)
    if tag == COMPACT_ARRAY:
        # Imported here because compact arrays are built from the codec of this module.
        from reference_meter.codec.compact import encode_compact

        return encode_compact(value)
    raise ValueError(f"unknown tag {tag}")


def _pull_octets(reader: OctetReader, tag: int, max_nesting: int) -> Any:
    if tag == OCTET_STRING:
        return reader.take(reader.length())
    if tag in STRINGS:
        start = reader.offset
        try:
            return reader.take(reader.length()).decode(STRINGS[tag])
        except UnicodeDecodeError:
            raise Malformed(f"not a string of {STRINGS[tag]}", start) from None
    if tag == BIT_STRING:
        bits = reader.length()
        return bits, reader.take((bits + 7) // 8)
    if tag in FIXED_OCTETS:
        return reader.take(FIXED_OCTETS[tag])
    if tag == COMPACT_ARRAY:
        # Imported here because compact arrays are built from the codec of this module.
        from reference_meter.codec.compact import pull_compact

        return pull_compact(reader, max_nesting)
    raise reader.malformed(f"unknown tag {tag}")


def _pull_elements(reader: OctetReader, max_nesting: int) -> list[Pair]:
    if max_nesting <= 0:
        raise reader.malformed("nested too deeply")
    count = reader.length()
    if count > reader.remaining:
        # Every element has at least its tag: a count beyond that is refused before anything is built.
        raise reader.malformed(f"{count} elements in {reader.remaining} octets")
    return [pull_pair(reader, max_nesting - 1) for _ in range(count)]
