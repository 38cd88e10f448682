"""The objects that show energy, power, demand and tariff (classes 1, 3, 4 and 5)."""

from collections.abc import Callable

from reference_meter.model.audit import Audit
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import (
    Pair,
    double_long_unsigned,
    enum,
    integer,
    long_unsigned,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.energy import Direction, EnergyMeter
from reference_meter.model.metering import Metering
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject, Method, data_object, trigger
from reference_meter.model.written import DOUBLE_LONG_UNSIGNED, LONG_UNSIGNED, written_in

__all__ = ["demand_objects", "energy_objects", "power_objects"]

_DEMAND_PERIODS_S = tuple(period_s for period_s in range(60, 3_601) if 3_600 % period_s == 0)
_DEMAND_PERIODS = 1
"""This meter knows no sliding demand."""

UNIT_WATT = 27
UNIT_WATT_HOUR = 30


def _scaler_unit(scaler: int, unit: int) -> Pair:
    return structure(integer(scaler), enum(unit))


def _register(obis: bytes, value: Callable[[], int], scaler: int, unit: int) -> CosemObject:
    """An instance of class 3; its reset method is open to nobody."""
    return CosemObject(
        class_id=3,
        version=0,
        obis=obis,
        attributes={
            2: Attribute(read=lambda: double_long_unsigned(value()), readers=MEASURING),
            3: Attribute(read=lambda: _scaler_unit(scaler, unit), readers=MEASURING),
        },
    )


def energy_objects(configuration: MeterConfiguration, energy: EnergyMeter) -> list[CosemObject]:
    """Import and export energy, total and per tariff, and the active tariff."""
    instances = configuration.instances
    scaler = configuration.energy_scaler

    def register(obis: bytes, direction: Direction, rate: int | None) -> CosemObject:
        return _register(obis, lambda: energy.register_value(direction, rate, scaler), scaler, UNIT_WATT_HOUR)

    return [
        register(instances.energy_import_total, "import", None),
        register(instances.energy_export_total, "export", None),
        *(register(instances.energy_import_rate(rate), "import", rate) for rate in configuration.rates),
        *(register(instances.energy_export_rate(rate), "export", rate) for rate in configuration.rates),
        data_object(
            instances.active_tariff, _indication(energy, as_text=configuration.tariff.shown_as_text), MEASURING
        ),
    ]


def _indication(energy: EnergyMeter, *, as_text: bool) -> Callable[[], Pair]:
    """What shows the active tariff."""
    if as_text:
        return lambda: octet_string(b"%04d" % energy.active_rate)
    return lambda: unsigned(energy.active_rate)


def power_objects(configuration: MeterConfiguration, energy: EnergyMeter) -> list[CosemObject]:
    """Instantaneous power of both directions."""
    scaler = configuration.power_scaler
    return [
        _register(
            configuration.instances.power_import, lambda: energy.power_value("import", scaler), scaler, UNIT_WATT
        ),
        _register(
            configuration.instances.power_export, lambda: energy.power_value("export", scaler), scaler, UNIT_WATT
        ),
    ]


def demand_objects(configuration: MeterConfiguration, metering: Metering, audit: Audit) -> list[CosemObject]:
    """Highest demand (class 4) and average demand (class 5) of imported energy."""
    return [_highest_demand(configuration, metering), _average_demand(configuration, metering, audit)]


def _watts(value: Callable[[], int]) -> Attribute:
    return Attribute(read=lambda: double_long_unsigned(value()), readers=MEASURING)


def _highest_demand(configuration: MeterConfiguration, metering: Metering) -> CosemObject:
    scaler, demand, clock = configuration.demand_scaler, metering.demand, metering.clock
    return CosemObject(
        class_id=4,
        version=0,
        obis=configuration.instances.max_demand_import,
        attributes={
            2: _watts(lambda: demand.highest.value(scaler)),
            3: Attribute(read=lambda: _scaler_unit(scaler, UNIT_WATT), readers=MEASURING),
            4: Attribute(read=lambda: unsigned(metering.capture.status()), readers=MEASURING),
            5: Attribute(read=lambda: octet_string(clock.stamp(demand.highest.ended)), readers=MEASURING),
        },
        methods={1: Method(invoke=trigger(lambda: demand.reset_highest(clock.now)))},
    )


def _average_demand(configuration: MeterConfiguration, metering: Metering, audit: Audit) -> CosemObject:
    scaler, demand, clock = configuration.demand_scaler, metering.demand, metering.clock

    def write_period(data: Pair) -> None:
        period_s: int = written_in(data, DOUBLE_LONG_UNSIGNED, _DEMAND_PERIODS_S)
        if period_s != demand.period_s:
            metering.set_demand_period(period_s)

    return CosemObject(
        class_id=5,
        version=0,
        obis=configuration.instances.average_demand_import,
        attributes={
            2: _watts(lambda: demand.current_value(metering.energy.total_nj("import"), scaler)),
            3: _watts(lambda: demand.last.value(scaler)),
            4: Attribute(read=lambda: _scaler_unit(scaler, UNIT_WATT), readers=MEASURING),
            5: Attribute(read=lambda: unsigned(metering.capture.status()), readers=MEASURING),
            6: Attribute(read=lambda: octet_string(clock.stamp(demand.last.ended)), readers=MEASURING),
            7: Attribute(read=lambda: octet_string(clock.stamp(demand.started)), readers=MEASURING),
            8: Attribute(
                read=lambda: double_long_unsigned(demand.period_s),
                readers=MEASURING,
                write=audit.writing(lambda: demand.period_s, write_period),
                writers=MANAGING,
            ),
            9: Attribute(
                read=lambda: long_unsigned(_DEMAND_PERIODS),
                readers=MEASURING,
                write=lambda data: written_in(data, LONG_UNSIGNED, (_DEMAND_PERIODS,)),
                writers=MANAGING,
            ),
        },
    )
