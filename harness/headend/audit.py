"""What a device keeps about changes of its parameters, and the parameters whose changes it has to keep."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from harness.checks.audit import Noted
from harness.declaration import MONITOR_LOG, AuditedMethod, AuditedParameter, CosemObject, Declaration, Event
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.collection import COLLECTED, filter_data
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.registers import clock_of, read_clock
from harness.headend.rights.legal_part import other_value
from harness.headend.rights.object_list import ObjectList, Right, current_association, read_object_list
from harness.protocol import axdr
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import DateTime

__all__ = [
    "CHANGE_EVENTS",
    "AuditState",
    "announced_to",
    "audited_parameters",
    "billing_methods",
    "billing_parameters",
    "codes_of",
    "noted",
    "read_state",
    "values_for",
]

CHANGE_EVENTS = ("parameters_changed", "passive_tariff_changed", "threshold_changed", "keys_changed")
"""Events that say that something was changed."""
_USUAL: tuple[tuple[str, int], ...] = (
    ("load_profile", 4),
    ("load_profile", 8),
    ("daily_profile", 8),
    ("billing_profile", 8),
    ("average_demand_import", 8),
    ("special_days", 2),
    ("parameter_monitor", 4),
    ("collection_filter", 2),
    ("limiter", 4),
    ("limiter", 6),
    ("limiter", 7),
)
_OF_BILLS: tuple[tuple[str, int, str], ...] = (
    ("clock", 3, "parameters_changed"),
    ("clock", 5, "parameters_changed"),
    ("clock", 6, "parameters_changed"),
    ("clock", 8, "parameters_changed"),
    ("billing_schedule", 4, "parameters_changed"),
    ("billing_profile", 8, "parameters_changed"),
    ("average_demand_import", 8, "parameters_changed"),
    ("tariff_script", 2, "parameters_changed"),
    ("activity_calendar", 6, "passive_tariff_changed"),
    ("activity_calendar", 10, "passive_tariff_changed"),
    ("special_days", 2, "parameters_changed"),
    ("limiter", 4, "threshold_changed"),
)
_PROFILE_PERIOD, _DEMAND_PERIOD = (7, 4), (5, 8)
_SPECIAL_DAYS, _CALENDAR_TIME = (11, 2), (20, 10)
_INSERT, _DELETE, _ACTIVE_DAYS = 1, 2, 5
_COMMON_PERIODS_S = (900, 1800, 3600, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditState:
    """All of it at one moment."""

    clock: DateTime | None
    """The device's clock."""
    count: int | None
    """Changes so far; None where no counter is declared."""
    logs: Mapping[str, tuple[LogEntry, ...]]
    """Role of a log -> its entries."""
    date: Data | None = None

    @property
    def at(self) -> datetime | None:
        """The instant by the device's clock; None where it shows no full time."""
        return None if self.clock is None else self.clock.comparable()

    def since(self, earlier: "AuditState", log: str) -> list[Noted]:
        """The entries of a log that came after an earlier reading."""
        return noted(entries_since(earlier.logs[log], self.logs[log]))

    def changed_at(self) -> datetime | None:
        """The date of the last change; None where it is no full time."""
        if self.date is None:
            return None
        date = clock_of(self.date)
        return (date if self.clock is None else date.beside(self.clock)).comparable()


def noted(entries: Iterable[LogEntry]) -> list[Noted]:
    """Entries as the checks judge them."""
    return [
        Noted(code=one.code, time=one.time.earliest(), text=str(one.time), open_s=one.time.open_s) for one in entries
    ]


def read_state(client: Client, declaration: Declaration, events: Collection[str]) -> AuditState:
    """Read counter, date, clock and the logs in which these events stand, as far as they are declared."""
    counter, date, clock = (
        declaration.object(role) for role in ("configuration_counter", "configuration_date", "clock")
    )
    count = client.read(item(counter, counter.attribute)).value if isinstance(counter, CosemObject) else None
    found = (declaration.event(one) for one in events)
    logs = sorted({one.log for one in found if isinstance(one, Event)})
    return AuditState(
        clock=read_clock(client, clock) if isinstance(clock, CosemObject) else None,
        count=count if isinstance(count, int) else None,
        date=client.read(item(date, date.attribute)) if isinstance(date, CosemObject) else None,
        logs={log: read_event_log(client, declaration, log) for log in logs},
    )


def codes_of(declaration: Declaration, *events: str) -> frozenset[int]:
    """The codes of these events, as far as the device has them."""
    found = (declaration.event(one) for one in events)
    return frozenset(one.code for one in found if isinstance(one, Event))


def audited_parameters(client: Client, declaration: Declaration) -> tuple[AuditedParameter, ...]:
    """The declared parameters, else those that devices usually have, of the declared objects."""
    if declaration.audit.parameters:
        return declaration.audit.parameters
    return _offered(client, declaration, ((role, number, "parameters_changed") for role, number in _USUAL))


def billing_parameters(client: Client, declaration: Declaration) -> tuple[AuditedParameter, ...]:
    """What affects a bill: declared, else what usually does, of the declared objects."""
    if declaration.audit.billing_parameters:
        return declaration.audit.billing_parameters
    return _offered(client, declaration, _OF_BILLS)


def billing_methods(client: Client, declaration: Declaration) -> tuple[AuditedMethod, ...]:
    """Methods that affect a bill: declared, else a special day that is put in and taken out again where both may be."""
    days = declaration.object("special_days")
    if declaration.audit.billing_methods or not isinstance(days, CosemObject):
        return declaration.audit.billing_methods
    changed = declaration.event("parameters_changed")
    if isinstance(changed, Event) and changed.log == MONITOR_LOG:
        return ()  # the parameter monitor is about attributes that are written
    announced = announced_to(client, declaration)
    listed = announced.find(days.class_id, days.obis) if announced is not None else None
    if listed is None or any(listed.may_invoke(one) is not Right.GRANTED for one in (_INSERT, _DELETE)):
        return ()
    present = client.read(item(days, 2))
    entries = [one.value for one in present.value] if isinstance(present.value, tuple) else []
    taken = {cells[0].value for cells in entries}
    index = next(one for one in range(1, 0xFFFF) if one not in taken)
    day = entries[0][2] if entries else _first_day(client, declaration)
    added = Data(DataType.STRUCTURE, (Data(DataType.LONG_UNSIGNED, index), _FAR_DATE, day))
    method = {
        "class": days.class_id,
        "obis": days.obis,
        "method": _INSERT,
        "parameter": axdr.encode(added).hex(),
        "undone_by": _DELETE,
        "undo_parameter": axdr.encode(Data(DataType.LONG_UNSIGNED, index)).hex(),
    }
    return (AuditedMethod.model_validate(method),)


def _first_day(client: Client, declaration: Declaration) -> Data:
    """The number of a day of the calendar in force."""
    calendar = declaration.object("activity_calendar")
    table = client.read(item(calendar, _ACTIVE_DAYS)).value if isinstance(calendar, CosemObject) else ()
    if isinstance(table, tuple) and table and isinstance(table[0].value, tuple):
        first = table[0].value[0]
        if isinstance(first, Data):
            return first
    return Data(DataType.UNSIGNED, 1)


def announced_to(client: Client, declaration: Declaration) -> ObjectList | None:
    """Read the client's object list; None where the device does not give it, as it may be too long for an answer."""
    try:
        return read_object_list(client, current_association(declaration))
    except Refused:
        return None


def _offered(
    client: Client, declaration: Declaration, wanted: Iterable[tuple[str, int, str]]
) -> tuple[AuditedParameter, ...]:
    """Those that are declared and announced as writable to the client."""
    announced = announced_to(client, declaration)
    found = []
    for role, number, event in wanted:
        target = declaration.object(role)
        if not isinstance(target, CosemObject):
            continue
        listed = announced.find(target.class_id, target.obis) if announced is not None else None
        if announced is not None and (listed is None or listed.may_write(number) is not Right.GRANTED):
            continue
        named = event if isinstance(declaration.event(event), Event) else "parameters_changed"
        found.append(
            AuditedParameter.model_validate(
                {"class": target.class_id, "obis": target.obis, "attribute": number, "event": named}
            )
        )
    if not found:
        raise Inconclusive("neither the declaration nor the object list names such a parameter", missing="declaration")
    return tuple(found)


def values_for(declaration: Declaration, parameter: AuditedParameter, there: Data) -> list[Data]:
    """Other values than the present one, the likeliest to be taken first."""
    if parameter.values:
        named = [axdr.decode(bytes.fromhex(value)) for value in parameter.values]
        return [one for one in named if one != there]
    found = _of_its_kind(declaration, parameter, there)
    if isinstance(there.value, tuple) and there.type is DataType.ARRAY and there.value:
        found.append(Data(there.type, there.value[:-1]))
    elif not found:
        octets = other_value(axdr.encode(there), counting=False)
        found += [] if octets is None else [axdr.decode(octets)]
        if isinstance(there.value, int) and not isinstance(there.value, bool) and there.value > 0:
            found.append(Data(there.type, there.value - 1))
    return [one for one in dict.fromkeys(found) if one != there]


def _of_its_kind(declaration: Declaration, parameter: AuditedParameter, there: Data) -> list[Data]:
    """Values that mean something in this attribute; none where any other value does."""
    attribute = (parameter.class_id, parameter.attribute)
    if attribute == _CALENDAR_TIME:
        return [Data(there.type, _far_away())]
    if attribute == _PROFILE_PERIOD:
        return [Data(there.type, period) for period in _periods_of(declaration, parameter)]
    if attribute == _DEMAND_PERIOD:
        return [Data(there.type, period) for period in _COMMON_PERIODS_S]
    if attribute == _SPECIAL_DAYS and not there.value:
        return [Data(DataType.ARRAY, (_special_day(day),)) for day in (1, 0)]
    role = declaration.object("collection_filter")
    if isinstance(role, CosemObject) and (role.obis, role.attribute) == (parameter.obis, parameter.attribute):
        return [filter_data(there, declaration.collection, selected) for selected in (COLLECTED, COLLECTED[:1], ())]
    return []


def _far_away() -> bytes:
    """A time that no run reaches."""
    return bytes((0x08, 0x32, 1, 1, 0xFF, 0, 0, 0, 0, 0x80, 0, 0))


_FAR_DATE = Data(DataType.OCTET_STRING, _far_away()[:5])


def _special_day(day: int) -> Data:
    """A day of the same far year, with the times of a day of the calendar."""
    cells = (
        Data(DataType.LONG_UNSIGNED, 1),
        _FAR_DATE,
        Data(DataType.UNSIGNED, day),
    )
    return Data(DataType.STRUCTURE, cells)


def _periods_of(declaration: Declaration, parameter: AuditedParameter) -> tuple[int, ...]:
    for role, profile in declaration.profiles.items():
        target = declaration.object(role)
        if isinstance(target, CosemObject) and target.obis == parameter.obis and profile.allowed_periods_s:
            return profile.allowed_periods_s
    return _COMMON_PERIODS_S
