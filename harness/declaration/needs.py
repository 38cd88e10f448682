"""What scenarios need of objects, profiles, clients, doors and benches."""

from collections.abc import Mapping
from functools import partial

from harness.declaration.association import AssociationRole
from harness.declaration.clock import CLOCK_METHODS, ClockMethod
from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.needs_behaviour import behaviour
from harness.declaration.objects import Absent
from harness.declaration.offer import Availability, Available, Denied, Missing, NotOffered, Rule, unmentioned
from harness.declaration.profile import Parameter, SelectiveAccess
from harness.declaration.role import ROLES, SELECTIVE_ACCESS, Demand

__all__ = ["GENERAL_NEEDS"]


def _object(role: str, declaration: Declaration, door: Door) -> Availability | Denied:
    found = declaration.objects_of(role)
    key = f"objects.{role}"
    if found is None:
        return unmentioned(key)
    if isinstance(found, Absent):
        return Denied(item=key, reason="declared absent", demand=ROLES[role].demand)
    return Available()


def _second_tariff(declaration: Declaration, door: Door) -> Availability | Denied:
    found = declaration.objects_of("energy_import_tariffs")
    if isinstance(found, tuple) and len(found) == 1:
        role = "energy_import_tariffs"
        return Denied(item=f"objects.{role}", reason="declared with a single register", demand=ROLES[role].demand)
    return _object("energy_import_tariffs", declaration, door)


def _selective_access(selector: SelectiveAccess, declaration: Declaration, door: Door) -> Availability | Denied:
    profile = declaration.profiles.get("load_profile")
    of_object = _object("load_profile", declaration, door)
    if profile is None or not isinstance(of_object, Available):
        return Available(by_default=True) if isinstance(of_object, Available) else of_object
    item = "profiles.load_profile.selective_access"
    if not profile.selective_access:
        return Denied(item=item, reason="declared without any selective access", demand=SELECTIVE_ACCESS)
    if selector not in profile.selective_access:
        return NotOffered(item=item, reason=f"no selective access by {selector}")
    return Available(by_default="selective_access" not in profile.model_fields_set)


def _described_profile(declaration: Declaration, door: Door) -> Availability | Denied:
    of_object = _object("load_profile", declaration, door)
    if isinstance(of_object, Available) and "load_profile" not in declaration.profiles:
        return unmentioned("profiles.load_profile")
    return of_object


_CONFIGURABLE: Mapping[Parameter, str] = {
    "capture_objects": "TR-Conf.06a",
    "capture_period": "TR-Conf.06b",
    "profile_entries": "TR-Conf.06c",
}
"""The clause that demands of each parameter of the load profile that it can be changed."""


def _configurable(parameter: Parameter, declaration: Declaration, door: Door) -> Availability | Denied:
    described = _described_profile(declaration, door)
    profile = declaration.profiles.get("load_profile")
    if profile is None or not isinstance(described, Available):
        return described
    if parameter not in profile.writable:
        clause = _CONFIGURABLE[parameter]
        demand = Demand(by=(clause,), clause=clause, medium="electricity")
        reason = f"declared without {parameter}"
        return Denied(item="profiles.load_profile.writable", reason=reason, demand=demand)
    return Available(by_default="writable" not in profile.model_fields_set)


def _bench(ability: str, declaration: Declaration, door: Door) -> Availability:
    if getattr(declaration.bench, ability) is not None:
        return Available()
    return Missing(reason=f"no bench provides {ability} (bench.{ability})", missing="bench")


def _association(role: AssociationRole, declaration: Declaration, door: Door) -> Availability:
    if declaration.association_of(role, door.id) is not None:
        return Available()
    if declaration.association_of(role) is not None:
        return NotOffered(item="associations.doors", reason=f"door {door.id} takes no client of role {role}")
    return unmentioned(f"an association of role {role}")


def _pre_established(declaration: Declaration, door: Door) -> Availability:
    if any(one.pre_established and one.fits(door.id) for one in declaration.associations):
        return Available()
    return NotOffered(item="associations.pre_established", reason="no association is pre-established")


def _authenticated(declaration: Declaration, door: Door) -> Availability:
    if any(association.mechanism != "none" for association in declaration.associations):
        return Available()
    return unmentioned("an association with authentication")


def _second_association(declaration: Declaration, door: Door) -> Availability:
    if len(declaration.associations) < 2:
        return unmentioned("a second association")
    if sum(association.fits(door.id) for association in declaration.associations) < 2:
        return NotOffered(item="associations.doors", reason=f"door {door.id} takes only one client")
    if door.associations < 2:
        return NotOffered(item="doors.associations", reason=f"door {door.id} carries one association at once")
    return Available()


def _second_connection(declaration: Declaration, door: Door) -> Availability:
    if door.connections < 2:
        return NotOffered(item="doors.connections", reason=f"door {door.id} carries one connection at once")
    return Available()


def _release(declaration: Declaration, door: Door) -> Availability:
    if door.release == "link":
        return NotOffered(item="doors.release", reason=f"at door {door.id} an association ends with its link alone")
    return Available(by_default="release" not in door.model_fields_set)


def _threshold_reading(reading: str, declaration: Declaration, door: Door) -> Availability:
    declared = declaration.limiter.threshold_reading
    if declared not in (reading, "both"):
        return NotOffered(
            item="limiter.threshold_reading", reason=f"set and cleared are declared to mean the {declared}"
        )
    return Available(by_default="threshold_reading" not in declaration.limiter.model_fields_set)


def _client_told(declaration: Declaration, door: Door) -> Availability:
    if all(log.client_column is None for log in declaration.logs.values()):
        return NotOffered(item="logs.client_column", reason="no log tells which client made a change")
    return Available()


def _monitor_thresholds(declaration: Declaration, door: Door) -> Availability | Denied:
    monitor = _object("register_monitor", declaration, door)
    if not isinstance(monitor, Available) or not isinstance(_object("limiter", declaration, door), Available):
        return monitor
    return behaviour("limiter", "monitor_thresholds", declaration, door)


def _lasting_disconnection(declaration: Declaration, door: Door) -> Availability:
    if declaration.limiter.reconnects:
        return NotOffered(item="limiter.reconnects", reason="the limiter connects again by itself")
    return Available(by_default="reconnects" not in declaration.limiter.model_fields_set)


def _consumer_key(declaration: Declaration, door: Door) -> Availability:
    if door.consumer is None or door.consumer.encryption_key is None:
        return NotOffered(item="doors.encryption_key", reason=f"door {door.id} enciphers nothing")
    return Available()


def _formats(declaration: Declaration, door: Door) -> Availability:
    return Available() if door.p1.formats else unmentioned("doors.p1.formats")


def _longer_lists(declaration: Declaration, door: Door) -> Availability:
    if not door.han.longer:
        return NotOffered(item="doors.han.longer", reason=f"door {door.id} has one list only")
    return Available()


def _push_key(declaration: Declaration, door: Door) -> Availability:
    if door.push.encryption_key is None:
        return NotOffered(item="doors.push.encryption_key", reason=f"what arrives at door {door.id} is not enciphered")
    return Available()


def _daylight_saving(declaration: Declaration, door: Door) -> Availability:
    if not declaration.clock.dst:
        return NotOffered(item="clock.dst", reason="the clock knows no daylight saving time")
    return Available(by_default="dst" not in declaration.clock.model_fields_set)


def _clock_method(method: ClockMethod, declaration: Declaration, door: Door) -> Availability | Denied:
    of_object = _object("clock", declaration, door)
    if not isinstance(of_object, Available):
        return of_object
    if method not in declaration.clock.methods:
        return NotOffered(item="clock.methods", reason=f"the clock has no {method}")
    return Available(by_default="methods" not in declaration.clock.model_fields_set)


def _atomic_list(declaration: Declaration, door: Door) -> Availability:
    if not declaration.metering.atomic_list:
        return NotOffered(item="metering.atomic_list", reason="values of a list may differ in time")
    return Available(by_default="atomic_list" not in declaration.metering.model_fields_set)


GENERAL_NEEDS: Mapping[str, Rule] = {
    **{role: partial(_object, role) for role in ROLES},
    "extended_register": partial(_object, "max_demand_import"),
    "demand_register": partial(_object, "average_demand_import"),
    "second_tariff": _second_tariff,
    "profile_parameters": _described_profile,
    **{f"configurable_{parameter}": partial(_configurable, parameter) for parameter in _CONFIGURABLE},
    "selective_access_range": partial(_selective_access, "range"),
    "selective_access_entry": partial(_selective_access, "entry"),
    **{
        f"bench_{ability}": partial(_bench, ability)
        for ability in ("time", "load", "power", "hands", "disturbance", "devices", "firmware")
    },
    "public_association": partial(_association, "public"),
    "reading_association": partial(_association, "reading"),
    "management_association": partial(_association, "management"),
    "authenticated_association": _authenticated,
    "pre_established_association": _pre_established,
    "second_association": _second_association,
    "second_connection": _second_connection,
    "release": _release,
    "threshold_value": partial(_threshold_reading, "value"),
    "threshold_crossing": partial(_threshold_reading, "crossing"),
    "emergency_profile": partial(behaviour, "limiter", "emergency_profile"),
    "lasting_disconnection": _lasting_disconnection,
    "monitor_thresholds": _monitor_thresholds,
    "client_told": _client_told,
    "local_reconnection": partial(behaviour, "limiter", "reconnects"),
    "buttons": partial(behaviour, "disconnector", "buttons"),
    "push_key": _push_key,
    "consumer_key": _consumer_key,
    "formats": _formats,
    "longer_lists": _longer_lists,
    "daylight_saving": _daylight_saving,
    "atomic_list": _atomic_list,
    **{f"clock_{method}": partial(_clock_method, method) for method in CLOCK_METHODS},
}
"""Item -> rule; a new item is one more row."""
