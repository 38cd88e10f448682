"""The fixed data structure of old slaves: two counters with units, which become records like those of other slaves."""

from fractions import Fraction
from typing import Final

from harness.errors import DecodeError
from harness.protocol.mbus.quantity import Quantity
from harness.protocol.mbus.record import FUNCTIONS, Record, Records

__all__ = ["FIXED_OCTETS", "records_of_fixed"]

FIXED_OCTETS: Final = 16
"""Identification, access number, status, two units with the medium, two counters."""
_STATUS, _UNITS, _FIRST, _SECOND = 5, 6, 8, 12
_BINARY, _STORED = 0x01, 0x02
"""Bits of the status: how both counters are coded, and that they are of a fixed date."""
_UNIT_BITS: Final = 0x3F
_SAME_BUT_STORED, _WITHOUT_UNIT = 0x3E, 0x3F
_INTEGER, _DECIMAL = 0x4, 0xC
_IDENTIFICATION = b"\x0c\x79"
# first, last, name, unit, exponent of the first
_SCALED: Final = (
    (0x02, 0x0A, "energy", "Wh", 0),
    (0x0B, 0x13, "energy", "J", 3),
    (0x14, 0x1C, "power", "W", 0),
    (0x1D, 0x25, "power", "J/h", 3),
    (0x26, 0x2E, "volume", "m3", -6),
    (0x2F, 0x37, "volume flow", "m3/h", -6),
    (0x38, 0x38, "temperature", "Cel", -3),
)
_PLAIN: Final = {0x39: "heat cost allocation", _WITHOUT_UNIT: "any"}


def records_of_fixed(octets: bytes) -> Records:
    """Decode the structure behind its control information, low octets first; DecodeError for another length or digit.

    A counter in a unit that is the same as the other's but stored has storage number 1.
    """
    if len(octets) != FIXED_OCTETS:
        raise DecodeError(f"a fixed data structure of {len(octets)} octets, {FIXED_OCTETS} are due", len(octets))
    status = octets[_STATUS]
    coding = _INTEGER if status & _BINARY else _DECIMAL
    storage = 1 if status & _STORED else 0
    first, second = (unit & _UNIT_BITS for unit in octets[_UNITS:_FIRST])
    if first == _SAME_BUT_STORED:
        raise DecodeError("the first counter has the unit of another one", _UNITS)
    is_stored = second == _SAME_BUT_STORED
    if not octets[3::-1].hex().isdecimal():
        raise DecodeError(f"identification number {octets[3::-1].hex()} is no decimal number", 0)
    identification = Quantity(name="identification", meaning="text")
    records = (
        _record(_IDENTIFICATION, _DECIMAL, 0, identification, octets[:4]),
        _counter(coding, storage, first, octets[_FIRST:_SECOND]),
        _counter(coding, 1 if is_stored else storage, first if is_stored else second, octets[_SECOND:]),
    )
    return Records(records=records)


def _counter(coding: int, storage: int, unit: int, raw: bytes) -> Record:
    return _record(bytes((coding | storage << 6, unit)), coding, storage, _quantity(unit), raw)


def _quantity(unit: int) -> Quantity:
    for first, last, name, symbol, exponent in _SCALED:
        if first <= unit <= last:
            return Quantity(name=name, unit=symbol, factor=Fraction(10) ** (exponent + unit - first))
    return Quantity(name=_PLAIN.get(unit, f"unknown {unit:#04x}"))


def _record(header: bytes, coding: int, storage: int, quantity: Quantity, raw: bytes) -> Record:
    return Record(
        header=header,
        coding=coding,
        function=FUNCTIONS[0],
        storage=storage,
        tariff=0,
        subunit=0,
        quantity=quantity,
        raw=raw,
        value=_value(coding, quantity, raw),
    )


def _value(coding: int, quantity: Quantity, raw: bytes) -> int | Fraction | str | None:
    if coding == _INTEGER:
        number = int.from_bytes(raw, "little", signed=True)
    else:
        digits = raw[::-1].hex()
        if quantity.meaning == "text":
            return digits
        negative = digits.startswith("f")
        if not digits[negative:].isdecimal():
            return None
        number = -int(digits[1:]) if negative else int(digits)
    return number * quantity.factor if quantity.unit else number
