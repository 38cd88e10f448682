"""What a limiter watches and does, as a head end reads it."""

from collections.abc import Mapping
from typing import cast

import pytest

from harness.declaration import CosemObject
from harness.errors import Inconclusive, ProtocolViolation
from harness.headend.client import Client, Item
from harness.headend.data import double_long_unsigned, enum, long_unsigned
from harness.headend.limiter import (
    action_pair,
    monitored_value,
    read_limits,
    script_data,
    threshold_array,
    thresholds_of,
    watched_by,
)
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis_text

LIMITER = CosemObject.model_validate({"class": 71, "obis": "0.0.17.0.0.255"})
POWER = CosemObject.model_validate({"class": 3, "obis": "1.0.1.7.0.255"})
DEMAND = CosemObject.model_validate({"class": 5, "obis": "1.0.1.24.0.255"})


class Canned:
    """A client that knows some attributes by heart."""

    def __init__(self, known: Mapping[tuple[str, int], Data]) -> None:
        self._known = known

    def read(self, wanted: Item) -> Data:
        return self._known[obis_text(wanted[0].obis), wanted[0].attribute]


def _limiter(watched: CosemObject, attribute: int, **more: Mapping[tuple[str, int], Data]) -> Client:
    known = {
        (LIMITER.obis, 2): monitored_value(watched, attribute),
        (LIMITER.obis, 4): double_long_unsigned(5000),
        (LIMITER.obis, 6): double_long_unsigned(30),
        (LIMITER.obis, 7): double_long_unsigned(60),
    }
    for attributes in more.values():
        known.update(attributes)
    return cast("Client", Canned(known))


def _unit(watched: CosemObject, unit: int) -> Mapping[tuple[str, int], Data]:
    return {(watched.obis, 3): Data(DataType.STRUCTURE, (Data(DataType.INTEGER, 0), enum(unit)))}


def test_limits_over_a_power() -> None:
    limits = read_limits(_limiter(POWER, 2, unit=_unit(POWER, 27)), LIMITER)
    assert (limits.over_s, limits.under_s, limits.settles_s, limits.accumulates) == (30, 60, 0, False)
    assert limits.watched == POWER


def test_limits_over_energy_accumulate() -> None:
    assert read_limits(_limiter(POWER, 2, unit=_unit(POWER, 30)), LIMITER).accumulates


def test_last_average_is_right_when_all_its_periods_began_later() -> None:
    periods = {(DEMAND.obis, 8): double_long_unsigned(60), (DEMAND.obis, 9): long_unsigned(3)}
    assert read_limits(_limiter(DEMAND, 3, periods=periods), LIMITER).settles_s == 240


@pytest.mark.parametrize(("watched", "attribute"), [(DEMAND, 2), (POWER, 3)])
def test_what_does_not_stand_still_is_not_judged(watched: CosemObject, attribute: int) -> None:
    with pytest.raises(Inconclusive, match="does not stand still"):
        read_limits(_limiter(watched, attribute), LIMITER)


def test_number_of_periods_has_to_be_one() -> None:
    periods = {(DEMAND.obis, 8): double_long_unsigned(60), (DEMAND.obis, 9): Data(DataType.OCTET_STRING, b"\x01")}
    with pytest.raises(ProtocolViolation):
        read_limits(_limiter(DEMAND, 3, periods=periods), LIMITER)


def test_monitored_value_names_object_and_attribute() -> None:
    assert watched_by(monitored_value(DEMAND, 3)) == (DEMAND, 3)
    with pytest.raises(ProtocolViolation):
        watched_by(double_long_unsigned(1))


def test_actions_are_two() -> None:
    over, under = script_data(POWER, 1), script_data(POWER, 2)
    assert action_pair(Data(DataType.STRUCTURE, (over, under))) == (over, under)
    for wrong in (Data(DataType.STRUCTURE, (over,)), enum(1)):
        with pytest.raises(ProtocolViolation):
            action_pair(wrong)


def test_thresholds_of_a_register_monitor() -> None:
    thresholds = (double_long_unsigned(1), double_long_unsigned(2))
    assert thresholds_of(threshold_array(thresholds)) == thresholds
    with pytest.raises(ProtocolViolation):
        thresholds_of(double_long_unsigned(1))
