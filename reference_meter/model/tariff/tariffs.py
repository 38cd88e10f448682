"""The tariffs of one meter: calendar, script table and register activation, tied together."""

from collections.abc import Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import octet_string
from reference_meter.model.event_log import EventLogs
from reference_meter.model.metering import Metering
from reference_meter.model.objects import CosemObject
from reference_meter.model.script import WRITE, ScriptAction, ScriptTable
from reference_meter.model.tariff.register_activation import mask_name

__all__ = ["tariff_objects"]


def tariff_objects(
    configuration: MeterConfiguration,
    metering: Metering,
    audit: Audit,
    logs: EventLogs,
    others: Mapping[bytes, CosemObject],
) -> list[CosemObject]:
    """Let the calendar act through its script table, and show all that takes part; ``others`` is what scripts reach."""
    instances, calendar = configuration.instances, metering.calendar
    scripts = {
        rate: (
            ScriptAction(
                service=WRITE,
                class_id=6,
                obis=instances.register_activation,
                index=4,
                parameter=octet_string(mask_name(rate)),
            ),
        )
        for rate in configuration.rates
    }
    table = ScriptTable(instances.tariff_script, scripts, others)
    calendar.record = logs.record
    calendar.execute = lambda selector: table.execute(selector)
    calendar.accepts = lambda shift: shift.table == table.obis and shift.selector in table.scripts
    registers = {
        rate: (instances.energy_import_rate(rate), instances.energy_export_rate(rate)) for rate in configuration.rates
    }
    activation = metering.register_activation
    if not configuration.shows_register_activation:
        # The scripts are there, and what they do nobody can see.
        table.scripts = dict.fromkeys(scripts, ())
        calendar.execute = lambda selector: activation.activate(mask_name(selector))
    special_days = calendar.special_days.object(instances.special_days, lambda read, write: audit.writing(read, write))
    return [
        calendar.object(instances.activity_calendar, audit),
        *([special_days] * configuration.tariff.has_special_days),
        *([activation.object(instances.register_activation, registers)] * configuration.shows_register_activation),
        table.object(),
    ]
