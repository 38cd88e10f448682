"""The roles that COSEM objects play, so that nothing else names an OBIS code."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.declaration.identity import GATEWAYS, METERS, Identity, Medium, Role

__all__ = ["LOG_ROLES", "MONITOR_LOG", "NO_DEMAND", "ROLES", "SELECTIVE_ACCESS", "Demand", "ObjectRole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Which requirements demand something, so that declaring it absent is a finding of their clauses."""

    by: tuple[str, ...] = ()
    """Ids of requirements or clauses."""
    clause: str | None = None
    """The clause to blame where a scenario of another one finds out."""
    medium: Medium | None = None
    """What the device must measure for the demand to hold; None for whatever it measures."""
    of: frozenset[Role] = METERS
    """Of which devices it is demanded."""

    def breached(self, clause: str, identity: Identity) -> str | None:
        """Return the clause that is broken where it is denied, None where nothing demands it of such a device.

        That is ``clause``, of the scenario that needs it, where it is among the demanding ones.
        """
        if self.medium not in (None, identity.medium) or not self.of & set(identity.roles):
            return None
        return clause if any(_belongs(clause, one) for one in self.by) else self.clause


def _belongs(clause: str, demanding: str) -> bool:
    """Whether a clause is ``demanding`` or part of it: TR-Conf.06d of TR-Conf.06, SU3.step2 of SU3."""
    rest = clause.removeprefix(demanding)
    if not clause.startswith(demanding):
        return False
    return not rest or rest[0] == "." or (rest[0].isalpha() and demanding[-1].isdigit())


NO_DEMAND = Demand()
SELECTIVE_ACCESS = Demand(by=("TR-Conf.06d",), clause="TR-Conf.06d", medium="electricity")
"""Demand for reading a load profile in part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRole:
    """What an object of this role may be."""

    classes: tuple[int, ...]
    """Class ids that can play the role."""
    many: bool = False
    """Whether a list of objects plays the role together."""
    demand: Demand = NO_DEMAND
    """Which requirements demand it."""


_REGISTER = (3, 4)
_LOAD_PROFILE = Demand(by=("TR-Conf.06",), clause="TR-Conf.06a", medium="electricity")
_TARIFFS = Demand(by=("MF.3",), clause="MF.3", medium="electricity")
_ENERGY = Demand(by=("MF.1", "SU3", "BI.01", "TR-Conf.08"), clause="MF.1", medium="electricity")
# Time stamps of values, profiles and stored sets, and everything that happens at a time named in advance.
_CLOCK = Demand(by=("BI.01", "MF.6", "TR-Conf.06", "TR-Conf.07", "TR-Conf.12"), clause="BI.01.step3")

ROLES: Mapping[str, ObjectRole] = {
    "association": ObjectRole(classes=(15,)),
    "sap_assignment": ObjectRole(classes=(17,)),
    "logical_device_name": ObjectRole(classes=(1,)),
    "serial_number": ObjectRole(classes=(1,)),
    "firmware_id": ObjectRole(classes=(1,)),
    "clock": ObjectRole(classes=(8,), demand=_CLOCK),
    # Last invocation counter that the device has accepted.
    "invocation_counter": ObjectRole(classes=(1,)),
    "energy_import_total": ObjectRole(classes=_REGISTER, demand=_ENERGY),
    # Consumption or generation: a meter without generation has no export registers.
    "energy_export_total": ObjectRole(classes=_REGISTER),
    "energy_import_tariffs": ObjectRole(classes=_REGISTER, many=True, demand=_TARIFFS),
    "energy_export_tariffs": ObjectRole(classes=_REGISTER, many=True),
    "active_tariff": ObjectRole(classes=(1,), demand=_TARIFFS),
    "power_import": ObjectRole(classes=_REGISTER),
    "power_export": ObjectRole(classes=_REGISTER),
    "max_demand_import": ObjectRole(classes=(4,)),
    "average_demand_import": ObjectRole(classes=(5,)),
    "load_profile": ObjectRole(classes=(7,), demand=_LOAD_PROFILE),
    # Data sets stored at regular times.
    "billing_profile": ObjectRole(classes=(7,), demand=Demand(by=("TR-Conf.07",), clause="TR-Conf.07a")),
    # Security and access.
    "security_setup": ObjectRole(classes=(64,)),
    "seal_status": ObjectRole(classes=(1,)),
    "configuration_counter": ObjectRole(classes=(1, 3)),
    "protected_configuration_counter": ObjectRole(classes=(1, 3)),
    # Diagnostics.
    "error_register": ObjectRole(classes=(1,)),
    "alarm_register": ObjectRole(classes=(1,)),
    # The legally relevant part.
    "firmware_signature": ObjectRole(classes=(1,)),
    "meter_constant": ObjectRole(classes=(1, 3)),
    "image_transfer": ObjectRole(classes=(18,)),
    # Event logs; which event stands in which one differs from meter to meter.
    "standard_log": ObjectRole(classes=(7,)),
    "fraud_log": ObjectRole(classes=(7,)),
    "security_log": ObjectRole(classes=(7,)),
    "communication_log": ObjectRole(classes=(7,)),
    "power_quality_log": ObjectRole(classes=(7,)),
    "disconnector_log": ObjectRole(classes=(7,)),
    # The audit trail: what was changed last, and the log of it.
    "parameter_monitor": ObjectRole(classes=(65,)),
    "parameter_monitor_log": ObjectRole(classes=(7,)),
    "configuration_date": ObjectRole(classes=(1,)),
    # Further data sets stored at regular times, and what triggers them.
    "daily_profile": ObjectRole(classes=(7,)),
    "weekly_profile": ObjectRole(classes=(7,)),
    "yearly_profile": ObjectRole(classes=(7,)),
    "billing_script": ObjectRole(classes=(9,)),
    "billing_schedule": ObjectRole(classes=(22,)),
    "billing_counter": ObjectRole(classes=(1, 3)),
    "billing_time": ObjectRole(classes=(1,)),
    # Tariffs.
    "activity_calendar": ObjectRole(classes=(20,), demand=Demand(by=("TR-Conf.12", "BI.03"), clause="TR-Conf.12a")),
    "special_days": ObjectRole(classes=(11,)),
    "tariff_script": ObjectRole(classes=(9,)),
    "register_activation": ObjectRole(classes=(6,)),
    # Limits and supply; control of the supply is for meters that have a switch.
    "limiter": ObjectRole(classes=(71,), demand=Demand(by=("MF.4",), clause="MF.4", medium="electricity")),
    "register_monitor": ObjectRole(classes=(21,)),
    "disconnector": ObjectRole(classes=(70,), demand=Demand(by=("MF.5",), clause="MF.5", medium="electricity")),
    "disconnect_script": ObjectRole(classes=(9,)),
    "disconnect_schedule": ObjectRole(classes=(22,)),
    # What a gateway keeps about the devices behind it.
    "device_list": ObjectRole(
        classes=(1, 7, 17), demand=Demand(by=("TR-Conf.03a",), clause="TR-Conf.03a", of=GATEWAYS)
    ),
    "interaction_log": ObjectRole(classes=(7,)),
    "condition_log": ObjectRole(classes=(7,)),
    "push_setup": ObjectRole(classes=(40,)),
    "push_schedule": ObjectRole(classes=(22,)),
    "event_push_setup": ObjectRole(classes=(40,)),
    # Which events of data collection are logged.
    "collection_filter": ObjectRole(classes=(1,), demand=Demand(by=("TR-Conf.09",), clause="TR-Conf.09b")),
}
"""Role -> what may play it; a new role is one more row."""

LOG_ROLES = tuple(role for role in ROLES if role.endswith("_log") and role != "parameter_monitor_log")
"""The roles of event logs; the log of the parameter monitor has no events, but what was changed."""
MONITOR_LOG = "parameter_monitor_log"
"""The log of the parameter monitor; each of its rows is a changed parameter."""
