"""The journal: what has been changed in a device and how it is undone, on disk before the change is sent.

An entry stays until its change has been undone; what an interrupted run left is undone by the next one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from harness.keys.state_folder import StoreDamaged, locked, read_object, write_object

__all__ = [
    "ConnectSupply",
    "Entry",
    "GiveChildKeyBack",
    "GiveKeysBack",
    "Invoke",
    "Journal",
    "RestoreCalendar",
    "SetClock",
    "Undo",
    "WriteBack",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBack:
    """The old value of an attribute is written again."""

    kind: ClassVar[str] = "write_back"
    class_id: int
    obis: str
    attribute: int
    value: str
    """A-XDR octets of the old value in hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoke:
    """A method undoes what was done."""

    kind: ClassVar[str] = "invoke"
    class_id: int
    obis: str
    method: int
    parameter: str | None
    """A-XDR octets in hexadecimal digits; None where the method takes none."""
    may_be_refused: bool = False
    """The device may refuse what has been done already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClock:
    """The clock is set to what time it is."""

    kind: ClassVar[str] = "set_clock"
    class_id: int
    obis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveKeysBack:
    """The device gets the declared keys again; the key store knows which ones it may have."""

    kind: ClassVar[str] = "give_keys_back"
    class_id: int
    obis: str
    names: tuple[str, ...]
    """Keys of the declaration's table ``security``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveChildKeyBack:
    """A meter behind the device, and the device, get the declared key of that meter again."""

    kind: ClassVar[str] = "give_child_key_back"
    name: str
    """Of the meter in the declaration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectSupply:
    """The supply is connected again, in whatever control mode that takes."""

    kind: ClassVar[str] = "connect_supply"
    class_id: int
    obis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCalendar:
    """An activity calendar gets all its parts and its time of activation back."""

    kind: ClassVar[str] = "restore_calendar"
    class_id: int
    obis: str
    values: tuple[str, ...]
    """A-XDR octets of the old values of attributes 2 to 10 in hexadecimal digits."""


Undo = WriteBack | Invoke | SetClock | GiveKeysBack | GiveChildKeyBack | ConnectSupply | RestoreCalendar
_KINDS: Mapping[str, type[Undo]] = {
    one.kind: one
    for one in (WriteBack, Invoke, SetClock, GiveKeysBack, GiveChildKeyBack, ConnectSupply, RestoreCalendar)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change that is to be undone."""

    number: int
    scenario: str
    """Result key of the scenario that makes it."""
    door: str
    association: str
    """Ids in the declaration: through which door, and as which client."""
    about: str
    """What is changed, in words."""
    undo: Undo


class Journal:
    """The open changes of one device, in ``folder``; several processes may use it at once."""

    def __init__(self, folder: Path, device: str) -> None:
        """``device`` tells it apart from all others, e.g. by manufacturer and serial number."""
        owner = hashlib.sha256(device.encode()).hexdigest()[:32]
        self.path = folder / "journal" / f"{owner}.json"
        self._device = device

    def open_change(self, *, scenario: str, door: str, association: str, about: str, undo: Undo) -> int:
        """Write down a change before it is sent; when this returns, it is on disk. Returns its number."""
        with locked(self.path):
            entries = self._read()
            number = 1 + max((entry.number for entry in entries), default=0)
            entry = Entry(number=number, scenario=scenario, door=door, association=association, about=about, undo=undo)
            self._write([*entries, entry])
        return number

    def close_change(self, number: int) -> None:
        """Note that a change has been undone; ``ValueError`` for one that is not open."""
        with locked(self.path):
            entries = self._read()
            left = [entry for entry in entries if entry.number != number]
            if len(left) == len(entries):
                raise ValueError(f"change {number} is not open")
            self._write(left)

    def open_changes(self) -> tuple[Entry, ...]:
        """Return what is still to be undone, the oldest first."""
        if not self.path.exists():
            return ()
        with locked(self.path):
            return tuple(self._read())

    def _write(self, entries: list[Entry]) -> None:
        rows = [{**asdict(entry), "undo": {"kind": entry.undo.kind, **asdict(entry.undo)}} for entry in entries]
        write_object(self.path, {"schema": 1, "device": self._device, "changes": rows})

    def _read(self) -> list[Entry]:
        found = read_object(self.path)
        if found is None:
            return []
        try:
            return [_entry(row) for row in found["changes"]]
        except (KeyError, TypeError, ValueError):
            raise StoreDamaged(
                f"{self.path}: is damaged; see what the device has changed before it is removed"
            ) from None


def _entry(row: Mapping[str, Any]) -> Entry:
    undo = dict(row["undo"])
    kind = _KINDS[undo.pop("kind")]
    if kind is GiveKeysBack:
        undo["names"] = tuple(undo["names"])
    if kind is RestoreCalendar:
        undo["values"] = tuple(undo["values"])
    return Entry(**{**row, "undo": kind(**undo)})
