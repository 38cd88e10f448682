"""What an answer at the local port is called."""

import pytest

from harness.headend.optical.told import told_of
from harness.protocol.iec62056_21 import ACK, NAK, Block, CommandFrame

ERRORS = ("ER", "#")


@pytest.mark.parametrize(
    ("text", "to_reading", "name", "is_error"),
    [
        ("(ER03)", False, "ER03", True),
        ("(ER03)", True, "ER03", True),
        ("(#7)", True, "#7", True),
        ("(not allowed)", False, "not allowed", True),
        ("(000123.4*kWh)", True, "data", False),
        ("0.8.0(ER03)", False, "data", False),
        ("()", False, "data", False),
    ],
)
def test_one_value_without_an_address(text: str, to_reading: bool, name: str, is_error: bool) -> None:
    told = told_of(Block(text=text), 7, errors=ERRORS, to_reading=to_reading)
    assert (told.name, told.is_error, told.frame) == (name, is_error, 7)
    assert told.is_one_of(("error",)) is is_error
    assert told.is_one_of((name,))


def test_answers_of_other_forms() -> None:
    answers = (ACK, NAK, CommandFrame(command="B", kind="0"))
    assert [told_of(one, 1, errors=ERRORS).name for one in answers] == ["ack", "nak", "break"]
