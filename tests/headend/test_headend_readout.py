"""How a data set of a readout is found by its address."""

import pytest

from harness.headend.optical import Readout
from harness.headend.optical.readout import with_units
from harness.protocol.iec62056_21 import DataSet, Identification


def readout(*shown: tuple[str, str]) -> Readout:
    identification = Identification(manufacturer="TST", rate="5", name="METER")
    return Readout(
        identification=identification, sets=tuple(DataSet(address=code, value=value) for code, value in shown), frame=1
    )


@pytest.mark.parametrize("written", ["1.8.0", "1-0:1.8.0", "1-0:1.8.0*255", "1.8.0&255", "1-0:1.8.0.255"])
def test_a_code_is_meant_whatever_groups_are_written(written: str) -> None:
    found = readout((written, "7")).find("1.8.0")
    assert found is not None
    assert found.value == "7"


def test_a_stored_value_in_front_is_not_the_present_one() -> None:
    shown = readout(("1.8.0*02", "5"), ("1.8.0&01", "6"), ("1.8.0", "7"))
    present, stored = shown.find("1.8.0"), shown.find("1.8.0*02")
    assert present is not None
    assert present.value == "7"
    assert stored is not None
    assert stored.value == "5"


def test_without_the_present_value_nothing_is_found() -> None:
    assert readout(("1.8.0*02", "5"), ("11.8.0", "6")).find("1.8.0") is None


def test_a_number_without_unit_has_the_declared_one() -> None:
    sets = [
        DataSet(address="1-0:1.8.0*255", value="1"),
        DataSet(address="1.8.1", value="2", unit="Wh"),
        DataSet(address="0.1.0", value="3"),
    ]
    assert [one.unit for one in with_units(sets, {"1.8.0": "kWh", "1.8.1": "kWh"})] == ["kWh", "Wh", None]
