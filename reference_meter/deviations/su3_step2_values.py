"""SU3 step 2: each value is the right one, of the right type, with the right time."""

from datetime import timedelta
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, when_link_is_lost
from reference_meter.deviations.reading import Read, change_refusals, change_values
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.association import SessionKey

__all__ = ["FAMILIES"]

_CAPTURE_TIME = 5


@deviation(
    "wrong-type-of-value",
    "SU3.step2",
    about="The value of one register comes as an octet-string in place of a number.",
)
def wrong_type_of_value(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    codes = meter.configuration.instances
    strange = rng.choice(
        (codes.energy_import_total, codes.energy_export_total, codes.power_import, codes.max_demand_import)
    )

    def change(read: Read, pair: Pair) -> Pair:
        return (9, int(pair[1]).to_bytes(4, "big")) if read.is_of(strange) else pair

    change_values(meter, change)


@deviation(
    "wrong-capture-time",
    "SU3.step2",
    about="The capture time of the highest demand is hours away from the period in which it occurred.",
)
def wrong_capture_time(meter: Meter, rng: Random) -> None:
    """Draw the hours."""
    metering = meter.model.metering
    shift = timedelta(hours=rng.choice((-3, -2, -1, 1, 2, 3)))

    def change(read: Read, pair: Pair) -> Pair:
        if not read.is_of(meter.configuration.instances.max_demand_import, _CAPTURE_TIME):
            return pair
        return 9, metering.clock.stamp(metering.demand.highest.ended + shift)

    change_values(meter, change)


@deviation(
    "time-of-another-period",
    "SU3.step2",
    about="The capture time of the highest demand is that of the period before, or of the newest one.",
)
def time_of_another_period(meter: Meter, rng: Random) -> None:
    """Draw which."""
    newest = rng.choice((False, True))
    metering = meter.model.metering

    def change(read: Read, pair: Pair) -> Pair:
        if not read.is_of(meter.configuration.instances.max_demand_import, _CAPTURE_TIME):
            return pair
        highest = metering.demand.highest
        before = highest.ended - timedelta(seconds=highest.period_s)
        return 9, metering.clock.stamp(metering.demand.last.ended if newest else before)

    change_values(meter, change)


@deviation(
    "unknown-object-gets-zero",
    "SU3.step2",
    about="Reading an object that the meter does not have gives the value 0 in place of an error.",
)
def unknown_object_gets_zero(meter: Meter, rng: Random) -> None:
    """No parameter."""
    change_refusals(meter, DataAccessResult.OBJECT_UNDEFINED, lambda read: (6, 0))


@deviation(
    "stale-time-after-reconnect",
    "SU3.step2",
    about="After a lost link the client reads once more the time at which its link was lost.",
)
def stale_time_after_reconnect(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock = meter.model.metering.clock
    stale: dict[int, bytes] = {}

    def lost(key: SessionKey) -> None:
        stale[key.client] = clock.time_octets()

    def change(read: Read, pair: Pair) -> Pair:
        if not read.is_of(meter.configuration.instances.clock):
            return pair
        return 9, stale.pop(read.client, pair[1])

    when_link_is_lost(meter, lost)
    change_values(meter, change)


FAMILIES = (
    wrong_type_of_value,
    wrong_capture_time,
    time_of_another_period,
    unknown_object_gets_zero,
    stale_time_after_reconnect,
)
