"""Objects and profiles in the draft."""

from collections.abc import Iterator
from typing import Any, Final

from harness.declaration import LOG_ROLES, ROLES
from harness.discover.found import Found
from harness.discover.roles import described, objects_by_role, text_of, unplaced_logs
from harness.discover.toml_text import comment, inline, question, setting
from harness.headend.rights.object_list import AnnouncedObject, Right
from harness.review.comparing.profiles import columns_of

__all__ = ["object_lines", "profile_lines"]

_COLUMNS, _PERIOD, _ORDER, _DEPTH = 3, 4, 5, 8
_BUFFER: Final = 2
_PROFILE_CLASS: Final = 7
_SELECTORS: Final = {1: "range", 2: "entry"}
_ORDERS: Final = {1: "fifo", 2: "lifo"}
_PARAMETERS: Final = {"capture_objects": 3, "capture_period": 4, "profile_entries": 8}
_LONGEST_PERIOD_S: Final = 31_622_400
_HIGHEST_DEPTH: Final = 0xFFFFFFFF
_NOT_ASKED: Final = frozenset({"device_list", "interaction_log", "condition_log"})
"""Roles of gateways."""


def object_lines(found: Found) -> Iterator[str]:
    """Yield section ``[objects]``."""
    by_role = objects_by_role(found)
    single = [role for role in by_role if not ROLES[role].many]
    yield "[objects]"
    if "logical_device_name" not in by_role:
        probe = next((role for role in ("clock", "serial_number", "firmware_id", *single) if role in single), None)
        if probe is not None:
            yield setting("probe", probe, "read between scenarios to see that the device lives")
    association = next((client.association for client in found.let_in if client.association), None)
    if association is not None:
        yield setting("association", _object(15, association, None))
    for role, objects in by_role.items():
        if ROLES[role].many:
            yield setting(role, [_object(one.class_id, one.obis, one.version) for one in objects])
            continue
        first, *others = objects
        yield setting(role, _object(first.class_id, first.obis, first.version), _value(found, first))
        if others:
            yield question(f"{role}: or one of {', '.join(one.obis for one in others)}?")
    if "logical_device_name" not in by_role and not single:
        yield setting("logical_device_name", _object(1, "0.0.42.0.0.255", None), "not seen; read as a sign of life")
    counted = any(client.planned.declared.get("security", {}).get("counter") == "device" for client in found.let_in)
    if counted and "invocation_counter" not in by_role:
        yield setting("invocation_counter", _object(1, "0.0.43.1.0.255", None), "it has answered; not announced")
    for log in unplaced_logs(found):
        yield question(
            f"{_table(log)} looks like an event log: which of {', '.join(_free_logs(by_role))}? {_columns(found, log)}"
        )
    missing = [role for role in ROLES if role not in (*by_role, "association", *LOG_ROLES, *_NOT_ASKED)]
    if found.let_in and missing:
        yield question(f'roles that no object looks like; name the object, or "absent": {", ".join(missing)}')
    yield from _others(found, by_role)


def _free_logs(by_role: dict[str, tuple[AnnouncedObject, ...]]) -> list[str]:
    return [role for role in LOG_ROLES if role not in (*by_role, *_NOT_ASKED)]


def _others(found: Found, by_role: dict[str, tuple[AnnouncedObject, ...]]) -> Iterator[str]:
    """Yield what else the device announces, a line for each class."""
    placed = {(one.class_id, one.obis) for objects in by_role.values() for one in objects}
    rest: dict[int, list[str]] = {}
    for class_id, obis in found.announced():
        if (class_id, obis) not in placed and class_id != 15:
            rest.setdefault(class_id, []).append(obis)
    if rest:
        yield ""
        yield comment("Announced, and without a role here:")
        yield from (comment(f"  class {class_id}: {', '.join(codes)}") for class_id, codes in sorted(rest.items()))


def _object(class_id: int, obis: str, version: int | None) -> dict[str, Any]:
    return {"class": class_id, "obis": obis, **({"version": version} if version else {})}


def _table(one: AnnouncedObject) -> str:
    return inline(_object(one.class_id, one.obis, one.version))


def _value(found: Found, one: AnnouncedObject) -> str:
    attribute = {1: 2, 17: 2, 70: 4}.get(one.class_id)
    data = found.values.get((one.class_id, one.obis, attribute)) if attribute else None
    if data is None:
        return ""
    return f"control mode {described(data)}" if one.class_id == 70 else (text_of(data) or described(data))


def _columns(found: Found, one: AnnouncedObject) -> str:
    columns = columns_of(found.values.get((one.class_id, one.obis, _COLUMNS)))
    return f"Its columns: {', '.join(map(str, columns))}" if columns else "Its columns were not read"


def profile_lines(found: Found) -> Iterator[str]:
    """Yield the tables of profiles that play a role and tell their period and depth."""
    for role, objects in objects_by_role(found).items():
        one = objects[0]
        if one.class_id != _PROFILE_CLASS or role in (*LOG_ROLES, "parameter_monitor_log"):
            continue
        yield from _profile(found, role, one)


def _profile(found: Found, role: str, one: AnnouncedObject) -> Iterator[str]:
    period = found.value(_PROFILE_CLASS, one.obis, _PERIOD)
    depth = found.value(_PROFILE_CLASS, one.obis, _DEPTH)
    if not _within(period, 0, _LONGEST_PERIOD_S) or not _within(depth, 1, _HIGHEST_DEPTH):
        yield question(f"[profiles.{role}]: period_s and entries; the device told {period} and {depth}")
        return
    yield f"[profiles.{role}]"
    yield setting("period_s", period)
    yield setting("entries", depth)
    order = _ORDERS.get(found.value(_PROFILE_CLASS, one.obis, _ORDER))
    if order is not None:
        yield setting("order", order)
    yield from _selective_access(found, one)
    writable = _writable(found, one)
    if writable is not None:
        yield setting("writable", writable, "by the rights that the management client is told")
    yield comment(_columns(found, one))
    if role == "load_profile":
        yield question("allowed_periods_s = [900, 3600]: which periods can be set?")
    yield ""


def _within(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and lowest <= value <= highest


def _selective_access(found: Found, one: AnnouncedObject) -> Iterator[str]:
    """Yield which selectors there are, as far as the device says so."""
    readers = [client for client in found.let_in if any(o.obis == one.obis for o in client.announced)]
    if readers and not any("SELECTIVE_ACCESS" in client.granted for client in readers):
        yield setting("selective_access", [], "no client was granted selective access")
        return
    told = sorted({
        selector for client in readers for o in client.announced if o.obis == one.obis
        for selector in o.selectors.get(_BUFFER, ())
    })  # fmt: skip
    names = [_SELECTORS[selector] for selector in told if selector in _SELECTORS]
    if names:
        yield setting("selective_access", names, "as the object list says")
    else:
        yield question('selective_access = ["range", "entry"]: which? The object list does not say')


def _writable(found: Found, one: AnnouncedObject) -> list[str] | None:
    """Return the parameters that the management client may write, None where it was not let in."""
    managers = [client for client in found.let_in if client.planned.declared["role"] == "management"]
    seen = [o for client in managers if client.objects is not None for o in client.objects if o.obis == one.obis]
    if not seen:
        return None
    return [name for name, number in _PARAMETERS.items() if any(o.may_write(number) is Right.GRANTED for o in seen)]
