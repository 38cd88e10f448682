"""Where sets hold a maximum and its time."""

import pytest

from harness.declaration import CosemObject
from harness.headend.profiles import Column
from harness.headend.set_maxima import times_of_maxima

REGISTER = CosemObject.model_validate({"class": 4, "obis": "1.0.1.6.0.255"})


def column(class_id: int, obis: str, attribute: int) -> Column:
    return Column(class_id=class_id, obis=obis, attribute=attribute, index=0)


CLOCK = column(8, "0.0.1.0.0.255", 2)
VALUE, TIME = column(4, REGISTER.obis, 2), column(4, REGISTER.obis, 5)


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        ((CLOCK, VALUE, TIME), (1, 2)),
        ((TIME, CLOCK), (None, 0)),
        ((CLOCK, VALUE), None),
        ((CLOCK, column(4, "1.0.2.6.0.255", 5)), None),
        ((CLOCK, column(5, REGISTER.obis, 5)), None),
    ],
)
def test_places_of_a_maximum(columns: tuple[Column, ...], places: tuple[int | None, int] | None) -> None:
    assert times_of_maxima(columns, REGISTER) == places
