"""An answer that does not decode is no refusal."""

from collections.abc import Sequence

import pytest

from harness.verdict import Verdict
from tests.run.conftest import Conduct, Event

HEAD_OCTETS = 8
GET_NEXT = bytes.fromhex("C002")
SCENARIOS = ("SU3.step2-N02", "SU3.step2-N03")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(
    ("behind_invoke_id", "verdict"),
    [
        ("0113", Verdict.FAIL),  # neither last-block nor block-number before the result
        ("010000000000", Verdict.FAIL),  # the result is missing
        ("01000000000113", Verdict.PASS),
    ],
)
def test_refusal_of_a_block_has_to_decode(
    conduct: Conduct, scenario: str, behind_invoke_id: str, verdict: Verdict
) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        if frame[HEAD_OCTETS : HEAD_OCTETS + 2] != GET_NEXT:
            return due
        apdu = b"\xc4\x02" + frame[HEAD_OCTETS + 2 : HEAD_OCTETS + 3] + bytes.fromhex(behind_invoke_id)
        head = frame[:2] + frame[4:6] + frame[2:4] + len(apdu).to_bytes(2, "big")
        return [Event(due=now, data=head + apdu)]

    conducted = conduct(scenario, meddle=meddle)
    result = conducted.results[f"{scenario}@loop-wrapper"]
    assert result.verdict is verdict, result.reason
