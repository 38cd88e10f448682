"""What a slave has said in one reading, and how its records are found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Final

from harness.declaration.door_mbus import MBusParameters
from harness.errors import ProtocolViolation
from harness.protocol.mbus import MBusTime, Record, Status, Telegram

__all__ = ["Reading", "StoredRegister", "amount_of"]

_UNITS: Final = {"energy": "Wh", "volume": "m3"}
_MOST_DECIMALS: Final = 9
_REAL_STEPS: Final = 1 << 22
_FORWARD: Final = (0x3B,)
"""Extension of a record that counts what flows forward alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRegister:
    """The register over all tariffs as it was stored."""

    storage: int
    day: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All telegrams of one reading."""

    telegrams: tuple[Telegram, ...]
    octets: tuple[bytes, ...]
    """The frames as they came."""
    settings: MBusParameters
    frame: int
    """Number of the last record of the trace."""

    @property
    def records(self) -> tuple[Record, ...]:
        """Those of all telegrams."""
        return tuple(record for telegram in self.telegrams for record in telegram.records)

    @property
    def status(self) -> int:
        """Status bits of all telegrams."""
        bits = 0
        for telegram in self.telegrams:
            bits |= telegram.header.status
        return bits

    @property
    def enciphered(self) -> bool:
        """Whether every telegram has records in cipher."""
        return all(telegram.header.configuration.encrypted_octets for telegram in self.telegrams)

    @property
    def tells_an_error(self) -> bool:
        """Whether the status says that the application found a command wrong, or is busy."""
        return bool(self.status & Status.APPLICATION)

    def registers(self, *, storage: int = 0) -> dict[int, Decimal]:
        """Registers by tariff, 0 for the total; in Wh or cubic metres.

        Records that are qualified in any way, such as those of another direction or a subunit, are none of them; one
        that says to be of the forward direction is one where no other is there.
        """
        found: dict[int, Decimal] = {}
        for record in self._registers():
            if record.storage == storage and (number := _number(record)) is not None:
                found.setdefault(record.tariff, _decimal(number))
        return found

    @property
    def total(self) -> Decimal:
        """The register over all tariffs, or the sum of the tariffs; ProtocolViolation where there is neither."""
        registers = self.registers()
        if not registers:
            raise ProtocolViolation(f"the reading has no present {self.settings.counts}")
        return _over_all(registers)

    @property
    def resolution(self) -> Decimal:
        """The largest step of a register."""
        return max((_step(record) for record in self.register_records), default=Decimal(0))

    @property
    def register_records(self) -> tuple[Record, ...]:
        """The records of the present registers."""
        return tuple(record for record in self._registers() if record.storage == 0)

    @property
    def clock(self) -> MBusTime | None:
        """The slave's local time."""
        for record in self.records:
            if record.quantity.name == "date and time" and record.storage == 0 and isinstance(record.value, MBusTime):
                return record.value
        return None

    @property
    def stored(self) -> tuple[StoredRegister, ...]:
        """What is stored with a date, newest first; a set that was never stored has none."""
        days = {
            record.storage: _day(record.value)
            for record in self.records
            if record.storage and record.quantity.name in ("date", "date and time")
        }
        found = [
            StoredRegister(storage=storage, day=day, value=_over_all(self.registers(storage=storage)))
            for storage, day in days.items()
            if day is not None and self.registers(storage=storage)
        ]
        return tuple(sorted(found, key=lambda one: one.day, reverse=True))

    def present(self, name: str) -> Iterator[Record]:
        """Records of a quantity as it is now, of no subunit; energy in Wh, whatever extensions qualify it."""
        for record in self.records:
            is_present = record.function == "instantaneous" and not record.storage and not record.subunit
            if record.quantity.name == name and is_present:
                yield _in_watt_hours(record) if record.quantity.unit == "J" else record

    def _registers(self) -> Iterator[Record]:
        # A slave that shows both directions may say of each record which one it is, also of what flows forward.
        plain = list(self._registers_of(()))
        yield from plain
        storages = {record.storage for record in plain}
        yield from (record for record in self._registers_of(_FORWARD) if record.storage not in storages)

    def _registers_of(self, extensions: tuple[int, ...]) -> Iterator[Record]:
        for record in self.records:
            quantity = record.quantity
            is_register = quantity.name == self.settings.counts and quantity.extensions == extensions
            if is_register and record.function == "instantaneous" and record.subunit == 0:
                yield record if quantity.unit == _UNITS[quantity.name] else _in_watt_hours(record)


def _in_watt_hours(record: Record) -> Record:
    """The same record with joules as watt-hours."""
    factor = record.quantity.factor / 3600
    value = record.value / 3600 if isinstance(record.value, Fraction | float) else record.value
    return replace(record, quantity=replace(record.quantity, unit="Wh", factor=factor), value=value)


def amount_of(record: Record) -> tuple[Decimal, Decimal] | None:
    """Return the number of a record and one step of it; None where there is no number."""
    number = _number(record)
    return None if number is None else (_decimal(number), _step(record))


def _over_all(registers: dict[int, Decimal]) -> Decimal:
    return registers[0] if 0 in registers else sum(registers.values(), Decimal(0))


def _number(record: Record) -> Fraction | None:
    if isinstance(record.value, float):
        return Fraction(record.value) if isfinite(record.value) else None
    return record.value if isinstance(record.value, Fraction) else None


def _step(record: Record) -> Decimal:
    """One step of a register; that of a real number grows with it."""
    if isinstance(record.value, float):
        return Decimal(abs(record.value)) / _REAL_STEPS if isfinite(record.value) else Decimal(0)
    return _decimal(record.quantity.factor)


def _day(value: object) -> date | None:
    moment = value.moment if isinstance(value, MBusTime) else None
    if isinstance(moment, datetime):
        return moment.date()
    return moment if isinstance(moment, date) else None


def _decimal(value: Fraction) -> Decimal:
    return round(Decimal(value.numerator) / Decimal(value.denominator), _MOST_DECIMALS).normalize() + Decimal(0)
