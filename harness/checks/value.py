"""Values of registers: types, scalers and units."""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from harness.checks.judged import Breach
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import UNIT_SYMBOLS, scaled, unit_name

__all__ = ["ScalerUnit", "number_of", "numeric", "scaler_unit", "unit_belongs"]

_ELECTRICITY = 1
_TIME_INTEGRAL = 8
_DEMANDS = (4, 5, 6, 7)
_QUANTITIES_A_PHASE = 20
_ACTIVE, _REACTIVE, _APPARENT = 0, 1, 2
_KINDS = (
    dict.fromkeys((1, 2, 15, 16), _ACTIVE) | dict.fromkeys(range(3, 9), _REACTIVE) | dict.fromkeys((9, 10), _APPARENT)
)
"""Value group C, phases folded onto the sum, -> kind of power."""
_ENERGY_UNITS = {_ACTIVE: 30, _REACTIVE: 32, _APPARENT: 31}
_POWER_UNITS = {_ACTIVE: 27, _REACTIVE: 29, _APPARENT: 28}

_NUMERIC = frozenset(
    {
        DataType.DOUBLE_LONG,
        DataType.DOUBLE_LONG_UNSIGNED,
        DataType.INTEGER,
        DataType.LONG,
        DataType.UNSIGNED,
        DataType.LONG_UNSIGNED,
        DataType.LONG64,
        DataType.LONG64_UNSIGNED,
        DataType.FLOAT32,
        DataType.FLOAT64,
    }
)


def numeric(data: Data) -> Breach | None:
    """A register value is one number; null-data is what a register without a value may give."""
    if data.type in _NUMERIC:
        if isinstance(data.value, float) and not isfinite(data.value):
            return Breach(expected="a finite number", observed=f"{data.type.name.lower()} {data.value!r}")
        return None
    return Breach(expected="a value of a numeric type", observed=f"{data.type.name.lower()} {data.value!r}")


def number_of(data: Data) -> Decimal:
    """Return the number of numeric data; raises ``ValueError`` for anything else."""
    if data.type not in _NUMERIC or not isinstance(data.value, int | float):
        raise ValueError(f"{data.type.name} is not numeric")
    return Decimal(str(data.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalerUnit:
    """Attribute scaler_unit: power of ten and unit."""

    scaler: int
    unit: int

    @property
    def unit_name(self) -> str:
        """Symbol of the unit."""
        return unit_name(self.unit)

    @property
    def is_known(self) -> bool:
        """Whether the unit is one of the list of units."""
        return self.unit in UNIT_SYMBOLS

    @property
    def resolution(self) -> Decimal:
        """One step of the last digit, in units."""
        return Decimal(1).scaleb(self.scaler)

    def applied(self, data: Data) -> Decimal:
        """Return the value in units."""
        return scaled(number_of(data), self.scaler)


def unit_belongs(unit: int, obis_code: str) -> Breach | None:
    """The unit of an electricity register fits its quantity: energy, or power and demand, of its kind.

    Codes of other media and of quantities that are neither are not judged.
    """
    medium, _, quantity, processing = (int(group) for group in obis_code.split(".")[:4])
    kind = _KINDS.get(quantity % _QUANTITIES_A_PHASE)
    units = _ENERGY_UNITS if processing == _TIME_INTEGRAL else _POWER_UNITS if processing in _DEMANDS else None
    if medium != _ELECTRICITY or kind is None or units is None or unit == units[kind]:
        return None
    return Breach(expected=f"unit {unit_name(units[kind])} for {obis_code}", observed=f"unit {unit_name(unit)}")


def scaler_unit(data: Data) -> ScalerUnit | Breach:
    """Decode attribute scaler_unit: a structure of integer and enum."""
    if data.type is DataType.STRUCTURE and isinstance(data.value, tuple) and len(data.value) == 2:
        scaler, unit = data.value
        if (
            isinstance(scaler, Data)
            and isinstance(unit, Data)
            and (scaler.type, unit.type) == (DataType.INTEGER, DataType.ENUM)
            and isinstance(scaler.value, int)
            and isinstance(unit.value, int)
        ):
            return ScalerUnit(scaler=scaler.value, unit=unit.value)
    return Breach(expected="scaler_unit as a structure of integer and enum", observed=f"{data}")
