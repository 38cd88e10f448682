"""COSEM data as plain pairs ``(tag, value)``: one constructor for each type that the meter gives away."""

from collections.abc import Iterable

from reference_meter.codec.axdr import Pair

__all__ = [
    "NULL",
    "Pair",
    "array",
    "bit_string",
    "boolean",
    "double_long_unsigned",
    "enum",
    "integer",
    "long",
    "long_unsigned",
    "obis",
    "octet_string",
    "structure",
    "unsigned",
]

NULL: Pair = (0, None)


def obis(text: str) -> bytes:
    """The six octets of a code written ``1.0.1.8.0.255``."""
    code = bytes(int(part) for part in text.split("."))
    if len(code) != 6:
        raise ValueError(f"an OBIS code has six parts: {text!r}")
    return code


def array(items: Iterable[Pair]) -> Pair:
    """An array (tag 1)."""
    return (1, list(items))


def structure(*items: Pair) -> Pair:
    """A structure (tag 2)."""
    return (2, list(items))


def boolean(value: bool) -> Pair:
    """A boolean (tag 3)."""
    return (3, value)


def bit_string(bits: int, octets: bytes) -> Pair:
    """A bit-string (tag 4) of ``bits`` bits, first bit in the highest bit of the first octet."""
    return (4, (bits, octets))


def double_long_unsigned(value: int) -> Pair:
    """32 bits without sign (tag 6)."""
    return (6, value)


def octet_string(value: bytes) -> Pair:
    """An octet-string (tag 9)."""
    return (9, value)


def integer(value: int) -> Pair:
    """8 bits with sign (tag 15)."""
    return (15, value)


def long(value: int) -> Pair:
    """16 bits with sign (tag 16)."""
    return (16, value)


def unsigned(value: int) -> Pair:
    """8 bits without sign (tag 17)."""
    return (17, value)


def long_unsigned(value: int) -> Pair:
    """16 bits without sign (tag 18)."""
    return (18, value)


def enum(value: int) -> Pair:
    """An enumeration (tag 22)."""
    return (22, value)
