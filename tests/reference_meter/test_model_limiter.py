"""The limiter: durations that run on or begin anew when a threshold is set meanwhile."""

from dataclasses import replace

import pytest

from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import double_long_unsigned
from reference_meter.model.supply.settings import LimiterSettings, SupplySettings

MANAGEMENT, READING = 1, 2
NORMAL = 4
EXCEEDED, OK = 65, 66


def limiting(*, anew: bool) -> Meter:
    """A meter whose limiter switches nothing, under 3000 W."""
    settings = SupplySettings(limiter=LimiterSettings(over_s=30, under_s=20, set_begins_anew=anew))
    meter = Meter(replace(MeterConfiguration(history_days=0), supply=settings))
    meter.model.parts.supply.limiter.over_action = (bytes(6), 0)
    meter.model.metering.energy.set_load(import_w=3000, export_w=0)
    return meter


def set_threshold(meter: Meter, value: int) -> None:
    code = meter.configuration.instances.limiter
    assert meter.model.set(MANAGEMENT, 71, code, NORMAL, None, double_long_unsigned(value)) == 0


def events(meter: Meter) -> list[int]:
    log = meter.configuration.instances.event_log("disconnector")
    _, stream = meter.model.get(READING, 7, log, 2, None)
    return [row[1][1][1] for row in stream.rows if row[1][1][1] in (EXCEEDED, OK)]


@pytest.mark.parametrize(("anew", "after_s"), [(False, 30), (True, 45)])
def test_a_threshold_set_meanwhile_lets_the_duration_run_on_or_begin_anew(anew: bool, after_s: int) -> None:
    meter = limiting(anew=anew)
    set_threshold(meter, 1500)
    meter.model.metering.advance(15)
    set_threshold(meter, 2000)
    meter.model.metering.advance(after_s - 15 - 1)
    assert events(meter) == []
    meter.model.metering.advance(1)
    assert events(meter) == [EXCEEDED]


@pytest.mark.parametrize(("anew", "expected"), [(False, [EXCEEDED, OK]), (True, [EXCEEDED, EXCEEDED, OK])])
def test_a_threshold_set_in_overload_is_another_crossing_only_where_it_begins_anew(
    anew: bool, expected: list[int]
) -> None:
    meter = limiting(anew=anew)
    set_threshold(meter, 1500)
    meter.model.metering.advance(31)
    set_threshold(meter, 2000)
    meter.model.metering.advance(31)
    set_threshold(meter, 6000)
    meter.model.metering.advance(21)
    assert events(meter) == expected


def test_a_threshold_set_above_the_value_is_a_fall_below_either_way() -> None:
    for anew in (False, True):
        meter = limiting(anew=anew)
        set_threshold(meter, 1500)
        meter.model.metering.advance(31)
        set_threshold(meter, 6000)
        meter.model.metering.advance(21)
        assert events(meter) == [EXCEEDED, OK]
