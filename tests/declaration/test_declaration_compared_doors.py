"""Which door the others are compared with, and what a declaration says so that they can be."""

from pathlib import Path
from typing import Any

import pytest

from harness.declaration import Missing, NotOffered, availability, main_door, parse_declaration, read_data
from harness.errors import DeclarationError

DEVICE = Path(__file__).parents[2] / "devices" / "reference-loop.toml"


def declared(*protocols: str, **changes: Any) -> dict[str, Any]:
    data = read_data(DEVICE)
    data["doors"] = [door for door in data["doors"] if door["protocol"] in protocols]
    return {**data, **changes}


@pytest.mark.parametrize(
    ("protocols", "main"),
    [
        (("p1", "mbus", "hdlc", "wrapper"), "loop-wrapper"),
        (("p1", "mbus", "hdlc"), "loop-hdlc"),
        (("mbus", "iec62056_21"), "mbus"),
    ],
)
def test_the_first_functional_door_for_dlms_is_the_main_one(protocols: tuple[str, ...], main: str) -> None:
    data = declared(*protocols)
    for door in data["doors"]:
        door["functional"] = door["protocol"] != "hdlc" or "wrapper" not in protocols
    declaration = parse_declaration(data, name="test")
    for door in declaration.doors:
        found = main_door(declaration, door)
        assert found is not None
        assert found.id == main
        is_offered = not isinstance(availability(declaration, door, "main_door", clause="SU3.step2"), NotOffered)
        assert is_offered is (door.id != main)


def test_one_door_has_nothing_to_be_compared_with() -> None:
    declaration = parse_declaration(declared("wrapper"), name="test")
    found = availability(declaration, declaration.doors[0], "main_door", clause="SU3.step2")
    assert isinstance(found, NotOffered)
    assert found.reason == "the device is reached by one door only"


def test_doors_of_the_lab_lead_to_another_device_than_doors_in_this_process() -> None:
    data = declared("wrapper", "mbus")
    data["doors"][0]["url"] = "tcp://192.0.2.10:4059"
    data["bench"] = {}
    declaration = parse_declaration(data, name="test")
    assert [main_door(declaration, door) for door in declaration.doors] == list(declaration.doors)


def test_a_fault_that_nobody_describes_is_missing_in_the_declaration() -> None:
    data = declared("wrapper", "mbus")
    del data["hardware_fault"]
    declaration = parse_declaration(data, name="test")
    found = availability(declaration, declaration.doors[1], "hardware_fault", clause="SU3.step2")
    assert isinstance(found, Missing)
    assert found.missing == "declaration"


def test_a_role_that_does_not_exist_is_named() -> None:
    data = declared("wrapper", "mbus")
    data["doors"][1]["not_same"] = ["power_inport"]
    with pytest.raises(DeclarationError, match="not_same"):
        parse_declaration(data, name="test")
