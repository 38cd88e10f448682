"""The gateway's records of the devices behind it: which event, of which device, at what time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.declaration import Declaration, DeviceBehind, Event
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.protocol import axdr

__all__ = ["DeviceRecord", "DeviceRecords", "is_text", "listed_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRecord:
    """One record."""

    code: int
    device: str | None
    """Name of the device that it stands under; None for none that is declared, or none at all."""
    at: datetime | None
    text: str
    """Time and cells, for people."""


class DeviceRecords:
    """The records of one kind; ``client`` reads the gateway's logs."""

    def __init__(self, client: Client, declaration: Declaration, role: str, *, clause: str) -> None:
        """``role`` is that of an event; judged as ``Declaration.require_event`` where there is none."""
        self.event: Event = declaration.require_event(role, clause=clause)
        self.role = role
        self._client = client
        self._declaration = declaration
        self._devices = declaration.gateway.devices
        self._by_code = any(device.code_offset for device in self._devices)
        log = declaration.logs.get(self.event.log)
        self._column = None if log is None else log.device_column

    def entries(self) -> tuple[LogEntry, ...]:
        """Read the whole log, the oldest entry first."""
        return read_event_log(self._client, self._declaration, self.event.log)

    def of(self, entries: Sequence[LogEntry]) -> list[DeviceRecord]:
        """The records of this kind among entries."""
        return [self._record(entry) for entry in entries if entry.code in self._codes()]

    def since(self, before: Sequence[LogEntry]) -> list[DeviceRecord]:
        """Read the log and return the records of this kind that are new."""
        return self.of(entries_since(before, self.entries()))

    def _codes(self) -> set[int]:
        return {self.event.code + device.code_offset for device in self._devices}

    def _record(self, entry: LogEntry) -> DeviceRecord:
        return DeviceRecord(
            code=entry.code,
            device=self._device_of(entry),
            at=entry.time.comparable(),
            text=f"{entry.code} at {entry.time} with {', '.join(_shown(cell) for cell in entry.cells)}",
        )

    def _device_of(self, entry: LogEntry) -> str | None:
        possible = [one for one in self._devices if self.event.code + one.code_offset == entry.code]
        if self._by_code and len(possible) == 1:
            return possible[0].name
        cells = entry.cells if self._column is None else entry.cells[self._column - 1 : self._column]
        found = [device.name for device in possible if any(_stands_for(cell, device) for cell in cells)]
        if len(found) > 1:
            raise Inconclusive(
                f"an entry of {self.event.log} stands for {' and '.join(found)} (logs.{self.event.log}.device_column)",
                missing="declaration",
            )
        return found[0] if found else None


def listed_names(client: Client, declaration: Declaration, *, clause: str) -> Mapping[str, int]:
    """Read the gateway's list and return how often each declared device stands on it."""
    target = declaration.require("device_list", clause=clause)
    texts = list(_texts(client.read(item(target, target.attribute))))
    return {device.name: sum(is_text(text, device.name) for text in texts) for device in declaration.gateway.devices}


def _texts(data: axdr.Data) -> Iterator[object]:
    if isinstance(data.value, tuple):
        for part in data.value:
            yield from _texts(part)
    else:
        yield data.value


def _stands_for(cell: object, device: DeviceBehind) -> bool:
    recorded = device.recorded
    if isinstance(recorded, int):
        return not isinstance(cell, bool) and cell == recorded
    return is_text(cell, recorded)


def is_text(cell: object, name: str) -> bool:
    """Whether a value is a name, as text or as octets in one of the usual codes; filling at its end does not count."""
    if isinstance(cell, str):
        return cell.rstrip("\0 ") == name
    if not isinstance(cell, bytes):
        return False
    forms = {name.encode("utf-8"), name.encode("latin-1", "replace")}
    return cell.rstrip(b"\0 ") in forms or cell in forms


def _shown(cell: object) -> str:
    return cell.hex().upper() if isinstance(cell, bytes) else str(cell)
