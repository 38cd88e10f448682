"""Records under the wrong name, and lists of devices that are wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import cast

from reference_meter.deviations.family import Deviation, deviation, wrap
from reference_meter.gateway.deviations.recording import (
    CONDITIONS,
    INTERACTIONS,
    LISTED,
    NOTED,
    Record,
    gateway_of,
    recording,
)
from reference_meter.gateway.settings import ChildSettings, Recorded
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, array, octet_string

__all__ = ["FAMILIES"]

_VALUE = 2
_CLASS_CLOCK = 8


def _under_others(meter: Meter, kinds: Sequence[Recorded], name_of: Callable[[ChildSettings], ChildSettings]) -> None:
    gateway = gateway_of(meter)

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        other = name_of(child) if what in kinds else child
        if other is not child:
            gateway.fire()
        original(what, other)

    recording(gateway, record)


@deviation("device-interaction-under-first-name", LISTED, about="Interactions with all devices stand under one name.")
def under_first_name(meter: Meter, random: Random) -> None:
    first = gateway_of(meter).settings.children[random.choice((0, -1))]
    _under_others(meter, INTERACTIONS, lambda child: first)


@deviation("device-names-interchanged", LISTED, NOTED, about="The names of two devices are interchanged in records.")
def names_interchanged(meter: Meter, random: Random) -> None:
    children = gateway_of(meter).settings.children
    other = {children[0]: children[-1], children[-1]: children[0]}
    _under_others(meter, (*INTERACTIONS, *CONDITIONS), lambda child: other.get(child, child))


@deviation("device-condition-under-next-name", NOTED, about="A condition is recorded under the next name of the list.")
def condition_under_next_name(meter: Meter, random: Random) -> None:
    children = gateway_of(meter).settings.children
    kind = random.choice(("device_unreachable", "device_damaged", "device_tampered"))
    next_of = {child: children[(place + 1) % len(children)] for place, child in enumerate(children)}
    _under_others(meter, (cast("Recorded", kind),), lambda child: next_of[child])


@deviation("device-name-missing-in-records", LISTED, NOTED, about="The records of one log name no device.")
def name_missing(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    log = gateway.logs.logs[random.choice(("interaction", "condition"))]

    def record(original: Callable[[int, str], None], code: int, name: str) -> None:
        gateway.fire()
        original(code, "")

    wrap(log, "record", record)


@deviation("device-name-cut-in-records", LISTED, NOTED, about="Names are cut to their first octets in records.")
def name_cut(meter: Meter, random: Random) -> None:
    gateway, length = gateway_of(meter), random.choice((6, 8, 10))

    def record(original: Callable[[int, str], None], code: int, name: str) -> None:
        gateway.fire()
        original(code, name[:length])

    for log in gateway.logs.logs.values():
        wrap(log, "record", record)


def _list_of(meter: Meter, names: Callable[[list[Pair]], list[Pair]]) -> None:
    gateway = gateway_of(meter)
    shown = gateway.model.objects[gateway.settings.device_list]

    def read() -> Pair:
        gateway.fire()
        return array(names(list(cast("Sequence[Pair]", gateway.device_list()[1]))))

    shown.attributes[_VALUE] = replace(shown.attributes[_VALUE], read=read)


@deviation("device-list-incomplete", LISTED, about="One device is not on the list.")
def list_incomplete(meter: Meter, random: Random) -> None:
    missing = random.randrange(len(gateway_of(meter).settings.children))
    _list_of(meter, lambda entries: [one for place, one in enumerate(entries) if place != missing])


@deviation("device-list-doubled", LISTED, about="One device stands on the list twice, under one name.")
def list_doubled(meter: Meter, random: Random) -> None:
    doubled = random.randrange(len(gateway_of(meter).settings.children))
    _list_of(meter, lambda entries: [*entries, entries[doubled]])


@deviation("device-list-renames", LISTED, about="The list has a name that is not that of the device.")
def list_renames(meter: Meter, random: Random) -> None:
    place = random.randrange(len(gateway_of(meter).settings.children))

    def renamed(entries: list[Pair]) -> list[Pair]:
        fields = list(cast("Sequence[Pair]", entries[place][1]))
        entries[place] = (entries[place][0], [octet_string(b"meter"), *fields[1:]])
        return entries

    _list_of(meter, renamed)


@deviation("device-condition-recorded-for-all", NOTED, about="A condition of one device is recorded for all of them.")
def recorded_for_all(meter: Meter, random: Random) -> None:
    gateway, kind = gateway_of(meter), random.choice(("device_unreachable", "device_late", "device_tampered"))

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        if what != kind:
            original(what, child)
            return
        gateway.fire()
        for each in gateway.settings.children:
            original(what, each)

    recording(gateway, record)


FAMILIES: tuple[Deviation, ...] = (
    under_first_name,
    names_interchanged,
    condition_under_next_name,
    name_missing,
    name_cut,
    list_incomplete,
    list_doubled,
    list_renames,
    recorded_for_all,
)
