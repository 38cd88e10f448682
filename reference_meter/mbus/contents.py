"""What the slaves have to say: their records, in the order in which they are sent."""

from collections.abc import Callable, Mapping
from datetime import datetime

from reference_meter.codec.mbus import bcd, date_octets, date_time_octets, record
from reference_meter.mbus.settings import MBusSettings
from reference_meter.mbus.stored import StoredSet, StoredSets
from reference_meter.model.energy import NANOJOULES_PER_WH
from reference_meter.model.metering import Metering

__all__ = ["Contents", "ElectricityContents", "GasContents"]

TOTAL = 0
"""Stands for the register over all tariffs."""
_INT_8, _INT_16, _INT_32, _BCD_8, _BCD_12 = 0x01, 0x02, 0x04, 0x0C, 0x0E
_WATT_HOUR, _LITRE, _WATT = 0x03, b"\x13", b"\x2b"
_DATE, _DATE_TIME, _FABRICATION, _ERROR_FLAGS = b"\x6c", b"\x6d", b"\x78", b"\xfd\x17"
_GAS_START_LITRES, _GAS_LITRES_A_DAY = 1_000_000, 4_800
_SECONDS_A_DAY = 86_400


class Contents:
    """Registers by tariff with what is stored of them."""

    clock_can_be_set = False
    """Whether it has a clock of its own."""

    def __init__(
        self, metering: Metering, settings: MBusSettings, errors: Callable[[], int], identification: int
    ) -> None:
        self.metering = metering
        self.settings = settings
        self.errors = errors
        self.identification = identification
        self.stored = StoredSets(metering.clock, lambda: self.registers(), settings.stored_sets)
        metering.drive(self.stored)

    @property
    def unit(self) -> bytes:
        """Value information of its registers."""
        raise NotImplementedError

    def registers(self) -> Mapping[int, int]:
        """Present values in whole ``unit``s; ``TOTAL`` and the tariffs."""
        raise NotImplementedError

    def local(self) -> datetime:
        """The slave's clock."""
        return self.metering.clock.rules.local(self.metering.now)

    def set_clock(self, local: datetime) -> None:
        """Go on from another time; only a slave with a clock of its own can."""
        raise NotImplementedError

    def records(self) -> list[bytes]:
        """All records of one reading."""
        found = [self.register(value, tariff=tariff) for tariff, value in self.registers().items()]
        found += self.instantaneous()
        found.append(record(_INT_32, _DATE_TIME, self.time_octets()))
        for place, one in enumerate(self.stored.sets):
            found += self.stored_records(one, self.settings.first_storage + place)
        found.append(record(_INT_32, _ERROR_FLAGS, self.errors().to_bytes(4, "little")))
        found.append(record(_BCD_8, _FABRICATION, bcd(self.identification, 4)))
        if self.settings.records_of_manufacturer:
            found.insert(1, record(_INT_16, b"\xff\x93\x00", b"\x01\x00"))
        return found[::-1] if self.settings.reversed_order else found

    @property
    def faulty(self) -> bool:
        """Whether something is broken for good."""
        return False

    def time_octets(self) -> bytes:
        """Date and time of the clock, and whether it is valid."""
        clock = self.metering.clock
        return date_time_octets(self.local(), invalid=clock.invalid, summer=clock.rules.is_dst(clock.now))

    def instantaneous(self) -> list[bytes]:
        """Records of what flows just now."""
        return []

    def stored_records(self, one: StoredSet, storage: int) -> list[bytes]:
        """The date and the registers of one due date."""
        dated = record(_INT_16, _DATE, date_octets(one.local), storage=storage)
        return [dated, *(self.register(v, tariff=t, storage=storage) for t, v in one.registers.items())]

    def register(self, value: int, *, tariff: int, storage: int = 0) -> bytes:
        """One register as a record."""
        if self.settings.decimal:
            return record(_BCD_12, self.unit, bcd(value, 6), tariff=tariff, storage=storage)
        return record(_INT_32, self.unit, value.to_bytes(4, "little"), tariff=tariff, storage=storage)


class ElectricityContents(Contents):
    """Imported energy in Wh, in total and by tariff, and power."""

    @property
    def unit(self) -> bytes:
        """Wh, or a power of ten of them."""
        return bytes([_WATT_HOUR + self.settings.energy_exponent])

    def whole(self, nanojoules: int) -> int:
        """Whole units, rounded."""
        per_unit: int = NANOJOULES_PER_WH * 10**self.settings.energy_exponent
        return (nanojoules + per_unit // 2) // per_unit if self.settings.energy_exponent else nanojoules // per_unit

    @property
    def faulty(self) -> bool:
        """Whether the meter has a critical fault."""
        return self.metering.capture.critical_error

    def registers(self) -> Mapping[int, int]:
        """Total and tariffs."""
        energy = self.metering.energy
        rates = {rate: self.whole(energy.energy_nj["import", rate]) for rate in self.metering.configuration.rates}
        return {TOTAL: self.whole(energy.total_nj("import")), **rates}

    def instantaneous(self) -> list[bytes]:
        """The power drawn."""
        return [record(_INT_32, _WATT, self.metering.energy.power_value("import", 0).to_bytes(4, "little"))]


class GasContents(Contents):
    """A volume in litres that grows steadily, and a clock of its own that a master can set."""

    clock_can_be_set = True

    def __init__(
        self, metering: Metering, settings: MBusSettings, errors: Callable[[], int], identification: int
    ) -> None:
        self._began = metering.true_time
        self.ahead = datetime(2000, 1, 1) - datetime(2000, 1, 1)
        """By how much its clock is ahead of the true time."""
        super().__init__(metering, settings, errors, identification)

    def registers(self) -> Mapping[int, int]:
        """The index."""
        passed_s = (self.metering.true_time - self._began).total_seconds()
        return {TOTAL: _GAS_START_LITRES + int(passed_s * _GAS_LITRES_A_DAY // _SECONDS_A_DAY)}

    def local(self) -> datetime:
        """Local time as far as it was set."""
        return self.metering.clock.rules.local(self.metering.true_time) + self.ahead

    def time_octets(self) -> bytes:
        """Date and time of its own clock, which is always valid."""
        return date_time_octets(self.local(), invalid=False, summer=False)

    def set_clock(self, local: datetime) -> None:
        """Go on from another time."""
        self.ahead += local - self.local()

    @property
    def unit(self) -> bytes:
        """Litres."""
        return _LITRE
