"""TR-Conf.11: billing parameters that are changed silently, and entries of what was no change."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import SET_REQUEST
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import note_refusals, silence
from reference_meter.deviations.overwriting import ACCESS, BLOCKS, BROADCAST, LIST_BLOCKS, UNCONFIRMED, take_path
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.association import Association

__all__ = ["FAMILIES"]

_FIRST_BLOCK = 2
_ZONE, _PASSIVE_NAME, _ACTIVATION, _TIMES, _ENTRIES = 3, 6, 10, 4, 8


@deviation(
    "billing-parameter-changed-silently", "TR-Conf.11a", about="A change of one billing parameter is not logged."
)
def changed_silently(meter: Meter, rng: Random) -> None:
    """Draw the parameter, and whether it is counted."""
    instances, written = meter.configuration.instances, [(b"", 0)]
    silent = rng.choice(
        (
            (instances.clock, _ZONE),
            (instances.activity_calendar, _PASSIVE_NAME),
            (instances.activity_calendar, _ACTIVATION),
            (meter.configuration.billing.month.schedule, _TIMES),
            (meter.configuration.billing.month.profile, _ENTRIES),
        )
    )

    def write(original: Callable[..., int], *asked: Any) -> int:
        written[0] = (asked[2], asked[3])
        return original(*asked)

    wrap(meter.model, "set", write)
    silence(meter, lambda: written[0] == silent, counted=rng.choice((True, False)))


@deviation("change-by-one-way-silent", "TR-Conf.11a", about="By one way of writing a parameter is changed silently.")
def one_way_silent(meter: Meter, rng: Random) -> None:
    """Draw the way."""
    silent, path = rng.choice((BLOCKS, LIST_BLOCKS, ACCESS, UNCONFIRMED)), take_path(meter)
    silence(meter, lambda: path() == silent, counted=False)


@deviation("method-changes-silently", "TR-Conf.11a", about="What a method changes leaves no entry.")
def method_changes_silently(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted."""
    inside = [False]

    def action(original: Callable[..., Any], *asked: object) -> Any:
        inside[0] = True
        try:
            return original(*asked)
        finally:
            inside[0] = False

    wrap(meter.model, "action", action)
    silence(meter, lambda: inside[0], counted=rng.choice((True, False)))


@deviation(
    "clock-change-half-noted", "TR-Conf.11a", about="Of the old and the new time of the clock one is not logged."
)
def clock_change_half_noted(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    left_out = rng.choice(("clock_adjusted_old", "clock_adjusted_new"))

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if role == left_out:
            meter.fire()
        else:
            original(role)

    wrap(meter.model.parts.logs, "record", record)


@deviation("broadcast-time-silent", "TR-Conf.11a", about="A time that is set by a broadcast leaves no entry.")
def broadcast_time_silent(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    path = take_path(meter)

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if path() == BROADCAST:
            meter.fire()
        else:
            original(role)

    wrap(meter.model.parts.logs, "record", record)


@deviation("synchronising-logged-as-setting", "TR-Conf.11a", about="The pair of times comes below its limit too.")
def synchronising_logged(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    logs, metering = meter.model.parts.logs, meter.model.metering

    def set_time(original: Callable[[Any], None], instant: Any) -> None:
        step_s = abs((instant - metering.clock.now).total_seconds())
        if 0 < step_s <= meter.configuration.sync_limit_s:
            logs.record("clock_adjusted_old")
            original(instant)
            logs.record("clock_adjusted_new")
            meter.fire()
        else:
            original(instant)

    wrap(meter.model.parts, "set_time", set_time)


@deviation("changes-of-one-second-merged", "TR-Conf.11a", about="Of changes within a second only the first is logged.")
def changes_merged(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    audit, metering = meter.model.parts.audit, meter.model.metering
    last = [metering.now.replace(year=2000, microsecond=0)]

    def changed(original: Callable[..., None], **named: object) -> None:
        now = metering.now.replace(microsecond=0)
        if now == last[0]:
            audit.changes.number += 1
            meter.fire()
            return
        last[0] = now
        original(**named)

    wrap(audit, "changed", changed)


@deviation("change-logged-before-it-is-made", "TR-Conf.11a", about="The first block of a new value leaves an entry.")
def logged_before_made(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if apdu[:1] == bytes([SET_REQUEST]) and apdu[1:2] == bytes([_FIRST_BLOCK]):
            meter.model.parts.logs.record("parameters_changed")
            meter.fire()
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)


@deviation("reading-logged-as-change", "TR-Conf.11a", about="Reading a billing parameter leaves an entry of a change.")
def reading_logged(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    zone = (meter.configuration.instances.clock, _ZONE)

    def get(original: Callable[..., Pair], *asked: Any) -> Pair:
        value = original(*asked)
        if (asked[2], asked[3]) == zone:
            meter.model.parts.logs.record("parameters_changed")
            meter.fire()
        return value

    wrap(meter.model, "get", get)


@deviation("refused-billing-change-logged", "TR-Conf.11a", about="A refused change of a billing parameter is logged.")
def refused_billing_change_logged(meter: Meter, rng: Random) -> None:
    """Draw the refusal."""
    refusal = rng.choice((DataAccessResult.TYPE_UNMATCHED, DataAccessResult.READ_WRITE_DENIED))
    note_refusals(meter, (refusal,), logged=True, counted=False, obis=meter.configuration.instances.clock)


FAMILIES = (
    changed_silently,
    one_way_silent,
    method_changes_silently,
    clock_change_half_noted,
    broadcast_time_silent,
    synchronising_logged,
    changes_merged,
    logged_before_made,
    reading_logged,
    refused_billing_change_logged,
)
