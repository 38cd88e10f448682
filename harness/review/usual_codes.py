"""Which OBIS codes objects of a role usually have: good for a question to a person, never for a verdict."""

import re
from collections.abc import Iterable
from typing import Final

from harness.declaration import ROLES
from harness.headend.rights.object_list import AnnouncedObject

__all__ = ["looks_like"]

_USUAL: Final[dict[str, str]] = {
    "serial_number": r"0\.0\.96\.1\.0\.255",
    "firmware_id": r"1\.0\.0\.2\.0\.255",
    "logical_device_name": r"0\.0\.42\.0\.0\.255",
    "clock": r"0\.0\.1\.0\.0\.255",
    "invocation_counter": r"0\.0\.43\.1\.\d+\.255",
    "energy_import_total": r"1\.\d+\.1\.8\.0\.255",
    "energy_import_tariffs": r"1\.\d+\.1\.8\.[1-9]\d*\.255",
    "energy_export_total": r"1\.\d+\.2\.8\.0\.255",
    "energy_export_tariffs": r"1\.\d+\.2\.8\.[1-9]\d*\.255",
    "active_tariff": r"0\.0\.96\.14\.0\.255",
    "power_import": r"1\.\d+\.1\.7\.0\.255",
    "power_export": r"1\.\d+\.2\.7\.0\.255",
    "max_demand_import": r"1\.\d+\.1\.6\.0\.255",
    "average_demand_import": r"1\.\d+\.1\.4\.0\.255",
    "load_profile": r"1\.0\.99\.1\.0\.255",
    "daily_profile": r"1\.0\.99\.2\.0\.255",
    "billing_profile": r"0\.0\.98\.1\.0\.255",
    "standard_log": r"0\.0\.99\.98\.0\.255",
    "fraud_log": r"0\.0\.99\.98\.1\.255",
    "disconnector_log": r"0\.0\.99\.98\.2\.255",
    "billing_script": r"0\.0\.10\.0\.1\.255",
    "billing_schedule": r"0\.0\.15\.0\.0\.255",
    "billing_counter": r"0\.0\.0\.1\.0\.255",
    "billing_time": r"0\.0\.0\.1\.2\.255",
    "tariff_script": r"0\.0\.10\.0\.100\.255",
    "disconnect_script": r"0\.0\.10\.0\.106\.255",
    "disconnect_schedule": r"0\.0\.15\.0\.1\.255",
    "activity_calendar": r"0\.\d+\.13\.0\.\d+\.255",
    "special_days": r"0\.\d+\.11\.0\.\d+\.255",
    "register_activation": r"0\.\d+\.14\.0\.\d+\.255",
    "disconnector": r"0\.0\.96\.3\.10\.255",
    "limiter": r"0\.\d+\.17\.0\.\d+\.255",
    "register_monitor": r"0\.\d+\.16\.0\.\d+\.255",
    "parameter_monitor": r"0\.\d+\.16\.2\.\d+\.255",
    "parameter_monitor_log": r"0\.0\.99\.16\.\d+\.255",
    "configuration_counter": r"0\.0\.96\.2\.0\.255",
    "configuration_date": r"0\.0\.96\.2\.1\.255",
    "protected_configuration_counter": r"0\.0\.96\.2\.10\.255",
    "seal_status": r"0\.0\.96\.2\.4\.255",
    "error_register": r"0\.0\.97\.97\.0\.255",
    "alarm_register": r"0\.0\.97\.98\.0\.255",
    "meter_constant": r"1\.0\.0\.3\.0\.255",
    "firmware_signature": r"1\.0\.0\.2\.8\.255",
    "image_transfer": r"0\.\d+\.44\.0\.0\.255",
    "security_setup": r"0\.0\.43\.0\.0\.255",
    "sap_assignment": r"0\.0\.41\.0\.0\.255",
}


def looks_like(role: str, announced: Iterable[AnnouncedObject]) -> tuple[AnnouncedObject, ...]:
    """Return the announced objects that usually play a role, by class and OBIS code."""
    usual = _USUAL.get(role)
    if usual is None:
        return ()
    classes = ROLES[role].classes
    return tuple(one for one in announced if one.class_id in classes and re.fullmatch(usual, one.obis))
