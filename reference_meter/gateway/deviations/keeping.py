"""Records that are not made, not kept, or bear the wrong time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import Deviation, deviation, wrap
from reference_meter.gateway.deviations.recording import (
    CONDITIONS,
    INTERACTIONS,
    LISTED,
    NOTED,
    Record,
    gateway_of,
    leave_out,
    recording,
)
from reference_meter.gateway.settings import ChildSettings, Recorded
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, octet_string
from reference_meter.server.model_port import RangeSelection, Selection

__all__ = ["FAMILIES"]

_VALUE = 2
_CLASS_CLOCK = 8


@deviation("device-interaction-unrecorded", LISTED, about="One kind of interaction with devices leaves no record.")
def interaction_unrecorded(meter: Meter, random: Random) -> None:
    leave_out(meter, random.choice(INTERACTIONS))


@deviation("device-condition-unrecorded", NOTED, about="One abnormal condition of devices leaves no record.")
def condition_unrecorded(meter: Meter, random: Random) -> None:
    leave_out(meter, random.choice(CONDITIONS))


@deviation("device-return-unrecorded", NOTED, about="That a device can be reached again leaves no record.")
def return_unrecorded(meter: Meter, random: Random) -> None:
    leave_out(meter, "device_returned")


@deviation("device-interaction-recorded-twice", LISTED, about="An interaction leaves two records.")
def interaction_twice(meter: Meter, random: Random) -> None:
    gateway, kind = gateway_of(meter), random.choice(INTERACTIONS)

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        original(what, child)
        if what == kind:
            gateway.fire()
            original(what, child)

    recording(gateway, record)


@deviation(
    "device-interactions-merged", LISTED, about="An interaction right behind one with another device leaves none."
)
def interactions_merged(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    last: dict[str, ChildSettings] = {}

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        if what in INTERACTIONS and last.get(what, child) is not child:
            gateway.fire()
            del last[what]
            return
        last[what] = child
        original(what, child)

    recording(gateway, record)


@deviation("device-records-lost-with-power", LISTED, NOTED, about="A power cut empties the records of devices.")
def lost_with_power(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def cut_power(original: Callable[[], None]) -> None:
        original()
        for log in gateway.logs.logs.values():
            gateway.fire()
            log.profile.reset()

    wrap(gateway, "cut_power", cut_power)


@deviation("device-condition-recorded-each-time", NOTED, about="A device out of reach is recorded at each request.")
def recorded_each_time(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def found_silent(original: Callable[[Any], None], child: Any) -> None:
        if child.given_up:
            gateway.fire()
            child.given_up = False
        original(child)

    wrap(gateway.server, "found_silent", found_silent)


def _stamped(meter: Meter, moved: Callable[[datetime], datetime]) -> None:
    gateway = gateway_of(meter)
    log = gateway.logs.logs["condition"]
    clock = log.clock

    def read_column(original: Callable[[Any], Pair], column: Any) -> Pair:
        if column.class_id != _CLASS_CLOCK:
            return original(column)
        gateway.fire()
        return octet_string(clock.stamp(moved(clock.now)))

    wrap(log.profile, "_read_column", read_column)


@deviation("device-condition-time-wrong", NOTED, about="Conditions bear a time beside that of the gateway's clock.")
def condition_time_wrong(meter: Meter, random: Random) -> None:
    step = timedelta(seconds=random.choice((-3600, -120, 30, 3600)))
    _stamped(meter, lambda now: now + step)


@deviation("device-condition-time-of-factory", NOTED, about="Conditions bear the time at which the gateway began.")
def condition_time_of_factory(meter: Meter, random: Random) -> None:
    _stamped(meter, lambda now: datetime(2000, 1, 1, tzinfo=UTC))


@deviation("device-records-sorted-by-time", LISTED, about="Records are sorted by their time, not as they came about.")
def sorted_by_time(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    profile = gateway.logs.logs["interaction"].profile

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        original(now)
        rows = sorted(profile.rows, key=lambda row: row.captured_at)
        if rows != list(profile.rows):
            gateway.fire()
            profile.rows.clear()
            profile.rows.extend(rows)

    wrap(profile, "capture", capture)


@deviation("device-log-stops-when-full", LISTED, about="A full log takes no more records.")
def stops_when_full(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    profile = gateway.logs.logs["interaction"].profile

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        if len(profile.rows) == profile.entries:
            gateway.fire()
        else:
            original(now)

    wrap(profile, "capture", capture)


@deviation("device-log-emptied-when-full", LISTED, about="A full log is emptied before its next record.")
def emptied_when_full(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    profile = gateway.logs.logs["interaction"].profile

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        if len(profile.rows) == profile.entries:
            gateway.fire()
            profile.reset()
        original(now)

    wrap(profile, "capture", capture)


@deviation("device-log-range-ignored", LISTED, about="A range of time selects all records.")
def range_ignored(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def select(original: Callable[[Selection | None], Any], selection: Selection | None) -> Any:
        if isinstance(selection, RangeSelection):
            gateway.fire()
            return original(None)
        return original(selection)

    wrap(gateway.logs.logs["interaction"].profile, "select", select)


FAMILIES: tuple[Deviation, ...] = (
    interaction_unrecorded,
    condition_unrecorded,
    return_unrecorded,
    interaction_twice,
    interactions_merged,
    lost_with_power,
    recorded_each_time,
    condition_time_wrong,
    condition_time_of_factory,
    sorted_by_time,
    stops_when_full,
    emptied_when_full,
    range_ignored,
)
