"""What is pushed at the HAN port: the objects of one instant, in frames."""

from collections.abc import Callable
from typing import Final

from reference_meter.codec.axdr import Pair
from reference_meter.consumer.han_settings import HanField, HanSettings
from reference_meter.consumer.limit import limit_w
from reference_meter.consumer.notification import data_notification, in_envelope, in_frames
from reference_meter.model.data import (
    array,
    boolean,
    double_long_unsigned,
    enum,
    integer,
    obis,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.energy import NANOJOULES_PER_WH, Direction
from reference_meter.model.parts import Parts

__all__ = ["HanContents", "Item"]

Item = tuple[bytes, Pair, int | None]
"""OBIS code, value, and its unit where it is a number of whole units."""

_GROUPS: Final[tuple[tuple[int, Direction], ...]] = ((1, "import"), (2, "export"))
_MILLIWATTS: Final = 1000
_WATT, _WATT_HOUR = 27, 30
_LIST_NAME: Final = b"Conformeter_V0001"
_VISIBLE_STRING: Final = 10
_INVOKE_BITS: Final = 0xFFFFFF
_EVERYBODY, _METER = b"\x41", b"\x03"


class HanContents:
    """Makes pushes of what the meter holds."""

    def __init__(self, settings: HanSettings, parts: Parts) -> None:
        self.settings = settings
        self.parts = parts
        self._number = 0

    def telegram(self, *, longer: bool = False) -> bytes:
        """The frames of now."""
        return b"".join(self.frames(self.message(self.notification(longer=longer))))

    def notification(self, *, longer: bool) -> bytes:
        """The notification in the clear."""
        self._number = (self._number + 1) & _INVOKE_BITS
        return data_notification(self._number, self.stamp(), self.body(self.items(longer=longer)))

    def stamp(self) -> bytes:
        """The time in the head, or nothing."""
        return self.time_octets() if self.settings.stamped else b""

    def message(self, notification: bytes) -> bytes:
        """The notification as it leaves: in its envelope, where there is one."""
        return in_envelope(notification, self.settings.control, self.parts.consumer_security)

    def frames(self, message: bytes) -> list[bytes]:
        """The frames that carry it."""
        return in_frames(message, destination=_EVERYBODY, source=_METER, most_octets=self.settings.frame_octets)

    def body(self, items: list[Item]) -> Pair:
        """The list in its form."""
        if self.settings.form == "described":
            return array(_described(code, value, unit) for code, value, unit in items)
        if self.settings.form == "placed":
            return structure(*(value for _, value, _ in items))
        named = [cell for code, value, _ in items for cell in (octet_string(code), value)]
        return structure((_VISIBLE_STRING, _LIST_NAME), *named)

    def items(self, *, longer: bool) -> list[Item]:
        """All that one list tells."""
        makers: dict[HanField, Callable[[], list[Item]]] = {
            "time": lambda: [(obis("0.0.1.0.0.255"), octet_string(self.time_octets()), None)],
            "equipment": lambda: [(obis("0.0.96.1.0.255"), (_VISIBLE_STRING, self.serial_number()), None)],
            "totals": self.totals,
            "rates": self.rates,
            "tariff": lambda: [(obis("0.0.96.14.0.255"), unsigned(self.tariff()), None)],
            "power": self.powers,
            "limit": lambda: [(obis("0.0.17.0.0.255"), double_long_unsigned(self.limit_w()), _WATT)],
            "switch": lambda: [(obis("0.0.96.3.10.255"), boolean(self.connected()), None)],
        }
        fields = self.settings.longer_fields if longer else self.settings.fields
        return [item for field in fields for item in makers[field]()]

    def time_octets(self) -> bytes:
        """The clock as twelve octets."""
        return self.parts.metering.clock.shown_octets()

    def serial_number(self) -> bytes:
        """The number of the meter."""
        return self.parts.configuration.serial_number

    def totals(self) -> list[Item]:
        """Energy over all tariffs."""
        energy = self.parts.metering.energy
        return [_energy(group, 0, energy.total_nj(direction)) for group, direction in _GROUPS]

    def rates(self) -> list[Item]:
        """Energy by direction and tariff."""
        energy, rates = self.parts.metering.energy, self.parts.configuration.rates
        return [
            _energy(group, rate, energy.energy_nj[direction, rate]) for group, direction in _GROUPS for rate in rates
        ]

    def powers(self) -> list[Item]:
        """Power drawn and delivered."""
        return [
            (obis(f"1.0.{group}.7.0.255"), double_long_unsigned(self.power_w(direction)), _WATT)
            for group, direction in _GROUPS
        ]

    def power_w(self, direction: Direction) -> int:
        """Power in whole watts."""
        energy = self.parts.metering.energy
        return energy.power_mw[direction] // _MILLIWATTS if energy.flowing else 0

    def tariff(self) -> int:
        """The active tariff."""
        return self.parts.metering.energy.active_rate

    def limit_w(self) -> int:
        """The threshold in force."""
        return limit_w(self.parts)

    def connected(self) -> bool:
        """Whether the supply is connected."""
        return self.parts.supply.disconnector.connected


def _described(code: bytes, value: Pair, unit: int | None) -> Pair:
    if unit is None:
        return structure(octet_string(code), value)
    return structure(octet_string(code), value, structure(integer(0), enum(unit)))


def _energy(group: int, rate: int, nanojoules: int) -> Item:
    return (obis(f"1.0.{group}.8.{rate}.255"), double_long_unsigned(nanojoules // NANOJOULES_PER_WH), _WATT_HOUR)
