"""What a profile is set to: captured objects, period and number of rows; and what a write of them leaves behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.checks.judged import Breach, Verdictless
from harness.checks.profile import ProfileRow
from harness.declaration import CosemObject, Declaration, Event
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.profiles import Column, ProfileReader
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis

__all__ = [
    "CAPTURE_OBJECTS",
    "CAPTURE_PERIOD",
    "COMMON_PERIODS_S",
    "PROFILE_ENTRIES",
    "TRIGGER",
    "Data",
    "Footprint",
    "columns_data",
    "footprint_of",
    "no_trace",
    "number_data",
    "order_data",
]

CAPTURE_OBJECTS, CAPTURE_PERIOD, PROFILE_ENTRIES = 3, 4, 8
COMMON_PERIODS_S = (60, 300, 600, 900, 1800, 3600)
"""What is tried where the declaration names no periods."""
TRIGGER = Data(DataType.INTEGER, 0)
"""The parameter of methods that take none."""
_PARAMETERS = {
    CAPTURE_OBJECTS: "the capture objects",
    CAPTURE_PERIOD: "the capture period",
    PROFILE_ENTRIES: "the number of entries",
}


def columns_data(columns: Iterable[Column]) -> Data:
    """Return capture objects as they are written."""
    return Data(
        DataType.ARRAY,
        tuple(
            Data(
                DataType.STRUCTURE,
                (
                    Data(DataType.LONG_UNSIGNED, column.class_id),
                    Data(DataType.OCTET_STRING, obis(column.obis)),
                    Data(DataType.INTEGER, column.attribute),
                    Data(DataType.LONG_UNSIGNED, column.index),
                ),
            )
            for column in columns
        ),
    )


def number_data(number: int) -> Data:
    """Return a period or a number of rows as it is written."""
    return Data(DataType.DOUBLE_LONG_UNSIGNED, number)


def order_data(sort_method: int) -> Data:
    """Return a sort method as it is written."""
    return Data(DataType.ENUM, sort_method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What a refused change must leave as it is."""

    parameters: dict[int, Data]
    rows: tuple[ProfileRow, ...]
    """The newest ones."""
    count: int | None
    """Changes of the configuration so far, None where no counter is declared."""
    entries: tuple[LogEntry, ...] | None
    """The log in which the event of a change stands."""


def footprint_of(
    client: Client, declaration: Declaration, profile: CosemObject, reader: ProfileReader, known: Sequence[ProfileRow]
) -> Footprint:
    """Read parameters, counter and log, and the rows from the first to the last of the ``known`` ones, if any."""
    rows = reader.range(reader.time_of(known[0]), reader.time_of(known[-1])) if known and reader.has_ranges else []
    count: int | None = None
    counter = declaration.object("configuration_counter")
    if isinstance(counter, CosemObject):
        value = client.read(item(counter, counter.attribute)).value
        count = value if isinstance(value, int) else None
    event = declaration.event("parameters_changed")
    entries = None
    if isinstance(event, Event) and isinstance(declaration.object(event.log), CosemObject):
        entries = read_event_log(client, declaration, event.log)
    return Footprint(
        parameters={number: client.read(item(profile, number)) for number in _PARAMETERS},
        rows=tuple(rows),
        count=count,
        entries=entries,
    )


def no_trace(before: Footprint, after: Footprint, event_code: int | None) -> Verdictless:
    """A refused change has changed nothing, cleared nothing, and is neither counted nor logged as a change."""
    for number, name in _PARAMETERS.items():
        if after.parameters[number] != before.parameters[number]:
            return Breach(expected=f"{name} as before the refused change", observed=f"{after.parameters[number].value}")
    if after.rows != before.rows:
        return Breach(
            expected=f"the {len(before.rows)} rows from before the refused change", observed=f"{len(after.rows)} rows"
        )
    if after.count != before.count:
        return Breach(
            expected=f"the counter of changes at {before.count} after a refused change", observed=f"{after.count}"
        )
    if before.entries is not None and after.entries is not None:
        new = [entry for entry in entries_since(before.entries, after.entries) if entry.code == event_code]
        if new:
            return Breach(expected="no event of a change", observed=f"{len(new)} events with code {event_code}")
    return None
