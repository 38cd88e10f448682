"""Data records: data information, value information and value, one after another to the end of a telegram."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from struct import unpack
from typing import Final

from harness.errors import DecodeError
from harness.protocol.mbus.date_time import MBusTime, date_time_from_bytes
from harness.protocol.mbus.quantity import Quantity, quantity_of

__all__ = ["FUNCTIONS", "Record", "Records", "Value", "records_from_bytes"]

Value = int | Fraction | float | str | bytes | MBusTime | None

FUNCTIONS: Final = ("instantaneous", "maximum", "minimum", "error")
_EXTENSION: Final = 0x80
_MOST_EXTENSIONS: Final = 10
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 7: 8}
_BCD: Final = {9: 1, 10: 2, 11: 3, 12: 4, 14: 6}
_NO_DATA, _REAL, _SELECTION, _VARIABLE, _SPECIAL = 0x0, 0x5, 0x8, 0xD, 0xF
_REAL_OCTETS: Final = 4
_MANUFACTURER_DATA, _MORE_FOLLOWS, _FILLER = 0x0F, 0x1F, 0x2F
_PLAIN_TEXT: Final = 0x7C


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One value with all that tells which one it is."""

    header: bytes
    """Data and value information as they came: two records with the same are the same quantity."""
    coding: int
    """Low half of the data information field."""
    function: str
    storage: int
    """0 for the present value, above it for a stored one."""
    tariff: int
    subunit: int
    quantity: Quantity
    raw: bytes
    """The value's octets."""
    value: Value
    """Scaled to ``quantity.unit`` where it is a number; None where it says that there is none."""

    @property
    def is_energy_or_volume(self) -> bool:
        """Whether it is what a meter's register shows."""
        return self.quantity.name in ("energy", "volume")

    def __str__(self) -> str:
        place = [self.function] * (self.function != FUNCTIONS[0])
        for name in ("storage", "tariff", "subunit"):
            number = getattr(self, name)
            place += [f"{name} {number}"] * (number != 0)
        value = _in_words(self.value)
        unit = f" {self.quantity.unit}" if self.quantity.unit else ""
        return f"{' '.join((self.quantity.name, ', '.join(place))).rstrip()} = {value}{unit}"


def _in_words(value: Value) -> str:
    if isinstance(value, Fraction):
        return str(value if value.denominator == 1 else float(value))
    if isinstance(value, float):
        return f"{value:.6g}"
    return value.hex(" ") if isinstance(value, bytes) else "nothing" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a telegram holds after its header."""

    records: tuple[Record, ...]
    manufacturer_data: bytes = b""
    more_follows: bool = False
    """The slave has more records, to be had with the next request."""


def records_from_bytes(octets: bytes) -> Records:
    """Decode all records strictly; DecodeError for truncated ones, reserved codings and impossible dates."""
    reader = _Reader(octets)
    return reader.all()


class _Reader:
    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def all(self) -> Records:
        found: list[Record] = []
        while self._at < len(self._octets):
            field = self._octets[self._at]
            if field == _FILLER:
                self._at += 1
            elif field in (_MANUFACTURER_DATA, _MORE_FOLLOWS):
                rest = self._octets[self._at + 1 :]
                return Records(records=tuple(found), manufacturer_data=rest, more_follows=field == _MORE_FOLLOWS)
            else:
                found.append(self._record())
        return Records(records=tuple(found))

    def _record(self) -> Record:
        began = self._at
        field = self._octet("data information")
        coding, function = field & 0x0F, FUNCTIONS[field >> 4 & 0x03]
        if coding == _SPECIAL:
            raise DecodeError(f"reserved data information {field:#04x}", began)
        storage, tariff, subunit = field >> 6 & 1, 0, 0
        for index, extension in enumerate(self._extensions(field, "data information")):
            storage |= (extension & 0x0F) << 1 + 4 * index
            tariff |= (extension >> 4 & 0x03) << 2 * index
            subunit |= (extension >> 6 & 0x01) << index
        first = self._octet("value information")
        fields, text = self._value_information(first)
        header = self._octets[began : self._at]
        quantity = quantity_of(fields, text)
        value_at = self._at
        value = self._value(coding, quantity)
        return Record(
            header=header,
            coding=coding,
            function=function,
            storage=storage,
            tariff=tariff,
            subunit=subunit,
            quantity=quantity,
            raw=self._octets[value_at : self._at],
            value=value,
        )

    def _value_information(self, first: int) -> tuple[bytes, str | None]:
        """Return the fields and a written unit, whose letters come behind the extensions, or before them."""
        if first & ~_EXTENSION != _PLAIN_TEXT:
            return bytes((first, *self._extensions(first, "value information"))), None
        began = self._at
        try:
            fields = bytes((first, *self._extensions(first, "value information")))
            text = self._text()
            if text.isprintable() and text.isascii():
                return fields, text
        except DecodeError:
            if not first & _EXTENSION:
                raise
        self._at = began
        text = self._text()
        return bytes((first, *self._extensions(first, "value information"))), text

    def _text(self) -> str:
        return self._take(self._octet("length of the unit"), "unit")[::-1].decode("latin-1")

    def _extensions(self, field: int, what: str) -> Iterator[int]:
        count = 0
        while field & _EXTENSION:
            count += 1
            if count > _MOST_EXTENSIONS:
                raise DecodeError(f"more than {_MOST_EXTENSIONS} extensions of {what}", self._at)
            field = self._octet(f"extension of {what}")
            yield field

    def _value(self, coding: int, quantity: Quantity) -> Value:
        if coding in (_NO_DATA, _SELECTION):
            return None
        if coding == _VARIABLE:
            return self._variable(quantity)
        if coding == _REAL:
            number: float = unpack("<f", self._take(_REAL_OCTETS, "real"))[0]
            return number * float(quantity.factor)
        if coding in _BCD:
            return self._bcd(_BCD[coding], quantity)
        octets = self._take(_INTEGERS[coding], "integer")
        if quantity.meaning == "date":
            return date_time_from_bytes(octets)
        return self._scaled(int.from_bytes(octets, "little", signed=quantity.meaning == "number"), quantity)

    def _scaled(self, number: int, quantity: Quantity) -> Value:
        return number * quantity.factor if quantity.unit else number

    def _bcd(self, count: int, quantity: Quantity) -> Value:
        """Decimal digits, low ones first; F as the highest digit is a minus sign, and all F no value."""
        digits = self._take(count, "decimal number")[::-1].hex().upper()
        if set(digits) == {"F"}:
            return None
        if quantity.meaning == "text" and digits.isdecimal():
            return digits
        negative = digits.startswith("F")
        number = digits[1:] if negative else digits
        if not number.isdecimal():
            # Digits above 9 are what a display shows instead of a number.
            return None
        return self._scaled(-int(number) if negative else int(number), quantity)

    def _variable(self, quantity: Quantity) -> Value:
        began = self._at
        length = self._octet("variable length")
        if length <= 0xBF:
            return self._take(length, "text")[::-1].decode("latin-1")
        if length <= 0xCF:
            return self._bcd(length - 0xC0, quantity) if length > 0xC0 else None
        if length <= 0xDF:
            value = self._bcd(length - 0xD0, quantity) if length > 0xD0 else None
            return -value if isinstance(value, int | Fraction) else value
        if length <= 0xEF:
            return self._take(length - 0xE0, "binary number")
        if length <= 0xF4:
            return self._take(4 * (length - 0xEC), "binary number")
        raise DecodeError(f"reserved length {length:#04x}", began)

    def _octet(self, what: str) -> int:
        return self._take(1, what)[0]

    def _take(self, count: int, what: str) -> bytes:
        if self._at + count > len(self._octets):
            raise DecodeError(f"the telegram ends within {what}", len(self._octets))
        taken = self._octets[self._at : self._at + count]
        self._at += count
        return taken
