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


@pytest.mark.parametrize("draw", range(2))
def test_an_association_that_is_lost_by_a_malformed_request_is_missed(conduct: Conduct, draw: int) -> None:
    run = conducted(conduct, "P80", "forgets-association-after-malformed-request", draw, "loop-wrapper")
    failed = [result for result in run.results.values() if result.verdict is Verdict.FAIL]
    assert len(failed) == 1
    assert failed[0].findings[0].expected.startswith("the association to survive a malformed request")


def test_the_default_meter_lives_through_them_and_the_reason_says_how_many_there_were(conduct: Conduct) -> None:
    run = conducted(conduct, "N80", "", 0, "loop-wrapper")
    assert {result.verdict for result in run.results.values()} == {Verdict.PASS}
    assert all("malformed frames sent" in result.reason for result in run.results.values())
