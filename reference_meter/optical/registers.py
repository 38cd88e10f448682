"""What the local port shows and takes: addresses, values as text, refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from reference_meter.model.data import double_long_unsigned
from reference_meter.optical.settings import OpticalSettings
from reference_meter.server.model_port import AccessRefused, CosemModel

__all__ = ["DENIED", "UNAUTHORISED", "UNDEFINED", "WRONG_DATA", "PortRefusal", "PortRegisters"]

UNDEFINED: Final = 1
WRONG_DATA: Final = 2
DENIED: Final = 3
UNAUTHORISED: Final = 4
_READER, _WRITER = 2, 1
"""The clients whose rights the port has, the second one after the password."""

_ENERGY: Final = ("1.8.0", "1.8.1", "1.8.2", "2.8.0", "2.8.1", "2.8.2")
_POWER: Final = ("1.7.0", "2.7.0")
_TEXTS: Final = {"0.0.0": "0.0.96.1.0.255"}
_NUMBERS: Final = {"96.14.0": "0.0.96.14.0.255", "F.F": "0.0.97.97.0.255"}
_CLOCK: Final = ("0.9.1", "0.9.2")
_FORMS: Final = {"0.9.1": "%H:%M:%S", "0.9.2": "%y-%m-%d"}
_SUMMER_TIME: Final = 0x80
_OF_NO_MEDIUM: Final = "96."
_PERIOD: Final = "0.8.0"
_AVERAGE_DEMAND: Final = (5, bytes.fromhex("0100010400FF"), 8)
_SCALER_UNIT: Final = 3
_ALL_BITS: Final = 8
_RESULTS: Final = {3: DENIED, 4: UNDEFINED, 9: UNDEFINED, 12: WRONG_DATA, 250: WRONG_DATA}


class PortRefusal(Exception):
    """The port says no by an error message of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"error {number}")
        self.number = number


@dataclass
class PortRegisters:
    """Reads and writes what the objects of the meter hold, with the rights of its clients."""

    model: CosemModel
    settings: OpticalSettings

    def readout(self) -> str:
        """All lines of a readout, the end mark included."""
        shown = ("F.F", "0.0.0", *_ENERGY, *_POWER, "96.14.0", *_CLOCK[: 2 * self.settings.standard_time])
        lines = [f"{self._address(address)}({self.show(address)})\r\n" for address in shown if self._has(address)]
        self.model.request_over()
        return "".join(lines) + "!\r\n"

    def read(self, address: str) -> str:
        """One value as text, brackets included."""
        try:
            return f"{self._address(self._bare(address))}({self.show(self._bare(address))})"
        finally:
            self.model.request_over()

    def write(self, address: str, text: str) -> None:
        """Write one value, as a client that has shown its password."""
        bare = self._bare(address)
        if bare != _PERIOD:
            self.show(bare)
            raise PortRefusal(DENIED)
        if not text.isdecimal():
            raise PortRefusal(WRONG_DATA)
        class_id, obis, attribute = _AVERAGE_DEMAND
        number = int(text)
        if number > 0xFFFFFFFF:
            raise PortRefusal(WRONG_DATA)
        result = self.model.set(_WRITER, class_id, obis, attribute, None, double_long_unsigned(number))
        if result:
            raise PortRefusal(_RESULTS.get(result, DENIED))

    def _address(self, address: str) -> str:
        if not self.settings.full_codes or not address[0].isdigit():
            return address
        return f"{'0-0' if address.startswith(_OF_NO_MEDIUM) else '1-0'}:{address}*255"

    @staticmethod
    def _bare(address: str) -> str:
        """Take a code without its first groups and its last one."""
        return address.removeprefix("1-0:").removeprefix("0-0:").removesuffix("*255")

    def _has(self, address: str) -> bool:
        try:
            self.show(address)
        except PortRefusal:
            return False
        return True

    def show(self, address: str) -> str:
        """Give one value as text, without brackets."""
        for addresses, show in self._shows():
            if address in addresses:
                try:
                    return show(address)
                except AccessRefused as refused:
                    raise PortRefusal(_RESULTS.get(refused.result, DENIED)) from refused
        raise PortRefusal(UNDEFINED)

    def _shows(self) -> tuple[tuple[tuple[str, ...], Callable[[str], str]], ...]:
        return (
            (_ENERGY, lambda address: self._quantity(address, "Wh", 6)),
            (_POWER, lambda address: self._quantity(address, "W", 3)),
            (tuple(_TEXTS), lambda address: str(self._get(1, _TEXTS[address], 2).decode("ascii"))),
            (tuple(_NUMBERS), self._number),
            (_CLOCK, self._time),
            ((_PERIOD,), lambda address: f"{self._get(5, '1.0.1.4.0.255', 8):04}*s"),
        )

    def _number(self, address: str) -> str:
        value = self._get(1, _NUMBERS[address], 2)
        if isinstance(value, bytes):
            return value.decode("ascii")
        return f"{value:0{_ALL_BITS}X}" if address == "F.F" else f"{value:04}"

    def _quantity(self, address: str, unit: str, digits: int) -> str:
        obis = f"1.0.{address}.255"
        (_, scaler), _ = self._get(3, obis, _SCALER_UNIT)
        base = Decimal(self._get(3, obis, 2)).scaleb(scaler)
        if unit == "Wh" and self.settings.in_watt_hours:
            return f"{int(base):0{digits + 3}}*Wh"
        places = self.settings.energy_places if unit == "Wh" else 3
        shown = base.scaleb(-3).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return f"{shown:0{digits + 1 + places if places else digits}.{places}f}*k{unit}"

    def _time(self, address: str) -> str:
        """The clock as text, without what summer time adds."""
        octets = bytes(self._get(8, "0.0.1.0.0.255", 2))
        local = datetime(int.from_bytes(octets[:2], "big"), octets[2], octets[3], octets[5], octets[6], octets[7])
        ahead = timedelta(minutes=self._get(8, "0.0.1.0.0.255", 7)) if octets[11] & _SUMMER_TIME else timedelta()
        return f"{local - ahead:{_FORMS[address]}}"

    def _get(self, class_id: int, obis: str, attribute: int):  # type: ignore[no-untyped-def]  # as the pair holds it
        return self.model.get(_READER, class_id, bytes(map(int, obis.split("."))), attribute, None)[1]
