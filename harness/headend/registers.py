"""Registers and the clock as a head end reads them: values with unit, scaler and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from harness.checks.judged import Breach
from harness.checks.value import ScalerUnit, number_of, numeric, scaler_unit
from harness.declaration import CosemObject
from harness.errors import NonConformity, ProtocolViolation
from harness.headend.client import Client, Item, item, value_of
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import DateTime
from harness.session import GetResult

__all__ = [
    "DateTime",
    "Listed",
    "RegisterValue",
    "clock_data",
    "clock_of",
    "number_in",
    "read_clock",
    "read_clock_status",
    "read_list",
    "read_register",
    "read_scaler_unit",
    "shift_data",
]

_DEMAND_REGISTER = 5
_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterValue:
    """A register's value with what is needed to understand it."""

    target: CosemObject
    data: Data
    scaler_unit: ScalerUnit
    frame: int
    took_s: float

    @property
    def value(self) -> Decimal:
        """In units, scaler applied."""
        return self.scaler_unit.applied(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One item of a list answer: data, or the catalogue name of its error."""

    data: Data | None
    error: str | None
    frame: int


def read_register(client: Client, register: CosemObject, clause: str) -> RegisterValue:
    """Read value and scaler_unit; a value that is no number and a malformed scaler_unit are findings."""
    result = client.get(item(register, _VALUE))
    data = value_of(result, item(register, _VALUE))
    found = numeric(data)
    if found is not None:
        raise _finding(clause, register, found, result.frame)
    return RegisterValue(
        target=register,
        data=data,
        scaler_unit=read_scaler_unit(client, register, clause),
        frame=result.frame,
        took_s=result.took_s,
    )


def read_scaler_unit(client: Client, register: CosemObject, clause: str) -> ScalerUnit:
    """Read attribute scaler_unit, which stands at another place in a demand register."""
    attribute = 4 if register.class_id == _DEMAND_REGISTER else 3
    result = client.get(item(register, attribute))
    found = scaler_unit(value_of(result, item(register, attribute)))
    if isinstance(found, Breach):
        raise _finding(clause, register, found, result.frame)
    return found


def _finding(clause: str, register: CosemObject, breach: Breach, frame: int) -> NonConformity:
    return NonConformity(
        clause=clause, expected=f"{breach.expected} from {register.obis}", observed=breach.observed, frame=frame
    )


def read_clock(client: Client, clock: CosemObject) -> DateTime:
    """Read the device's time; raises ``DecodeError`` for octets that are no date-time."""
    return clock_of(client.read(item(clock, _VALUE)))


def stored_time(client: Client, clock: CosemObject | None, data: Data) -> DateTime:
    """Return a time that the device has stored; one that leaves its deviation open is in the zone of its clock now."""
    time = clock_of(data)
    return time.beside(read_clock(client, clock)) if time.deviation_min is None and clock is not None else time


def read_clock_status(client: Client, clock: CosemObject) -> int:
    """Read the clock's status attribute."""
    value = client.read(item(clock, 4)).value
    if not isinstance(value, int):
        raise NonConformity(clause="BI.01.step3", expected="a clock status of type unsigned", observed=f"{value!r}")
    return value


def clock_of(data: Data) -> DateTime:
    """Return the time in clock data, an octet-string or a date-time of twelve octets."""
    if data.type not in (DataType.OCTET_STRING, DataType.DATE_TIME) or not isinstance(data.value, bytes):
        raise ProtocolViolation(f"{data} where a date-time is due")
    return DateTime.from_octets(data.value)


def clock_data(time: DateTime) -> Data:
    """Return a time as what a SET of the clock carries."""
    return Data(DataType.OCTET_STRING, time.to_octets())


def shift_data(seconds: int) -> Data:
    """Return by how much the method shift_time of a clock shifts it."""
    return Data(DataType.LONG, seconds)


def number_in(data: Data) -> Decimal:
    """Return the number of a register, or of a clock as seconds, so that both can be put in order."""
    if data.type in (DataType.OCTET_STRING, DataType.DATE_TIME):
        moment = clock_of(data).comparable()
        if moment is None:
            raise ProtocolViolation(f"the time {data.value!r} is not fully specified")
        return Decimal(str(moment.timestamp()))
    if numeric(data) is not None:
        raise ProtocolViolation(f"{data} where a number is due")
    return number_of(data)


def read_list(client: Client, wanted: Sequence[Item]) -> tuple[Listed, ...]:
    """Read several attributes in one request; an item's error stays at its place.

    What does not fit into one request goes into several, and a device without lists is asked one by one.
    """
    results: list[GetResult] = []
    most = client.services.most_listed
    for at in range(0, len(wanted), most):
        part = wanted[at : at + most]
        results += client.get_list(part) if client.may_list else [client.get(one) for one in part]
    return tuple(
        Listed(
            data=None if result.data is None else value_of(result, one),
            error=None if result.result is None else f"dar:{result.result}",
            frame=result.frame,
        )
        for one, result in zip(wanted, results, strict=True)
    )
