"""Which captured values tell what somebody consumes, and how finely."""

from collections.abc import Iterable

from harness.checks.judged import Breach

__all__ = ["consumption_columns", "is_consumption", "no_consumption", "no_finer_than"]

_ABSTRACT, _ELECTRICITY = 0, 1
_MEDIA = range(4, 10)
"""Heat cost, cooling, heating, gas, cold and hot water: value group A."""
_MBUS_VALUE = (24, 2)
"""Value groups C and D of what a meter behind the device has counted."""
_POWER_QUANTITIES_A_PHASE = 20
_PHASES = 4
"""All together, and three alone."""
_NO_CONSUMPTION = frozenset({12, 13, 14})
"""Voltage, power factor and frequency, by their place among the quantities of a phase."""
_NEUTRAL_CURRENT = 91
_LAST_MEASURED = 30
"""Value group D: above are thresholds, and what counts their violations."""
_ALSO_MEASURED = frozenset({55, 58})
_FIRST_SERVICE_CODE = 96
_VALUE_CLASSES = frozenset({3, 4, 5, 7, 61, 62})
_DATA_CLASS = 1

Captured = tuple[int, str, int]
"""Class, OBIS code and attribute."""


def is_consumption(class_id: int, obis: str) -> bool:
    """Whether an object holds an amount consumed or generated, or the power or current at which that happens."""
    if class_id not in _VALUE_CLASSES and class_id != _DATA_CLASS:
        return False
    medium, _, quantity, processing, _, _ = (int(number) for number in obis.split("."))
    if medium == _ABSTRACT:
        return (quantity, processing) == _MBUS_VALUE
    if medium == _ELECTRICITY:
        measured = processing <= _LAST_MEASURED or processing in _ALSO_MEASURED
        return measured and _is_load(quantity) and processing > 0
    return medium in _MEDIA and 0 < quantity < _FIRST_SERVICE_CODE


def _is_load(quantity: int) -> bool:
    if not 0 < quantity <= _POWER_QUANTITIES_A_PHASE * _PHASES:
        return quantity == _NEUTRAL_CURRENT
    return (quantity - 1) % _POWER_QUANTITIES_A_PHASE + 1 not in _NO_CONSUMPTION


def consumption_columns(columns: Iterable[Captured]) -> tuple[Captured, ...]:
    """Return the columns that hold consumption; scalers, status and times of such objects do not."""
    return tuple(
        (class_id, obis, attribute)
        for class_id, obis, attribute in columns
        if is_consumption(class_id, obis) and _is_value(class_id, attribute)
    )


def _is_value(class_id: int, attribute: int) -> bool:
    """Whether the attribute of a class is the amount itself; attribute 0 is all of them, 3 of a demand its last."""
    values = {1: {0, 2}, 3: {0, 2}, 4: {0, 2}, 5: {0, 2, 3}, 7: {0, 2}, 61: {0, 2}, 62: {0, 2}}
    return attribute in values[class_id]


def no_consumption(carrier: str, columns: Iterable[Captured]) -> Breach | None:
    """An event, or a log of them, carries no consumption."""
    found = consumption_columns(columns)
    if not found:
        return None
    told = ", ".join(f"{obis} attribute {attribute}" for _, obis, attribute in found)
    return Breach(expected=f"no consumption in {carrier}", observed=told)


def no_finer_than(period_s: int, floor_s: int, what: str) -> Breach | None:
    """A capture period is at least the declared floor; 0 captures nothing of its own accord."""
    if period_s == 0 or period_s >= floor_s:
        return None
    return Breach(expected=f"{what} every {floor_s} s or more rarely", observed=f"every {period_s} s")
