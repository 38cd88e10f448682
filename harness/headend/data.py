"""Data as requests of the head end carry them, made by their types, and the octets that they are."""

from harness.protocol import axdr
from harness.protocol.axdr import Data, DataType

__all__ = [
    "NOTHING",
    "Data",
    "boolean",
    "decoded",
    "double_long_unsigned",
    "empty_array",
    "encoded",
    "enum",
    "long_unsigned",
    "octet_string",
    "pair",
    "unsigned",
]

NOTHING = Data(DataType.INTEGER, 0)
"""The parameter of methods that need none."""


def boolean(value: bool) -> Data:
    """A boolean."""
    return Data(DataType.BOOLEAN, value)


def enum(value: int) -> Data:
    """An enumeration."""
    return Data(DataType.ENUM, value)


def unsigned(value: int) -> Data:
    """One octet."""
    return Data(DataType.UNSIGNED, value)


def long_unsigned(value: int) -> Data:
    """16 bits without sign."""
    return Data(DataType.LONG_UNSIGNED, value)


def double_long_unsigned(value: int) -> Data:
    """32 bits without sign."""
    return Data(DataType.DOUBLE_LONG_UNSIGNED, value)


def octet_string(value: bytes) -> Data:
    """Octets."""
    return Data(DataType.OCTET_STRING, value)


def empty_array() -> Data:
    """An array without elements."""
    return Data(DataType.ARRAY, ())


def pair(first: Data, second: Data) -> Data:
    """An array of two elements."""
    return Data(DataType.ARRAY, (first, second))


def encoded(data: Data) -> bytes:
    """The octets of data."""
    return axdr.encode(data)


def decoded(octets: bytes) -> Data:
    """The data of octets; raises ``DecodeError`` where they are none."""
    return axdr.decode(octets)
