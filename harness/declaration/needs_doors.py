"""What scenarios need of doors: two to compare, lines to switch; and of faults to bring about."""

from collections.abc import Mapping
from functools import partial

from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.main_door import main_door
from harness.declaration.objects import CosemObject
from harness.declaration.offer import Availability, Available, NotOffered, Rule, unmentioned

__all__ = ["DOOR_NEEDS"]

_SHOWN = {
    "energy": ("energy_import_total", "energy_import_tariffs", "energy_export_total", "energy_export_tariffs"),
    "power": ("power_import", "power_export"),
}


def _main_door(declaration: Declaration, door: Door) -> Availability:
    main = main_door(declaration, door)
    if main is None or (main.id == door.id and len(declaration.doors) == 1):
        return NotOffered(item="doors", reason="the device is reached by one door only")
    if main.id == door.id:
        return NotOffered(item="doors", reason=f"the other doors are compared with {door.id} itself")
    return Available()


def _comparable(kind: str, declaration: Declaration, door: Door) -> Availability:
    if any(isinstance(declaration.object(role), CosemObject) for role in _SHOWN[kind]):
        return Available()
    return NotOffered(item="objects", reason=f"no register of {kind} is declared")


def _hardware_fault(declaration: Declaration, door: Door) -> Availability:
    return unmentioned("hardware_fault") if declaration.hardware_fault is None else Available()


def _data_request(declaration: Declaration, door: Door) -> Availability:
    if door.consumer is None or door.consumer.data_request is None:
        return NotOffered(item="doors.data_request", reason=f"nothing switches the data request line of door {door.id}")
    return Available()


def _own_door(declaration: Declaration, door: Door) -> Availability:
    if any(device.own_door is not None for device in declaration.gateway.devices):
        return Available()
    return NotOffered(item="gateway.devices.own_door", reason="no device has a door of its own beside the gateway")


DOOR_NEEDS: Mapping[str, Rule] = {
    "main_door": _main_door,
    **{f"comparable_{kind}": partial(_comparable, kind) for kind in _SHOWN},
    "data_request": _data_request,
    "device_own_door": _own_door,
    "hardware_fault": _hardware_fault,
}
"""Item -> rule."""
