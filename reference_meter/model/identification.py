"""Names and constants that nothing changes: who the meter is and how it counts."""

import hashlib

from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import array, double_long_unsigned, long_unsigned, octet_string, structure
from reference_meter.model.objects import ALL, MEASURING, Attribute, CosemObject, data_object

__all__ = ["identification_objects"]

_IMPULSES_PER_KWH = 1000


def identification_objects(configuration: MeterConfiguration) -> list[CosemObject]:
    """SAP assignment, names, identifier and signature of the legally relevant firmware, meter constant."""
    instances = configuration.instances
    signature = hashlib.sha256(configuration.firmware_id).digest()
    return [
        _sap_assignment(configuration),
        data_object(instances.logical_device_name, lambda: octet_string(configuration.logical_device_name), ALL),
        data_object(instances.serial_number, lambda: octet_string(configuration.serial_number), ALL),
        data_object(instances.firmware_id, lambda: octet_string(configuration.firmware_id), ALL),
        data_object(instances.firmware_signature, lambda: octet_string(signature), ALL),
        data_object(instances.meter_constant, lambda: double_long_unsigned(_IMPULSES_PER_KWH), MEASURING),
    ]


def _sap_assignment(configuration: MeterConfiguration) -> CosemObject:
    entry = structure(long_unsigned(configuration.link.server_saps[0]), octet_string(configuration.logical_device_name))
    return CosemObject(
        class_id=17,
        version=0,
        obis=configuration.instances.sap_assignment,
        attributes={2: Attribute(read=lambda: array([entry]), readers=ALL)},
    )
