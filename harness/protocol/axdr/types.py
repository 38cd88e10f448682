"""COSEM data: type tags and the values that go with them."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

__all__ = ["FIXED_FORMAT", "TAGS", "BitString", "CompactArray", "Data", "DataType", "TypeDescription"]


class DataType(IntEnum):
    """Tag of a COSEM value."""

    NULL_DATA = 0
    ARRAY = 1
    STRUCTURE = 2
    BOOLEAN = 3
    BIT_STRING = 4
    DOUBLE_LONG = 5
    DOUBLE_LONG_UNSIGNED = 6
    FLOATING_POINT = 7
    """Obsolete; four octets, read as a single precision number."""
    OCTET_STRING = 9
    VISIBLE_STRING = 10
    UTF8_STRING = 12
    BCD = 13
    INTEGER = 15
    LONG = 16
    UNSIGNED = 17
    LONG_UNSIGNED = 18
    COMPACT_ARRAY = 19
    LONG64 = 20
    LONG64_UNSIGNED = 21
    ENUM = 22
    FLOAT32 = 23
    FLOAT64 = 24
    DATE_TIME = 25
    DATE = 26
    TIME = 27
    DELTA_INTEGER = 28
    DELTA_LONG = 29
    DELTA_DOUBLE_LONG = 30
    DELTA_UNSIGNED = 31
    DELTA_LONG_UNSIGNED = 32
    DELTA_DOUBLE_LONG_UNSIGNED = 33
    DONT_CARE = 255


TAGS: Final[dict[int, DataType]] = {int(member): member for member in DataType}
"""Looking a tag up here costs a fraction of calling the enumeration."""

FIXED_FORMAT: Final[dict[DataType, str]] = {
    DataType.NULL_DATA: "",
    DataType.DONT_CARE: "",
    DataType.BOOLEAN: "?",
    DataType.DOUBLE_LONG: "i",
    DataType.DOUBLE_LONG_UNSIGNED: "I",
    DataType.FLOATING_POINT: "f",
    DataType.BCD: "B",
    DataType.INTEGER: "b",
    DataType.LONG: "h",
    DataType.UNSIGNED: "B",
    DataType.LONG_UNSIGNED: "H",
    DataType.LONG64: "q",
    DataType.LONG64_UNSIGNED: "Q",
    DataType.ENUM: "B",
    DataType.FLOAT32: "f",
    DataType.FLOAT64: "d",
    DataType.DATE_TIME: "12s",
    DataType.DATE: "5s",
    DataType.TIME: "4s",
    DataType.DELTA_INTEGER: "b",
    DataType.DELTA_LONG: "h",
    DataType.DELTA_DOUBLE_LONG: "i",
    DataType.DELTA_UNSIGNED: "B",
    DataType.DELTA_LONG_UNSIGNED: "H",
    DataType.DELTA_DOUBLE_LONG_UNSIGNED: "I",
}
"""Content of the types of fixed length as big-endian ``struct`` codes; no code means no content octets."""


@dataclass(frozen=True, slots=True)
class BitString:
    """``bits`` bits, the first in the most significant bit of the first octet; unused bits are kept as they came."""

    bits: int
    octets: bytes

    def __post_init__(self) -> None:
        if self.bits < 0 or len(self.octets) != (self.bits + 7) // 8:
            raise ValueError(f"{self.bits} bits do not fill {len(self.octets)} octets")

    def __getitem__(self, bit: int) -> bool:
        """Bit number ``bit``, counted from 0 as the standard counts."""
        if not 0 <= bit < self.bits:
            raise IndexError(f"bit {bit} of {self.bits}")
        return bool(self.octets[bit // 8] & (0x80 >> bit % 8))


@dataclass(frozen=True, slots=True)
class Data:
    """One COSEM value: type tag and Python value.

    The value is ``int``, ``bool``, ``float``, ``bytes`` (octet-string, date-time, date, time), ``str`` (visible-string,
    utf8-string), ``tuple[Data, ...]`` (array, structure), ``None`` (null-data, dont-care), ``BitString`` or
    ``CompactArray``. BCD is its octet as an ``int`` from 0 to 255.
    """

    type: DataType
    value: object

    def __str__(self) -> str:
        """Type and value in words, for people."""
        kind = self.type.name.lower().replace("_", "-")
        match self.value:
            case None:
                return kind
            case bytes() as octets if octets.isascii() and octets.decode("ascii").isprintable() and octets:
                return f'{kind} "{octets.decode("ascii")}"'
            case bytes() as octets:
                return f"{kind} {octets.hex(' ')}" if octets else f"empty {kind}"
            case tuple() as elements:
                return f"{kind} ({', '.join(map(str, elements))})"
            case other:
                return f"{kind} {other}"


@dataclass(frozen=True, slots=True)
class TypeDescription:
    """Type of the elements of a compact-array; ``elements`` are the columns of a structure or the one of an array."""

    type: DataType
    elements: tuple["TypeDescription", ...] = ()
    count: int | None = None
    """How many elements an array has; None for every other type."""


@dataclass(frozen=True, slots=True)
class CompactArray:
    """Value of a compact-array: ``description`` once, then ``rows`` that all have this type."""

    description: TypeDescription
    rows: tuple[Data, ...]
