"""Under which device a gateway's record stands."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.declaration import Event, load_declaration
from harness.headend.client import Client
from harness.headend.event_log import LogEntry
from harness.headend.gateway.records import DeviceRecords
from harness.protocol.cosem import DateTime

GATEWAY = Path(__file__).parents[2] / "devices" / "reference-gateway.toml"
AT = DateTime(year=2026, month=3, day=2, hour=12, minute=0, second=0)


def records(*devices: tuple[str, int]) -> DeviceRecords:
    """Of device_session, with devices by name and code offset."""
    declared = load_declaration(GATEWAY)
    template = declared.gateway.devices[0]
    behind = tuple(
        template.model_copy(update={"name": name, "recorded_as": None, "code_offset": offset})
        for name, offset in devices
    )
    changed: Any = SimpleNamespace(
        require_event=declared.require_event, gateway=SimpleNamespace(devices=behind), logs={}
    )
    return DeviceRecords(cast("Client", None), changed, "device_session", clause="TR-Conf.03a")


def device_of(found: DeviceRecords, offset: int, *cells: object) -> list[str | None]:
    """The devices under which an entry with this code stands; none where it is of another kind."""
    event = found.event
    assert isinstance(event, Event)
    entry = LogEntry(time=AT, code=event.code + offset, row=1, cells=cells)
    return [record.device for record in found.of([entry])]


@pytest.mark.parametrize(
    ("devices", "offset", "cell", "device"),
    [
        ((("flat 1", 0), ("flat 2", 0)), 0, b"flat 1", ["flat 1"]),
        ((("flat 1", 0), ("flat 2", 0)), 0, b"nobody", [None]),
        ((("flat 1", 0), ("flat 2", 0)), 10, b"flat 1", []),
        ((("flat 1", 0), ("flat 2", 10)), 0, b"", ["flat 1"]),
        ((("flat 1", 0), ("flat 2", 10)), 10, b"", ["flat 2"]),
        ((("flat 1", 0), ("flat 2", 0), ("gas", 10)), 0, b"flat 1", ["flat 1"]),
        ((("flat 1", 0), ("flat 2", 0), ("gas", 10)), 0, b"flat 2", ["flat 2"]),
        ((("flat 1", 0), ("flat 2", 0), ("gas", 10)), 0, b"gas", [None]),
        ((("flat 1", 0), ("flat 2", 0), ("gas", 10)), 10, b"", ["gas"]),
    ],
)
def test_code_and_column_tell_the_devices_apart(
    devices: tuple[tuple[str, int], ...], offset: int, cell: bytes, device: list[str | None]
) -> None:
    assert device_of(records(*devices), offset, cell) == device
