"""Stored sets as a head end reads them, with independent readings of the registers that they hold."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from harness.checks.data_sets import Column as StoredColumn
from harness.checks.data_sets import MarkedSets
from harness.checks.profile import ProfileRow
from harness.checks.row_status import status_number
from harness.checks.value import number_of
from harness.declaration import CosemObject, Profile
from harness.errors import ProtocolViolation
from harness.headend.calendar import Zone
from harness.headend.client import Client, item
from harness.headend.profiles import Column, ProfileReader, moment_of
from harness.headend.registers import (
    read_clock,
    stored_time,
)
from harness.protocol.axdr import Data, DataType

__all__ = [
    "INTERVALS",
    "Interval",
    "Sets",
    "Snapshot",
    "counter_of",
    "next_boundary",
    "next_execution",
    "time_data",
    "time_of",
]

Interval = Literal["day", "week", "month", "year"]
INTERVALS: dict[Interval, str] = {
    "day": "daily_profile",
    "week": "weekly_profile",
    "month": "billing_profile",
    "year": "yearly_profile",
}
"""Interval -> role of the profile that holds its sets."""

_NEWEST = 12
_REGISTERS = (3, 4)
_ELECTRICITY = "1"
_COUNTED, _MAXIMUM = "8", "6"
"""Group D of electricity: what is counted up for ever, and the largest demand since the last closing."""
_MODULI = {DataType.UNSIGNED: 1 << 8, DataType.LONG_UNSIGNED: 1 << 16, DataType.DOUBLE_LONG_UNSIGNED: 1 << 32}
_LAST_DAY = 28
_DAYS_AHEAD = 3_000


def next_boundary(zone: Zone, after: datetime, interval: Interval, *, week_day: int, month_day: int) -> datetime:
    """The first instant after another one at which a set of the interval is due."""
    if interval == "day":
        return zone.next_midnight(after)
    if interval == "week":
        return zone.next_weekday(after, week_day)
    if interval == "year":
        return zone.next_year_start(after)
    return next_day_of_month(zone, after, month_day)


def next_day_of_month(zone: Zone, after: datetime, day: int) -> datetime:
    """The next beginning of that day of a month, which every month has."""
    local = zone.local(after)
    year, month = local.year, local.month
    while (found := zone.instant(datetime(year, month, min(day, _LAST_DAY)))) <= after:
        year, month = year + month // 12, month % 12 + 1
    return found


def time_data(hour: int, minute: int, *, month: int = 0xFF, day: int = 0xFF) -> Data:
    """An execution time of a schedule: this time of day on each such date, 0xFF being any."""
    at = Data(DataType.OCTET_STRING, bytes((hour, minute, 0, 0)))
    date = Data(DataType.OCTET_STRING, bytes((0xFF, 0xFF, month, day, 0xFF)))
    return Data(DataType.STRUCTURE, (at, date))


def next_execution(zone: Zone, after: datetime, times: Data) -> datetime | None:
    """The first instant after another one that the execution times of a schedule name; None if there is none."""
    entries = [_date_time(entry) for entry in times.value] if isinstance(times.value, tuple) else []
    day = zone.local(after).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(_DAYS_AHEAD):
        found = [zone.instant(day + at) for at, date in entries if _is_of(date, day)]
        if coming := [instant for instant in found if instant > after]:
            return min(coming)
        day += timedelta(days=1)
    return None


def _date_time(entry: object) -> tuple[timedelta, bytes]:
    """The time of day and the five octets of the date of one entry."""
    cells = entry.value if isinstance(entry, Data) else None
    values = [cell.value for cell in cells if isinstance(cell, Data)] if isinstance(cells, tuple) else []
    octets = [value for value in values if isinstance(value, bytes)]
    if len(octets) == 2:
        at, date = octets
        if len(at) == 4 and len(date) == 5 and 0xFF not in at[:2]:
            return timedelta(hours=at[0], minutes=at[1], seconds=at[2] % 0xFF), date
    raise ProtocolViolation(f"an execution time {entry}, due is a structure of time and date")


def _is_of(date: bytes, day: datetime) -> bool:
    """Whether a date with open fields is that of a day."""
    year, (month, of_month, weekday) = date[0] << 8 | date[1], date[2:]
    length = monthrange(day.year, day.month)[1]
    of_month = {0xFE: length, 0xFD: length - 1}.get(of_month, of_month)
    return (
        year in (0xFFFF, day.year)
        and month in (0xFF, day.month)
        and of_month in (0xFF, day.day)
        and weekday in (0xFF, day.isoweekday())
    )


def counter_of(data: Data) -> tuple[int, int]:
    """A counter's number and at which number it begins anew."""
    modulus = _MODULI.get(data.type)
    if modulus is None or not isinstance(data.value, int):
        raise ProtocolViolation(f"a counter of {data}, due is a number without sign")
    return data.value, modulus


def _processing(column: Column) -> str | None:
    """Group D of an electricity register, None of another one."""
    medium, _, _, processing, *_ = column.obis.split(".")
    return processing if medium == _ELECTRICITY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What an independent reading shows."""

    at: datetime
    """By the device's clock."""
    rows: tuple[ProfileRow, ...]
    """The newest sets."""
    numbers: dict[int, Decimal]
    """Column -> present value of the register that it captures, scaler not applied."""


class Sets:
    """The stored sets of one profile, read through one client."""

    def __init__(self, client: Client, target: CosemObject, declared: Profile, clock: CosemObject) -> None:
        self.target = target
        self.reader = ProfileReader(client, target, declared, clock)
        self._client = client
        self._declared = declared
        self._clock = clock

    def newest(self, count: int = _NEWEST) -> list[ProfileRow]:
        """The newest sets, the oldest of them first."""
        if "entry" in self._declared.selective_access and self.reader.order() != "sorted":
            return self.reader.newest_by_entry(count)
        return self.reader.whole()[-count:]

    def snapshot(self) -> Snapshot:
        """Read the clock, the registers that are captured, and the newest sets."""
        at = moment_of(read_clock(self._client, self._clock))
        numbers = {index: self._number(column) for index, column in self.registers().items()}
        return Snapshot(at=at, rows=tuple(self.newest()), numbers=numbers)

    def registers(self) -> dict[int, Column]:
        """The columns that hold values of registers which two readings bound; what rises and falls is none."""
        return {
            index: column
            for index, column in enumerate(self.reader.columns())
            if column.class_id in _REGISTERS
            and column.attribute == 2
            and column.index == 0
            and _processing(column) in (None, _COUNTED, _MAXIMUM)
        }

    def _number(self, column: Column) -> Decimal:
        target = CosemObject.model_validate({"class": column.class_id, "obis": column.obis})
        return number_of(self._client.read(item(target, column.attribute)))

    def stored(self, before: Snapshot, row: ProfileRow, after: Snapshot) -> list[StoredColumn]:
        """The register values of a set between those read before and after it."""
        found = []
        for index, column in self.registers().items():
            (number,) = self.reader.numbers([row], index)
            found.append(
                StoredColumn(
                    name=column.obis,
                    before=before.numbers[index],
                    stored=number,
                    after=after.numbers[index],
                    begins_anew=_processing(column) == _MAXIMUM,
                )
            )
        return found

    def status_of(self, row: ProfileRow) -> int | None:
        """The status of a set; None where it holds none."""
        return status_number(self.status_cell(row))

    def status_cell(self, row: ProfileRow) -> object:
        """What stands in the column of the status; None where there is nothing or no such column."""
        index = self._status_column()
        return None if index is None else row.values[index]

    def has_status(self) -> bool:
        """Whether the sets hold a status."""
        return self._status_column() is not None

    def _status_column(self) -> int | None:
        declared = self._declared.status_column
        for index, column in enumerate(self.reader.columns()):
            if declared is not None and (column.class_id, column.obis) == (declared.class_id, declared.obis):
                return index
            if declared is None and column.class_id == 1 and column.obis.split(".")[2:4] == ["96", "10"]:
                return index
        return None

    def marked(self, rows: Sequence[ProfileRow], *bits: Literal["pdn", "cad", "dnv"]) -> MarkedSets:
        """Whether one of these states stands in the status of each set."""
        numbers = [number for bit in bits if isinstance(number := getattr(self._declared.status, bit), int)]

        def of(row: ProfileRow) -> bool | None:
            status = self.status_of(row)
            return None if status is None or not numbers else any(status >> number & 1 for number in numbers)

        return MarkedSets(rows=tuple(rows), marked=tuple(map(of, rows)))


def time_of(client: Client, clock: CosemObject, target: CosemObject) -> datetime:
    """The instant that an object of class 1 holds."""
    return moment_of(stored_time(client, clock, client.read(item(target, 2))))
