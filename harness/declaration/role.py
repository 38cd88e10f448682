"""The roles that COSEM objects play, so that nothing else names an OBIS code."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ROLES", "ObjectRole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRole:
    """What an object of this role may be."""

    classes: tuple[int, ...]
    """Class ids that can play the role."""
    many: bool = False
    """Whether a list of objects plays the role together."""
    demanded: bool = False
    """Whether the requirements demand it, so that declaring it absent is a finding."""


_REGISTER = (3, 4)

ROLES: Mapping[str, ObjectRole] = {
    "association": ObjectRole(classes=(15,)),
    "sap_assignment": ObjectRole(classes=(17,)),
    "logical_device_name": ObjectRole(classes=(1,)),
    "serial_number": ObjectRole(classes=(1,)),
    "firmware_id": ObjectRole(classes=(1,)),
    # Time stamps of values, profiles and logs all come from the clock.
    "clock": ObjectRole(classes=(8,), demanded=True),
    # Last invocation counter that the device has accepted.
    "invocation_counter": ObjectRole(classes=(1,)),
    "energy_import_total": ObjectRole(classes=_REGISTER, demanded=True),
    # Consumption or generation: a meter without generation has no export registers.
    "energy_export_total": ObjectRole(classes=_REGISTER),
    "energy_import_tariffs": ObjectRole(classes=_REGISTER, many=True, demanded=True),
    "energy_export_tariffs": ObjectRole(classes=_REGISTER, many=True),
    "active_tariff": ObjectRole(classes=(1,), demanded=True),
    "power_import": ObjectRole(classes=_REGISTER),
    "power_export": ObjectRole(classes=_REGISTER),
    "max_demand_import": ObjectRole(classes=(4,)),
    "average_demand_import": ObjectRole(classes=(5,)),
    "load_profile": ObjectRole(classes=(7,), demanded=True),
    # Data sets stored at regular times.
    "billing_profile": ObjectRole(classes=(7,), demanded=True),
}
"""Role -> what may play it; a new role is one more row."""
