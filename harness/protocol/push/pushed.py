"""What one push says: objects with their values, in the order in which they came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from harness.errors import DecodeError
from harness.protocol.apdu import DataNotification
from harness.protocol.axdr import Data, DataType, decode
from harness.protocol.cosem import obis_text, unit_name
from harness.protocol.date_time import ClockStatus, DateTime
from harness.protocol.p1 import Address, Quantity, Stamp
from harness.protocol.push.layout import Layout

__all__ = ["PushedItem", "PushedList"]

_TIME: Final = Address(0, 0, 1, 0, 0)
_TARIFF: Final = Address(0, 0, 96, 14, 0)
_OBIS_OCTETS, _TIME_OCTETS = 6, 12
_TEXTS: Final = (DataType.VISIBLE_STRING, DataType.UTF8_STRING)
_NO_UNIT: Final = 255
_UNSPECIFIED_STATUS: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedItem:
    """One object and its value."""

    address: Address
    data: Data
    scale: tuple[int, str] | None
    """Power of ten and unit, where the value is a number with a unit."""

    @property
    def text(self) -> str:
        """The value as a text; what has no text is told in hexadecimal digits."""
        value = self.data.value
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, bytes):
            return value.hex().upper()
        return str(value) if isinstance(value, int | str) else ""

    @property
    def quantity(self) -> Quantity | None:
        """The number with its unit; None for what is no number or has no unit."""
        value = self.data.value
        if self.scale is None or isinstance(value, bool) or not isinstance(value, int):
            return None
        exponent, unit = self.scale
        return Quantity(value=Decimal(value).scaleb(exponent), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedList:
    """One push; what it offers to checks is what a telegram offers."""

    items: tuple[PushedItem, ...]
    sent_at: DateTime | None
    """The time that stands in the head of the notification."""
    counter: int | None = None
    """Invocation counter, where it came enciphered."""

    @classmethod
    def parse(cls, apdu: bytes, layouts: Sequence[Layout], *, counter: int | None = None) -> Self:
        """Read a data-notification that has one of these layouts; DecodeError says what is wrong."""
        notification = DataNotification.from_bytes(apdu)
        body = decode(notification.body)
        layout = next((one for one in layouts if one.fits(body)), layouts[0])
        items = tuple(_described(body) if layout.form == "described" else layout_items(layout, body))
        addresses = [item.address for item in items]
        for address in addresses:
            if addresses.count(address) > 1:
                raise DecodeError(f"{address} stands there twice")
        told = cls(
            items=items,
            sent_at=None if notification.date_time is None else DateTime.from_octets(notification.date_time),
            counter=counter,
        )
        _ = told.time, told.tariff  # both are looked at here, so that whoever asks later gets no error
        return told

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses in their order."""
        return tuple(item.address for item in self.items)

    def _item(self, address: Address) -> PushedItem | None:
        return next((item for item in self.items if item.address == address), None)

    def values(self, address: Address) -> tuple[str, ...] | None:
        """The value of an address; None where it is not there."""
        item = self._item(address)
        return None if item is None else (item.text,)

    def quantity(self, address: Address) -> Quantity | None:
        """The quantity of an address; None where it is not there or is no number with a unit."""
        item = self._item(address)
        return None if item is None else item.quantity

    @property
    def time(self) -> Stamp | None:
        """When it was made: as it says itself, else as the notification says."""
        item = self._item(_TIME)
        if item is None:
            return None if self.sent_at is None else _stamp(self.sent_at)
        value = item.data.value
        if not isinstance(value, bytes) or len(value) != _TIME_OCTETS:
            raise DecodeError(f"{item.text} is no time")
        return _stamp(DateTime.from_octets(value))

    @property
    def tariff(self) -> int | None:
        """The tariff that it shows."""
        item = self._item(_TARIFF)
        if item is None:
            return None
        value = item.data.value
        if isinstance(value, bytes) and value:
            return int(value) if value.isdigit() else int.from_bytes(value, "big")
        if not item.text.isdecimal():
            raise DecodeError(f"{item.text!r} is no tariff")
        return int(item.text)


def layout_items(layout: Layout, body: Data) -> Iterator[PushedItem]:
    """Give the items of a body whose objects are named there or known by their places."""
    elements = _elements(body)
    if layout.form == "named":
        yield from _named(layout, elements)
        return
    if len(elements) != len(layout.objects):
        raise DecodeError(f"{len(elements)} values where {len(layout.objects)} are due")
    for address, data in zip(layout.objects, elements, strict=True):
        yield PushedItem(address=address, data=data, scale=layout.scale_of(address, data))


def _named(layout: Layout, elements: tuple[Data, ...]) -> Iterator[PushedItem]:
    """An OBIS code before each value; a text before the first of them is the name of the list."""
    rest = list(elements)
    if rest and rest[0].type in _TEXTS:
        rest.pop(0)
    if len(rest) % 2:
        raise DecodeError("a value without its OBIS code")
    for code, data in zip(rest[::2], rest[1::2], strict=True):
        address = _address(code)
        yield PushedItem(address=address, data=data, scale=layout.scale_of(address, data))


def _described(body: Data) -> Iterator[PushedItem]:
    """An array of structures of OBIS code, value, and where it has one scaler and unit."""
    for entry in _elements(body):
        cells = _elements(entry)
        if len(cells) not in (2, 3):
            raise DecodeError(f"an entry of {len(cells)} elements, due are OBIS code, value and scaler with unit")
        scale = None
        if len(cells) == 3:
            scaler, unit = _scaler_and_unit(cells[2])
            scale = None if unit == _NO_UNIT else (scaler, unit_name(unit))
        yield PushedItem(address=_address(cells[0]), data=cells[1], scale=scale)


def _scaler_and_unit(data: Data) -> tuple[int, int]:
    cells = _elements(data)
    if [cell.type for cell in cells] != [DataType.INTEGER, DataType.ENUM]:
        raise DecodeError(f"{data} is no scaler and unit")
    scaler, unit = (cell.value for cell in cells)
    if not isinstance(scaler, int) or not isinstance(unit, int):
        raise DecodeError(f"{data} is no scaler and unit")
    return scaler, unit


def _elements(data: Data) -> tuple[Data, ...]:
    if data.type not in (DataType.ARRAY, DataType.STRUCTURE) or not isinstance(data.value, tuple):
        raise DecodeError(f"{data.type.name} where an array or a structure is due")
    return tuple(one for one in data.value if isinstance(one, Data))


def _address(data: Data) -> Address:
    if data.type is not DataType.OCTET_STRING or not isinstance(data.value, bytes) or len(data.value) != _OBIS_OCTETS:
        raise DecodeError(f"{data} is no OBIS code")
    return Address(*map(int, obis_text(data.value).split(".")))


def _stamp(time: DateTime) -> Stamp:
    moment = time.local()
    if moment is None:
        raise DecodeError(f"the time {time} is not fully specified")
    status = time.clock_status
    summer = None if status == _UNSPECIFIED_STATUS else bool(status & ClockStatus.DAYLIGHT_SAVING)
    return Stamp(local=moment, summer=summer, instant=time.utc())
