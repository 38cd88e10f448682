"""What scenarios need of the meters that hand their data over to the device."""

from collections.abc import Mapping
from functools import partial

from harness.declaration.child import ChildMethod
from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.offer import Availability, Available, NotOffered, Rule

__all__ = ["CHILD_NEEDS"]


def _child(declaration: Declaration, door: Door) -> Availability:
    if declaration.children:
        return Available()
    return NotOffered(item="children", reason="no other meter hands its data over to the device")


def _part(key: str, declaration: Declaration, door: Door) -> Availability:
    if any(getattr(child, key) is None for child in declaration.children):
        return NotOffered(item=f"children.{key}", reason=f"declared without {key}")
    return _child(declaration, door)


def _method(method: ChildMethod, declaration: Declaration, door: Door) -> Availability:
    if any(method not in child.methods for child in declaration.children):
        return NotOffered(item="children.methods", reason=f"its client has no {method}")
    return _child(declaration, door)


def _methods(methods: tuple[ChildMethod, ...], declaration: Declaration, door: Door) -> Availability:
    found = [_method(method, declaration, door) for method in methods]
    return next((one for one in found if not isinstance(one, Available)), Available())


def _key(methods: tuple[ChildMethod, ...], declaration: Declaration, door: Door) -> Availability:
    if any(child.key is None for child in declaration.children):
        return NotOffered(item="children.link.mbus.encryption_key", reason="it enciphers with no declared key")
    if "transfer_key" in methods and any(child.keying.default_key is None for child in declaration.children):
        return NotOffered(item="children.keying.default_key", reason="declared without default_key")
    return _methods(methods, declaration, door)


CHILD_NEEDS: Mapping[str, Rule] = {
    "child": _child,
    "child_value": partial(_part, "value"),
    "child_profile": partial(_part, "profile"),
    "child_link": partial(_part, "link"),
    "child_removal": partial(_methods, ("install", "deinstall")),
    "child_key": partial(_key, ("set_encryption_key",)),
    "child_new_key": partial(_key, ("set_encryption_key", "transfer_key")),
    "child_capture": partial(_method, "capture"),
    "child_reset_alarm": partial(_method, "reset_alarm"),
    "child_synchronize_clock": partial(_method, "synchronize_clock"),
}
"""Item -> rule."""
