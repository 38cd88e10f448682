"""One fact: what it is, and what a COSEM value says of it."""

from dataclasses import dataclass
from typing import Final, Literal

from harness.checks.cross_door import Amount, Flag, Moment, Shown, Word
from harness.checks.value import ScalerUnit, number_of, numeric
from harness.declaration import CosemObject, Declaration
from harness.errors import DecodeError
from harness.protocol.axdr import Data
from harness.protocol.date_time import ClockStatus, DateTime

__all__ = ["UNITS", "Fact", "Found", "Kind", "facts_of", "moment_shown", "place_of", "shown_as_data"]

Kind = Literal["energy", "power", "tariff", "time", "switch", "registers", "fault"]
Found = dict[str, Shown | str]
"""Name of a fact -> what a door shows of it, or why nothing that could be compared."""

UNITS: Final = {"energy": "Wh", "power": "W"}
_ROLES: Final[dict[Kind, tuple[str, ...]]] = {
    "energy": ("energy_import_total", "energy_import_tariffs", "energy_export_total", "energy_export_tariffs"),
    "power": ("power_import", "power_export"),
    "tariff": ("active_tariff",),
    "time": ("clock",),
    "switch": ("disconnector",),
    "registers": ("error_register", "alarm_register"),
    "fault": ("error_register",),
}
_UNSPECIFIED: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact, and the object that shows it by DLMS."""

    name: str
    kind: Kind
    role: str
    target: CosemObject

    @property
    def groups(self) -> tuple[int, ...]:
        """The six numbers of its OBIS code."""
        return tuple(map(int, self.target.obis.split(".")))


def facts_of(declaration: Declaration, kind: Kind) -> tuple[Fact, ...]:
    """Return the facts of a kind for which the declaration names objects."""
    found = []
    for role in _ROLES[kind]:
        declared = declaration.objects_of(role)
        objects = declared if isinstance(declared, tuple) else ()
        for number, target in enumerate(objects, start=1):
            name = f"{role} {number}" if len(objects) > 1 else role
            found.append(Fact(name="fault" if kind == "fault" else name, kind=kind, role=role, target=target))
    return tuple(found)


def place_of(fact: Fact) -> str:
    """Return the part of its OBIS code that a readout shows: C.D.E."""
    return ".".join(map(str, fact.groups[2:5]))


def shown_as_data(
    fact: Fact, data: Data, scaler_unit: ScalerUnit | None, *, door: str, frame: int, fault_bits: int = 0
) -> Shown | str:
    """Return what a COSEM value says of a fact, or why nothing that could be compared."""
    if fact.kind in UNITS:
        if scaler_unit is None or numeric(data) is not None:
            return f"{data} is no number with a unit"
        value, unit = scaler_unit.applied(data), scaler_unit.unit_name
        text = f"{value.normalize():f} {unit}"
        return Amount(door=door, frame=frame, text=text, value=value, resolution=scaler_unit.resolution, unit=unit)
    if fact.kind == "time":
        if not isinstance(data.value, bytes):
            return f"{data} is no time"
        try:
            return moment_shown(DateTime.from_octets(data.value), door=door, frame=frame)
        except DecodeError as error:
            return str(error)
    if fact.kind == "switch":
        return _flag(data.value, door=door, frame=frame)
    if fact.kind == "fault":
        if numeric(data) is not None:
            return f"{data} is no register of bits"
        bits = int(number_of(data))
        return Flag(door=door, frame=frame, text=f"error register {bits:#x}", value=bool(bits & fault_bits))
    return _word(data.value, door=door, frame=frame)


def moment_shown(time: DateTime, *, door: str, frame: int) -> Shown | str:
    """Return a COSEM date-time as a time that a door shows."""
    local = time.local()
    if local is None:
        return f"{time} is not fully specified"
    status, deviation = time.clock_status, time.deviation_min
    return Moment(
        door=door,
        frame=frame,
        text=str(time),
        local=local,
        resolution_s=1 if time.second is not None else 60,
        summer=None if status == _UNSPECIFIED else bool(status & ClockStatus.DAYLIGHT_SAVING),
        instant=None if deviation is None else time.comparable(),
    )


def _flag(value: object, *, door: str, frame: int) -> Shown | str:
    if not isinstance(value, bool):
        return f"{value!r} is no state of the switch"
    return Flag(door=door, frame=frame, text="connected" if value else "disconnected", value=value)


def _word(value: object, *, door: str, frame: int) -> Shown | str:
    if isinstance(value, bool) or not isinstance(value, int | str | bytes):
        return f"{value!r} is no code"
    if isinstance(value, bytes):
        printable = value.isascii() and value.decode("ascii").isprintable()
        value = value.decode("ascii") if printable and value else int.from_bytes(value, "big")
    return Word(door=door, frame=frame, text=str(value), value=value)
