"""Who answers at a door: what the device says of itself, to be compared with what it said before."""

from collections.abc import Mapping
from typing import Final

from harness.declaration import CosemObject
from harness.errors import Refused
from harness.headend.client import Client, item, value_of
from harness.headend.good_exchange import good_clients
from harness.headend.head_end import HeadEnd
from harness.headend.residue import plain

__all__ = ["another_device", "names_serial", "read_identity"]

_ROLES: Final = ("logical_device_name", "serial_number", "firmware_id")
_ENOUGH: Final = frozenset({"logical_device_name", "serial_number"})
"""With one of these it is known who answers; no further client is asked."""
_VALUE: Final = 2


def read_identity(head_end: HeadEnd, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the device says of itself by role; nothing where no client may read any of it.

    It is asked twice where it first says that it is another one than ``known``: one wrong answer is a defect of that
    answer. Raises what a good exchange raises where an answer is missing or damaged.
    """
    told = _asked_of(head_end)
    return _asked_of(head_end) if another_device(known or {}, told) else told


def _asked_of(head_end: HeadEnd) -> dict[str, str]:
    found: dict[str, str] = {}
    for declared in good_clients(head_end.declaration, head_end.door):
        client = Client(head_end, declared)
        try:
            with head_end.in_step("identity"):
                client.establish_unjudged()
                found |= _told_to(client, head_end)
        except Refused:
            continue
        finally:
            client.close()
        if found.keys() & _ENOUGH:
            break
    return found


def _told_to(client: Client, head_end: HeadEnd) -> dict[str, str]:
    told: dict[str, str] = {}
    for role in _ROLES:
        target = head_end.declaration.object(role)
        if not isinstance(target, CosemObject):
            continue
        wanted = item(target, _VALUE)
        try:
            value = value_of(client.services.get(wanted), wanted)
        except Refused:
            continue
        octets = value.value
        shown = octets.decode("ascii", "replace") if isinstance(octets, bytes) else ""
        told[role] = shown if shown.isascii() and shown.isprintable() and shown else str(plain(value))
    return told


def names_serial(told: Mapping[str, str], declared: str) -> bool:
    """Whether what the device says of itself, if anything, names the declared serial number, leading zeros aside."""
    shown = [told[role].casefold() for role in _ROLES if role in _ENOUGH and role in told]
    wanted = declared.casefold().lstrip("0")
    return not shown or any(wanted in one or one.lstrip("0") in wanted for one in shown)


def another_device(before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """Return in words by what the device is another one than before; what was not read both times tells nothing.

    Its firmware tells something only where nothing else was read: it may be updated.
    """
    both = before.keys() & now.keys()
    changed = [
        f"{role} was {before[role]!r} and is {now[role]!r}"
        for role in _ROLES
        if role in (both & _ENOUGH or both) and before[role] != now[role]
    ]
    return "; ".join(changed) or None
