"""What holds of telegrams one after the other: time goes on, energy does not fall, tariffs make up their total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.p1 import Quantity, Stamp

__all__ = ["adds_up", "does_not_fall", "goes_on"]

_FEWEST: Final = 5
_STEP_S: Final = 1.0
"""One second is the finest that a time stamp tells."""
_NEAR_ITS_END: Final = Decimal("0.99")


def goes_on(stamps: Sequence[Stamp], begins: Sequence[float], *, old_s: float, uncertainty_s: float) -> Verdictless:
    """Time stamps go on as fast as their telegrams come, in both halves of the row.

    ``old_s`` is how old a time may be when its telegram begins. A clock that is set leaves one half as it has to be;
    a change of summer time is not judged, nor are fewer than five telegrams.
    """
    if len(stamps) < _FEWEST or len({one.summer for one in stamps}) > 1:
        return Undecided(reason="too few telegrams tell times with the same letter", missing="device")
    middle = len(stamps) // 2
    allowed_s = _STEP_S + old_s + uncertainty_s
    wrong = []
    for first, last in ((0, middle), (middle, len(stamps) - 1)):
        told_s = (stamps[last].local - stamps[first].local).total_seconds()
        passed_s = begins[last] - begins[first]
        if abs(told_s - passed_s) > allowed_s:
            wrong.append(f"{told_s:g} s told in {passed_s:.1f} s")
    if not wrong:
        return None
    if len(wrong) == 1:
        return Undecided(reason=f"{wrong[0]}: the clock may have been set meanwhile", missing="device")
    return Breach(expected=f"times that go on with their telegrams within {allowed_s:g} s", observed=", ".join(wrong))


def does_not_fall(values: Sequence[Quantity], about: str) -> Verdictless:
    """Energy only rises; from near its largest number it may begin anew."""
    for before, after in pairwise(values):
        if after.base_unit != before.base_unit:
            return Breach(expected=f"{about} in one unit", observed=f"{before.unit}, then {after.unit}")
        fallen = before.in_base_unit - after.in_base_unit
        if fallen > 0 and before.in_base_unit < _capacity(before) * _NEAR_ITS_END:
            return Breach(expected=f"{about} that does not fall", observed=f"{before.value}, then {after.value}")
    return None


def adds_up(total: Quantity, rates: Mapping[str, Quantity], *, every_rate: bool, about: str) -> Verdictless:
    """Registers of tariffs make up their total; where there may be others besides they are not more than it.

    Each number may have lost a part of its last digit.
    """
    told = sum((one.in_base_unit for one in rates.values()), Decimal(0))
    lost = total.resolution + sum((one.resolution for one in rates.values()), Decimal(0))
    difference = told - total.in_base_unit
    if difference > lost or (every_rate and -difference > lost):
        said = "as much as" if every_rate else "no more than"
        return Breach(
            expected=f"tariffs ({', '.join(rates)}) that are {said} {about}: {total.in_base_unit} Wh",
            observed=f"{told} Wh in all",
        )
    return None


def _capacity(value: Quantity) -> Decimal:
    """All that the digits of a number can count; zeros in front are not among them."""
    digits = len(str(value.value).replace(".", ""))
    return Decimal(10) ** digits * value.resolution
