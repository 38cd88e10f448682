"""What malformed frames bring to light through the whole plugin, and that it is told what it was."""

from collections.abc import Sequence

import pytest

from harness.verdict import Verdict
from tests.run.conftest import Conduct, Conducted, Event


def as_it_is(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
    return due


def conducted(conduct: Conduct, only: str, deviation: str, draw: int, door: str) -> Conducted:
    fault = {"deviation": deviation, "draw": str(draw)} if deviation else {}
    return conduct(f"TR-Conf.05a-{only}", meddle=as_it_is, door=door, fault=fault)


CASES = [
    ("hangs-on-length-beyond-the-end", "N81", "lengths", "loop-wrapper", "the device to live on"),
    ("crashes-on-unknown-tag", "N80", "kinds", "loop-hdlc", "the device to live on"),
    ("stops-after-empty-apdu", "N80", "cut-short", "loop-wrapper", "the device to live on"),
    ("stops-after-empty-apdu", "N80", "cut-short", "loop-hdlc", "the device to live on"),
    ("leaks-associations", "N81", "cut-short", "loop-wrapper", "the device to live on"),
    ("restarts-on-unknown-choice", "N80", "kinds", "loop-wrapper", "the device to live on"),
    ("guesses-the-end-of-a-request", "N80", "cut-short", "loop-hdlc", "an error or no answer, and no data"),
    ("takes-any-choice-for-normal", "N80", "kinds", "loop-wrapper", "an error or no answer, and no data"),
    ("takes-frames-with-wrong-fcs", "N83", "checks", "loop-hdlc", "no answer"),
    ("takes-frames-with-wrong-fcs", "N84", "checks", "loop-hdlc", "no answer"),
    ("takes-frames-with-wrong-hcs", "N83", "checks", "loop-hdlc", "no answer"),
    ("answers-at-addresses-that-it-does-not-have", "N84", "headers", "loop-hdlc", "no answer"),
    ("takes-any-wrapper-version", "N82", "", "loop-wrapper", "no answer"),
    ("waits-for-ever-for-the-rest-of-a-frame", "N82", "", "loop-wrapper", "the device to live on"),
    ("waits-for-ever-for-the-rest-of-a-frame", "N83", "headers", "loop-hdlc", "the device to live on"),
]


@pytest.mark.parametrize(("deviation", "scenario", "row", "door", "expected"), CASES)
def test_a_meter_that_is_taken_in_or_goes_down_fails_for_it(
    conduct: Conduct, deviation: str, scenario: str, row: str, door: str, expected: str
) -> None:
    run = conducted(conduct, scenario, deviation, 1, door)
    result = run.results[f"TR-Conf.05a-{scenario}{'.' + row if row else ''}@{door}"]
    assert result.verdict is Verdict.FAIL, result.reason
    assert [finding.clause for finding in result.findings] == ["TR-Conf.05a"]
    assert result.findings[0].expected.startswith(expected)
