from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.protocol.cosem import class_name, obis, obis_text, scaled, unit_name


def test_obis_codes_are_written_with_dots() -> None:
    assert obis("1.0.1.8.0.255") == bytes.fromhex("01 00 01 08 00 FF")
    assert obis_text(bytes.fromhex("00 00 60 0A 01 FF")) == "0.0.96.10.1.255"


@given(st.binary(min_size=6, max_size=6))
def test_obis_codes_come_back(octets: bytes) -> None:
    assert obis(obis_text(octets)) == octets


@pytest.mark.parametrize("text", ["", "1.0.1.8.0", "1.0.1.8.0.256", "1-0:1.8.0*255", "1.0.1.8.0.²", "1.0.1.8.0.-1"])
def test_any_other_form_of_obis_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="OBIS code"):
        obis(text)


def test_an_obis_code_has_six_octets() -> None:
    with pytest.raises(ValueError, match="six octets"):
        obis_text(bytes(5))


@pytest.mark.parametrize(
    ("value", "scaler", "due"), [(123456, -3, "123.456"), (5, 0, "5"), (7, 2, "700"), (Decimal("1.5"), 1, "15")]
)
def test_scaling_is_exact(value: int | Decimal, scaler: int, due: str) -> None:
    assert scaled(value, scaler) == Decimal(due)


@pytest.mark.parametrize(("unit", "name"), [(30, "Wh"), (27, "W"), (255, ""), (200, "unknown unit 200")])
def test_units_have_symbols(unit: int, name: str) -> None:
    assert unit_name(unit) == name


@pytest.mark.parametrize(("class_id", "name"), [(7, "Profile generic"), (8, "Clock"), (9999, "unknown class 9999")])
def test_classes_have_names(class_id: int, name: str) -> None:
    assert class_name(class_id) == name
