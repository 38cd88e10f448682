"""Day profiles of an activity calendar: new ones are made of what the device has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from harness.errors import ProtocolViolation
from harness.protocol.axdr import Data, DataType
from harness.protocol.date_time import DateTime

__all__ = [
    "NO_TIME",
    "Shift",
    "array_elements",
    "day_data",
    "days_of",
    "designated",
    "instant_designated",
    "renamed",
    "shifts_of",
    "with_days",
    "with_unknown_day",
]

NO_TIME = Data(DataType.OCTET_STRING, bytes((0xFF,)) * 9 + bytes((0x80, 0x00, 0xFF)))
"""A date and time of which nothing is specified."""
_OPEN_STATUS = 0xFF
_MOST_NUMBERS = 0x100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """At a local time a script of a table is executed."""

    start: bytes
    """Hour, minute, second and hundredths."""
    table: bytes
    selector: int

    def at(self, local: time) -> "Shift":
        """The same at another time."""
        return replace(self, start=bytes((local.hour, local.minute, local.second, 0)))

    def to_data(self) -> Data:
        """What a day profile carries."""
        return _structure(
            Data(DataType.OCTET_STRING, self.start),
            Data(DataType.OCTET_STRING, self.table),
            Data(DataType.LONG_UNSIGNED, self.selector),
        )

    @classmethod
    def from_data(cls, data: Data) -> "Shift":
        """Read one entry; ``ProtocolViolation`` where it is none."""
        start, table, selector = _elements(data, DataType.STRUCTURE)
        if not isinstance(start.value, bytes) or not isinstance(table.value, bytes):
            raise ProtocolViolation(f"a shift {data}, due are time, script table and selector")
        if not isinstance(selector.value, int) or len(start.value) != 4:
            raise ProtocolViolation(f"a shift {data}, due are time, script table and selector")
        return cls(start=start.value, table=table.value, selector=selector.value)


def days_of(profiles: Data) -> list[tuple[Data, list[Shift]]]:
    """Number and shifts of each day."""
    found = []
    for day in _elements(profiles, DataType.ARRAY):
        number, schedule = _elements(day, DataType.STRUCTURE)
        found.append((number, [Shift.from_data(one) for one in _elements(schedule, DataType.ARRAY)]))
    return found


def shifts_of(profiles: Data) -> list[Shift]:
    """The shifts of all days."""
    return [shift for _, shifts in days_of(profiles) for shift in shifts]


def with_days(profiles: Data, shifts: Sequence[Shift]) -> Data:
    """Day profiles with the same numbers, of which each has these shifts."""
    numbers = [number.value for number, _ in days_of(profiles)]
    return Data(DataType.ARRAY, tuple(day_data(number, shifts) for number in numbers if isinstance(number, int)))


def day_data(number: int, shifts: Sequence[Shift]) -> Data:
    """One day profile."""
    schedule = Data(DataType.ARRAY, tuple(shift.to_data() for shift in shifts))
    return _structure(Data(DataType.UNSIGNED, number), schedule)


def array_elements(data: Data) -> tuple[Data, ...]:
    """The elements of an array or a structure; ``ProtocolViolation`` where it is neither."""
    return _elements(data, DataType.STRUCTURE if data.type is DataType.STRUCTURE else DataType.ARRAY)


def with_unknown_day(weeks: Data, days: Data) -> Data:
    """Week profiles of which the first ends with a day that is not among the day profiles."""
    known = {number.value for number, _ in days_of(days)}
    number = next(one for one in range(_MOST_NUMBERS) if one not in known)
    first, *others = _elements(weeks, DataType.ARRAY)
    elements = _elements(first, DataType.STRUCTURE)
    spoilt = _structure(*elements[:-1], Data(DataType.UNSIGNED, number))
    return Data(DataType.ARRAY, (spoilt, *others))


def renamed(name: Data) -> Data:
    """Another calendar name of the same length, or of one octet."""
    if not isinstance(name.value, bytes):
        raise ProtocolViolation(f"a calendar name {name}, due is an octet-string")
    last = name.value[-1:] or b"A"
    return Data(DataType.OCTET_STRING, name.value[:-1] + (b"B" if last != b"B" else b"C"))


def designated(instant: datetime, deviation_min: int | None, *, any_year: bool = False) -> Data:
    """A designated time as local time with its deviation, if any; ``any_year`` leaves year and day of the week open."""
    moment = replace(DateTime.from_utc(instant, deviation_min or 0, _OPEN_STATUS), deviation_min=deviation_min)
    if any_year:
        moment = replace(moment, year=None, weekday=None)
    return Data(DataType.OCTET_STRING, moment.to_octets())


def instant_designated(data: Data) -> datetime | None:
    """A designated time as an instant, or as local time without zone where it names no deviation; None for none."""
    if not isinstance(data.value, bytes):
        raise ProtocolViolation(f"a designated time {data}, due is an octet-string")
    moment = DateTime.from_octets(data.value)
    return moment.local() if moment.deviation_min is None else moment.utc()


def _structure(*elements: Data) -> Data:
    return Data(DataType.STRUCTURE, elements)


def _elements(data: Data, kind: DataType) -> tuple[Data, ...]:
    if data.type is not kind or not isinstance(data.value, tuple):
        raise ProtocolViolation(f"{data} in a calendar, due is {kind.name.lower()}")
    return data.value
