"""DF.1: consumption finer than the floor stays with the consumer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.data import double_long_unsigned, obis, octet_string
from reference_meter.model.date_time import date_time_to_octets
from reference_meter.model.objects import MEASURING
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import AccessRefused, Selection

__all__ = ["FAMILIES"]

_CLAUSE = "DF.1"
_CAPTURE_PERIOD = 4
_FLOOR_S = 60
_ANOTHER_PROFILE = obis("1.0.99.2.0.255")


@deviation("fine-period-taken", _CLAUSE, about="A capture period below the floor is taken.")
def fine_period_taken(meter: Meter, rng: Random) -> None:
    """Draw from which part of the floor on."""
    least_s = rng.choice((1, 5, 30))
    item = meter.model.objects[meter.configuration.instances.load_profile]
    period = item.attributes[_CAPTURE_PERIOD]
    write = period.write
    profile = meter.model.metering.profile

    def write_period(data: Pair) -> None:
        try:
            if write is not None:
                write(data)
        except AccessRefused:
            if not (isinstance(data[1], int) and least_s <= data[1] < _FLOOR_S):
                raise
            profile.period_s = data[1]
            meter.fire()

    item.attributes[_CAPTURE_PERIOD] = replace(period, write=write_period)


@deviation("fine-period-for-reading", _CLAUSE, about="The reading client may set a capture period below the floor.")
def fine_period_for_reading(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    item = meter.model.objects[meter.configuration.instances.load_profile]
    period = item.attributes[_CAPTURE_PERIOD]
    profile = meter.model.metering.profile

    def write_period(data: Pair) -> None:
        if isinstance(data[1], int):
            if data[1] < _FLOOR_S:
                meter.fire()
            profile.period_s = data[1]

    item.attributes[_CAPTURE_PERIOD] = replace(period, write=write_period, writers=MEASURING)


@deviation("finer-profile-announced", _CLAUSE, about="A second profile captures energy every few seconds.")
def finer_profile_announced(meter: Meter, rng: Random) -> None:
    """Draw the period."""
    metering = meter.model.metering
    settings = ProfileSettings(period_s=rng.choice((3, 10, 30)), entries=60)
    first = metering.profile
    nothing = double_long_unsigned(0)
    fine = LoadProfile(settings, first.columns, first.rules, lambda column: nothing, lambda: metering.now)
    item = profile_object(fine, _ANOTHER_PROFILE, reset=fine.reset)

    def read_period() -> Pair:
        meter.fire()
        return double_long_unsigned(fine.period_s)

    item.attributes[_CAPTURE_PERIOD] = replace(item.attributes[_CAPTURE_PERIOD], read=read_period)
    meter.model.objects[_ANOTHER_PROFILE] = item


@deviation("rows-closer-than-told", _CLAUSE, about="The rows of the load profile are closer than its period says.")
def rows_closer_than_told(meter: Meter, rng: Random) -> None:
    """Draw how close."""
    apart_s = rng.choice((1, 10, 30))
    profile = meter.model.metering.profile
    rows = tuple(profile.rows)
    newest = rows[-1].captured_at
    profile.reset()
    for place, row in enumerate(reversed(rows)):
        at = newest - timedelta(seconds=place * apart_s)
        stamp = octet_string(date_time_to_octets(at, profile.rules))
        profile.rows.appendleft(replace(row, captured_at=at, values=(stamp, *row.values[1:])))

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if selected.rows:
            meter.fire()
        return selected

    wrap(profile, "select", select)


FAMILIES = (
    fine_period_taken,
    fine_period_for_reading,
    finer_profile_announced,
    rows_closer_than_told,
)
