"""The objects that show a meter behind this one: its M-Bus client, its register and the profile of it."""

from collections.abc import Callable

from reference_meter.codec.mbus import manufacturer_octets
from reference_meter.codec.mbus_encryption import decipher
from reference_meter.mbus.client import MBusClient
from reference_meter.mbus.settings import KeyForm
from reference_meter.model.audit import Audit
from reference_meter.model.capture import PeriodicCapture
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import (
    Pair,
    array,
    double_long_unsigned,
    enum,
    integer,
    long_unsigned,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.metering import Metering
from reference_meter.model.objects import (
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    trigger,
)
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.model.written import (
    DOUBLE_LONG_UNSIGNED,
    OCTET_STRING,
    UNSIGNED,
    out_of_range,
    written,
    written_in,
)
from reference_meter.security.ciphering import Undecipherable
from reference_meter.security.key_wrap import unwrap_key
from reference_meter.server.model_port import AccessRefused, ColumnDescriptor

__all__ = ["ChildObjects"]

_CUBIC_METRE, _LITRES = 13, -3
_PERIODS_S = tuple(period_s for period_s in range(300, 3_601) if 3_600 % period_s == 0)
_INSTALL, _SET_KEY, _TRANSFER_KEY = 1, 7, 8
_KEY_OCTETS = 16
_ADDRESSES = range(1, 251)
_VOLUME_RECORD = (b"\x04", b"\x13")


class ChildObjects:
    """Shows one client of the M-Bus; the rows of the profile come at the ends of hours."""

    def __init__(
        self,
        client: MBusClient,
        configuration: MeterConfiguration,
        metering: Metering,
        audit: Audit,
        read_column: Callable[[ColumnDescriptor], Pair],
        master_key: Callable[[], bytes],
    ) -> None:
        """``master_key`` is that of the meter, under which the key of the meter behind may come."""
        self.client = client
        self._master_key = master_key
        self._instances = configuration.instances
        self._clock = metering.clock
        self._audit = audit
        settings, instances = client.settings, configuration.instances
        columns = ((8, instances.clock), (settings.value_class, instances.child_value))
        self.capture = PeriodicCapture(
            metering.clock,
            LoadProfile(
                ProfileSettings(period_s=settings.profile_period_s, entries=settings.rows),
                tuple(
                    ColumnDescriptor(class_id=class_id, obis=obis, attribute=2, data_index=0)
                    for class_id, obis in columns
                ),
                metering.clock.rules,
                read_column,
                lambda: metering.now,
            ),
        )
        # A row shows what was fetched at the same instant.
        metering.drive(client, self.capture)

    def objects(self) -> list[CosemObject]:
        """Client, register and profile."""
        profile = profile_object(self.capture.profile, self._instances.child_profile, reset=self.capture.profile.reset)
        profile.methods.clear()
        return [self._client_object(), self._register(), profile]

    def _client_object(self) -> CosemObject:
        client, who = self.client, self.client.slave.who
        number = int(f"{who.identification:08d}", 16) if client.settings.digits else who.identification
        manufacturer = int.from_bytes(manufacturer_octets(who.manufacturer), "little")
        records = array([structure(*(octet_string(block) for block in _VOLUME_RECORD))])
        reads: dict[int, Callable[[], Pair]] = {
            2: lambda: octet_string(self._instances.mbus_port),
            3: lambda: records,
            4: lambda: double_long_unsigned(client.period_s),
            5: lambda: unsigned(client.slave.primary * client.installed),
            6: lambda: double_long_unsigned(number * client.installed),
            7: lambda: long_unsigned(manufacturer * client.installed),
            8: lambda: unsigned(who.version * client.installed),
            9: lambda: unsigned(who.medium * client.installed),
            10: lambda: unsigned(client.access_number),
            11: lambda: unsigned(client.status),
            12: lambda: unsigned(client.alarm),
            13: lambda: long_unsigned(0),
            14: lambda: enum(client.keys.status),
        }
        period = self._audit.writing(lambda: client.period_s, self._write_period)
        return CosemObject(
            class_id=72,
            version=1,
            obis=self._instances.mbus_client,
            attributes={
                attribute: Attribute(
                    read=read,
                    readers=MEASURING,
                    write=period if attribute == 4 else None,
                    writers=MANAGING if attribute == 4 else NOBODY,
                )
                for attribute, read in reads.items()
            },
            methods={method: self._method(method) for method in client.settings.methods},
        )

    def _method(self, number: int) -> Method:
        special = {_INSTALL: self._install, _SET_KEY: self._set_key, _TRANSFER_KEY: self._transfer_key}
        if number in special:
            return Method(invoke=special[number])
        return Method(invoke=trigger(lambda: self.act(number)))

    def _install(self, parameter: Pair | None) -> None:
        if not self.client.install(written_in(parameter, UNSIGNED, _ADDRESSES)):
            raise AccessRefused(DataAccessResult.OTHER_REASON)

    def _set_key(self, parameter: Pair | None) -> None:
        octets = written(parameter, OCTET_STRING)
        # No octets at all end the ciphering.
        self.client.keys.set(octets and self.opened(octets, self.client.settings.key_set, self._master_key()))

    def _transfer_key(self, parameter: Pair | None) -> None:
        octets, default_key = written(parameter, OCTET_STRING), self.client.slave.who.default_key
        if default_key is None or not self.client.installed:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        self.client.keys.transfer(self.opened(octets, self.client.settings.key_transferred, default_key))

    def opened(self, octets: bytes, form: KeyForm, under: bytes) -> bytes:
        """The key that came in some form; AccessRefused where it is none."""
        try:
            if form == "wrapped":
                octets = unwrap_key(under, octets)
            elif form == "enciphered" and len(octets) == _KEY_OCTETS:
                octets = decipher(under, bytes(_KEY_OCTETS), octets)
        except Undecipherable:
            raise out_of_range() from None
        if len(octets) != _KEY_OCTETS:
            raise out_of_range()
        return octets

    def act(self, method: int) -> None:
        """Carry out a method of the client; AccessRefused where nobody is behind it."""
        client = self.client
        if not client.installed:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        {2: client.remove, 3: client.capture, 4: client.reset_alarm, 5: client.synchronize_clock}[method]()

    def _write_period(self, data: Pair) -> None:
        self.client.period_s = written_in(data, DOUBLE_LONG_UNSIGNED, _PERIODS_S)
        self.client.plan()

    def _register(self) -> CosemObject:
        client = self.client
        attributes = {
            2: Attribute(read=lambda: double_long_unsigned(client.value), readers=MEASURING),
            3: Attribute(read=lambda: structure(integer(_LITRES), enum(_CUBIC_METRE)), readers=MEASURING),
        }
        if client.settings.value_class == 4:
            attributes[4] = Attribute(read=lambda: unsigned(client.status), readers=MEASURING)
            attributes[5] = Attribute(
                read=lambda: octet_string(self._clock.stamp(client.captured_at)), readers=MEASURING
            )
        return CosemObject(
            class_id=client.settings.value_class, version=0, obis=self._instances.child_value, attributes=attributes
        )
