"""TR-Conf.07a: sets whose maximum, or its time, is not that of the register."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.07a"
_EXTENDED_REGISTER, _VALUE, _CAPTURE_TIME = 4, 2, 5


def _stored_otherwise(meter: Meter, attribute: int, other: Callable[[Pair], Pair]) -> None:
    """Change what every set holds of the maximum."""

    def captured(original: Callable[[], None], interval: Interval) -> None:
        original()
        profile = meter.model.parts.data_sets.captures[interval].profile
        places = {(one.class_id, one.attribute): index for index, one in enumerate(profile.columns)}
        place = places.get((_EXTENDED_REGISTER, attribute))
        if place is None:
            return
        row = profile.rows.pop()
        values = list(row.values)
        values[place] = other(values[place])
        if values[place] != row.values[place]:
            meter.fire()
        profile.rows.append(replace(row, values=tuple(values)))

    for interval, capture in meter.model.parts.data_sets.captures.items():
        wrap(capture, "capture_row", lambda original, interval=interval: captured(original, interval))


@deviation("maximum-dated-by-its-set", _CLAUSE, about="With the maximum a set holds the time of the set.")
def maximum_dated_by_set(meter: Meter, rng: Random) -> None:
    """No parameter."""
    clock = meter.model.metering.clock
    _stored_otherwise(meter, _CAPTURE_TIME, lambda cell: (cell[0], clock.stamp(clock.now)))


@deviation("set-with-average-for-maximum", _CLAUSE, about="In place of the maximum a set holds the last average.")
def average_for_maximum(meter: Meter, rng: Random) -> None:
    """No parameter."""
    demand, scaler = meter.model.metering.demand, meter.configuration.demand_scaler
    _stored_otherwise(meter, _VALUE, lambda cell: (cell[0], demand.last.value(scaler)))


FAMILIES = (maximum_dated_by_set, average_for_maximum)
"""All families of this module."""
