"""The facts of the main door behind the sign-on of the local port."""

from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from pytest_bdd import then

from harness.checks.cross_door import Amount, Bracket, Flag, Moment, Offset, Word, same_energy, same_time, same_word
from harness.errors import NotApplicable
from harness.headend.facts import Kind
from harness.headend.facts.behind_sign_on import BehindSignOnFacts
from harness.headend.optical import OpticalPort
from harness.run.trial import Trial
from steps.doors.bracketing import bracket, brackets_of, head_end_at, main_of
from steps.doors.comparing import judge_pairs

Kinds = TypeVar("Kinds", Amount, Moment, Word, Flag)


def pairs(trial: Trial, kind: Kind, shape: type[Kinds]) -> list[Bracket[Kinds]]:
    """Read facts at the main door, behind the sign-on, and at the main door again."""
    port = trial.side(OpticalPort)
    if not port.settings.hdlc:
        raise NotApplicable("the local port does not go over to HDLC", item="doors.iec62056_21.hdlc")
    head_end = head_end_at(trial, main_of(trial))
    declared = head_end.association("reading")
    other = BehindSignOnFacts(port, trial.declaration, declared, lambda: head_end.association_request(declared))
    return brackets_of(trial, bracket(trial, kind, other=other), kind, shape)


@then("behind the sign-on the registers are those of the main door")
def same_energy_behind(trial: Trial) -> None:
    fresh_s = Decimal(str(trial.declaration.metering.freshness_s))
    judge_pairs(
        trial,
        lambda: pairs(trial, "energy", Amount),
        lambda one: same_energy(
            one,
            most_w=trial.declaration.metering.most_w,
            other_old_s=fresh_s,
            main_old_s=fresh_s,
        ),
    )


@then("behind the sign-on the time is that of the main door")
def same_time_behind(trial: Trial) -> None:
    # The same object is read both ways: its deviation is told, or the local time is the same.
    offsets = (Offset(ahead=timedelta(), summer=None),)
    tolerance_s = trial.declaration.clock.tolerance_s
    judge_pairs(
        trial,
        lambda: pairs(trial, "time", Moment),
        lambda one: same_time(one, offsets, tolerance_s=tolerance_s, other_old_s=0),
    )


@then("behind the sign-on the error and alarm bits are those of the main door")
def same_bits_behind(trial: Trial) -> None:
    judge_pairs(trial, lambda: pairs(trial, "registers", Word), same_word)
