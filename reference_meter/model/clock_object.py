"""The object of the clock (class 8)."""

from collections.abc import Callable

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock, instant_from_data
from reference_meter.model.clock_adjusting import ClockAdjusting
from reference_meter.model.data import Pair, boolean, enum, integer, long, octet_string, unsigned
from reference_meter.model.date_time import LocalTime
from reference_meter.model.dst_rule import DstRule, rule_from_octets
from reference_meter.model.objects import (
    ALL,
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    Roles,
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

_INTERNAL_CRYSTAL = 1
_ZONES_MIN = range(-720, 721)
_DST_DEVIATIONS_MIN = range(-120, 121)
_SETTING: Roles = MANAGING | {"pre_established"}
"""Who may set the time: also all meters at once, without an answer."""


def clock_object(
    clock: Clock, obis: bytes, adjusting: ClockAdjusting, audit: Audit, rules_changed: Callable[[], None]
) -> CosemObject:
    """The instance of class 8; ``adjusting`` moves the clock, ``rules_changed`` lets the rest of the meter know."""

    def write_time(data: Pair) -> None:
        adjusting.set_time(instant_from_data(data, clock.rules))

    open_reads: dict[int, Callable[[], Pair]] = {
        3: lambda: long(clock.rules.zone_deviation_min),
        4: lambda: unsigned(clock.status()),
    }
    reads: dict[int, Callable[[], Pair]] = {
        **open_reads,
        5: lambda: octet_string(clock.rules.dst_begin.octets),
        6: lambda: octet_string(clock.rules.dst_end.octets),
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
        read=lambda: octet_string(clock.shown_octets()), readers=ALL, write=write_time, writers=_SETTING
    )
    methods = {number: Method(invoke=invoke) for number, invoke in adjusting.methods().items()}
    return CosemObject(class_id=8, version=0, obis=obis, attributes=attributes, methods=methods)


def _parameter_writes(rules: LocalTime, rules_changed: Callable[[], None]) -> dict[int, Callable[[Pair], None]]:
    """Writes by attribute; there is one source of the time."""

    def write_zone(data: Pair) -> None:
        rules.zone_deviation_min = written_in(data, LONG, _ZONES_MIN)
        rules_changed()

    def write_begin(data: Pair) -> None:
        rules.dst_begin = _rule(data)
        rules_changed()

    def write_end(data: Pair) -> None:
        rules.dst_end = _rule(data)
        rules_changed()

    def write_dst_deviation(data: Pair) -> None:
        rules.dst_deviation_min = written_in(data, INTEGER, _DST_DEVIATIONS_MIN)
        rules_changed()

    def write_dst_enabled(data: Pair) -> None:
        rules.dst_enabled = written(data, BOOLEAN)
        rules_changed()

    return {
        3: write_zone,
        5: write_begin,
        6: write_end,
        7: write_dst_deviation,
        8: write_dst_enabled,
        9: lambda data: written_in(data, ENUM, (_INTERNAL_CRYSTAL,)),
    }


def _rule(data: Pair) -> DstRule:
    octets: bytes = written(data, OCTET_STRING)
    if len(octets) != 12:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    try:
        return rule_from_octets(octets)
    except ValueError:
        raise out_of_range() from None
