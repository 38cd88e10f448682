"""What a value information field means: quantity, unit and power of ten."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from harness.errors import DecodeError

__all__ = ["Quantity", "quantity_of"]

Meaning = Literal["number", "date", "text", "bits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One physical quantity, with its scale."""

    name: str
    unit: str = ""
    factor: Fraction = Fraction(1)
    """By this a raw number becomes one of ``unit``."""
    meaning: Meaning = "number"
    extensions: tuple[int, ...] = ()
    """What qualifies the quantity further: combinable extensions, without the extension bit."""


_EXTENSION: Final = 0x80
_TABLE_FB: Final = 0xFB
_TABLE_FD: Final = 0xFD
_MOST_FIELDS: Final = 11
"""A value information field and up to ten extensions."""
_PLAIN_TEXT: Final = 0x7C
_MANUFACTURER: Final = 0x7F

# first, last, name, unit, exponent of the first
_SCALED: Final = (
    (0x00, 0x07, "energy", "Wh", -3),
    (0x08, 0x0F, "energy", "J", 0),
    (0x10, 0x17, "volume", "m3", -6),
    (0x18, 0x1F, "mass", "kg", -3),
    (0x28, 0x2F, "power", "W", -3),
    (0x30, 0x37, "power", "J/h", 0),
    (0x38, 0x3F, "volume flow", "m3/h", -6),
    (0x40, 0x47, "volume flow", "m3/min", -7),
    (0x48, 0x4F, "volume flow", "m3/s", -9),
    (0x50, 0x57, "mass flow", "kg/h", -3),
    (0x58, 0x5B, "flow temperature", "Cel", -3),
    (0x5C, 0x5F, "return temperature", "Cel", -3),
    (0x60, 0x63, "temperature difference", "K", -3),
    (0x64, 0x67, "external temperature", "Cel", -3),
    (0x68, 0x6B, "pressure", "bar", -3),
)
_SCALED_FD: Final = (
    (0x00, 0x03, "credit", "currency", -3),
    (0x04, 0x07, "debit", "currency", -3),
    (0x40, 0x4F, "voltage", "V", -9),
    (0x50, 0x5F, "current", "A", -12),
)
_SCALED_FB: Final = (
    (0x00, 0x01, "energy", "Wh", 5),
    (0x02, 0x03, "reactive energy", "varh", 3),
    (0x08, 0x09, "energy", "J", 8),
    (0x10, 0x11, "volume", "m3", 2),
    (0x18, 0x19, "mass", "kg", 5),
    (0x28, 0x29, "power", "W", 5),
    (0x30, 0x31, "power", "J/h", 8),
)
_TIMES: Final = ((0x20, "on time"), (0x24, "operating time"), (0x70, "averaging time"), (0x74, "actuality"))
_TIME_UNITS: Final = (("s", 1), ("min", 60), ("h", 3600), ("d", 86_400))
_SINGLE: Final[dict[int, Quantity]] = {
    0x6C: Quantity(name="date", meaning="date"),
    0x6D: Quantity(name="date and time", meaning="date"),
    0x6E: Quantity(name="heat cost allocation"),
    0x78: Quantity(name="fabrication number", meaning="text"),
    0x79: Quantity(name="identification", meaning="text"),
    0x7A: Quantity(name="bus address"),
    0x7E: Quantity(name="any"),
}
_SINGLE_FD: Final[dict[int, Quantity]] = {
    0x08: Quantity(name="access number"),
    0x09: Quantity(name="medium"),
    0x0A: Quantity(name="manufacturer"),
    0x0B: Quantity(name="parameter set", meaning="text"),
    0x0C: Quantity(name="model", meaning="text"),
    0x0D: Quantity(name="hardware version", meaning="text"),
    0x0E: Quantity(name="firmware version", meaning="text"),
    0x0F: Quantity(name="software version", meaning="text"),
    0x10: Quantity(name="customer location", meaning="text"),
    0x11: Quantity(name="customer", meaning="text"),
    0x16: Quantity(name="password", meaning="text"),
    0x17: Quantity(name="error flags", meaning="bits"),
    0x18: Quantity(name="error mask", meaning="bits"),
    0x1A: Quantity(name="digital output", meaning="bits"),
    0x1B: Quantity(name="digital input", meaning="bits"),
    0x1C: Quantity(name="baud rate"),
    0x20: Quantity(name="first storage number"),
    0x21: Quantity(name="last storage number"),
    0x22: Quantity(name="size of storage block"),
    0x60: Quantity(name="reset counter"),
    0x61: Quantity(name="cumulation counter"),
    0x66: Quantity(name="state of parameter activation", meaning="bits"),
}


def quantity_of(fields: bytes, text: str | None = None) -> Quantity:
    """Return what a whole value information block says; ``text`` is the unit where it is written out.

    What no table names is "unknown ..." and stays a raw number; DecodeError for a block of more than ten extensions.
    """
    if not 1 <= len(fields) <= _MOST_FIELDS:
        raise DecodeError(f"{len(fields)} value information fields", 0)
    first, rest = fields[0], fields[1:]
    if first in (_TABLE_FB, _TABLE_FD):
        if not rest:
            raise DecodeError(f"value information {first:#04x} says that a table entry follows, none does", 1)
        found = _of_table(first, rest[0] & ~_EXTENSION)
        rest = rest[1:]
    elif first & ~_EXTENSION == _PLAIN_TEXT:
        found = Quantity(name="other", unit=text or "")
    elif first & ~_EXTENSION == _MANUFACTURER:
        return Quantity(name="manufacturer specific", meaning="bits", extensions=tuple(rest))
    else:
        found = _primary(first & ~_EXTENSION)
    extensions = tuple(field & ~_EXTENSION for field in rest)
    factor, extensions = _corrected(found.factor, extensions)
    return Quantity(name=found.name, unit=found.unit, factor=factor, meaning=found.meaning, extensions=extensions)


def _primary(field: int) -> Quantity:
    for base, name in _TIMES:
        if base <= field < base + 4:
            unit, _ = _TIME_UNITS[field - base]
            return Quantity(name=name, unit=unit)
    return _scaled(_SCALED, field) or _SINGLE.get(field) or Quantity(name=f"unknown {field:#04x}")


def _of_table(table: int, field: int) -> Quantity:
    ranges, single = (_SCALED_FB, {}) if table == _TABLE_FB else (_SCALED_FD, _SINGLE_FD)
    return _scaled(ranges, field) or single.get(field) or Quantity(name=f"unknown {table:02x} {field:#04x}")


def _scaled(ranges: tuple[tuple[int, int, str, str, int], ...], field: int) -> Quantity | None:
    for first, last, name, unit, exponent in ranges:
        if first <= field <= last:
            return Quantity(name=name, unit=unit, factor=Fraction(10) ** (exponent + field - first))
    return None


def _corrected(factor: Fraction, extensions: tuple[int, ...]) -> tuple[Fraction, tuple[int, ...]]:
    """Take multiplying extensions (70 to 77: 10^-6 to 10, 7D: 1000) into the factor; the others qualify."""
    others = []
    for field in extensions:
        if 0x70 <= field <= 0x77:
            factor *= Fraction(10) ** (field - 0x76)
        elif field == 0x7D:
            factor *= 1000
        else:
            others.append(field)
    return factor, tuple(others)
