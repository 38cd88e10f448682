"""MF.6: clocks that are set wrongly, adjusted wrongly, or take what they ought to refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.clock import instant_from_data
from reference_meter.model.data import Pair
from reference_meter.model.date_time import DEVIATION_NOT_SPECIFIED
from reference_meter.model.objects import CosemObject, Method
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_CLAUSE = "MF.6"
_TIME = 2
_QUARTER, _MEASURING_PERIOD, _MINUTE, _PRESET, _SHIFT = 1, 2, 3, 4, 6
_DAY_OCTET, _MONTH_OCTET, _WEEKDAY_OCTET = 3, 2, 4
_OPEN = 0xFF


def clock_of(meter: Meter) -> CosemObject:
    """The clock object of a meter."""
    return meter.model.objects[meter.configuration.instances.clock]


def writing(meter: Meter, around: Callable[[Callable[[Pair], None], Pair], None]) -> None:
    """Put ``around`` in the place of a write of the time; it gets the right write and the data."""
    attributes = clock_of(meter).attributes
    right = attributes[_TIME].write
    if right is None:
        raise ValueError("nobody may set this clock")
    write = right
    attributes[_TIME] = replace(attributes[_TIME], write=lambda data: around(write, data))


def invoking(meter: Meter, number: int, invoke: Callable[[Callable[[Pair | None], None], Pair | None], None]) -> None:
    """Put ``invoke`` in the place of a method; it gets the right one and the parameter."""
    methods = clock_of(meter).methods
    right = methods[number]
    methods[number] = Method(invoke=lambda parameter: invoke(right.invoke, parameter), callers=right.callers)


@deviation("clock-deviation-sign-wrong", _CLAUSE, about="A time that is set is taken with its deviation the wrong way.")
def deviation_sign(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def write(right: Callable[[Pair], None], data: Pair) -> None:
        tag, octets = data
        given = int.from_bytes(octets[9:11], "big", signed=True)
        if given not in (0, DEVIATION_NOT_SPECIFIED):
            octets = octets[:9] + (-given).to_bytes(2, "big", signed=True) + octets[11:]
            meter.fire()
        right((tag, octets))

    writing(meter, write)


@deviation("shift-time-in-minutes", _CLAUSE, about="shift_time takes its seconds for minutes, or for half seconds.")
def shift_in_minutes(meter: Meter, rng: Random) -> None:
    """Draw the factor."""
    factor = rng.choice((60.0, 0.5))
    metering, set_time = meter.model.metering, meter.model.set_time

    def invoke(right: Callable[[Pair | None], None], parameter: Pair | None) -> None:
        before = metering.now
        right(parameter)
        set_time(before + (metering.now - before) * factor)
        meter.fire()

    invoking(meter, _SHIFT, invoke)


@deviation("shift-beyond-limit-taken", _CLAUSE, about="shift_time goes farther than its limit, in one direction.")
def shift_beyond_limit(meter: Meter, rng: Random) -> None:
    """Draw the direction."""
    sign, set_time, metering = rng.choice((1, -1)), meter.model.set_time, meter.model.metering

    def invoke(right: Callable[[Pair | None], None], parameter: Pair | None) -> None:
        try:
            right(parameter)
        except AccessRefused:
            if parameter is None or parameter[0] != 16 or parameter[1] * sign < 0:
                raise
            set_time(metering.now + timedelta(seconds=parameter[1]))
            meter.fire()

    invoking(meter, _SHIFT, invoke)


@deviation(
    "adjusting-rounds-down", _CLAUSE, about="One of the adjustments goes to the last boundary, never to the next."
)
def adjusting_rounds_down(meter: Meter, rng: Random) -> None:
    """Draw the method."""
    metering, set_time = meter.model.metering, meter.model.set_time
    number = rng.choice((_QUARTER, _MEASURING_PERIOD, _MINUTE))
    period = timedelta(seconds={_QUARTER: 900, _MINUTE: 60}.get(number, metering.demand.period_s))

    def invoke(right: Callable[[Pair | None], None], parameter: Pair | None) -> None:
        before = metering.now
        right(parameter)
        if metering.now > before:
            set_time(metering.now - period)
            meter.fire()

    invoking(meter, number, invoke)


@deviation("preset-time-taken-any-time", _CLAUSE, about="A preset time is taken outside its interval too.")
def preset_any_time(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock, set_time = meter.model.metering.clock, meter.model.set_time
    presets: list[datetime] = []

    def preset(right: Callable[[Pair | None], None], parameter: Pair | None) -> None:
        right(parameter)
        if parameter is not None:
            presets[:] = [instant_from_data(parameter[1][0], clock.rules)]

    def take(right: Callable[[Pair | None], None], parameter: Pair | None) -> None:
        try:
            right(parameter)
        except AccessRefused:
            if not presets:
                raise
            set_time(presets[0])
            meter.fire()

    invoking(meter, _PRESET + 1, preset)
    invoking(meter, _PRESET, take)


@deviation(
    "weekday-not-recomputed", _CLAUSE, about="The clock shows the weekday of the day on which it was switched on."
)
def weekday_not_recomputed(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock = meter.model.metering.clock
    stale = clock.shown_octets()[_WEEKDAY_OCTET]

    def shown_octets(original: Callable[[], bytes]) -> bytes:
        octets = original()
        if octets[_WEEKDAY_OCTET] != stale:
            meter.fire()
        return octets[:_WEEKDAY_OCTET] + bytes([stale]) + octets[_WEEKDAY_OCTET + 1 :]

    wrap(clock, "shown_octets", shown_octets)


@deviation(
    "impossible-date-taken", _CLAUSE, about="A date that no calendar has becomes another one instead of an error."
)
def impossible_date(meter: Meter, rng: Random) -> None:
    """Draw which field is mended."""
    offset, highest = rng.choice(((_MONTH_OCTET, 12), (_DAY_OCTET, 28), (5, 23), (6, 59)))

    def write(right: Callable[[Pair], None], data: Pair) -> None:
        try:
            right(data)
        except AccessRefused:
            tag, octets = data
            if tag != 9 or len(octets) != 12 or octets[offset] <= highest:
                raise
            mended = bytearray(octets)
            mended[offset], mended[_WEEKDAY_OCTET] = highest, _OPEN
            right((tag, bytes(mended)))
            meter.fire()

    writing(meter, write)


@deviation("refused-time-taken", _CLAUSE, about="A time that is refused sets the clock to the full hour all the same.")
def refused_time_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering, set_time = meter.model.metering, meter.model.set_time

    def write(right: Callable[[Pair], None], data: Pair) -> None:
        try:
            right(data)
        except AccessRefused:
            set_time(metering.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1))
            meter.fire()
            raise

    writing(meter, write)


@deviation("time-without-deviation-in-utc", _CLAUSE, about="A time that is set without deviation is taken for UTC.")
def without_deviation(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def write(right: Callable[[Pair], None], data: Pair) -> None:
        tag, octets = data
        if len(octets) == 12 and int.from_bytes(octets[9:11], "big", signed=True) == DEVIATION_NOT_SPECIFIED:
            octets = octets[:9] + bytes(2) + octets[11:]
            meter.fire()
        right((tag, octets))

    writing(meter, write)


@deviation("unasked-times-ignored", _CLAUSE, about="A time that is sent without asking for an answer is ignored.")
def unasked_ignored(meter: Meter, rng: Random) -> None:
    """Draw who is not heard."""
    roles = rng.choice((("pre_established",), ("management",)))
    model = meter.model
    clients = {client.sap for client in meter.configuration.clients if client.role in roles}

    def set_service(original: Callable[..., Any], key: Any, apdu: bytes) -> Any:
        unconfirmed = apdu[:1] == b"\xc1" and len(apdu) > 2 and not apdu[2] & 0x40
        if unconfirmed and key.client in clients and model.configuration.instances.clock in apdu:
            meter.fire()
            return []
        return original(key, apdu)

    wrap(meter.server, "exchange", set_service)


FAMILIES = (
    deviation_sign,
    shift_in_minutes,
    shift_beyond_limit,
    adjusting_rounds_down,
    preset_any_time,
    weekday_not_recomputed,
    impossible_date,
    refused_time_taken,
    without_deviation,
    unasked_ignored,
)
