"""What a telegram says: the lines of one instant."""

from collections.abc import Callable
from typing import Final

from reference_meter.codec.p1 import line, telegram, text
from reference_meter.consumer.limit import limit_w
from reference_meter.consumer.notification import in_envelope
from reference_meter.consumer.settings import ConsumerSettings, Field
from reference_meter.mbus.contents import TOTAL
from reference_meter.model.energy import NANOJOULES_PER_WH, Direction
from reference_meter.model.parts import Parts

__all__ = ["ConsumerContents"]

_GROUPS: Final[tuple[tuple[int, Direction], ...]] = ((1, "import"), (2, "export"))
_MILLIWATTS_PER_KW: Final = 1_000_000
_WATTS_PER_KW: Final = 1000


class ConsumerContents:
    """Makes lines of what the meter holds."""

    def __init__(self, settings: ConsumerSettings, parts: Parts) -> None:
        self.settings = settings
        self.parts = parts

    def telegram(self) -> bytes:
        """The telegram of now, in its envelope where it has one."""
        plain = telegram(self.settings.identification, self.lines(), checked=self.settings.checked)
        return in_envelope(plain, self.settings.control, self.parts.consumer_security)

    def lines(self) -> list[str]:
        """All lines of data."""
        makers: dict[Field, Callable[[], list[str]]] = {
            "version": lambda: [line("1-3:0.2.8", self.settings.version)],
            "version_be": lambda: [line("0-0:96.1.4", self.settings.version)],
            "time": lambda: [line("0-0:1.0.0", self.stamp())],
            "equipment": lambda: [line("0-0:96.1.1", text(self.parts.configuration.serial_number))],
            "totals": self.totals,
            "rates": self.rates,
            "tariff": lambda: [line("0-0:96.14.0", f"{self.tariff():04d}")],
            "power": self.powers,
            "limit": lambda: [line("0-0:17.0.0", self.limit())],
            "switch": lambda: [line("0-0:96.3.10", self.switch())],
            "message": lambda: [line("0-0:96.13.0", "")],
            "gas": self.gas,
            "gas_old": self.gas_old,
        }
        return [found for field in self.settings.fields for found in makers[field]()]

    def stamp(self) -> str:
        """Local time with the letter of summer or winter."""
        clock = self.parts.metering.clock
        letter = "S" if clock.rules.is_dst(clock.now) else "W"
        return clock.rules.local(clock.now).strftime("%y%m%d%H%M%S") + letter

    def totals(self) -> list[str]:
        """Energy over all tariffs."""
        energy = self.parts.metering.energy
        return [line(f"1-0:{group}.8.0", self.energy(energy.total_nj(direction))) for group, direction in _GROUPS]

    def rates(self) -> list[str]:
        """Energy by direction and tariff."""
        energy = self.parts.metering.energy
        return [
            line(f"1-0:{group}.8.{rate}", self.energy(energy.energy_nj[direction, rate]))
            for group, direction in _GROUPS
            for rate in self.parts.configuration.rates
        ]

    def energy(self, nanojoules: int) -> str:
        """Kilowatt-hours."""
        return self.number(nanojoules, NANOJOULES_PER_WH * _WATTS_PER_KW, self.settings.energy_digits) + "*kWh"

    def powers(self) -> list[str]:
        """Power drawn and delivered."""
        return [line(f"1-0:{group}.7.0", self.power(direction)) for group, direction in _GROUPS]

    def power(self, direction: Direction) -> str:
        """Kilowatts."""
        energy = self.parts.metering.energy
        milliwatts = energy.power_mw[direction] if energy.flowing else 0
        return self.number(milliwatts, _MILLIWATTS_PER_KW, self.settings.power_digits) + "*kW"

    def tariff(self) -> int:
        """The active tariff."""
        return self.parts.metering.energy.active_rate

    def limit(self) -> str:
        """The threshold in force."""
        threshold = limit_w(self.parts)
        whole, places = self.settings.limit_digits
        most = 10 ** (whole + places) * _WATTS_PER_KW // 10**places - 1
        return self.number(min(threshold, most), _WATTS_PER_KW, self.settings.limit_digits) + "*kW"

    def switch(self) -> str:
        """1 while the supply is connected."""
        return str(int(self.parts.supply.disconnector.connected))

    def gas(self) -> list[str]:
        """The meter behind the first channel, with the time of its reading."""
        return [*self.gas_meter("96.1.0"), line("0-1:24.2.1", self.stamp(), f"{self.gas_volume()}*m3")]

    def gas_old(self) -> list[str]:
        """The same as it was told before."""
        meter = self.gas_meter("96.1.0")
        stamp = self.stamp()[:-1]
        return [*meter, line("0-1:24.3.0", stamp, "00", "60", "1", "0-1:24.2.1", "m3"), f"({self.gas_volume()})"]

    def gas_meter(self, number: str) -> list[str]:
        """Kind and number of the meter."""
        gas = self.parts.configuration.mbus.gas
        identification = 0 if gas is None else gas.identification
        return [line("0-1:24.1.0", "003"), line(f"0-1:{number}", text(str(identification).encode("ascii")))]

    def gas_volume(self) -> str:
        """Cubic metres."""
        litres = self.parts.mbus.slaves[-1].contents.registers()[TOTAL]
        return self.number(litres, _WATTS_PER_KW, (5, 3))

    @staticmethod
    def number(quantity: int, per_unit: int, digits: tuple[int, int]) -> str:
        """A quantity of which ``per_unit`` make one, with so many digits, the rest cut off."""
        whole, places = digits
        scaled = quantity * 10**places // per_unit % 10 ** (whole + places)
        return f"{scaled // 10**places:0{whole}d}.{scaled % 10**places:0{places}d}"
