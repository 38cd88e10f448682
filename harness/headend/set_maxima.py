"""Maxima and their times in stored sets, and as their registers show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from harness.checks.profile import ProfileRow
from harness.checks.value import number_of
from harness.declaration import CosemObject
from harness.errors import ProtocolViolation
from harness.headend.client import Client, item
from harness.headend.data_sets import Sets
from harness.headend.profiles import Column
from harness.headend.registers import DateTime, stored_time

__all__ = ["StoredMaximum", "kept_maximum", "present_maximum", "times_of_maxima"]

_EXTENDED_REGISTER, _VALUE, _CAPTURE_TIME = 4, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMaximum:
    """A maximum, in the units of its register, and when it arose."""

    number: Decimal | None
    """None where a set holds its time alone."""
    captured: DateTime


def times_of_maxima(columns: Sequence[Column], register: CosemObject) -> tuple[int | None, int] | None:
    """The columns of a maximum and of its time; None where a profile does not hold the time."""
    places = {
        column.attribute: index
        for index, column in enumerate(columns)
        if (column.class_id, column.obis) == (_EXTENDED_REGISTER, register.obis)
    }
    return (places.get(_VALUE), places[_CAPTURE_TIME]) if _CAPTURE_TIME in places else None


def present_maximum(client: Client, clock: CosemObject, register: CosemObject) -> StoredMaximum:
    """Read value and time of the register."""
    number = number_of(client.read(item(register, _VALUE)))
    return StoredMaximum(number=number, captured=stored_time(client, clock, client.read(item(register, _CAPTURE_TIME))))


def kept_maximum(sets: Sets, row: ProfileRow, places: tuple[int | None, int], beside: DateTime) -> StoredMaximum:
    """What a set holds; a time that leaves its deviation open is in the zone of the clock ``beside`` it."""
    value, time = places
    cell = row.values[time]
    if not isinstance(cell, bytes):
        raise ProtocolViolation(f"the time of a maximum {cell!r} is no octet-string")
    captured = DateTime.from_octets(cell)
    (number,) = sets.reader.numbers([row], value) if value is not None else (None,)
    return StoredMaximum(
        number=number, captured=captured.beside(beside) if captured.deviation_min is None else captured
    )
