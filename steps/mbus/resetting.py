"""Telegrams before and after a reset of the link."""

from dataclasses import dataclass

from pytest_bdd import then, when

from harness.errors import Inconclusive
from harness.headend.mbus import MBusMaster
from harness.run.trial import Trial
from steps.mbus.reading import master_of

_BETWEEN_S = 20
_ATTEMPTS = 2
"""What a slave shows may change just between the second telegram and the third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverReset:
    """The first telegram after a reset of the link, that after the next one, and one with the other frame count bit."""

    first: bytes
    second: bytes
    anew: bytes


def _telegram(master: MBusMaster, about: str) -> bytes:
    found = master.answer(master.next_request(), f"REQ_UD2, {about}").to_bytes()
    master.count_bit.accepted()
    return found


@when(
    "a telegram is asked for, the link is reset after a while and a telegram is asked for once more",
    target_fixture="over_reset",
)
def asked_over_a_reset(trial: Trial) -> OverReset:
    master = master_of(trial)
    master.judged_read()

    def asked() -> OverReset:
        master.reset_link()
        first = _telegram(master, "the first after a reset of the link")
        trial.let_pass(_BETWEEN_S)
        master.reset_link()
        second = _telegram(master, "the first after a reset of the link")
        return OverReset(first=first, second=second, anew=_telegram(master, "with the other frame count bit"))

    for _ in range(_ATTEMPTS):
        found = master.judge.judged("a reading over a reset of the link", asked, asked, lambda: master.last_record)
        if found.second != found.first:
            break
    return found


@then("the second telegram is not the first one again")
def not_again(trial: Trial, over_reset: OverReset) -> None:
    if over_reset.second != over_reset.first:
        return
    if over_reset.anew == over_reset.first:
        raise Inconclusive("its telegrams do not tell one reading from the next", missing="device")
    raise trial.fail(
        expected="a telegram of its own time, or at least another access number",
        observed=f"the telegram of {_BETWEEN_S} s before, from before the reset: {over_reset.second.hex(' ')}",
        frame=trial.trace.last,
    )
