"""Event logs as a head end reads them: entries in the order of their occurrence, and which of them are new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.declaration import MONITOR_LOG, CosemObject, Declaration, Event, Profile
from harness.errors import Inconclusive, ProtocolViolation, Refused
from harness.headend.blocks import takes_blocks
from harness.headend.buffer_parts import rows_in_parts
from harness.headend.client import Client
from harness.headend.profiles import Column, ProfileReader
from harness.headend.registers import read_clock
from harness.protocol.axdr import Row, expand_nulls
from harness.protocol.cosem import DateTime

__all__ = ["LogEntry", "entries_since", "log_columns", "read_event_log"]

_DATA_CLASS = 1
_CODE_VALUE = (96, 11)
"""Third and fourth number of the OBIS codes of event code objects."""
_PLAIN_CODES = range(10)
"""Their fifth number; above are objects that tell more about an event."""
_STATUS_VALUE = (96, 10)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of an event log."""

    time: DateTime
    code: int
    row: int
    """Place among the entries that were read, 1 being the oldest."""
    cells: tuple[object, ...] = ()
    """All columns, as they came."""

    def says_the_same(self, other: "LogEntry") -> bool:
        """Whether both may be one entry read twice."""
        return (self.time, self.code, self.cells) == (other.time, other.code, other.cells)


def read_event_log(client: Client, declaration: Declaration, log_role: str) -> tuple[LogEntry, ...]:
    """Read a whole log, the oldest entry first.

    Raises ``Refused`` where the client may not, ``ProtocolViolation`` for what is no log, ``Inconclusive`` where the
    declaration has no such log or nobody can tell which column is the code.
    """
    log, reader = _reader(client, declaration, log_role)
    columns = reader.columns()
    time_column = reader.clock_column()
    code_of = _code_of(columns, declaration, log_role)
    order = reader.order()
    rows: Iterable[Row] = _rows(client, reader, log_role)
    if _declared(declaration, log_role).compressed:
        rows = expand_nulls(rows, None, clock_column=time_column)
    entries = [_entry(row, log, len(columns), time_column, code_of) for row in rows]
    if order == "lifo":
        entries.reverse()
    elif order == "sorted":
        entries.sort(key=_moment)
    place = _place(client, declaration, entries)
    return tuple(
        LogEntry(time=place(entry.time), code=entry.code, row=number, cells=entry.cells)
        for number, entry in enumerate(entries, start=1)
    )


def _place(client: Client, declaration: Declaration, entries: Sequence[LogEntry]) -> Callable[[DateTime], DateTime]:
    """Return what gives a time of the log the zone of the device's clock now, where it leaves its own open."""
    clock = declaration.object("clock")
    if not isinstance(clock, CosemObject) or all(entry.time.deviation_min is not None for entry in entries):
        return lambda time: time
    now = read_clock(client, clock)
    return lambda time: time.beside(now)


def _rows(client: Client, reader: ProfileReader, log_role: str) -> list[Row]:
    """Read all rows; in parts where there are no blocks for a long answer."""
    try:
        return list(reader.stream())
    except Refused as refused:
        if takes_blocks(client):
            raise
        reason = f"{log_role} may be too long for an answer in one piece, and there are no blocks: {refused}"
    try:
        return rows_in_parts(reader)
    except Refused as refused:
        raise Inconclusive(f"{reason}; in parts: {refused}", missing="device") from refused


def log_columns(client: Client, declaration: Declaration, log_role: str) -> tuple[Column, ...]:
    """Read what a log captures; raises as ``read_event_log``."""
    return _reader(client, declaration, log_role)[1].columns()


def entries_since(before: Sequence[LogEntry], after: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
    """Return the entries of ``after`` that were not there ``before``, also when the oldest have rolled out.

    What both readings share is taken to be as long as it can be. Entries that say the same, time included, and fill
    the whole log can therefore not be told apart from none.
    """
    for gone in range(len(before)):
        kept = before[gone:]
        if len(kept) <= len(after) and all(
            old.says_the_same(new) for old, new in zip(kept, after[: len(kept)], strict=True)
        ):
            return tuple(after[len(kept) :])
    return tuple(after)


def _reader(client: Client, declaration: Declaration, log_role: str) -> tuple[CosemObject, ProfileReader]:
    log, clock = declaration.object(log_role), declaration.object("clock")
    if not isinstance(log, CosemObject):
        raise Inconclusive(f"the declaration has no object {log_role}", missing="declaration")
    # The reader needs the clock object only for ranges by the present time, which logs are not read by.
    return log, ProfileReader(
        client, log, _declared(declaration, log_role), clock if isinstance(clock, CosemObject) else log
    )


def _declared(declaration: Declaration, log_role: str) -> Profile:
    """What is declared about the log as a profile, else a profile that entries come to as events happen."""
    return declaration.profiles.get(log_role) or Profile(period_s=0, entries=1, selective_access=())


def _code_of(columns: Sequence[Column], declaration: Declaration, log_role: str) -> Callable[[Row], object]:
    """Return what gives the code of a row; rows of the parameter monitor's log are changes without one of their own."""
    if log_role == MONITOR_LOG:
        changed = declaration.event("parameters_changed")
        code = changed.code if isinstance(changed, Event) else 0
        return lambda row: code
    column = _code_column(columns, declaration, log_role)
    return lambda row: row.values[column]


def _code_column(columns: Sequence[Column], declaration: Declaration, log_role: str) -> int:
    """Return the index of the column with the code: the declared one, else the only one that it can be."""
    declared = declaration.logs.get(log_role)
    if declared is not None and declared.code_column is not None:
        if declared.code_column > len(columns):
            raise Inconclusive(
                f"logs.{log_role}.code_column is {declared.code_column}, and {log_role} has {len(columns)} columns",
                missing="declaration",
            )
        return declared.code_column - 1
    data = [number for number, column in enumerate(columns) if column.class_id == _DATA_CLASS]
    plain = [number for number in data if _is_code(columns[number])]
    possible = plain or [number for number in data if _value_group(columns[number]) != _STATUS_VALUE]
    if len(possible) != 1:
        raise Inconclusive(
            f"{log_role} has {len(possible)} columns that may hold the event code (logs.{log_role}.code_column)",
            missing="declaration",
        )
    return possible[0]


def _value_group(column: Column) -> tuple[int, int]:
    _, _, value, kind, _, _ = (int(number) for number in column.obis.split("."))
    return value, kind


def _is_code(column: Column) -> bool:
    return _value_group(column) == _CODE_VALUE and int(column.obis.split(".")[4]) in _PLAIN_CODES


def _entry(row: Row, log: CosemObject, width: int, time_column: int, code_of: Callable[[Row], object]) -> LogEntry:
    if len(row.values) != width:
        raise ProtocolViolation(f"a row of {len(row.values)} columns in {log.obis}, which captures {width} objects")
    time, code = row.values[time_column], code_of(row)
    if not isinstance(time, bytes):
        raise ProtocolViolation(f"the time {time!r} of an event in {log.obis} is no octet-string")
    if isinstance(code, bool) or not isinstance(code, int):
        raise ProtocolViolation(f"the code {code!r} of an event in {log.obis} is no whole number")
    return LogEntry(time=DateTime.from_octets(time), code=code, row=0, cells=row.values)


def _moment(entry: LogEntry) -> datetime:
    return entry.time.earliest() or _EARLIEST
