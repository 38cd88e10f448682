"""The object of the clock (class 8)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock, instant_from_data
from reference_meter.model.data import Pair, boolean, enum, integer, long, octet_string, unsigned
from reference_meter.model.date_time import LocalTime
from reference_meter.model.objects import (
    ALL,
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
)
from reference_meter.model.written import (
    BOOLEAN,
    ENUM,
    INTEGER,
    LONG,
    OCTET_STRING,
    out_of_range,
    written,
    written_in,
)
from reference_meter.server.model_port import AccessRefused

__all__ = ["clock_object"]

_DST_BEGIN = bytes.fromhex("FFFF 03 FE 07 02 00 00 00 8000 00")
_DST_END = bytes.fromhex("FFFF 0A FE 07 03 00 00 00 8000 80")
_INTERNAL_CRYSTAL = 1
_SHIFT_LIMIT_S = 900
_ZONES_MIN = range(-720, 721)
_DST_DEVIATIONS_MIN = range(-120, 121)


def clock_object(
    clock: Clock, obis: bytes, set_time: Callable[[datetime], None], audit: Audit, rules_changed: Callable[[], None]
) -> CosemObject:
    """The instance of class 8; ``set_time`` moves the clock, ``rules_changed`` lets the rest of the meter know."""

    def write_time(data: Pair) -> None:
        set_time(instant_from_data(data, clock.rules))

    def shift_time(parameter: Pair | None) -> None:
        seconds: int = written(parameter, LONG)
        if abs(seconds) > _SHIFT_LIMIT_S:
            raise out_of_range()
        set_time(clock.now + timedelta(seconds=seconds))

    open_reads: dict[int, Callable[[], Pair]] = {
        3: lambda: long(clock.rules.zone_deviation_min),
        4: lambda: unsigned(clock.status()),
    }
    reads: dict[int, Callable[[], Pair]] = {
        **open_reads,
        5: lambda: octet_string(_DST_BEGIN),
        6: lambda: octet_string(_DST_END),
        7: lambda: integer(clock.rules.dst_deviation_min),
        8: lambda: boolean(clock.rules.dst_enabled),
        9: lambda: enum(_INTERNAL_CRYSTAL),
    }
    writes = _parameter_writes(clock.rules, rules_changed)
    attributes = {
        number: Attribute(
            read=read,
            readers=ALL if number in open_reads else MEASURING,
            write=audit.writing(read, writes[number]) if number in writes else None,
            writers=MANAGING if number in writes else NOBODY,
        )
        for number, read in reads.items()
    }
    attributes[2] = Attribute(
        read=lambda: octet_string(clock.time_octets()), readers=ALL, write=write_time, writers=MANAGING
    )
    return CosemObject(class_id=8, version=0, obis=obis, attributes=attributes, methods={6: Method(invoke=shift_time)})


def _parameter_writes(rules: LocalTime, rules_changed: Callable[[], None]) -> dict[int, Callable[[Pair], None]]:
    """Writes by attribute; summer time begins and ends by one rule, and there is one source of the time."""

    def write_zone(data: Pair) -> None:
        rules.zone_deviation_min = written_in(data, LONG, _ZONES_MIN)
        rules_changed()

    def write_dst_deviation(data: Pair) -> None:
        rules.dst_deviation_min = written_in(data, INTEGER, _DST_DEVIATIONS_MIN)
        rules_changed()

    def write_dst_enabled(data: Pair) -> None:
        rules.dst_enabled = written(data, BOOLEAN)
        rules_changed()

    return {
        3: write_zone,
        5: lambda data: _write_rule(data, _DST_BEGIN),
        6: lambda data: _write_rule(data, _DST_END),
        7: write_dst_deviation,
        8: write_dst_enabled,
        9: lambda data: written_in(data, ENUM, (_INTERNAL_CRYSTAL,)),
    }


def _write_rule(data: Pair, only: bytes) -> None:
    if len(written(data, OCTET_STRING)) != len(only):
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    written_in(data, OCTET_STRING, (only,))
