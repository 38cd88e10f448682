"""Objects and clients under other names."""

from dataclasses import replace
from datetime import time

from reference_meter.model.configuration import Client, Instances, ProfileSettings, TariffSwitch
from reference_meter.model.data import obis
from reference_meter.model.push_settings import PUSH_SETUP, PushDescriptor, PushSettings
from reference_meter.variants.variant import DEFAULT, Variant, associations, doors

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
    application_firmware_id=obis("1.2.0.2.0.255"),
    firmware_signature=obis("1.1.0.2.8.255"),
    security_setup=obis("0.0.43.0.2.255"),
    consumer_security_setup=obis("0.0.43.0.3.255"),
    invocation_counter=obis("0.0.43.1.2.255"),
    standard_log=obis("1.1.99.98.4.255"),
    fraud_log=obis("1.1.99.98.5.255"),
    standard_event_code=obis("0.1.96.11.4.255"),
    fraud_event_code=obis("0.1.96.11.5.255"),
    configuration_counter=obis("1.1.96.2.0.255"),
    configuration_date=obis("1.1.96.2.1.255"),
    protected_configuration_counter=obis("1.1.96.2.10.255"),
    protected_configuration_date=obis("1.1.96.2.11.255"),
    seal_status=obis("1.1.96.2.4.255"),
    error_register=obis("0.1.97.97.0.255"),
    alarm_register=obis("0.1.97.98.0.255"),
    meter_constant=obis("1.1.0.3.0.255"),
    transformer_ratio_current=obis("1.1.0.4.2.255"),
    transformer_ratio_voltage=obis("1.1.0.4.3.255"),
    image_transfer=obis("0.1.44.0.0.255"),
)

_OTHER_CLIENTS = (
    Client(sap=17, role="public"),
    Client(sap=33, role="reading", mechanism=1, secret=b"other-reading"),
    Client(sap=34, role="management", mechanism=1, secret=b"other-manage"),
    Client(sap=35, role="reading", name="reading-secured", mechanism=5, ciphered=True),
    Client(sap=36, role="management", name="management-secured", mechanism=5, ciphered=True, user_id=7),
    Client(sap=104, role="pre_established"),
)

_USERS = {"reading": 7, "management": 12}
_WITH_USERS = tuple(replace(client, user_id=_USERS.get(client.name)) for client in DEFAULT.clients)

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
        push=PushSettings(
            objects=(
                PushDescriptor(class_id=PUSH_SETUP, obis=PushSettings().setup, attribute=1),
                PushDescriptor(class_id=8, obis=_OTHER_INSTANCES.clock),
                PushDescriptor(class_id=3, obis=_OTHER_INSTANCES.energy_import_total),
            )
        ),
    ),
    declaration={
        "identity": {"name": "reference-other-objects", "serial": "00000077", "firmware": "2.7.1"},
        "doors": doors(),
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
            "security_setup": {"obis": "0.0.43.0.2.255"},
            "invocation_counter": {"obis": "0.0.43.1.2.255"},
            "seal_status": {"obis": "1.1.96.2.4.255"},
            "configuration_counter": {"obis": "1.1.96.2.0.255"},
            "protected_configuration_counter": {"obis": "1.1.96.2.10.255"},
            "error_register": {"obis": "0.1.97.97.0.255"},
            "alarm_register": {"obis": "0.1.97.98.0.255"},
            "firmware_signature": {"obis": "1.1.0.2.8.255"},
            "meter_constant": {"obis": "1.1.0.3.0.255"},
            "image_transfer": {"obis": "0.1.44.0.0.255"},
            "standard_log": {"obis": "1.1.99.98.4.255"},
            "fraud_log": {"obis": "1.1.99.98.5.255"},
            "configuration_date": {"obis": "1.1.96.2.1.255"},
        },
        "tariff": {"default_rate": 3},
        "access": {
            "sealed": [
                {"class": 1, "obis": "1.1.0.4.2.255", "attribute": 2},
                {"class": 1, "obis": "1.1.0.4.3.255", "attribute": 2},
            ]
        },
        "metrology": {
            "legally_relevant": [
                {"class": 1, "obis": "1.1.0.3.0.255"},
                {"class": 1, "obis": "1.1.0.2.0.255"},
                {"class": 1, "obis": "1.1.0.2.8.255"},
            ]
        },
        "profiles": {
            "load_profile": {
                "period_s": 3600,
                "entries": 500,
                "quantities": [{"class": 3, "obis": "1.1.1.8.3.255"}, {"class": 3, "obis": "1.1.1.7.0.255"}],
            }
        },
    },
    exceptions=dict.fromkeys(
        ("TR-Conf.06b-P01", "TR-Conf.06b-P02"), "no longer period is declared than the one it has"
    ),
)

_NAMED_USERS = Variant(
    name="named-users",
    about="The reading and the management client have to name their user.",
    configuration=replace(DEFAULT, name="named-users", clients=_WITH_USERS),
    declaration={
        "identity": {"name": "reference-named-users"},
        "associations": associations(_WITH_USERS),
    },
)

VARIANTS = (_OTHER_OBJECTS, _NAMED_USERS)
