"""Tariffs: which value shows the active one, and where energy goes."""

from collections.abc import Sequence
from decimal import Decimal

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.axdr import Data

__all__ = ["only_one_grows", "shows", "sum_moves_with_total"]

_SHARE = Decimal(2)
"""Energy has to exceed the resolution so many times to be told from none."""


def shows(data: Data, expected: int | str) -> Verdictless:
    """The indication names a tariff, as a number or as a text."""
    value = data.value.decode("latin-1") if isinstance(data.value, bytes) else data.value
    if value == expected or (isinstance(expected, int) and isinstance(value, str) and value == chr(expected)):
        return None
    return Breach(expected=f"the tariff {expected} shown", observed=f"{data}")


def only_one_grows(moved: Sequence[Decimal], due: int, resolutions: Sequence[Decimal]) -> Verdictless:
    """Of the tariff registers only the one at position ``due`` has moved, in Wh."""
    for position, (energy, resolution) in enumerate(zip(moved, resolutions, strict=True)):
        if position != due and energy != 0:
            return Breach(
                expected=f"register {position + 1} of the tariffs, which is not in force, to stand still",
                observed=f"it moved by {energy} Wh (resolution {resolution} Wh), limit 0 Wh",
            )
    if moved[due] <= 0:
        return Breach(
            expected=f"register {due + 1} of the tariffs, which is in force, to grow", observed=f"{moved[due]} Wh"
        )
    if moved[due] < _SHARE * resolutions[due]:
        return Undecided(reason=f"only {moved[due]} Wh have been booked, too few to tell", missing="bench")
    return None


def sum_moves_with_total(moved: Sequence[Decimal], total: Decimal, resolutions: Sequence[Decimal]) -> Verdictless:
    """The registers together have moved like the total, but for one resolution each."""
    limit, off = sum(resolutions, Decimal(0)), abs(sum(moved, Decimal(0)) - total)
    if off <= limit:
        return None
    return Breach(expected=f"the sum of the tariffs within {limit} Wh of {total} Wh", observed=f"{off} Wh off")
