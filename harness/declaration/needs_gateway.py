"""What scenarios need of a gateway and of the devices behind it."""

from collections.abc import Mapping
from functools import partial

from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.event import INTERACTIONS, REGISTRATIONS, Event
from harness.declaration.identity import GATEWAYS
from harness.declaration.needs_behaviour import behaviour
from harness.declaration.offer import Availability, Available, Denied, NotOffered, Rule, unmentioned
from harness.declaration.role import Demand

__all__ = ["GATEWAY_NEEDS"]


def _gateway(declaration: Declaration, door: Door) -> Availability:
    if not GATEWAYS & set(declaration.identity.roles):
        return NotOffered(item="identity.roles", reason="the device is no gateway")
    doors = declaration.gateway.doors
    if doors is not None and door.id not in doors:
        return NotOffered(item="gateway.doors", reason=f"door {door.id} does not lead to the devices")
    return Available() if declaration.gateway.devices else unmentioned("gateway.devices")


def _second_device(declaration: Declaration, door: Door) -> Availability:
    if len(declaration.gateway.devices) < 2:
        return NotOffered(item="gateway.devices", reason="one device at most stands behind the gateway")
    return Available()


def _on_devices(key: str, declaration: Declaration, door: Door) -> Availability:
    if getattr(declaration.gateway, key) is None:
        return unmentioned(f"gateway.{key}")
    if any(device.manager is None for device in declaration.gateway.devices):
        return unmentioned("gateway.devices.manager")
    return Available()


def _device_removal(declaration: Declaration, door: Door) -> Availability:
    if any(device.removal is not None for device in declaration.gateway.devices):
        return Available()
    if not declaration.gateway.removable:
        return NotOffered(item="gateway.removable", reason="no head end can remove devices")
    return unmentioned("gateway.devices.removal")


def _recorded_interactions(declaration: Declaration, door: Door) -> Availability | Denied:
    found = [declaration.event(role) for role in INTERACTIONS]
    if any(isinstance(event, Event) for event in found):
        return Available()
    if None in found:
        return unmentioned(f"events.{INTERACTIONS[found.index(None)]}")
    demand = Demand(by=("TR-Conf.03a",), clause="TR-Conf.03a", of=GATEWAYS)
    return Denied(item="events", reason="every interaction with devices is declared absent", demand=demand)


def _recorded_registrations(declaration: Declaration, door: Door) -> Availability:
    for role in REGISTRATIONS:
        if declaration.event(role) is None:
            return unmentioned(f"events.{role}")
        if not isinstance(declaration.event(role), Event):
            return NotOffered(item=f"events.{role}", reason="declared absent")
    return Available()


def _recorded_once(declaration: Declaration, door: Door) -> Availability:
    if declaration.gateway.repeats:
        return NotOffered(item="gateway.repeats", reason="a condition that lasts is recorded again and again")
    return Available(by_default="repeats" not in declaration.gateway.model_fields_set)


GATEWAY_NEEDS: Mapping[str, Rule] = {
    "gateway": _gateway,
    "second_device": _second_device,
    "device_write": partial(_on_devices, "writes"),
    "device_command": partial(_on_devices, "command"),
    "device_removal": _device_removal,
    "recorded_interactions": _recorded_interactions,
    "recorded_once": _recorded_once,
    "recorded_registrations": _recorded_registrations,
    "recorded_refusals": partial(behaviour, "gateway", "refusals_recorded"),
}
"""Item -> rule."""
