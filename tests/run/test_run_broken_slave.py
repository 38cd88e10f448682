"""A slave on the M-Bus that was never right is judged; one that falls ill later is looked after."""

from collections.abc import Callable, Sequence

import pytest

from harness.verdict import Verdict
from tests.run.conftest import Conduct, Event

KEY = "SU3.step2-P40@mbus"
FOLLOWING = "TR-Conf.08a-P40@mbus"
LONG = 0x68
RIGHT_ANSWERS = 4
"""Those of a first reading at least in part."""

Bend = Callable[[Event], Event]


def spoilt(event: Event) -> Event:
    """A frame of data with another checksum."""
    if event.data[:1] != bytes((LONG,)):
        return event
    return Event(due=event.due, data=event.data[:-2] + bytes((event.data[-2] ^ 0x01, event.data[-1])))


def cut_short(event: Event) -> Event:
    """A frame of data without its end."""
    return event if event.data[:1] != bytes((LONG,)) else Event(due=event.due, data=event.data[:-2])


def refused(event: Event) -> Event:
    """A short frame in place of each acknowledgement."""
    return event if event.data != b"\xe5" else Event(due=event.due, data=bytes.fromhex("1008010916"))


@pytest.mark.parametrize("bend", [spoilt, cut_short, refused])
def test_a_slave_that_was_never_right_fails(bend: Bend, conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        return [bend(one) for one in due]

    result = conduct(KEY, meddle=meddle, door="mbus").results[KEY]
    assert result.verdict is Verdict.FAIL
    assert "repeated over a new connection to the living device" in result.findings[0].observed


def test_a_slave_that_falls_ill_for_good_has_no_verdict(conduct: Conduct) -> None:
    asked = 0

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal asked
        asked += 1
        return due if asked <= RIGHT_ANSWERS else [cut_short(one) for one in due]

    result = conduct(FOLLOWING, meddle=meddle, door="mbus").results[FOLLOWING]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "does not come back" in result.reason
