"""A limiter as a head end reads and sets it (class 71): thresholds in the unit of the value that it watches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from harness.declaration import CosemObject
from harness.errors import Inconclusive, ProtocolViolation
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis, obis_text
from harness.protocol.date_time import DateTime

__all__ = [
    "ACTIONS",
    "ACTIVE",
    "EMERGENCY",
    "EMERGENCY_PROFILE",
    "GROUPS",
    "MONITORED",
    "NORMAL",
    "NO_SCRIPT",
    "OVER",
    "UNDER",
    "Limits",
    "action_pair",
    "emergency_profile",
    "execution_time",
    "group_list",
    "monitored_value",
    "present_value",
    "read_limits",
    "script_data",
    "threshold_array",
    "thresholds_of",
    "watched_by",
]

MONITORED, ACTIVE, NORMAL, EMERGENCY, OVER, UNDER, EMERGENCY_PROFILE, GROUPS = range(2, 10)
ACTIONS = 11
_PRESENT = {3: 2, 4: 2, 5: 3}
"""Classes of values that stay as they are while the load does, with the attribute that has them."""
_DEMAND = 5
_SCALER_UNIT, _PERIOD, _PERIODS = 3, 8, 9
_ENERGY_UNITS = (30, 31, 32)
_NO_DEVIATION = -0x8000
_HIGHEST = {
    DataType.UNSIGNED: 0xFF,
    DataType.LONG_UNSIGNED: 0xFFFF,
    DataType.DOUBLE_LONG_UNSIGNED: 0xFFFFFFFF,
    DataType.INTEGER: 0x7F,
    DataType.LONG: 0x7FFF,
    DataType.DOUBLE_LONG: 0x7FFFFFFF,
    DataType.LONG64: 2**63 - 1,
    DataType.LONG64_UNSIGNED: 2**64 - 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a limiter is set to."""

    watched: CosemObject
    """The register that it watches."""
    attribute: int
    normal: Data
    over_s: int
    under_s: int
    settles_s: int = 0
    """How long an average that is watched takes to follow the load."""
    accumulates: bool = False
    """Whether the watched value is energy, which grows while any load flows."""

    @property
    def highest(self) -> int:
        """The largest number that a threshold of its type can be."""
        return _HIGHEST[self.normal.type]

    def threshold(self, number: int) -> Data:
        """A threshold in the type of the device; ``Inconclusive`` where the number does not fit."""
        if not 0 <= number <= self.highest:
            raise Inconclusive(
                f"{number} does not fit into a threshold of type {self.normal.type.name}", missing="bench"
            )
        return Data(self.normal.type, number)


def read_limits(client: Client, limiter: CosemObject) -> Limits:
    """Read it; ``ProtocolViolation`` for what is no limiter, ``Inconclusive`` for a value not of the present."""
    watched, attribute = watched_by(client.read(item(limiter, MONITORED)))
    normal = client.read(item(limiter, NORMAL))
    if normal.type not in _HIGHEST or not isinstance(normal.value, int):
        raise ProtocolViolation(f"a threshold {normal}, due is a whole number")
    if _PRESENT.get(watched.class_id) != attribute:
        raise Inconclusive(
            f"the limiter watches attribute {attribute} of class {watched.class_id}, which does not stand still "
            "under a constant load",
            missing="device",
        )
    over_s, under_s = (_seconds(client.read(item(limiter, number))) for number in (OVER, UNDER))
    is_demand = watched.class_id == _DEMAND
    return Limits(
        watched=watched,
        attribute=attribute,
        normal=normal,
        over_s=over_s,
        under_s=under_s,
        settles_s=_settling_s(client, watched) if is_demand else 0,
        accumulates=not is_demand and _is_energy(client, watched),
    )


def _settling_s(client: Client, demand: CosemObject) -> int:
    """After a change the last average is right when all its periods have begun after that."""
    period, periods = (client.read(item(demand, number)).value for number in (_PERIOD, _PERIODS))
    if not isinstance(period, int) or not isinstance(periods, int):
        raise ProtocolViolation(f"period {period} and number of periods {periods}, due are whole numbers")
    return period * (periods + 1)


def _is_energy(client: Client, watched: CosemObject) -> bool:
    unit = client.read(item(watched, _SCALER_UNIT)).value
    return isinstance(unit, tuple) and len(unit) == 2 and unit[1].value in _ENERGY_UNITS


def present_value(client: Client, limits: Limits) -> Decimal:
    """Read the watched value, in its own units."""
    data = client.read(item(limits.watched, limits.attribute))
    if isinstance(data.value, bool) or not isinstance(data.value, int):
        raise ProtocolViolation(f"the watched value {data}, due is a whole number")
    return Decimal(data.value)


def emergency_profile(identifier: int, activation: DateTime, duration_s: int) -> Data:
    """The data of an emergency profile."""
    return Data(
        DataType.STRUCTURE,
        (
            Data(DataType.LONG_UNSIGNED, identifier),
            Data(DataType.OCTET_STRING, activation.to_octets()),
            Data(DataType.DOUBLE_LONG_UNSIGNED, duration_s),
        ),
    )


def group_list(*groups: int) -> Data:
    """The data of a list of emergency profile groups."""
    return Data(DataType.ARRAY, tuple(Data(DataType.LONG_UNSIGNED, group) for group in groups))


def script_data(table: CosemObject, selector: int) -> Data:
    """The data that names a script of a table."""
    return Data(
        DataType.STRUCTURE,
        (Data(DataType.OCTET_STRING, obis(table.obis)), Data(DataType.LONG_UNSIGNED, selector)),
    )


NO_SCRIPT = Data(DataType.STRUCTURE, (Data(DataType.OCTET_STRING, bytes(6)), Data(DataType.LONG_UNSIGNED, 0)))
"""The action of a limiter that does nothing: no table, no script."""


def execution_time(clock: Data, instant: datetime) -> Data:
    """The data of one execution time, to the minute, in the local time of the ``clock`` that was read."""
    octets = clock.value if isinstance(clock.value, bytes) else b""
    deviation_min = int.from_bytes(octets[9:11], "big", signed=True)
    local = instant - timedelta(minutes=0 if deviation_min == _NO_DEVIATION else deviation_min)
    time = bytes((local.hour, local.minute, 0, 0))
    date = local.year.to_bytes(2, "big") + bytes((local.month, local.day, 0xFF))
    entry = Data(DataType.STRUCTURE, (Data(DataType.OCTET_STRING, time), Data(DataType.OCTET_STRING, date)))
    return Data(DataType.ARRAY, (entry,))


def monitored_value(watched: CosemObject, attribute: int) -> Data:
    """The data that names a value to be watched."""
    return Data(
        DataType.STRUCTURE,
        (
            Data(DataType.LONG_UNSIGNED, watched.class_id),
            Data(DataType.OCTET_STRING, obis(watched.obis)),
            Data(DataType.INTEGER, attribute),
        ),
    )


def watched_by(data: Data) -> tuple[CosemObject, int]:
    """Object and attribute that a monitored value names; ``ProtocolViolation`` for what is none."""
    cells = data.value if data.type is DataType.STRUCTURE and isinstance(data.value, tuple) else ()
    types = [cell.type for cell in cells]
    if types != [DataType.LONG_UNSIGNED, DataType.OCTET_STRING, DataType.INTEGER]:
        raise ProtocolViolation(f"a monitored value {data}, due is a structure of class, name and attribute")
    class_id, name, attribute = (cell.value for cell in cells)
    if not (isinstance(class_id, int) and isinstance(name, bytes) and isinstance(attribute, int) and len(name) == 6):
        raise ProtocolViolation(f"a monitored value {data}")
    return CosemObject.model_validate({"class": class_id, "obis": obis_text(name)}), attribute


def action_pair(data: Data) -> tuple[Data, Data]:
    """The actions above and below the threshold that a limiter names."""
    if data.type is not DataType.STRUCTURE or not isinstance(data.value, tuple) or len(data.value) != 2:
        raise ProtocolViolation(f"the actions {data}, due is a structure of two")
    over, under = data.value
    return over, under


def thresholds_of(data: Data) -> tuple[Data, ...]:
    """The thresholds of a register monitor."""
    if data.type is not DataType.ARRAY or not isinstance(data.value, tuple):
        raise ProtocolViolation(f"the thresholds {data}, due is an array")
    return data.value


def threshold_array(thresholds: Sequence[Data]) -> Data:
    """The data of the thresholds of a register monitor."""
    return Data(DataType.ARRAY, tuple(thresholds))


def _seconds(data: Data) -> int:
    if data.type is not DataType.DOUBLE_LONG_UNSIGNED or not isinstance(data.value, int):
        raise ProtocolViolation(f"a duration {data}, due is a double-long-unsigned")
    return data.value
