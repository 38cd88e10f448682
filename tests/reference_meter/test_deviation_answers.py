"""Where the result of a refusing answer stands, for deviations that change it."""

import pytest

from reference_meter.deviations.answers import Refusal, refusal_in

REFUSALS = {
    "C4 01 C1 01 04": Refusal(service="get", result=4, at=4),
    "C4 02 C1 01 00000001 01 10": Refusal(service="get", result=16, at=9, in_blocks=True),
    "C5 01 C1 03": Refusal(service="set", result=3, at=3),
    "C5 03 C1 12 00000002": Refusal(service="set", result=18, at=3, in_blocks=True),
    "C7 01 C1 0B 00": Refusal(service="action", result=11, at=3),
}
SUCCESSES = ("C4 01 C1 00 06 00001391", "C4 02 C1 00 00000001 00 02 0102", "C5 01 C1 00", "C7 01 C1 00 00", "D8 01 02")


@pytest.mark.parametrize("octets", REFUSALS)
def test_refusal_is_found_and_replaced(octets: str) -> None:
    answer = bytes.fromhex(octets)
    refusal = refusal_in(answer)
    assert refusal == REFUSALS[octets]
    changed = refusal.replaced(answer, 250)
    assert changed[refusal.at] == 250
    assert [at for at, (a, b) in enumerate(zip(answer, changed, strict=True)) if a != b] == [refusal.at]


@pytest.mark.parametrize("octets", SUCCESSES)
def test_success_is_none(octets: str) -> None:
    assert refusal_in(bytes.fromhex(octets)) is None
