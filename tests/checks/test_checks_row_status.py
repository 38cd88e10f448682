"""The status of rows: which states stand in it, whatever type it has."""

import pytest

from harness.checks.row_status import shown_states, states_shown, status_number
from harness.protocol.axdr import BitString

_BITS: dict[str, int | str] = {"civ": 1, "dst": 3, "pdn": 7, "err": "absent"}


@pytest.mark.parametrize("cell", [0x88, BitString(8, b"\x11"), BitString(16, b"\x11\x00")])
def test_bits_are_the_same_of_a_number_and_of_a_bit_string(cell: object) -> None:
    status = status_number(cell)
    assert status == 0x88
    assert shown_states(status, _BITS) == {"civ": False, "dst": True, "pdn": True}


@pytest.mark.parametrize("cell", [None, True, b"\x88", "88"])
def test_anything_else_is_no_status(cell: object) -> None:
    assert status_number(cell) is None


def test_a_state_that_is_due_and_not_shown_is_a_breach() -> None:
    assert states_shown("a row", 0x80, _BITS, {"pdn": True, "civ": False}) is None
    assert states_shown("a row", 0x80, _BITS, {"pdn": False}) is not None
    assert states_shown("a row", 0x00, _BITS, {"civ": True}) is not None


def test_of_a_state_without_a_bit_nothing_is_said() -> None:
    assert states_shown("a row", 0x00, _BITS, {"err": True}) is not None
