"""Objects and clients under other names."""

from dataclasses import replace
from datetime import time

from reference_meter.model.configuration import Client, Instances, ProfileSettings, TariffSwitch
from reference_meter.model.data import obis
from reference_meter.variants.variant import DEFAULT, Variant, associations

__all__ = ["VARIANTS"]

_OTHER_INSTANCES = Instances(
    clock=obis("0.1.1.0.0.255"),
    energy_import_total=obis("1.1.1.8.0.255"),
    energy_export_total=obis("1.1.2.8.0.255"),
    power_import=obis("1.1.1.7.0.255"),
    power_export=obis("1.1.2.7.0.255"),
    max_demand_import=obis("1.1.1.6.0.255"),
    average_demand_import=obis("1.1.1.4.0.255"),
    load_profile=obis("1.1.99.2.0.255"),
    load_profile_status=obis("0.1.96.10.2.255"),
    active_tariff=obis("0.1.96.14.0.255"),
    serial_number=obis("0.0.96.1.1.255"),
    firmware_id=obis("1.1.0.2.0.255"),
)

_OTHER_CLIENTS = (
    Client(sap=17, role="public"),
    Client(sap=33, role="reading", mechanism=1, secret=b"other-reading"),
    Client(sap=34, role="management", mechanism=1, secret=b"other-manage"),
)

_OTHER_OBJECTS = Variant(
    name="other-objects",
    about="Other OBIS codes, client addresses, tariffs, scalers, capture period, association version and names.",
    configuration=replace(
        DEFAULT,
        name="other-objects",
        clients=_OTHER_CLIENTS,
        logical_device_name=b"CFM0000000000077",
        serial_number=b"00000077",
        firmware_id=b"2.7.1",
        association_version=1,
        instances=_OTHER_INSTANCES,
        energy_scaler=-1,
        power_scaler=-1,
        demand_scaler=1,
        schedule=(TariffSwitch(at=time(6), rate=3), TariffSwitch(at=time(20, 30), rate=4)),
        profile=ProfileSettings(period_s=3600, entries=500),
    ),
    declaration={
        "identity": {"name": "reference-other-objects", "serial": "00000077", "firmware": "2.7.1"},
        "effects": {"irreversible_serial": "00000077"},
        "associations": associations(_OTHER_CLIENTS),
        "objects": {
            "clock": {"obis": "0.1.1.0.0.255"},
            "serial_number": {"obis": "0.0.96.1.1.255"},
            "firmware_id": {"obis": "1.1.0.2.0.255"},
            "energy_import_total": {"obis": "1.1.1.8.0.255"},
            "energy_import_tariffs": [
                {"class": 3, "obis": "1.1.1.8.3.255"},
                {"class": 3, "obis": "1.1.1.8.4.255"},
            ],
            "energy_export_total": {"obis": "1.1.2.8.0.255"},
            "energy_export_tariffs": [
                {"class": 3, "obis": "1.1.2.8.3.255"},
                {"class": 3, "obis": "1.1.2.8.4.255"},
            ],
            "active_tariff": {"obis": "0.1.96.14.0.255"},
            "power_import": {"obis": "1.1.1.7.0.255"},
            "power_export": {"obis": "1.1.2.7.0.255"},
            "max_demand_import": {"obis": "1.1.1.6.0.255"},
            "average_demand_import": {"obis": "1.1.1.4.0.255"},
            "load_profile": {"obis": "1.1.99.2.0.255"},
        },
        "profiles": {"load_profile": {"period_s": 3600, "entries": 500}},
    },
)

VARIANTS = (_OTHER_OBJECTS,)
