"""What holds of telegrams at a consumer port: form, cadence, contents, the same facts as at other doors."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["all_well_formed", "has_form", "keeps_period", "lies_between", "shows_time", "steady", "tells_only"]

_LONGEST_GAP_PERIODS = 2
_SPREAD = Decimal("0.02")


def all_well_formed(errors: Sequence[str | None], *, unspoilt: Sequence[bool], line_errs: bool) -> Verdictless:
    """Each telegram is as it has to be; one that may have been spoilt on the way decides nothing by itself.

    ``errors`` says for each what is wrong, ``unspoilt`` that its checksum is right all the same. A line that carries
    anything does not spoil most of them.
    """
    wrong = [number for number, error in enumerate(errors) if error is not None]
    if not wrong:
        return None
    surely = [number for number in wrong if unspoilt[number]]
    if surely or 2 * len(wrong) > len(errors) or not line_errs:
        first = (surely or wrong)[0]
        return Breach(
            expected="well-formed telegrams", observed=f"{len(wrong)} of {len(errors)} are not: {errors[first]}"
        )
    return Undecided(reason=f"{len(wrong)} of {len(errors)} telegrams came damaged: {errors[wrong[0]]}", missing="line")


def keeps_period(begins: Sequence[float], period_s: float, tolerance: float, *, uncertainty_s: float) -> Verdictless:
    """Telegrams begin every ``period_s`` seconds on the average, and none is left out."""
    gaps = [after - before for before, after in pairwise(begins)]
    mean, longest = sum(gaps) / len(gaps), max(gaps)
    limit, said = period_s * tolerance, f"a telegram every {period_s:g} s (limit {tolerance:.0%})"
    spread_s = uncertainty_s / len(gaps)
    if abs(mean - period_s) > limit + spread_s:
        return Breach(expected=said, observed=f"one every {mean:.3f} s (uncertainty {spread_s:.3f} s)")
    if longest > _LONGEST_GAP_PERIODS * period_s * (1 + tolerance) + uncertainty_s:
        return Breach(expected=said, observed=f"{longest:.3f} s between two of them")
    if abs(mean - period_s) > limit - spread_s and spread_s > 0:
        return Undecided(reason=f"{mean:.3f} s are too near at the limit to tell (±{spread_s:.3f} s)", missing="line")
    return None


def tells_only(told: Collection[str], declared: Collection[str], sometimes: Collection[str]) -> Verdictless:
    """A telegram has all that is declared but what only comes sometimes, and nothing else."""
    more = sorted(set(told) - set(declared) - set(sometimes))
    if more:
        return Breach(expected="nothing but what is declared in a telegram", observed=f"besides {', '.join(more)}")
    missing = sorted(set(declared) - set(sometimes) - set(told))
    if missing:
        return Breach(expected="all that is declared in a telegram", observed=f"without {', '.join(missing)}")
    return None


def has_form(value: str, form: str, about: str) -> Verdictless:
    """A number has as many digits before and behind the point as its form has zeros, and its unit."""
    number, _, unit = form.partition("*")
    shape = re.escape(number).replace("0", "[0-9]") + (re.escape("*" + unit) if unit else "")
    if re.fullmatch(shape, value) is None:
        return Breach(expected=f"{about} as {form}", observed=value)
    return None


def lies_between(
    value: Decimal, before: Decimal, after: Decimal, *, resolution: Decimal, may_move: Decimal, about: str
) -> Verdictless:
    """A value is one of those that another door has shown before and after.

    ``may_move`` is what may have flowed over the age that values may have, at either door.
    """
    low, high = min(before, after) - resolution - may_move, max(before, after) + resolution + may_move
    if low <= value <= high:
        return None
    return Breach(
        expected=f"{about} from {low} to {high}, as read at the other door (resolution {resolution})",
        observed=f"{value}",
    )


def steady(before: Decimal, after: Decimal, resolution: Decimal, about: str) -> Verdictless:
    """A value that was read twice has stood still enough to be compared with a third reading."""
    if abs(after - before) <= max(abs(before), abs(after)) * _SPREAD + resolution:
        return None
    return Undecided(reason=f"{about} went from {before} to {after} meanwhile", missing="bench")


def shows_time(
    local: datetime,
    summer: bool | None,
    before: datetime,
    after: datetime,
    summer_due: Collection[bool],
    *,
    old_s: float,
) -> Verdictless:
    """A time stamp lies between two looks at the clock, up to ``old_s`` before them, with the letter due then.

    All times are local.
    """
    low, high = before - timedelta(seconds=old_s), after + timedelta(seconds=1)
    if not low <= local <= high:
        return Breach(expected=f"a time from {low} to {high}", observed=f"{local}")
    if summer is not None and summer not in summer_due:
        letter = {True: "S, summer time", False: "W, winter time"}
        return Breach(expected=f"the letter {letter[not summer]}", observed=letter[summer])
    return None
