"""The parts of one meter that keep its state, and the objects that show them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from reference_meter.mbus.bus import MBus
from reference_meter.mbus.client import MBusClient
from reference_meter.model.attacks import Attacks
from reference_meter.model.audit import Audit
from reference_meter.model.capture import status_data
from reference_meter.model.child import ChildObjects
from reference_meter.model.clock_adjusting import ClockAdjusting
from reference_meter.model.clock_object import clock_object
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, octet_string
from reference_meter.model.data_collection import DataCollection
from reference_meter.model.data_sets import DataSets
from reference_meter.model.dst_watch import DstWatch
from reference_meter.model.event_log import EventLogs
from reference_meter.model.event_settings import EventRole
from reference_meter.model.identification import identification_objects
from reference_meter.model.image_transfer import ImageTransfer
from reference_meter.model.metering import Metering
from reference_meter.model.objects import ALL, MEASURING, CosemObject, data_object
from reference_meter.model.parameter_monitor import ParameterMonitor
from reference_meter.model.profile import profile_object
from reference_meter.model.profile_parameters import profile_writes
from reference_meter.model.push import PushSetup, ScheduledPush
from reference_meter.model.push_settings import PUSH_SETUP, PushDescriptor
from reference_meter.model.registers import demand_objects, energy_objects, power_objects
from reference_meter.model.script import ScriptTable
from reference_meter.model.seal import Seal, seal_objects
from reference_meter.model.security_setup import SecuritySetup, consumer_security_setup, invocation_counter_object
from reference_meter.model.status_registers import (
    FRAUD_ATTEMPT,
    StatusRegister,
    clock_alarm,
    error_bits,
    status_objects,
)
from reference_meter.model.supply.supply import Supply
from reference_meter.model.tariff.tariffs import tariff_objects
from reference_meter.play_keys import CONSUMER_KEYS, PUSH_KEYS, TEST_SECURITY
from reference_meter.security.store import SecuritySettings, SecurityStore
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["Parts"]

_VALUE = 2


class Parts:
    """All state but that of the associations; it outlives a power cut unless a part says otherwise."""

    data_sets: DataSets
    supply: Supply
    push: ScheduledPush
    event_push: PushSetup
    """All are made with the objects, since scripts act on these."""

    def __init__(
        self,
        configuration: MeterConfiguration,
        security: SecurityStore | None,
        read_column: Callable[[ColumnDescriptor], Pair],
    ) -> None:
        self.configuration = configuration
        self.security = security
        self._read_column = read_column
        self.script_tables: dict[bytes, ScriptTable] = {}
        """By OBIS code."""
        self.metering = Metering(configuration, read_column)
        clock = self.metering.clock
        self.logs = EventLogs(configuration, clock)
        self.metering.drive(DstWatch(clock, lambda: self.logs.record("dst_changed")))
        self.errors = StatusRegister(error_bits(clock, lambda: self.metering.capture.critical_error))
        self.alarms = StatusRegister(clock_alarm(clock))
        self.collection = DataCollection(
            self.logs, configuration.events.collected, each=configuration.events.each_answer_noted
        )
        self.audit = Audit(self.logs, clock.time_octets, same_value_noted=configuration.events.same_value_noted)
        self.parameter_monitor = ParameterMonitor(configuration, clock, self.audit)
        self.attacks = Attacks(configuration.events, self.logs, self._raise_fraud_alarm)
        self.seal = Seal(self.logs, self._raise_fraud_alarm) if configuration.has_seal else None
        self.image_transfer = ImageTransfer(
            configuration.image_key, configuration.application_id, self._image_verification_failed
        )
        self.mbus = MBus(configuration.mbus, self.metering, lambda: self.errors.value, self._read_over_mbus)
        self.mbus_client = self._mbus_client()
        """None where nothing behind this meter is shown."""
        self.child = (
            None
            if self.mbus_client is None
            else ChildObjects(self.mbus_client, configuration, self.metering, self.audit, read_column, self._master_key)
        )
        self.push_security = SecurityStore(replace(TEST_SECURITY, keys=PUSH_KEYS))
        self.consumer_security: SecurityStore | None = None
        if security is not None:
            title = security.server_title
            self.consumer_security = SecurityStore(SecuritySettings(keys=CONSUMER_KEYS, system_title=title))

    def collected_by(self, obis: bytes, attribute: int) -> EventRole | None:
        """The kind of data that reading an attribute collects, if it is any."""
        instances, billing = self.configuration.instances, self.configuration.billing
        if attribute != _VALUE:
            return None
        of_whole: dict[bytes, EventRole] = {
            instances.load_profile: "intervals_collected",
            instances.child_value: "readings_collected_gas",
            instances.child_profile: "intervals_collected_gas",
        }
        if obis in of_whole:
            return of_whole[obis]
        of_sets = obis in {billing.of(interval).profile for interval in billing.intervals}
        if of_sets or obis[:4] + obis[5:] in instances.energy_groups:
            return "readings_collected"
        return None

    def set_time(self, instant: datetime) -> None:
        """Set the clock; a step beyond the limit is noted with the old time and then with the new one."""
        metering = self.metering
        step_s = abs((instant - metering.now).total_seconds())
        noted = metering.clock.invalid or step_s > self.configuration.sync_limit_s
        if noted:
            self.logs.record("clock_adjusted_old")
        metering.set_time(instant)
        if noted:
            self.logs.record("clock_adjusted_new")

    def lose_time(self) -> None:
        """Know no longer what time it is, until somebody says so."""
        if not self.metering.clock.invalid:
            self.metering.clock.invalid = True
            self.metering.plan()
            self.logs.record("clock_invalid")

    def cut_power(self) -> None:
        """Lose what is volatile; without power already, nothing happens."""
        if self.metering.powered:
            self.logs.record("power_down")
            self.attacks.forget_volatile()
            self.metering.cut_power()

    def restore_power(self) -> None:
        """Go on with what was kept."""
        if not self.metering.powered:
            self.metering.restore_power()
            self.logs.record("power_up")

    def objects(self, set_time: Callable[[datetime], None], others: Mapping[bytes, CosemObject]) -> list[CosemObject]:
        """All objects but the associations; ``others`` are those that a profile can capture."""
        configuration, metering, audit = self.configuration, self.metering, self.audit
        instances = configuration.instances
        self.data_sets = DataSets(configuration, metering, audit, others, self._read_column)
        self.script_tables[self.data_sets.table.obis] = self.data_sets.table
        self.supply = Supply(configuration, metering, audit, self.logs.record, others, self.script_tables)
        self.push = ScheduledPush(configuration.push, metering, audit, others)
        self.script_tables[self.push.table.obis] = self.push.table
        told = (
            PushDescriptor(class_id=PUSH_SETUP, obis=configuration.push.event_setup, attribute=1),
            PushDescriptor(class_id=1, obis=instances.alarm_register),
            PushDescriptor(class_id=1, obis=instances.error_register),
        )
        self.event_push = PushSetup(configuration.push, told, others, self.push.carriers)
        self.logs.heard = lambda role: self.event_push.hear(role)
        self.logs.active_threshold = lambda: self.supply.limiter.active
        return [
            *identification_objects(configuration),
            data_object(
                instances.application_firmware_id, lambda: octet_string(self.image_transfer.application_id), ALL
            ),
            clock_object(
                metering.clock,
                instances.clock,
                ClockAdjusting(metering.clock, configuration.clock, set_time, lambda: metering.demand.period_s),
                audit,
                metering.plan,
            ),
            *energy_objects(configuration, metering.energy),
            *power_objects(configuration, metering.energy),
            *demand_objects(configuration, metering, audit),
            data_object(
                instances.load_profile_status,
                lambda: status_data(metering.capture.status(), configuration.profile.status_type),
                MEASURING,
            ),
            profile_object(
                metering.profile,
                instances.load_profile,
                reset=self._clear_load_profile,
                capture=lambda: metering.capture.capture_row(),
                writes=profile_writes(metering.profile, metering.capture, others, audit),
            ),
            *self.data_sets.all_objects(),
            *self.push.all_objects(),
            self.event_push.object(),
            *self.supply.objects(),
            *tariff_objects(configuration, metering, audit, self.logs, others),
            *self.logs.objects(),
            *audit.objects(instances, has_seal=self.seal is not None),
            *self.parameter_monitor.objects(),
            self.collection.object(instances.collection_filter, audit),
            *seal_objects(configuration, self.seal, audit),
            *status_objects(instances, self.errors, self.alarms),
            self.image_transfer.object(instances.image_transfer),
            *([] if self.child is None else self.child.objects()),
            *self._security_objects(),
        ]

    def _mbus_client(self) -> MBusClient | None:
        settings, gas = self.configuration.mbus.client, self.mbus.gas
        if settings is None or gas is None:
            return None
        limit_s = self.configuration.sync_limit_s
        return MBusClient(gas, settings, self.metering, lambda role: self.logs.record(role), sync_limit_s=limit_s)

    def _security_objects(self) -> list[CosemObject]:
        if self.security is None or self.consumer_security is None:
            return []
        instances, version = self.configuration.instances, self.configuration.security_setup_version

        def setup(store: SecurityStore, obis: bytes) -> SecuritySetup:
            return SecuritySetup(
                store=store, obis=obis, version=version, audit=self.audit, keys_changed=self._keys_changed
            )

        return [
            setup(self.security, instances.security_setup).object(),
            consumer_security_setup(setup(self.consumer_security, instances.consumer_security_setup)),
            invocation_counter_object(self.security, instances),
        ]

    def _read_over_mbus(self) -> None:
        self.collection.fetched("readings_collected")
        self.collection.request_over()

    def _clear_load_profile(self) -> None:
        self.metering.profile.reset()
        self.logs.record("load_profile_cleared")

    def _master_key(self) -> bytes:
        """Its own; none that fits anything where it has no keys at all."""
        return bytes(16) if self.security is None else self.security.keys.master

    def _keys_changed(self) -> None:
        self.logs.record("keys_changed")

    def _image_verification_failed(self) -> None:
        self.logs.record("firmware_verification_failed")

    def _raise_fraud_alarm(self) -> None:
        self.alarms.set_bits(FRAUD_ATTEMPT)
