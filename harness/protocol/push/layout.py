"""How a meter lays out what it pushes: which objects, in which form, and what numbers without a unit mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from harness.protocol.axdr import Data, DataType
from harness.protocol.p1 import Address

__all__ = ["Form", "Layout"]

Form = Literal["described", "named", "placed"]
"""OBIS code, value, scaler and unit; OBIS code and value; values alone, known by their places."""

_ENERGY, _POWER = 8, 7
_QUANTITIES: Final = 20
_UNITS: Final = {1: "W", 2: "W", 3: "var", 4: "var", 9: "VA", 10: "VA", 11: "A", 12: "V"}
_PHASES_END: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One list that the meter pushes."""

    form: Form
    objects: tuple[Address, ...] = ()
    """In their order, for lists that do not name them."""
    scales: Mapping[Address, tuple[int, str]] = field(default_factory=dict)
    """Power of ten and unit of numbers that come without; else they count whole units."""

    def fits(self, body: Data) -> bool:
        """Whether a body may be of this list, as far as its form and size tell."""
        if not isinstance(body.value, tuple):
            return False
        if self.form == "placed":
            return len(body.value) == len(self.objects)
        return body.type is (DataType.ARRAY if self.form == "described" else DataType.STRUCTURE)

    def scale_of(self, address: Address, data: Data) -> tuple[int, str] | None:
        """What a number of an object counts; None for what is no number or has no unit."""
        if not isinstance(data.value, int) or isinstance(data.value, bool):
            return None
        if address in self.scales:
            return self.scales[address]
        if address.a != 1 or not 0 < address.c <= _PHASES_END or address.d not in (_ENERGY, _POWER):
            return None
        unit = _UNITS.get((address.c - 1) % _QUANTITIES + 1)
        if unit is None:
            return None
        return (0, f"{unit}h" if address.d == _ENERGY else unit)
