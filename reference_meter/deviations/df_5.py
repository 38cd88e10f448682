"""DF.5: events carry no consumption."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.event_log import EventLog
from reference_meter.model.objects import MEASURING
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["FAMILIES"]

_CLAUSE = "DF.5"
_CAPTURE_OBJECTS = 3


def _drawn_log(meter: Meter, rng: Random) -> EventLog:
    logs = meter.model.parts.logs.logs
    return logs[rng.choice(sorted(logs))]


@deviation("log-captures-a-register", _CLAUSE, about="The entries of one log hold a register beside time and code.")
def log_captures_a_register(meter: Meter, rng: Random) -> None:
    """Draw log and register."""
    log = _drawn_log(meter, rng)
    instances = meter.configuration.instances
    class_id, register = rng.choice(
        ((3, instances.energy_import_total), (3, instances.power_import), (4, instances.max_demand_import))
    )
    extra = ColumnDescriptor(class_id=class_id, obis=register, attribute=2, data_index=0)
    log.profile.capture_others((*log.profile.columns, extra))
    item = meter.model.objects[log.obis]
    columns = item.attributes[_CAPTURE_OBJECTS]

    def read() -> Pair:
        meter.fire()
        return columns.read()

    item.attributes[_CAPTURE_OBJECTS] = replace(columns, read=read)


@deviation("log-columns-written-by-reading", _CLAUSE, about="The reading client may choose what a log captures.")
def log_columns_written_by_reading(meter: Meter, rng: Random) -> None:
    """Draw the log."""
    log = _drawn_log(meter, rng)
    item = meter.model.objects[log.obis]
    columns = item.attributes[_CAPTURE_OBJECTS]

    def write(data: Pair) -> None:
        meter.fire()
        log.profile.capture_others(tuple(_column(one) for one in data[1]))

    item.attributes[_CAPTURE_OBJECTS] = replace(columns, write=write, writers=MEASURING)


@deviation("half-of-a-power-cut", _CLAUSE, about="Of a cut of the supply the log has the loss or the return alone.")
def half_of_a_power_cut(meter: Meter, rng: Random) -> None:
    """Draw which is missing."""
    missing = rng.choice(("power_down", "power_up"))

    def record(original: Callable[[str], None], role: str) -> None:
        if role == missing:
            meter.fire()
            return
        original(role)

    wrap(meter.model.parts.logs, "record", record)


def _column(captured: Pair) -> ColumnDescriptor:
    (_, class_id), (_, obis), (_, attribute), (_, data_index) = captured[1]
    return ColumnDescriptor(class_id=class_id, obis=obis, attribute=attribute, data_index=data_index)


FAMILIES = (
    log_captures_a_register,
    log_columns_written_by_reading,
    half_of_a_power_cut,
)
